import asyncio
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QListView, QPlainTextEdit, QPushButton

from desktop.bridge import Bridge
from desktop.domain.address import parse_address
from desktop.domain.chunk import Chunk
from desktop.domain.errors import DatabaseNewer
from desktop.domain.model import ModelRef
from desktop.domain.service import Service, Wire
from desktop.services.suite import Services, open_services
from desktop.ui.connections.inspector import Inspector
from desktop.ui.main_window import MainWindow
from desktop.ui.models.fallbacks import FallbacksDialog
from desktop.ui.settings.shortcuts_page import ShortcutsPage
from desktop.ui.theme import Theme
from desktop.ui.window_state import WindowState
from tests.ui.conftest import Until

pytestmark = pytest.mark.anyio

HEAVY = ("sqlalchemy", "alembic", "httpx", "keyring", "markdown_it", "pygments", "desktop.services")

LOCAL = Service("local", "Local", Wire.CHAT_COMPLETIONS, parse_address("http://127.0.0.1:9/v1"))


@pytest.fixture
async def window(bridge: Bridge, theme: Theme, data_dir: Path, until: Until) -> AsyncIterator[MainWindow]:
    made = MainWindow(bridge, theme, None, data_dir)
    made.show()
    made.load()
    await until(lambda: not made.tasks._running)
    yield made
    await _close(made)


async def _close(window: MainWindow) -> None:
    if window.isVisible():
        gone = asyncio.Event()
        window.closed.connect(gone.set)
        window.close()
        async with asyncio.timeout(2):
            await gone.wait()
    await window.tasks.cancel()


def _shows(window: MainWindow, text: str) -> bool:
    return any(label.isVisible() and label.text() == text for label in window.findChildren(QLabel))


def _message(window: MainWindow) -> QPlainTextEdit:
    return next(one for one in window.findChildren(QPlainTextEdit) if one.accessibleName() == "Message")


def _button(window: MainWindow, name: str) -> QAbstractButton:
    return next(one for one in window.findChildren(QAbstractButton) if one.accessibleName() == name)


def _titles(window: MainWindow) -> list[str]:
    entries = next(one for one in window.findChildren(QListView) if one.accessibleName() == "Conversations").model()
    return [str(entries.index(row, 0).data()) for row in range(entries.rowCount())]


def _do(window: MainWindow, text: str) -> None:
    next(one for one in window.findChildren(QAction) if one.text() == text).trigger()


async def _make(bridge: Bridge, title: str) -> int:
    made = await bridge.run(lambda services: services.conversations.create())
    await bridge.run(lambda services: services.conversations.rename(made.id, title))
    return made.id


def test_nothing_heavy_is_imported_before_the_first_paint() -> None:
    code = "import sys, desktop.ui.main_window; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert [name for name in loaded if name.startswith(HEAVY)] == []


async def test_the_names_that_scripts_and_screen_readers_rely_on(window: MainWindow) -> None:
    assert (window.windowTitle(), window.accessibleName()) == ("Parley", "Parley")
    for name in ("New chat", "Send", "Stop", "Model", "Settings", "Attach"):
        assert _button(window, name) is not None
    assert _message(window) is not None
    assert _titles(window) == []


async def test_a_new_chat_says_who_answers(window: MainWindow) -> None:
    assert _button(window, "Model").accessibleDescription() == "Parley guide, Built in"
    assert _shows(window, "Whom would you like to talk to?")
    assert _message(window).placeholderText() == "Ask the guide how to get started…"


async def test_a_draft_survives_closing_at_once(
    window: MainWindow, bridge: Bridge, theme: Theme, data_dir: Path, until: Until
) -> None:
    QTest.keyClicks(_message(window), "half a thought")
    await _close(window)
    assert await bridge.run(lambda services: services.conversations.load_draft(None)) == "half a thought"
    again = MainWindow(bridge, theme, window.state(), data_dir)
    again.show()
    again.load()
    await until(lambda: _message(again).toPlainText() == "half a thought")
    await _close(again)


