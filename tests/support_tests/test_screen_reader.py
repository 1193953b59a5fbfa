"""A trivial window is read and worked from outside."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.desktop_session import DesktopSession
from tests.support.screen_reader import NotSeen, ScreenReader


@pytest.fixture
def reader(desktop_session: DesktopSession) -> Iterator[ScreenReader]:
    program = [sys.executable, str(Path(__file__).with_name("window.py"))]
    with (
        subprocess.Popen(program, env=desktop_session.environment) as process,
        ScreenReader(desktop_session.environment, process.pid) as reading,
    ):
        reading.wait_for("window", "Trivial", limit_s=30)
        yield reading
        process.terminate()


def test_controls_are_found_by_role_and_name(reader: ScreenReader) -> None:
    assert reader.names("window") == ["Trivial"]
    assert reader.names("button") == ["Send"]
    assert reader.find("button", "Hidden") is None
    assert "enabled" not in reader.states("button", "Send")
    assert [item.name for item in reader.list_items("Sent")] == ["one", "two"]
    assert "text 'Message'" in reader.tree()


def test_a_text_is_dictated_sent_by_its_button_and_announced(reader: ScreenReader) -> None:
    reader.set_text("Message", "Grüße, 世界 🙂")
    assert reader.text("text", "Message") == "Grüße, 世界 🙂"
    reader.press("Send")
    reader.wait_until(lambda: reader.text("text", "Message") == "", "an empty message")
    assert [item.name for item in reader.list_items("Sent")][2:] == ["Grüße, 世界 🙂"]
    assert reader.wait_until(reader.announcements, "an announcement") == ["sent Grüße, 世界 🙂"]


def test_a_text_is_typed_and_sent_by_a_key(reader: ScreenReader) -> None:
    reader.focus("text", "Message")
    reader.type_keys("Hi, You (2)?")
    reader.wait_until(lambda: reader.text("text", "Message") == "Hi, You (2)?", "what was typed")
    reader.press_key("a", "ctrl")
    reader.type_keys("again")
    reader.press_key("Return")
    reader.wait_until(lambda: [item.name for item in reader.list_items("Sent")][2:] == ["again"], "what was sent")


def test_an_item_is_chosen(reader: ScreenReader) -> None:
    reader.choose("Sent", "two")
    chosen = reader.wait_until(lambda: [i for i in reader.list_items("Sent") if "selected" in i.states], "a choice")
    assert [item.name for item in chosen] == ["two"]


def test_what_does_not_show_is_told_with_all_that_does(reader: ScreenReader) -> None:
    with pytest.raises(NotSeen, match=r"(?s)enabled button 'Stop'.*push button 'Send'"):
        reader.press("Stop", limit_s=0.1)
    with pytest.raises(NotSeen, match="no text 'Sent'"):
        reader.set_text("Sent", "x", limit_s=0.1)
    with pytest.raises(ValueError, match="ascii"):
        reader.type_keys("é")


def test_the_screen_is_pictured(desktop_session: DesktopSession, reader: ScreenReader, tmp_path: Path) -> None:
    picture = tmp_path / "screen.png"
    desktop_session.screenshot(picture)
    size = subprocess.run(["identify", "-format", "%w %h %k", picture], capture_output=True, text=True, check=True)
    width, height, colours = map(int, size.stdout.split())
    assert (width, height) == (1600, 1000)
    assert colours > 8
