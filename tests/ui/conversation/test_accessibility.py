"""The conversation as Qt tells it to a screen reader; the real one is met in the end-to-end tests."""

from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace

import pytest
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QAccessibleEvent, QAccessibleInterface

from desktop.domain.errors import NextStep, Problem
from desktop.domain.message import MessageStatus
from desktop.domain.turn import TurnState
from desktop.ui.conversation.accessibility import describe_message
from tests.ui.conversation.stage import NOW, Stage, question, reply, talk

pytestmark = pytest.mark.anyio

NAME, DESCRIPTION = QAccessible.Text.Name, QAccessible.Text.Description
CLOCK = NOW.astimezone().strftime("%H:%M")
PROBLEM = Problem("Offline", "The service could not be reached.", steps=(NextStep.RETRY,))


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[QAccessibleEvent]]:
    """What the view tells screen readers, as if one were listening."""
    events: list[QAccessibleEvent] = []
    listening = SimpleNamespace(
        isActive=lambda: True,
        updateAccessibility=events.append,
        queryAccessibleInterface=QAccessible.queryAccessibleInterface,
        Event=QAccessible.Event,
    )
    for module in ("desktop.ui.accessibility", "desktop.ui.conversation.view"):
        monkeypatch.setattr(f"{module}.QAccessible", listening)
    yield events
    events.clear()


def _list(stage: Stage) -> QAccessibleInterface:
    return QAccessible.queryAccessibleInterface(stage.view)


def _items(stage: Stage) -> list[QAccessibleInterface]:
    found = _list(stage)
    return [found.child(index) for index in range(found.childCount() - 1)]


def _announced(events: list[QAccessibleEvent]) -> list[str]:
    return [event.message() for event in events if isinstance(event, QAccessibleAnnouncementEvent)]


async def test_the_conversation_is_a_list_of_messages(stage: Stage) -> None:
    stage.show(talk(2))
    found = _list(stage)
    assert (found.role(), found.text(NAME)) == (QAccessible.Role.List, "Conversation")
    assert found.childCount() == 5
    assert {item.role() for item in _items(stage)} == {QAccessible.Role.ListItem}
    assert [found.indexOfChild(item) for item in _items(stage)] == [0, 1, 2, 3]


async def test_an_item_is_its_whole_text_and_says_who_when_and_how(stage: Stage) -> None:
    long = "word " * 20_000
    stage.show([question(1, "What?"), reply(2, long, MessageStatus.STOPPED)])
    first, second = _items(stage)
    assert (first.text(NAME), first.text(DESCRIPTION)) == ("What?", f"You, {CLOCK}, complete")
    assert (second.text(NAME), second.text(DESCRIPTION)) == (long, f"qwen3:8b, {CLOCK}, stopped")
    assert second.text(QAccessible.Text.Value) == ""


async def test_an_item_says_what_is_so_now(stage: Stage) -> None:
    stage.show([question(1, "?"), reply(2, "a", MessageStatus.PENDING)])
    item = _items(stage)[1]
    stage.grow("b")
    assert (item.text(NAME), item.text(DESCRIPTION)) == ("ab", f"qwen3:8b, {CLOCK}, arriving")
    stage.end()
    assert item.text(DESCRIPTION) == f"qwen3:8b, {CLOCK}, complete"


async def test_a_failed_reply_is_its_problem(stage: Stage) -> None:
    stage.show([question(1, "?"), replace(reply(2, "", MessageStatus.FAILED), problem=PROBLEM)])
    assert _items(stage)[1].text(NAME) == PROBLEM.sentence


@pytest.mark.parametrize("status", list(MessageStatus))
def test_every_status_has_a_word(status: MessageStatus) -> None:
    assert describe_message(reply(2, "", status)).startswith(f"qwen3:8b, {CLOCK}, ")


async def test_a_message_that_waits_says_so(stage: Stage) -> None:
    pending = MessageStatus.PENDING
    stage.show([question(1, "?"), reply(2, "a", pending), question(3, "?"), reply(4, "", pending)])
    assert [item.text(DESCRIPTION) for item in _items(stage)][1::2] == [
        f"qwen3:8b, {CLOCK}, arriving",
        f"qwen3:8b, {CLOCK}, queued",
    ]


async def test_an_item_lies_where_it_is_seen(stage: Stage) -> None:
    stage.show(talk(30))
    canvas = stage.view.viewport()
    on_screen = canvas.rect().translated(canvas.mapToGlobal(canvas.rect().topLeft()))
    assert on_screen.intersects(_items(stage)[-1].rect())
    assert not on_screen.intersects(_items(stage)[0].rect())


async def test_items_that_are_gone_are_not_valid(stage: Stage) -> None:
    stage.show(talk(3))
    last = _items(stage)[-1]
    assert last.isValid()
    stage.show(talk(1))
    assert not last.isValid()
    assert last.text(NAME) == ""
    assert last.rect().isEmpty()
    assert _list(stage).childCount() == 3
    assert _list(stage).child(7) is None


async def test_what_can_be_pressed_is_found_below_the_last_child(stage: Stage) -> None:
    stage.show([reply(2, "```py\nx\n```")])
    canvas = _list(stage).child(_list(stage).childCount() - 1)
    children = [canvas.child(index) for index in range(canvas.childCount())]
    names = {child.text(NAME) for child in children} | {
        child.child(index).text(NAME) for child in children for index in range(child.childCount())
    }
    assert {"Copy code", "Copy message", "Regenerate"} <= names


async def test_a_reply_is_announced_once_when_it_is_complete(stage: Stage, told: list[QAccessibleEvent]) -> None:
    stage.show([question(1, "?"), reply(2, "", MessageStatus.PENDING)])
    for _ in range(5):
        stage.grow("word ")
    assert _announced(told) == []
    stage.end()
    assert _announced(told) == ["qwen3:8b: word word word word word "]
    stage.view.resize(400, 400)
    stage.settle()
    assert len(_announced(told)) == 1


async def test_a_very_long_reply_is_not_read_out_whole(stage: Stage, told: list[QAccessibleEvent]) -> None:
    stage.show([question(1, "?"), reply(2, "word " * 5_000, MessageStatus.PENDING)])
    stage.end()
    (words,) = _announced(told)
    assert len(words) < 1_100


async def test_a_failure_is_announced_and_a_stop_is_not(stage: Stage, told: list[QAccessibleEvent]) -> None:
    stage.show([question(1, "?"), reply(2, "half", MessageStatus.PENDING)])
    stage.end(TurnState.STOPPED, status=MessageStatus.STOPPED)
    assert _announced(told) == []
    stage.show([question(1, "?"), reply(2, "", MessageStatus.PENDING)])
    stage.end(TurnState.FAILED, status=MessageStatus.FAILED, problem=PROBLEM)
    assert _announced(told) == [f"qwen3:8b: {PROBLEM.sentence}"]


async def test_going_to_a_message_tells_that_it_has_the_focus(stage: Stage, told: list[QAccessibleEvent]) -> None:
    stage.show(talk(2))
    stage.view.step_message(-1)
    assert [event.type() for event in told] == [QAccessible.Event.Focus]
    assert told[0].accessibleInterface().text(NAME) == "A *reply* of some words. 1"


async def test_a_new_message_is_told(stage: Stage, told: list[QAccessibleEvent]) -> None:
    stage.show(talk(1))
    stage.view_model._append(question(3, "More?"))
    assert [event.type() for event in told] == [QAccessible.Event.ObjectCreated]
