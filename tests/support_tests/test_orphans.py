"""Nothing that tests start outlives a test run that is killed."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROGRAM = """
import os, sys
from tests.support.desktop_session import DesktopSession
from tests.support.llama_server import LlamaServer
from tests.support.screen_reader import ScreenReader
from tests.support.secret_service import SecretService
from tests.support.tiny_model import tiny_model
with DesktopSession() as desktop, SecretService(desktop.session), LlamaServer(tiny_model()):
    with ScreenReader(desktop.environment, os.getpid()):
        print(flush=True)
        sys.stdin.read()
"""
PROGRAMS = {"dbus-daemon", "Xvfb", "at-spi2-registr", "gnome-keyring-d", "python", "python3"}
LIMIT_S = 5


def family(mark: str) -> set[str]:
    """The names of the running processes in whose environment a mark is."""
    names = set()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if mark.encode() in (process / "environ").read_bytes():
                names.add((process / "comm").read_text().strip())
        except OSError:  # it has just ended, or is not ours to look into
            continue
    return names


def test_all_end_with_a_killed_run() -> None:
    with tempfile.TemporaryDirectory() as mark:
        environment = os.environ | {"TMPDIR": mark, "PYTHONPATH": str(ROOT)}  # private homes are made there
        pipe = subprocess.PIPE
        with subprocess.Popen([sys.executable, "-c", PROGRAM], env=environment, stdin=pipe, stdout=pipe) as run:
            assert run.stdout is not None
            try:
                assert run.stdout.readline()
                assert family(mark) >= PROGRAMS
            finally:
                run.kill()
        end = time.monotonic() + LIMIT_S
        while left := family(mark):
            assert time.monotonic() < end, f"still running: {left}"
            time.sleep(0.05)
