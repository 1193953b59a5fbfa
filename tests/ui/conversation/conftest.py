"""A conversation view without services behind it."""

import gc
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from desktop.ui.conversation.highlighter import Highlighter
from desktop.ui.conversation.view_model import ConversationViewModel
from desktop.ui.tasks import Tasks
from desktop.ui.theme import Theme
from tests.ui.answers import Answers
from tests.ui.conversation.stage import Stage


@pytest.fixture(scope="session", autouse=True)
def _imports_are_for_ever(app: QApplication) -> None:
    """Each test ends with a full collection, which need not look at modules again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def answers() -> Answers:
    return Answers(
        {"turns.regenerate": None, "turns.phases": (), "conversations.show_version": (), "conversations.messages": ()}
    )


@pytest.fixture
def view_model(answers: Answers, tasks: Tasks) -> ConversationViewModel:
    return ConversationViewModel(answers, tasks)  # type: ignore[arg-type]


@pytest.fixture
def stage(app: QApplication, answers: Answers, view_model: ConversationViewModel, theme: Theme) -> Iterator[Stage]:
    made = Stage(app, answers, view_model, theme)
    yield made
    made.view.close()
    made.view.finish()
    made.view.deleteLater()
    made.settle()


@pytest.fixture
def highlighter(app: QApplication) -> Iterator[Highlighter]:
    made = Highlighter()
    yield made
    made.close()
