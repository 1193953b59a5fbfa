"""The log: bounded, quiet, without keys, and never in anybody's way."""

import logging
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from desktop.domain.settings import LogLevel, Settings
from desktop.services import log as log_module
from desktop.services.log import Log, log_files

CANARY = "canary-in-a-coal-mine"


@pytest.fixture(autouse=True)
def own_level() -> Iterator[None]:
    ours = logging.getLogger("desktop")
    level = ours.level
    yield
    ours.setLevel(level)


@pytest.fixture
def log() -> Iterator[Log]:
    made = Log()
    made.start()
    yield made
    made.close()


def fail() -> None:
    try:
        int(f"Illegal header value b'Bearer {CANARY}'")
    except ValueError as error:
        raise RuntimeError(CANARY) from error


def kept(log: Log, data_dir: Path) -> str:
    """Everything the files hold once the log is closed."""
    log.close()
    return "".join(path.read_text("utf-8") for path in log_files(data_dir))


@pytest.mark.expects_log("desktop.early: one|desktop.late: two")
def test_lines_from_before_the_file_was_opened_are_in_it_and_on_stderr(
    log: Log, data_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log._screen.setStream(sys.stderr)
    logging.getLogger("desktop.early").warning("one")
    log.open(data_dir)
    logging.getLogger("desktop.late").error("two")
    text = kept(log, data_dir)
    assert [line.split(" ", 2)[2] for line in text.splitlines()] == [
        "WARNING desktop.early: one",
        "ERROR desktop.late: two",
    ]
    assert capsys.readouterr().err == text
    assert (data_dir / "logs").stat().st_mode & 0o777 == 0o700


def test_where_nothing_is_logged_nothing_is_made(log: Log, data_dir: Path) -> None:
    log.open(data_dir)
    logging.getLogger("desktop").info("quiet")
    assert kept(log, data_dir) == ""
    assert list(data_dir.iterdir()) == []


def test_the_level_is_a_setting_and_other_libraries_stay_quiet(log: Log, data_dir: Path) -> None:
    log.open(data_dir)
    log.apply(replace(Settings(), log_level=LogLevel.DEBUG))
    for name in ("desktop.x", "httpx", "httpcore.http11", "sqlalchemy.engine.Engine", "markdown_it"):
        logging.getLogger(name).debug("at debug")
        logging.getLogger(name).info("at info")
    log.apply(replace(Settings(), log_level=LogLevel.ERROR))
    logging.getLogger("desktop.x").warning("not severe enough")
    text = kept(log, data_dir)
    assert [line.split(" ", 2)[2] for line in text.splitlines()] == [
        "DEBUG desktop.x: at debug",
        "INFO desktop.x: at info",
    ]


@pytest.mark.expects_log("while asking")
def test_keys_are_taken_out_of_lines_arguments_and_tracebacks(
    log: Log, data_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log._screen.setStream(sys.stderr)
    log.open(data_dir)
    log.redactor.remember(CANARY)
    try:
        fail()
    except RuntimeError:
        logging.getLogger("desktop").exception("while asking with %s", {"key": CANARY})
    text = kept(log, data_dir)
    assert "Traceback" in text
    assert "RuntimeError" in text
    assert CANARY not in text + capsys.readouterr().err


@pytest.mark.expects_log("nobody caught this")
def test_what_nobody_caught_is_logged_without_keys(
    log: Log, data_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log._screen.setStream(sys.stderr)
    log.open(data_dir)
    log.redactor.remember(CANARY)
    try:
        fail()
    except RuntimeError as error:
        sys.excepthook(RuntimeError, error, error.__traceback__)
    thread = threading.Thread(target=lambda: {"a": 1}[CANARY])
    thread.start()
    thread.join()
    text = kept(log, data_dir)
    assert text.count("Traceback") == 3
    assert CANARY not in text + capsys.readouterr().err
    assert sys.excepthook is sys.__excepthook__


@pytest.mark.expects_log(r"line \d+")
def test_the_files_are_five_of_two_megabytes(log: Log, data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (log_module.FILES, log_module.FILE_BYTES) == (5, 2_000_000)
    monkeypatch.setattr(log_module, "FILE_BYTES", 2_000)
    log.open(data_dir)
    for number in range(400):
        logging.getLogger("desktop").warning("line %03d", number)
    text = kept(log, data_dir)
    files = log_files(data_dir)
    assert [path.name for path in files] == ["parley.log", *(f"parley.log.{number}" for number in range(1, 5))]
    assert all(path.stat().st_size <= 2_000 for path in files)
    assert "line 399" in text
    assert "line 000" not in text


@pytest.mark.expects_log("heard")
def test_a_place_that_takes_no_file_fails_nobody(log: Log, data_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log._screen.setStream(sys.stderr)
    (data_dir / "logs").write_text("in the way")
    log.open(data_dir)
    logging.getLogger("desktop").warning("heard")
    log.close()
    assert capsys.readouterr().err.count("heard") == 1


def test_without_a_start_nothing_of_the_process_changes(data_dir: Path) -> None:
    before = (logging.getLogger("desktop").level, list(logging.getLogger().handlers), sys.excepthook)
    idle = Log()
    idle.open(data_dir)
    idle.apply(replace(Settings(), log_level=LogLevel.DEBUG))
    assert (logging.getLogger("desktop").level, logging.getLogger().handlers, sys.excepthook) == before
