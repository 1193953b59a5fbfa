"""Tests fail on what nobody expected: warnings in the log, threads left behind, a foreign host, messages of Qt."""

import ipaddress
import logging
import re
import socket
import sys
import threading
import time
from collections.abc import Iterator
from typing import Final

import pytest

GRACE_S = 2.0
PHASES: Final = ("setup", "call", "teardown")
OFFSCREEN_LACKS = "This plugin does not support "  # raising, size hints ...: said of any window without a screen


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line("markers", "expects_log(pattern): a record at warning or above that must be logged here")


@pytest.fixture(autouse=True)
def logs_what_is_expected(request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Log records at warning and above are those that `expects_log` announces, and all of those are logged."""
    yield
    records = [record for phase in PHASES for record in caplog.get_records(phase)]
    loud = [f"{one.levelname} {one.name}: {one.getMessage()}" for one in records if one.levelno >= logging.WARNING]
    patterns = [re.compile(mark.args[0]) for mark in request.node.iter_markers("expects_log")]
    unexpected = [line for line in loud if not any(pattern.search(line) for pattern in patterns)]
    assert not unexpected, f"logged: {unexpected}"
    missing = [pattern.pattern for pattern in patterns if not any(map(pattern.search, loud))]
    assert not missing, f"not logged: {missing}"


@pytest.fixture(autouse=True)
def leaves_no_thread() -> Iterator[None]:
    """Threads of a test end with it."""
    before = set(threading.enumerate())
    yield
    end = time.monotonic() + GRACE_S
    while left := [one.name for one in set(threading.enumerate()) - before if _counts(one)]:
        assert time.monotonic() < end, f"threads left: {left}"
        time.sleep(0.01)


@pytest.fixture(autouse=True)
def stays_on_loopback(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No connection goes to another machine, not even one whose failure is expected."""
    refused: list[object] = []
    connect = socket.socket.connect

    def connect_here(one: socket.socket, address: tuple[str, int]) -> None:
        if one.family in (socket.AF_INET, socket.AF_INET6) and not _is_loopback(address[0]):
            refused.append(address)
            raise ConnectionRefusedError(f"a test must not connect to {address}")
        connect(one, address)

    monkeypatch.setattr(socket.socket, "connect", connect_here)
    yield
    assert not refused, f"connected to: {refused}"


@pytest.fixture(autouse=True)
def makes_qt_say_nothing() -> Iterator[None]:
    """Qt's own messages at warning and above fail a test."""
    if "PySide6.QtCore" not in sys.modules:
        yield
        return
    from PySide6.QtCore import QtMsgType, qInstallMessageHandler  # noqa: PLC0415 - most tests are without Qt

    said: list[str] = []
    quiet = (QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg)
    before = qInstallMessageHandler(lambda kind, _where, text: None if kind in quiet else said.append(text))
    yield
    qInstallMessageHandler(before)
    unexpected = [text for text in said if not text.startswith(OFFSCREEN_LACKS)]
    assert not unexpected, f"Qt said: {unexpected}"


def _counts(thread: threading.Thread) -> bool:
    """asyncio's own workers end with their loop; all others count."""
    return thread.is_alive() and not thread.name.startswith("asyncio_")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
