"""What goes wrong around Parley costs at most a quarter of a second of text, and never the window."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from desktop.domain.message import MessageStatus
from desktop.domain.service import Wire
from tests.support.desktop_session import DesktopSession
from tests.support.fault_server import FaultServer
from tests.support.parley import Parley, prepare, stored
from tests.support.secret_service import SecretService
from tests.support.wires import openai

WINDOW_LIMIT_S = 2.0
BEHIND_S, EVERY_S = 0.25, 0.02
LONG = [f"word {number} " for number in range(400)]


def test_a_killed_parley_comes_back_with_the_text_and_says_interrupted(
    desktop_session: DesktopSession, fault_server: FaultServer, data_dir: Path
) -> None:
    fault_server.usually(openai.CHAT, openai.reply(LONG, interval_s=EVERY_S))
    prepare(data_dir, Wire.CHAT_COMPLETIONS, fault_server.url, "echo")
    with Parley(desktop_session.environment, data_dir) as parley:
        parley.send("Count, please")
        seen = parley.wait_for_text(400)
        parley.kill()
    with Parley(desktop_session.environment, data_dir) as parley:  # the chat is open again
        reply = parley.wait_for_status("interrupted")
        assert "".join(LONG).startswith(reply.name)
        assert len(reply.name) >= len(seen) - len(LONG[-1]) * BEHIND_S / EVERY_S
        assert "enabled" in parley.reader.states("button", "Regenerate")
        parley.quit()
    assert stored(data_dir)[0][1].status is MessageStatus.INTERRUPTED
    assert len(fault_server.to(openai.CHAT)) == 1  # nothing is sent again by itself


def test_a_keyring_that_says_nothing_keeps_no_window_waiting(desktop_session: DesktopSession, data_dir: Path) -> None:
    with Parley(desktop_session.environment, data_dir) as warm:  # makes the database
        warm.quit()
    with SecretService(desktop_session.session) as keyring:
        keyring.freeze()
        began = time.monotonic()
        with Parley(desktop_session.environment, data_dir) as parley:
            assert time.monotonic() - began < WINDOW_LIMIT_S
            parley.send("What is Parley?")
            parley.wait_for_status("complete", limit_s=30)
            parley.process.terminate()
            assert parley.process.wait(WINDOW_LIMIT_S) == 0


def test_a_second_start_raises_the_first(desktop_session: DesktopSession, data_dir: Path) -> None:
    with Parley(desktop_session.environment, data_dir) as first:
        command = [sys.executable, "-m", "desktop", "--data-dir", str(data_dir)]
        second = subprocess.run(command, env=desktop_session.environment, capture_output=True, timeout=20, check=False)
        assert (second.returncode, second.stdout, second.stderr) == (0, b"", b"")
        assert first.reader.names("window") == ["Parley"]
        first.quit()


@pytest.mark.parametrize(
    "content", [b"this is no database, but somebody may need it" * 100, b"SQLite format 3\0" * 300]
)
def test_a_damaged_database_is_told_and_left_alone(
    desktop_session: DesktopSession, data_dir: Path, content: bytes
) -> None:
    database = data_dir / "parley.db"
    database.write_bytes(content)
    with Parley(desktop_session.environment, data_dir) as parley:
        said = parley.reader.wait_until(
            lambda: [name for name in parley.reader.names("label") if "is damaged" in name], "what is wrong"
        )
        assert str(database) in said[0]
        assert parley.reader.find("button", "Send") is None
        parley.quit()
    assert database.read_bytes() == content


def test_a_place_that_cannot_be_written_is_told(desktop_session: DesktopSession, tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("not a folder")
    with Parley(desktop_session.environment, in_the_way / "parley") as parley:
        parley.reader.wait_until(
            lambda: any("--data-dir" in name for name in parley.reader.names("label")), "what can be done"
        )
        parley.quit()
    assert in_the_way.read_text() == "not a folder"
