"""What can be done with a person's own messages, and where the focus is seen."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from desktop.ui.conversation.action_bar import ActionBar
from tests.ui.conversation.stage import Stage, question, reply, talk

pytestmark = pytest.mark.anyio


def _bar(stage: Stage) -> ActionBar:
    (bar,) = stage.view.viewport().findChildren(ActionBar)
    return bar


async def test_pointing_at_ones_own_words_offers_to_copy_them(stage: Stage) -> None:
    stage.show(talk(2))
    QTest.mouseMove(stage.view.viewport(), QPoint(2, 2))
    QTest.mouseMove(stage.view.viewport(), stage.find("Question 1"))
    stage.settle()
    assert _bar(stage).message_id == 3
    assert stage.button("Regenerate") is None
    bubble = stage.view._corner(2).x() + stage.view._articles[2].bubble_left
    assert bubble - 10 < _bar(stage).geometry().right() < bubble
    stage.click("Copy message")
    assert QGuiApplication.clipboard().text() == "Question 1"


async def test_where_a_bubble_leaves_no_room_the_button_is_below(stage: Stage) -> None:
    stage.view.resize(420, 500)
    stage.show([question(1, "word " * 60), reply(2, "answer")])
    stage.step(-1)
    stage.step(-1)
    bar = _bar(stage)
    assert bar.message_id == 1
    assert bar.y() > stage.find("word").y()
    assert stage.view.viewport().rect().contains(bar.geometry())


async def test_without_pointing_the_last_reply_has_the_actions(stage: Stage) -> None:
    stage.show(talk(2))
    assert _bar(stage).message_id == 4
    assert stage.button("Regenerate") is not None


async def test_copying_is_said(stage: Stage) -> None:
    said: list[None] = []
    stage.view.copied.connect(lambda: said.append(None))
    stage.show([reply(2, "```\ncode\n```")])
    stage.click("Copy message")
    assert len(said) == 1
    stage.click("Copy code")
    button = stage.button("Copy code")
    assert button is not None
    assert button.text() == "Copied"
    stage.click("Copy code")
    assert button.text() == "Copied"
    assert button.width() >= button.sizeHint().width()


async def test_the_message_with_the_focus_has_a_ring_as_long_as_the_keyboard_works_here(stage: Stage) -> None:
    stage.show(talk(1))
    stage.view.clearFocus()
    without = stage.picture()
    stage.step(-1)
    assert stage.view.hasFocus()
    assert stage.picture() != without
    stage.view.clearFocus()
    assert not stage.view._has_focus()
    assert stage.picture() == without


async def test_tab_into_the_conversation_shows_where_one_is(stage: Stage) -> None:
    stage.show(talk(1))
    stage.view.clearFocus()
    stage.view.setFocus(Qt.FocusReason.TabFocusReason)
    assert stage.view._focused == 1
