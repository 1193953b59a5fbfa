"""The view under mouse and keys, on a screen that nobody sees."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QDesktopServices, QTextDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip

from tests.ui.conversation.stage import Stage, question, reply, talk

pytestmark = pytest.mark.anyio

SHIFT = Qt.KeyboardModifier.ShiftModifier
LEFT = Qt.MouseButton.LeftButton


async def test_alt_and_arrows_go_from_message_to_message(stage: Stage) -> None:
    stage.show(talk(20))
    stage.step(-1)
    assert stage.copied() == "A *reply* of some words. 19"
    stage.step(-1)
    assert stage.copied() == "Question 19"
    for _ in range(60):
        stage.step(-1)
    assert stage.copied() == "Question 0"
    assert stage.bar == 0
    stage.step(1)
    assert stage.copied() == "A *reply* of some words. 0"


async def test_a_selection_across_messages_is_copied(stage: Stage) -> None:
    stage.show([question(1, "Ask this"), reply(2, "Some **bold** words\n\nMore"), question(3, "Thank you")])
    stage.drag(stage.find("this"), stage.find("you"))
    assert stage.copied() == "this\n\nSome **bold** words\n\nMore\n\nThank "
    stage.drag(stage.find("you"), stage.find("this"))
    assert stage.copied() == "this\n\nSome **bold** words\n\nMore\n\nThank "


async def test_part_of_a_message_is_copied_as_it_is_seen(stage: Stage) -> None:
    stage.show([reply(2, "Some **bold** words\n\nMore")])
    stage.drag(stage.find("bold"), stage.find("words"))
    assert stage.copied() == "bold "


async def test_shift_extends_and_a_double_click_takes_a_word(stage: Stage) -> None:
    stage.show([reply(2, "one two_three four five")])
    canvas = stage.view.viewport()
    QTest.mouseDClick(canvas, LEFT, pos=stage.find("three"))
    assert stage.copied() == "two_three"
    QTest.mouseClick(canvas, LEFT, SHIFT, stage.find("five"))
    assert stage.copied() == "two_three four "


async def test_everything_is_copied_even_what_was_never_seen(stage: Stage) -> None:
    messages = talk(200)
    stage.show(messages)
    QTest.keyClick(stage.view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert stage.copied() == "\n\n".join(message.text for message in messages)


async def test_nothing_selected_leaves_the_clipboard_alone(stage: Stage) -> None:
    stage.show([reply(2, "words")])
    assert stage.copied() == "before"
    QTest.mouseDClick(stage.view.viewport(), LEFT, pos=stage.find("qwen3"))
    assert stage.copied() == "before"


async def test_dragging_beyond_the_edge_scrolls(stage: Stage) -> None:
    stage.show(talk(30))
    start = stage.bar
    canvas = stage.view.viewport()
    QTest.mousePress(canvas, LEFT, pos=QPoint(300, 200))
    for step in range(5):
        QTest.mouseMove(canvas, QPoint(300, -20 - step))
        stage.settle()
    QTest.mouseRelease(canvas, LEFT, pos=QPoint(300, -25))
    assert stage.bar < start - 100


async def test_thinking_unfolds_and_folds(stage: Stage) -> None:
    thinking = replace(reply(2, "answer"), reasoning="first this, then that", reasoning_s=2.0)
    stage.show([question(1, "?"), thinking])
    canvas = stage.view.viewport()
    assert not any("first this" in name for name in stage.tops())
    QTest.mouseClick(canvas, LEFT, pos=stage.find("Thought for 2"))
    stage.settle()
    assert any("first this" in name for name in stage.tops())
    stage.step(-1)
    stage.key(Qt.Key.Key_Space)
    assert not any("first this" in name for name in stage.tops())


async def test_a_click_opens_a_link_and_a_drag_does_not(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toString()))
    stage.show([reply(2, "See [this page](https://x.example/a) or [that](file:///etc/passwd)")])
    place = stage.find("page")
    stage.drag(place, place + QPoint(30, 0))
    assert opened == []
    QTest.mouseClick(stage.view.viewport(), LEFT, pos=place)
    QTest.mouseClick(stage.view.viewport(), LEFT, pos=stage.find("that"))
    assert opened == ["https://x.example/a"]


@pytest.mark.parametrize(
    "target",
    [
        "https://x.example/?a=1&b=2&lt;b&gt;",
        "https://x.example/?<img/src=file:///etc/passwd>",
        "https://good.example@evil.example/",
    ],
)
async def test_a_tool_tip_says_where_a_link_leads_as_plain_text(stage: Stage, target: str) -> None:
    shown = target.replace("<", "%3C").replace(">", "%3E").replace("&lt;", "%3C").replace("&gt;", "%3E")
    stage.show([reply(2, f"[click here](<{target}>)" if "<" not in target else f"[click here]({target})")])
    QTest.mouseMove(stage.view.viewport(), QPoint(2, 2))
    QTest.mouseMove(stage.view.viewport(), stage.find("here"))
    stage.settle()
    read = QTextDocument()
    read.setHtml(QToolTip.text())
    assert read.toPlainText().endswith(shown)
    assert "<img" not in QToolTip.text()


async def test_without_messages_nothing_happens(stage: Stage) -> None:
    for key in (Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_PageUp, Qt.Key.Key_Space, Qt.Key.Key_Escape):
        stage.key(key)
    stage.step(1)
    stage.key(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert stage.copied() == "before"
    stage.drag(QPoint(50, 50), QPoint(200, 200))
    QTest.mouseDClick(stage.view.viewport(), LEFT, pos=QPoint(50, 50))
    QApplication.sendEvent(stage.view.viewport(), QEvent(QEvent.Type.Leave))
    stage.picture()
