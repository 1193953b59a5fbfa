"""The composition root: builds everything, passes it in, shuts it down in order."""

import argparse
import asyncio
import functools
import logging
import os
import sys
import tempfile
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.cli.arguments import parse_arguments
from desktop.paths import data_dir
from desktop.services.log import Log

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication, QWidget

    from desktop.bridge import Bridge
    from desktop.services.suite import Services
    from desktop.ui.single_instance import SingleInstance
    from desktop.ui.theme import Theme

WINDOW_STATE = "window.json"
NO_DISPLAY = (
    "parley: there is no display to show a window on. Start Parley in a desktop session, "
    "or ask without a window: parley ask QUESTION\n"
)

_logger = logging.getLogger(__name__)


def main(arguments: Sequence[str]) -> int:
    """Run Parley: a command, or the window; returns the exit status."""
    options = parse_arguments(arguments)
    log = Log()
    log.start()
    try:
        return _run(options, data_dir(options.data_dir), log)
    except Exception:
        _logger.exception("Parley ends because of an error nobody foresaw")  # here, where keys are taken out of it
        return 1
    finally:
        log.close()


def _run(options: argparse.Namespace, folder: Path, log: Log) -> int:
    if options.command is not None:
        from desktop.cli.command import run_command  # noqa: PLC0415 - the window does not need it

        return run_command(options, functools.partial(_open_services, folder, log), folder, log)
    if not _has_display(os.environ):
        sys.stderr.write(NO_DISPLAY)
        return 1
    if options.tour is None:
        return run_window(folder, log=log)
    from desktop.ui.tour import take_tour  # noqa: PLC0415 - the command line never sees Qt

    with tempfile.TemporaryDirectory(prefix="parley-tour-") as fresh:
        return run_window(Path(options.data_dir or fresh), functools.partial(take_tour, Path(options.tour)), log)


def _has_display(environment: Mapping[str, str]) -> bool:
    """Whether Qt has somewhere to show a window; without, it would end the process without a sentence."""
    if sys.platform in {"darwin", "win32"}:
        return True
    return any(environment.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


async def _open_services(folder: Path, log: Log) -> "Services":
    from desktop.services.suite import open_services  # noqa: PLC0415 - imports much; must follow the first paint

    try:
        return await open_services(folder, os.environ, log)
    finally:
        log.open(folder)  # not before, because opening makes the folder, and with the rights it should have


def run_window(
    folder: Path,
    guest: "Callable[[QWidget, Bridge, Theme], Awaitable[int]] | None" = None,
    log: Log | None = None,
) -> int:
    """Open the window over a data directory; returns the exit status.

    Args:
        guest: works the window in a person's place, after which it is closed; its result is the exit status.
    """
    from PySide6 import QtCore  # noqa: F401, PLC0415 - the command line never sees Qt

    from desktop.ui.feature_scan import stop_feature_scan  # noqa: PLC0415

    stop_feature_scan()  # before all that follows is imported
    from qasync import QEventLoop  # noqa: PLC0415

    from desktop.ui.application import make_application  # noqa: PLC0415
    from desktop.ui.single_instance import SingleInstance  # noqa: PLC0415

    remembered = _read(folder / WINDOW_STATE)
    application = make_application()
    single = SingleInstance(folder)
    if single.raise_other():
        return 0
    single.listen()
    opener = functools.partial(_open_services, folder, log or Log())
    with asyncio.Runner(loop_factory=lambda: QEventLoop(application)) as runner:
        status = runner.run(_live(application, single, opener, folder, remembered, guest))
    single.close()
    return status


async def _live(
    application: "QApplication",
    single: "SingleInstance",
    open_services: "Callable[[], Awaitable[Services]]",
    folder: Path,
    remembered: str,
    guest: "Callable[[QWidget, Bridge, Theme], Awaitable[int]] | None",
) -> int:
    """Build the window and let it live until it is closed; returns the exit status."""
    from desktop.bridge import Bridge  # noqa: PLC0415
    from desktop.ui.collector import Collector  # noqa: PLC0415
    from desktop.ui.first_paint import FirstPaint  # noqa: PLC0415
    from desktop.ui.interrupt import Interrupt  # noqa: PLC0415
    from desktop.ui.main_window import MainWindow  # noqa: PLC0415
    from desktop.ui.single_instance import come_forward  # noqa: PLC0415
    from desktop.ui.theme import Theme  # noqa: PLC0415
    from desktop.ui.window_state import parse_state, render_state  # noqa: PLC0415

    bridge = Bridge(open_services)
    collector = Collector()
    interrupt = Interrupt()
    state = parse_state(remembered)
    theme = Theme(application, state.theme) if state else Theme(application)
    window = MainWindow(bridge, theme, state, folder)
    closed = asyncio.Event()
    window.closed.connect(closed.set)
    interrupt.requested.connect(window.close)
    single.raised.connect(lambda: come_forward(window))
    pen = ThreadPoolExecutor(1)  # one, so that the last word stays; and never the thread that paints

    def remember() -> None:
        pen.submit(_write, folder / WINDOW_STATE, render_state(window.state()))

    window.stateChanged.connect(remember)
    first_paint = FirstPaint(window)
    first_paint.done.connect(bridge.start)
    first_paint.done.connect(window.load)
    window.show()
    status = 0
    if guest is not None:
        status = await guest(window, bridge, theme)
        window.close()
    await closed.wait()
    await bridge.stop()
    await window.tasks.cancel()
    collector.stop()
    interrupt.close()
    remember()
    pen.shutdown()
    return status


def _read(path: Path) -> str:
    """A small file's text, empty if it cannot be read. Must not run once the window is shown."""
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def _write(path: Path, text: str) -> None:
    """Keep a small file, whole or not at all; where that fails, the window has said so. Not for the Qt thread."""
    with suppress(OSError):
        fresh = path.with_suffix(".new")
        fresh.write_text(text, "utf-8")
        fresh.replace(path)
