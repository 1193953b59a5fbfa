"""A test run fails on what nobody expected."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
TESTS = """
import logging, socket, threading, time, warnings
import pytest

def test_good():
    logging.getLogger("a").info("hello")
    worker = threading.Thread(target=time.sleep, args=(0.1,))
    worker.start()

@pytest.mark.expects_log("WARNING a: hel+o")
def test_good_log():
    logging.getLogger("a").warning("hello")

@pytest.mark.expects_log("hello")
def test_bad_missing_log():
    pass

def test_bad_log():
    logging.getLogger("a").warning("hello")

def test_bad_warning():
    warnings.warn("hello")

def test_bad_thread():
    threading.Thread(target=time.sleep, args=(9,), daemon=True).start()

def test_bad_host():
    with socket.socket() as one, pytest.raises(OSError):
        one.connect(("192.0.2.1", 80))

def test_good_qt():
    from PySide6.QtCore import qWarning

def test_bad_qt():
    from PySide6.QtCore import qWarning
    qWarning("hello")
"""


def test_only_good_tests_pass(tmp_path: Path) -> None:
    (tmp_path / "test_them.py").write_text(TESTS)
    options = [
        "-p",
        "tests.support.strictness",
        "-p",
        "no:cacheprovider",
        "-W",
        "error",
        "-q",
        "-rA",
        "--strict-markers",
    ]
    command = [sys.executable, "-m", "pytest", *options, "--rootdir", str(tmp_path), str(tmp_path)]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout
    bad = {line.split("::")[1].split(" ")[0] for line in told.splitlines() if line.startswith(("FAILED", "ERROR"))}
    assert bad == {f"test_bad_{what}" for what in ("missing_log", "log", "warning", "thread", "host", "qt")}, told
    assert told.count("PASSED") >= 3