async def test_it_comes_back_as_it_was_left(bridge: Bridge, theme: Theme, data_dir: Path, until: Until) -> None:
    kept = await _make(bridge, "Yesterday's talk")
    await _make(bridge, "Another")
    left = WindowState(x=10, y=20, width=780, height=640, sidebar_width=300, conversation_id=kept)
    window = MainWindow(bridge, theme, left, data_dir)
    window.show()
    window.load()
    await until(lambda: window.state().conversation_id == kept)
    assert window.state() == left
    await _close(window)
    assert window.state() == left


async def test_deleting_the_open_conversation_can_be_undone(window: MainWindow, bridge: Bridge, until: Until) -> None:
    one = await _make(bridge, "Precious")
    await until(lambda: "Precious" in _titles(window))
    window.open_conversation(one)
    _do(window, "Delete")
    await until(lambda: _shows(window, "“Precious” was deleted."))
    assert _titles(window) == []
    assert window.state().conversation_id is None
    QTest.keyClick(_message(window), Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    await until(lambda: window.state().conversation_id == one)
    assert "Precious" in _titles(window)


async def test_an_error_becomes_a_quiet_line(window: MainWindow, bridge: Bridge, until: Until) -> None:
    one = await _make(bridge, "Soon gone")
    await until(lambda: "Soon gone" in _titles(window))

    async def fail() -> None:
        await bridge.run(lambda services: services.conversations.rename(one + 99, "x"))

    window.tasks.start(fail())
    bars = [label for label in window.findChildren(QLabel) if not label.isVisible()]
    await until(lambda: any(label.isVisible() and label.text() for label in bars))


async def test_ctrl_digit_opens_a_conversation(window: MainWindow, bridge: Bridge, until: Until) -> None:
    older = await _make(bridge, "Older")
    await _make(bridge, "Newer")
    await until(lambda: len(_titles(window)) == 3)
    _do(window, "Conversation 2")
    assert window.state().conversation_id == older


async def test_hiding_the_sidebar_leaves_a_way_back(window: MainWindow) -> None:
    _do(window, "Show or hide the sidebar")
    assert not window.state().sidebar_shown
    _button(window, "Show sidebar").click()
    assert window.state().sidebar_shown
    assert not _button(window, "Show sidebar").isVisible()


async def test_settings_open_without_blocking(window: MainWindow, until: Until) -> None:
    _button(window, "Settings").click()
    await until(lambda: _shows(window, "General"))
    assert window.isEnabled()
    await until(lambda: not window.tasks._running)


async def test_data_that_cannot_be_opened_fills_the_window(theme: Theme, data_dir: Path, until: Until) -> None:
    async def refuse() -> Services:
        raise DatabaseNewer("This data was written by a newer Parley.", "schema 99")

    bridge = Bridge(refuse)
    bridge.start()
    window = MainWindow(bridge, theme, WindowState(conversation_id=3), data_dir)
    window.show()
    window.load()
    await until(lambda: _shows(window, "This data was written by a newer Parley."))
    assert _shows(window, "schema 99")
    assert not _message(window).isVisible()
    await _close(window)
    await bridge.stop()


async def test_closing_is_quick_while_the_services_are_not_there_yet(theme: Theme, data_dir: Path) -> None:
    async def open_late() -> Services:
        await asyncio.sleep(1)
        return await open_services(data_dir, {})

    bridge = Bridge(open_late)
    bridge.start()
    window = MainWindow(bridge, theme, None, data_dir)
    window.show()
    window.load()
    QTest.keyClicks(_message(window), "quick")
    started = time.monotonic()
    await _close(window)
    assert time.monotonic() - started < 0.8
    await bridge.stop()


async def _start_long_talk(window: MainWindow, bridge: Bridge, until: Until) -> int:
    """A conversation in which a reply is on its way, and will be for a while."""
    chunks = tuple(Chunk(f"w{number} ") for number in range(50_000))

    async def queue(services: Services) -> None:
        services.guide.queue(chunks)

    await bridge.run(queue)
    _message(window).setPlainText("Go")
    _button(window, "Send").click()
    await until(lambda: window.state().conversation_id and _button(window, "Stop").isVisible())
    return window.state().conversation_id or 0


async def test_a_message_sent_too_soon_waits_and_comes_back_to_the_composer(
    window: MainWindow, bridge: Bridge, until: Until
) -> None:
    place = await _start_long_talk(window, bridge, until)
    _message(window).setPlainText("And then?")
    _button(window, "Send").click()
    await until(lambda: _shows(window, "Queued"))
    _message(window).setPlainText("typed meanwhile")
    next(one for one in window.findChildren(QPushButton) if one.text() == "Take back" and one.isVisible()).click()
    await until(lambda: _message(window).toPlainText() == "typed meanwhile\n\nAnd then?")
    await until(lambda: not _shows(window, "Queued"))
    _button(window, "Stop").click()
    await until(lambda: not _button(window, "Stop").isVisible())
    assert len(await bridge.run(lambda services: services.conversations.messages(place))) == 2


async def test_what_was_sent_is_shown_in_a_window_of_its_own(window: MainWindow, bridge: Bridge, until: Until) -> None:
    _do(window, "What was sent")  # there is nothing to show in a new chat
    await _start_long_talk(window, bridge, until)
    _button(window, "Stop").click()
    await until(lambda: not _button(window, "Stop").isVisible())
    _do(window, "What was sent")
    (inspector,) = window.findChildren(Inspector)
    text = next(one for one in inspector.findChildren(QPlainTextEdit))
    await until(lambda: text.toPlainText() == "Nothing was sent over any network for this reply.")
    inspector.close()


async def test_models_that_stand_in_are_kept_with_the_conversation(
    window: MainWindow, bridge: Bridge, until: Until
) -> None:
    one = await _make(bridge, "Talk")
    await until(lambda: "Talk" in _titles(window))
    window.open_conversation(one)
    _do(window, "If it does not answer…")
    (dialog,) = window.findChildren(FallbacksDialog)
    chosen = (ModelRef("guide", "Parley guide"),)
    dialog.changed.emit(chosen)
    await until(lambda: (found := window._conversations.find(one)) and found.fallbacks == chosen)
    dialog.close()
    await until(lambda: not window.tasks._running)


async def test_bringing_back_takes_the_notice_away(window: MainWindow, bridge: Bridge, until: Until) -> None:
    one = await _make(bridge, "Precious")
    await until(lambda: "Precious" in _titles(window))
    window.open_conversation(one)
    _do(window, "Delete")
    await until(lambda: _shows(window, "“Precious” was deleted."))
    _do(window, "Undo delete")
    await until(lambda: window.state().conversation_id == one)
    assert not _shows(window, "“Precious” was deleted.")


async def test_another_notice_stays_when_something_is_brought_back(window: MainWindow) -> None:
    window.tasks.failed.emit("Something else.")
    window._page.notice.take_back("“Precious” was deleted.")
    assert _shows(window, "Something else.")


async def _set_up(bridge: Bridge, window: MainWindow, service: Service) -> None:
    await bridge.run(lambda services: services.models.save_service(service))
    await window._models.load()


async def test_without_the_default_models_service_the_guide_answers(
    window: MainWindow, bridge: Bridge, until: Until
) -> None:
    await _set_up(bridge, window, LOCAL)
    window._preferences.choose_default(ModelRef("local", "echo"))
    assert _shows(window, "echo answers · Local")
    assert _message(window).placeholderText() == "Message echo…"
    await bridge.run(lambda services: services.models.remove_service("local"))
    window._on_services()
    await until(lambda: _button(window, "Model").accessibleDescription() == "Parley guide, Built in")
    assert _shows(window, "Whom would you like to talk to?")
    assert _message(window).placeholderText() == "Ask the guide how to get started…"
    _message(window).setPlainText("Hi")
    _button(window, "Send").click()
    await until(lambda: window.state().conversation_id is not None)
    place = window.state().conversation_id or 0
    await until(lambda: not window._page._view_model.busy and len(window._page._view_model.messages) == 2)
    messages = await bridge.run(lambda services: services.conversations.messages(place))
    assert messages[1].author == "Parley guide"
    await until(lambda: not window.tasks._running)


async def test_a_chat_whose_service_is_gone_says_so(window: MainWindow, bridge: Bridge, until: Until) -> None:
    made = await bridge.run(lambda services: services.conversations.create(ModelRef("gone", "echo")))
    await until(lambda: window._conversations.find(made.id))
    window.open_conversation(made.id)
    assert _button(window, "Model").accessibleDescription() == "echo, Not set up"


async def test_a_missing_keyring_is_told_only_where_a_key_is_needed(
    window: MainWindow, bridge: Bridge, until: Until
) -> None:
    await _set_up(bridge, window, LOCAL)
    await window._warn_of_missing_keyring()
    assert not window._page.banner.isVisible()
    await _set_up(bridge, window, replace(LOCAL, id="cloud", needs_key=True))
    await window._warn_of_missing_keyring()
    assert window._page.banner.isVisible()
    assert "forgotten when Parley ends" in window._page.banner.sentence


async def test_copying_the_last_reply_says_so(window: MainWindow, bridge: Bridge, until: Until) -> None:
    async def queue(services: Services) -> None:
        services.guide.queue((Chunk("the reply"),))

    await bridge.run(queue)
    _message(window).setPlainText("Go")
    _button(window, "Send").click()
    await until(lambda: len(window._page._view_model.messages) == 2 and not window._page._view_model.busy)
    _do(window, "Copy last reply")
    await until(lambda: _shows(window, "Copied"))
    assert QGuiApplication.clipboard().text() == "the reply"


async def test_hiding_and_showing_the_sidebar_leaves_the_focus_where_one_writes(window: MainWindow) -> None:
    window.activateWindow()
    window._sidebar.focus_search()
    _do(window, "Show or hide the sidebar")
    assert window.focusWidget() is _message(window)
    back = _button(window, "Show sidebar")
    back.setFocus()
    back.click()
    assert window.focusWidget() is _message(window)
    _button(window, "Attach").setFocus()
    _do(window, "Show or hide the sidebar")
    assert window.focusWidget() is _button(window, "Attach")


async def test_messages_are_reached_from_where_one_writes(window: MainWindow, bridge: Bridge, until: Until) -> None:
    _do(window, "Previous message")  # there is none in a new chat
    assert window.state().conversation_id is None
    place = await _start_long_talk(window, bridge, until)
    await until(lambda: len(window._page._view_model.messages) == 2)
    _message(window).setFocus()
    QTest.keyClick(_message(window), Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert window.focusWidget() is window._page._conversation_view
    assert window._page._conversation_view._focused == 1
    _do(window, "Previous message")
    assert window._page._conversation_view._focused == 0
    followed = [window._page._conversation_view._following]
    _message(window).setPlainText("And then?")
    _button(window, "Send").click()
    followed.append(window._page._conversation_view._following)
    assert followed == [False, True]  # whoever sends sees the end
    await until(lambda: len(window._page._view_model.messages) == 4)
    await bridge.run(lambda services: services.turns.stop(place))


async def test_keys_are_listed_among_the_shortcuts(window: MainWindow, theme: Theme) -> None:
    page = ShortcutsPage(window._actions, theme)
    said = {label.text() for label in page.findChildren(QLabel)}
    assert {"Previous message", "Alt Up", "Next message", "Alt Down", "What was sent", "Ctrl I"} <= said


async def test_another_open_conversation_is_worth_remembering_at_once(
    window: MainWindow, bridge: Bridge, until: Until
) -> None:
    remembered: list[int | None] = []
    window.stateChanged.connect(lambda: remembered.append(window.state().conversation_id))
    one = await _make(bridge, "One")
    await until(lambda: "One" in _titles(window))
    window.open_conversation(one)
    window.open_conversation(None)
    assert remembered == [one, None]
