from typing import cast

import pytest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton

from desktop.bridge import Bridge
from desktop.domain.address import parse_address
from desktop.domain.errors import BadAddress, KeyRejected
from desktop.domain.model import Model, ModelRef
from desktop.domain.secrets import KeySource, SecretsStatus
from desktop.domain.service import Service, Wire
from desktop.ui.settings.service_form import ServiceForm
from desktop.ui.settings.view_model import Edited, ServicesViewModel, new_service
from desktop.ui.tasks import Tasks
from desktop.ui.theme import Theme
from tests.ui.answers import Answers
from tests.ui.conftest import Until

pytestmark = pytest.mark.anyio

OPENAI = Service("openai", "OpenAI", Wire.CHAT_COMPLETIONS, parse_address("https://api.openai.com/v1"), needs_key=True)
KEY = "sk-not-a-real-key"


@pytest.fixture
def answers() -> Answers:
    return Answers(
        {
            "models.services": (OPENAI,),
            "models.declared": (OPENAI,),
            "models.key_source": KeySource.ENVIRONMENT,
            "models.save_service": None,
            "models.test": (Model(ModelRef("openai", "gpt")),),
            "secrets.status": SecretsStatus(KeySource.KEYRING, "Keys are kept in your system's keyring."),
            "secrets.set_key": None,
        }
    )


@pytest.fixture
async def view_model(answers: Answers, tasks: Tasks, until: Until) -> ServicesViewModel:
    made = ServicesViewModel(cast("Bridge", answers), tasks)
    made.refresh()
    await until(lambda: made.status)
    return made


@pytest.fixture
def form(view_model: ServicesViewModel, theme: Theme) -> ServiceForm:
    made = ServiceForm(view_model, theme)
    made.show_service(OPENAI)
    made.show()
    return made


def _field(form: ServiceForm, name: str) -> QLineEdit:
    return next(one for one in form.findChildren(QLineEdit) if one.accessibleName() == name)


def _press(form: ServiceForm, text: str) -> None:
    next(one for one in form.findChildren(QPushButton) if one.text() == text).click()


def _result(form: ServiceForm) -> str:
    toned = (one for one in form.findChildren(QLabel) if one.property("tone") in ("good", "error"))
    return next((one.text() for one in toned), "")


async def test_a_key_is_hidden_stored_and_never_shown_again(form: ServiceForm, answers: Answers, until: Until) -> None:
    key = _field(form, "Key")
    assert key.echoMode() is QLineEdit.EchoMode.Password
    key.setText(f" {KEY}\n")
    _press(form, "Save")
    await until(lambda: answers.called("secrets.set_key"))
    assert answers.called("secrets.set_key") == [("openai", KEY)]
    await until(lambda: _result(form) == "Saved.")
    assert key.text() == ""


async def test_the_form_says_where_the_key_comes_from_and_where_new_ones_go(form: ServiceForm) -> None:
    said = [label.text() for label in form.findChildren(QLabel)]
    assert "A key is read from the environment." in said
    assert "Keys are kept in your system's keyring." in said


async def test_testing_says_what_came_of_it_and_stores_nothing(
    form: ServiceForm, answers: Answers, until: Until
) -> None:
    _press(form, "Test")
    await until(lambda: _result(form) == "It works: 1 model.")
    answers.answers["models.test"] = KeyRejected("OpenAI does not accept this key.")
    _press(form, "Test")
    await until(lambda: _result(form) == "OpenAI does not accept this key.")
    assert answers.called("models.save_service") == []


async def test_an_address_nobody_can_dial_is_explained(form: ServiceForm, answers: Answers, until: Until) -> None:
    _field(form, "Base URL").setText("ftp://nowhere")
    _press(form, "Save")
    await until(lambda: "not an address" in _result(form))
    assert answers.called("models.save_service") == []


def test_addresses_are_read_as_people_write_them() -> None:
    service = Edited(new_service(Wire.OLLAMA), "Attic", "192.168.1.9").parsed()
    assert str(service.address) == "http://192.168.1.9:11434"
    assert service.name == "Attic"
    with pytest.raises(BadAddress):
        Edited(new_service(Wire.CHAT_COMPLETIONS), "Empty", " ").parsed()


def test_a_key_is_in_no_representation() -> None:
    assert KEY not in repr(Edited(OPENAI, "OpenAI", "https://api.openai.com", KEY))
