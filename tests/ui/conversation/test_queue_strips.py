"""Messages that wait, on a screen that nobody sees."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QPlainTextEdit

from desktop.domain.errors import NotFound
from desktop.domain.events import PathChanged, PhaseChanged
from desktop.domain.message import Message, MessageStatus
from desktop.domain.turn import TurnState
from desktop.ui.conversation.held_card import SENTENCE, HeldCard
from desktop.ui.tasks import Tasks
from tests.ui.answers import Answers
from tests.ui.conftest import Until
from tests.ui.conversation.stage import PLACE, Stage, question, reply, talk

pytestmark = pytest.mark.anyio

PENDING = MessageStatus.PENDING


def _queue(*texts: str) -> list[Message]:
    waiting = [
        one for n, text in enumerate(texts) for one in (question(2 * n + 11, text), reply(2 * n + 12, "", PENDING))
    ]
    return [*talk(4), question(9, "Go"), reply(10, "half", PENDING), *waiting]


def _buttons(stage: Stage, name: str) -> list[QAbstractButton]:
    found = stage.view.viewport().findChildren(QAbstractButton)
    shown = [one for one in found if one.isVisible() and name in (one.text(), one.accessibleName())]
    return sorted(shown, key=lambda one: one.mapToGlobal(one.rect().topLeft()).y())


def _field(stage: Stage) -> QPlainTextEdit:
    return next(one for one in stage.view.viewport().findChildren(QPlainTextEdit) if one.isVisible())


def _tell(answers: Answers, stage: Stage, *events: object) -> None:
    answers.eventsArrived.emit(list(events))
    stage.settle()


async def test_a_message_that_waits_says_so_below_its_bubble(stage: Stage) -> None:
    stage.show(_queue("one", "two"))
    assert "11 qwen3:8b" not in stage.tops()  # nobody was asked yet
    assert len(_buttons(stage, "Edit")) == len(_buttons(stage, "Take back")) == 2
    assert [one.isEnabled() for one in _buttons(stage, "Send earlier")] == [False, True]
    assert [one.isEnabled() for one in _buttons(stage, "Send later")] == [True, False]
    assert stage.is_at_end


async def test_one_alone_cannot_be_moved(stage: Stage) -> None:
    stage.show(_queue("one"))
    assert _buttons(stage, "Send later") == []


async def test_what_is_pressed_is_done(stage: Stage, answers: Answers, until: Until) -> None:
    answers.answers |= {"turns.move": None, "turns.withdraw": "one"}
    returned: list[tuple[int, str]] = []
    stage.view_model.textReturned.connect(lambda place, text: returned.append((place, text)))
    stage.show(_queue("one", "two"))
    _buttons(stage, "Send later")[0].click()
    _buttons(stage, "Send earlier")[1].click()
    _buttons(stage, "Take back")[0].click()
    await until(lambda: returned)
    assert answers.called("turns.move") == [(12,), (14,)]
    assert answers.named("turns.move") == [{"later": True}, {"later": False}]
    assert (answers.called("turns.withdraw"), returned) == ([(12,)], [(PLACE.id, "one")])


async def test_a_message_is_edited_in_its_place(stage: Stage, answers: Answers, until: Until) -> None:
    answers.answers["turns.edit"] = None
    stage.show(_queue("one", "two"))
    before = stage.view._articles.height
    _buttons(stage, "Edit")[1].click()
    stage.settle()
    field = _field(stage)
    assert field.toPlainText() == "two"
    assert stage.view._articles.height > before
    QTest.keyClicks(field, " and more")
    QTest.keyClick(field, Qt.Key.Key_Return)
    await until(lambda: answers.called("turns.edit"))
    assert answers.called("turns.edit") == [(14, "two and more")]
    assert stage.view._articles.height == before


async def test_an_edit_that_comes_too_late_is_handed_back(
    stage: Stage, answers: Answers, tasks: Tasks, until: Until
) -> None:
    answers.answers["turns.edit"] = NotFound("This message has been sent already.")
    returned: list[tuple[int, str]] = []
    said: list[str] = []
    stage.view_model.textReturned.connect(lambda place, text: returned.append((place, text)))
    tasks.failed.connect(said.append)
    stage.show(_queue("one"))
    stage.view_model.edit_waiting(12, "another")
    await until(lambda: said)
    assert returned == [(PLACE.id, "another")]


async def test_escape_leaves_the_message_as_it_was(stage: Stage, answers: Answers) -> None:
    stage.show(_queue("one"))
    before = stage.view._articles.height
    stage.click("Edit")
    QTest.keyClicks(_field(stage), "!")
    QTest.keyClick(_field(stage), Qt.Key.Key_Escape)
    stage.settle()
    assert answers.calls == []
    assert stage.view._articles.height == before
    stage.click("Edit")
    assert _field(stage).toPlainText() == "one"
    stage.click("Cancel")
    assert stage.button("Edit") is not None


async def test_an_emptied_message_cannot_be_saved(stage: Stage, answers: Answers) -> None:
    stage.show(_queue("one"))
    stage.click("Edit")
    _field(stage).clear()
    button = stage.button("Save")
    assert button is not None
    assert not button.isEnabled()
    QTest.keyClick(_field(stage), Qt.Key.Key_Return)
    assert _field(stage).isVisible()
    assert answers.calls == []


async def test_half_an_edit_is_not_lost_when_the_message_is_sent_meanwhile(stage: Stage, answers: Answers) -> None:
    lost: list[str] = []
    stage.view.editLost.connect(lost.append)
    stage.show(_queue("one", "two"))
    _buttons(stage, "Edit")[0].click()
    QTest.keyClicks(_field(stage), " more")
    _tell(answers, stage, PhaseChanged(PLACE.id, 12, TurnState.CONNECTING))
    assert lost == ["one more"]
    assert len(_buttons(stage, "Edit")) == 1
    assert "11 qwen3:8b" in stage.tops()  # now somebody is


async def test_another_order_is_read_again_without_a_jump(stage: Stage, answers: Answers, until: Until) -> None:
    messages = _queue("one", "two")
    answers.answers["conversations.messages"] = (*messages[:-4], *messages[-2:], *messages[-4:-2])
    stage.show(messages)
    stage.wheel(3)
    before = {name: top for name, top in stage.tops().items() if name[:2] not in ("10", "12")}
    answers.eventsArrived.emit([PathChanged(PLACE.id)])
    await until(lambda: [one.text for one in stage.view_model.messages][-4::2] == ["two", "one"])
    stage.settle()
    assert before.items() <= stage.tops().items()
    stage.key(Qt.Key.Key_End)
    assert [one.accessibleDescription() for one in _buttons(stage, "Edit")] == ["two", "one"]
    assert [one.isEnabled() for one in _buttons(stage, "Send earlier")] == [False, True]


async def test_a_path_read_again_keeps_focus_and_half_an_edit(stage: Stage, answers: Answers, until: Until) -> None:
    messages = _queue("one", "two")
    answers.answers["conversations.messages"] = tuple(messages[:-2])
    stage.show(messages)
    _buttons(stage, "Edit")[0].click()
    QTest.keyClicks(_field(stage), " more")
    answers.eventsArrived.emit([PathChanged(PLACE.id)])
    await until(lambda: len(stage.view_model.messages) == len(messages) - 2)
    stage.settle()
    assert _field(stage).toPlainText() == "one more"


async def test_what_was_never_sent_asks_first(stage: Stage, answers: Answers, until: Until) -> None:
    answers.answers |= {"turns.release": None, "turns.withdraw": "Go"}
    busy: list[bool] = []
    stage.view_model.busyChanged.connect(busy.append)
    stage.view_model._phases.note(PhaseChanged(PLACE.id, 4, TurnState.QUEUED, held=True))
    stage.show([*talk(1), question(3, "Go"), reply(4, "", PENDING)])
    (card,) = stage.view.viewport().findChildren(HeldCard)
    assert card.isVisible()
    assert card.accessibleDescription() == SENTENCE
    assert busy == []
    for name in ("Send held message", "Take back"):
        _buttons(stage, name)[0].click()
    await until(lambda: answers.called("turns.withdraw"))
    assert answers.called("turns.release") == answers.called("turns.withdraw") == [(4,)]
    _tell(answers, stage, PhaseChanged(PLACE.id, 4, TurnState.QUEUED))
    assert stage.button("Send held message") is None
    assert busy == [True]


async def test_tab_goes_from_button_to_button_as_they_are_seen(stage: Stage, answers: Answers, until: Until) -> None:
    messages = _queue("one", "two", "three")
    swapped = [*messages[:-4], *messages[-2:], *messages[-4:-2]]
    stage.show(messages)
    answers.answers["conversations.messages"] = tuple(swapped)
    answers.eventsArrived.emit([PathChanged(PLACE.id)])
    await until(lambda: stage.view_model.messages == swapped)
    stage.settle()
    stage.view.activateWindow()
    _buttons(stage, "Edit")[0].setFocus()
    met = []
    for _ in range(10):
        focused = QApplication.focusWidget()
        assert isinstance(focused, QAbstractButton)
        met.append((focused.text(), focused.accessibleDescription()))
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    seen = [
        (name, text)
        for text, names in (
            ("one", ["Edit", "Send later", "Take back"]),
            ("three", ["Edit", "Send earlier", "Send later", "Take back"]),
            ("two", ["Edit", "Send earlier", "Take back"]),
        )
        for name in names
    ]
    assert met == seen
