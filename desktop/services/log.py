"""The log: warnings on stderr at once, everything at the chosen level in a file once there is a place for it."""

import logging
import queue
import sys
import threading
from contextlib import suppress
from logging.handlers import QueueHandler, RotatingFileHandler
from pathlib import Path
from types import TracebackType

from desktop.domain.settings import LogLevel, Settings
from desktop.services.redaction import Redactor

FOLDER = "logs"
FILE = "parley.log"
FILE_BYTES = 2_000_000
FILES = 5
CLOSE_LIMIT_S = 1.0
_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_OURS = "desktop"
_LEVELS = {
    LogLevel.DEBUG: logging.DEBUG,
    LogLevel.INFO: logging.INFO,
    LogLevel.WARNING: logging.WARNING,
    LogLevel.ERROR: logging.ERROR,
}

_log = logging.getLogger(__name__)


class Log:
    """Parley's log. Every line is redacted, tracebacks too; other libraries are heard from warnings on only,
    because their debug lines hold URLs, headers and statements.

    The file belongs to a thread of its own, so that a slow disk keeps nobody waiting. Lines that come before it is
    opened wait for it.
    """

    def __init__(self, redactor: Redactor | None = None) -> None:
        self.redactor = redactor or Redactor()
        self._lines: queue.SimpleQueue[logging.LogRecord | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._is_started = False
        self._screen = logging.StreamHandler(sys.stderr)
        self._screen.setLevel(logging.WARNING)
        self._file = QueueHandler(self._lines)
        for handler in (self._screen, self._file):
            handler.setFormatter(_RedactingFormatter(self.redactor))

    def start(self) -> None:
        """Take what is logged in this process, and the errors nobody caught: their texts can hold keys as well."""
        self._is_started = True
        sys.excepthook, threading.excepthook = _log_uncaught, _log_uncaught_in_thread
        for handler in (self._screen, self._file):
            logging.getLogger().addHandler(handler)

    def open(self, data_dir: Path) -> None:
        """Write what is logged to a file below a data directory that exists; returns at once.

        Like `apply`, of no effect before `start`.
        """
        if self._is_started and self._thread is None:
            self._thread = threading.Thread(target=self._write, args=(data_dir,), name="parley-log", daemon=True)
            self._thread.start()

    def apply(self, settings: Settings) -> None:
        """Log from the chosen level on."""
        if self._is_started:
            logging.getLogger(_OURS).setLevel(_LEVELS[settings.log_level])

    def close(self) -> None:
        """Write what waits and end; a disk that takes nothing is not waited for."""
        sys.excepthook, threading.excepthook = sys.__excepthook__, threading.__excepthook__
        for handler in (self._screen, self._file):
            logging.getLogger().removeHandler(handler)
        if self._thread is not None:
            self._lines.put(None)
            self._thread.join(CLOSE_LIMIT_S)

    def _write(self, data_dir: Path) -> None:
        handler = None
        while (record := self._lines.get()) is not None:
            handler = handler or _open_file(data_dir)
            if handler is not None:
                _append(handler, record)
        if handler is not None:
            handler.close()


def log_files(data_dir: Path) -> list[Path]:
    """The log's files that there are, the present one first."""
    return sorted((data_dir / FOLDER).glob(f"{FILE}*"))


def _log_uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
    else:
        _log.critical("nobody caught this", exc_info=(kind, error, trace))


def _log_uncaught_in_thread(about: threading.ExceptHookArgs) -> None:
    if about.exc_value is not None:
        _log_uncaught(about.exc_type, about.exc_value, about.exc_traceback)


class _RedactingFormatter(logging.Formatter):
    """Formats a line with its traceback, and takes the keys out of all of it."""

    def __init__(self, redactor: Redactor) -> None:
        super().__init__(_FORMAT)
        self._redactor = redactor

    def format(self, record: logging.LogRecord) -> str:
        """The line as it may be written."""
        return self._redactor.redact(super().format(record))


def _open_file(data_dir: Path) -> RotatingFileHandler | None:
    """The file, or nothing where the disk does not let us: then stderr has the warnings."""
    try:
        (data_dir / FOLDER).mkdir(exist_ok=True, mode=0o700)
        handler = RotatingFileHandler(
            data_dir / FOLDER / FILE, maxBytes=FILE_BYTES, backupCount=FILES - 1, encoding="utf-8"
        )
    except OSError:
        return None
    handler.setFormatter(logging.Formatter("%(message)s"))  # formatted and redacted on the way into the queue
    return handler


def _append(handler: RotatingFileHandler, record: logging.LogRecord) -> None:
    """Write a line, or leave it out: `handle` would print that it failed, with the line in it."""
    with suppress(OSError):
        if handler.shouldRollover(record):
            handler.doRollover()
        if (stream := handler.stream) is not None:
            stream.write(f"{handler.format(record)}{handler.terminator}")
            stream.flush()
