"""What can be done with a message by its menu."""

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication

from desktop.domain.events import PhaseChanged
from desktop.domain.message import Message, MessageStatus
from desktop.domain.turn import TurnState
from desktop.ui.conversation.message_menu import MessageMenu
from tests.ui.answers import Answers
from tests.ui.conftest import Until
from tests.ui.conversation.stage import PLACE, Stage, question, reply, talk

pytestmark = pytest.mark.anyio

PENDING = MessageStatus.PENDING


def _queue() -> list[Message]:
    return [question(1, "Go"), reply(2, "half", PENDING), question(3, "a"), reply(4, "", PENDING)]


def _menu(stage: Stage, row: int) -> MessageMenu:
    """Opened by the key, for the message that has the focus."""
    for _ in range(2):  # the first goes to the end
        stage.view._focus_message(row)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(), stage.view.mapToGlobal(QPoint()))
    QApplication.sendEvent(stage.view.viewport(), event)
    menus = [one for one in stage.view.findChildren(MessageMenu) if one.isVisible()]
    assert len(menus) == 1
    return menus[0]


def _entries(stage: Stage, row: int) -> list[str]:
    menu = _menu(stage, row)
    found = [action.text() for action in menu.actions() if action.isEnabled()]
    menu.close()
    return found


async def test_each_message_has_what_can_be_done_with_it(stage: Stage) -> None:
    stage.show([*talk(1), question(3, "Go"), reply(4, "half", MessageStatus.STOPPED)])
    assert _entries(stage, 0) == ["Copy message"]
    assert _entries(stage, 1) == ["Copy message", "Regenerate", "What was sent"]
    assert _entries(stage, 3) == ["Copy message", "Continue", "Regenerate", "What was sent"]


async def test_what_waits_can_be_changed_from_its_question_and_its_reply(stage: Stage) -> None:
    stage.show([*_queue(), question(5, "b"), reply(6, "", PENDING)])
    assert _entries(stage, 1) == ["Copy message", "What was sent"]
    assert _entries(stage, 2) == ["Copy message", "Edit", "Send later", "Take back"]
    assert _entries(stage, 3) == ["Edit", "Send later", "Take back"]
    assert _entries(stage, 4) == ["Copy message", "Edit", "Send earlier", "Take back"]


async def test_what_is_held_back_can_be_sent_or_taken_back(stage: Stage) -> None:
    stage.view_model._phases.note(PhaseChanged(PLACE.id, 4, TurnState.QUEUED, held=True))
    stage.show(_queue())
    assert _entries(stage, 3) == ["Send", "Take back"]


async def test_an_entry_does_what_it_says(stage: Stage, answers: Answers, until: Until) -> None:
    answers.answers["turns.go_on"] = None
    wanted: list[int] = []
    stage.view.detailsWanted.connect(wanted.append)
    stage.show([*talk(1), question(3, "Go"), reply(4, "half", MessageStatus.STOPPED)])
    menu = _menu(stage, 3)
    for action in menu.actions():
        if action.text() in ("Continue", "What was sent"):
            action.trigger()
    menu.close()
    assert wanted == [4]
    await until(lambda: answers.called("turns.go_on"))
    assert answers.called("turns.go_on")[0][0] == 4
