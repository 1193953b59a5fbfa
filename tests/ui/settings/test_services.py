from collections.abc import Iterator
from dataclasses import replace
from typing import cast
from unittest import mock

import pytest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton

from desktop.bridge import Bridge
from desktop.domain.address import parse_address
from desktop.domain.errors import BadAddress, KeyRejected
from desktop.domain.model import Model, ModelRef
from desktop.domain.secrets import KeySource, SecretsStatus
from desktop.domain.service import Habits, Limits, Service, Wire
from desktop.ui.settings.service_form import ServiceForm
from desktop.ui.settings.services_page import ServicesPage
from desktop.ui.settings.view_model import Edited, ServicesViewModel, new_service
from desktop.ui.tasks import SURPRISE, Tasks
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


def test_editing_keeps_what_the_form_does_not_show() -> None:
    whole = replace(OPENAI, prefills=True, habits=Habits(query="a=1"), limits=Limits(max_retries=2))
    edited = Edited(whole, "Mine", "https://example.com/v1").parsed()
    assert edited == replace(whole, name="Mine", address=parse_address("https://example.com/v1"))


async def test_asking_is_neutral_counted_and_not_asked_twice(
    form: ServiceForm, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(form._view_model, "test", lambda _edited: None)  # as if nobody answered
    form._second.setInterval(10)
    _press(form, "Test")
    assert _said(form, "Asking…") == "dim"
    assert not _button(form, "Test").isEnabled()
    await until(lambda: _said(form, "Asking… 3 s") == "dim")
    form.show_service(replace(OPENAI, id="other"))  # its news are not about this one
    assert _button(form, "Test").isEnabled()
    assert not form._second.isActive()


async def test_the_services_own_words_stand_below_the_sentence(
    form: ServiceForm, answers: Answers, until: Until
) -> None:
    answers.answers["models.test"] = KeyRejected("OpenAI does not accept this key.", "401 <b>invalid</b>")
    _press(form, "Test")
    await until(lambda: _result(form) == "OpenAI does not accept this key.")
    assert _said(form, "401 <b>invalid</b>") == "dim"
    assert _button(form, "Test").isEnabled()


async def test_what_nobody_foresaw_does_not_leave_test_dead(form: ServiceForm, answers: Answers, until: Until) -> None:
    answers.answers["models.test"] = LookupError("bug")
    with mock.patch("desktop.ui.tasks._log"):
        _press(form, "Test")
        await until(lambda: _result(form) == SURPRISE)
    assert _button(form, "Test").isEnabled()


async def test_no_form_is_shown_before_there_is_a_service_to_show(page: ServicesPage) -> None:
    assert not page._form.isVisible()
    page.show_service("openai")
    assert page._form.isVisible()
    assert _field(page._form, "Name").text() == "OpenAI"


async def test_removing_asks_in_place_and_then_shows_nothing_of_it(
    page: ServicesPage, answers: Answers, until: Until
) -> None:
    answers.answers["models.remove_service"] = None
    page.show_service("openai")
    form = page._form
    _press(form, "Remove")
    assert _said(form, "Remove OpenAI?") == ""
    _press(form, "Keep")
    assert _button(form, "Remove").isVisible()
    assert not _button(form, "Yes, remove").isVisible()
    assert answers.called("models.remove_service") == []
    _press(form, "Remove")
    answers.answers["models.services"] = ()
    _press(form, "Yes, remove")
    await until(lambda: not form.isVisible())
    await until(lambda: page._list.count() == 0)
    assert answers.called("models.remove_service") == [("openai",)]
    assert not form.isVisible()


async def test_any_wire_can_be_added_by_its_address(page: ServicesPage) -> None:
    page._fill_menu()
    actions = [action for action in page._menu.actions() if action.text().endswith("address…")]
    found = []
    for action in actions:
        action.trigger()
        assert page._form._service is not None
        found.append(page._form._service.wire)
        assert _field(page._form, "Base URL").placeholderText()
    assert set(found) == set(Wire) - {Wire.GUIDE}


@pytest.fixture
def page(view_model: ServicesViewModel, theme: Theme) -> Iterator[ServicesPage]:
    made = ServicesPage(view_model, theme)
    made.show()
    yield made
    made.close()


def _button(form: ServiceForm, text: str) -> QPushButton:
    return next(one for one in form.findChildren(QPushButton) if one.text() == text)


def _said(form: ServiceForm, text: str) -> str | None:
    """The tone in which a text is shown; None while it is not."""
    found = (one for one in form.findChildren(QLabel) if one.text() == text and one.isVisible())
    return next((one.property("tone") or "" for one in found), None)
