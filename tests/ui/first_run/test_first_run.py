from typing import cast

import pytest
from PySide6.QtWidgets import QLabel, QPushButton

from desktop.bridge import Bridge
from desktop.domain.address import parse_address
from desktop.domain.discovery import Discovery, FoundKey, FoundServer
from desktop.domain.model import Model, ModelRef
from desktop.domain.secrets import KeySource, SecretsStatus
from desktop.domain.service import Service, Wire
from desktop.ui.first_run.view import FirstRunView
from desktop.ui.first_run.view_model import FirstRunViewModel, Step
from desktop.ui.icons import Icons
from desktop.ui.tasks import Tasks
from desktop.ui.theme import Theme
from tests.ui.answers import Answers
from tests.ui.conftest import Until

pytestmark = pytest.mark.anyio

OLLAMA = Service("ollama", "Ollama", Wire.OLLAMA, parse_address("127.0.0.1:11434"))
OPENAI = Service("openai", "OpenAI", Wire.CHAT_COMPLETIONS, parse_address("https://api.openai.com/v1"), needs_key=True)
QWEN = Model(ModelRef("ollama", "qwen3:8b"))
REMOTE = Model(ModelRef("ollama", "huge:cloud"), remote_host="ollama.com")


def _answers(found: Discovery, kept: KeySource = KeySource.KEYRING) -> Answers:
    return Answers(
        {
            "models.declared": (OLLAMA, OPENAI),
            "models.save_service": None,
            "secrets.status": SecretsStatus(kept, "A sentence."),
            "discovery.look": found,
        }
    )


async def _look(answers: Answers, tasks: Tasks) -> FirstRunViewModel:
    view_model = FirstRunViewModel(cast("Bridge", answers), tasks)
    await view_model.look()
    return view_model


async def test_a_found_server_is_offered_first_with_a_model_that_stays_here(tasks: Tasks, until: Until) -> None:
    answers = _answers(Discovery((FoundServer(OLLAMA, (REMOTE, QWEN)),)))
    view_model = await _look(answers, tasks)
    offer = view_model.offers()[0]
    assert (offer.title, offer.button, offer.primary) == ("Ollama is running here", "Use qwen3:8b", True)
    assert offer.text == "2 models on 127.0.0.1:11434 · private, no key needed"
    chosen: list[ModelRef] = []
    view_model.modelChosen.connect(chosen.append)
    view_model.take(offer)
    await until(lambda: chosen)
    assert chosen == [QWEN.ref]
    assert answers.called("models.save_service") == [(OLLAMA,)]


async def test_a_key_in_the_environment_is_offered_but_never_copied(tasks: Tasks, until: Until) -> None:
    answers = _answers(Discovery((), (FoundKey(OPENAI, "OPENAI_API_KEY"),)))
    view_model = await _look(answers, tasks)
    offer = next(one for one in view_model.offers() if one.step is Step.USE_KEY)
    assert offer.title == "OPENAI_API_KEY is set"
    added: list[Service] = []
    view_model.serviceAdded.connect(added.append)
    view_model.take(offer)
    await until(lambda: added)
    assert {name for name, _ in answers.calls} <= set(answers.answers)
    assert not [name for name, _ in answers.calls if "set_key" in name]


async def test_nothing_found_says_what_to_do_and_looks_again(tasks: Tasks, until: Until) -> None:
    answers = _answers(Discovery())
    view_model = await _look(answers, tasks)
    offer = view_model.offers()[0]
    assert offer.step is Step.LOOK_AGAIN
    answers.answers["discovery.look"] = Discovery((FoundServer(OLLAMA, (QWEN,)),))
    view_model.take(offer)
    await until(lambda: view_model.offers()[0].step is Step.USE_MODEL)


async def test_where_a_cloud_key_would_go_is_said_truly(tasks: Tasks) -> None:
    for kept, words in ((KeySource.KEYRING, "system keyring"), (KeySource.MEMORY, "until you quit")):
        view_model = await _look(_answers(Discovery(), kept), tasks)
        offer = next(one for one in view_model.offers() if one.step is Step.ADD_SERVICE)
        assert offer.text.startswith("OpenAI")
        assert words in offer.text


async def test_a_chosen_model_makes_the_page_calm_with_the_cards_in_reach(tasks: Tasks, theme: Theme) -> None:
    view_model = await _look(_answers(Discovery()), tasks)
    view = FirstRunView(view_model, theme, Icons(theme))
    view.show()
    assert "Ask" in _buttons(view)
    view.greet("qwen3:8b answers · Local")
    assert _buttons(view) == ["Other models and services…"]
    assert "qwen3:8b answers · Local" in [label.text() for label in view.findChildren(QLabel) if label.isVisible()]
    next(one for one in view.findChildren(QPushButton) if one.isVisible()).click()
    assert "Ask" in _buttons(view)
    view.close()
    view.deleteLater()


def _buttons(view: FirstRunView) -> list[str]:
    return [one.text() for one in view.findChildren(QPushButton) if one.isVisible()]


async def test_a_model_that_only_embeds_is_not_offered(tasks: Tasks) -> None:
    embeds = Model(ModelRef("ollama", "nomic-embed-text"), capabilities=frozenset({"embedding"}))
    view_model = await _look(_answers(Discovery((FoundServer(OLLAMA, (embeds, QWEN)),))), tasks)
    assert (view_model.offers()[0].button, view_model.offers()[0].text[:7]) == ("Use qwen3:8b", "1 model")
