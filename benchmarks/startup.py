"""How long until the window is painted, what was imported before, and how much memory it takes when idle.

`first_paint_ms` counts from the start of the process. A first run, which warms the disk cache and makes the database,
is not counted.
"""

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.report import Figures, report
from benchmarks.support.display import display
from desktop import app

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

HEAVY = ("sqlalchemy", "alembic", "httpx", "keyring", "markdown_it")
IDLE_S = 3.0


def run_once(folder: str) -> Figures:
    """Start Parley in a fresh process over a data directory."""
    command = [sys.executable, "-m", "benchmarks.startup", "--child", folder]
    started = subprocess.run(command, capture_output=True, text=True, check=True)
    return dict(json.loads(started.stdout.splitlines()[-1]))


async def _measure(window: "QWidget", _bridge: object, _theme: object) -> int:
    """Note the moment after the first paint, and the memory when all is loaded and quiet."""
    from desktop.ui.first_paint import FirstPaint  # noqa: PLC0415 - nothing may be imported before the window's own

    figures: Figures = {}

    def note() -> None:
        figures["first_paint_ms"] = _process_age_ms()
        figures["heavy_imports_before_paint"] = [name for name in HEAVY if name in sys.modules]

    FirstPaint(window).done.connect(note)
    await asyncio.sleep(IDLE_S)
    import markdown_it  # noqa: F401, PLC0415 - everything that a chat loads is loaded
    import pygments.lexers  # noqa: F401, PLC0415

    figures["rss_idle_mb"] = _rss_mb()
    print(json.dumps(figures), flush=True)
    return 0


def _process_age_ms() -> float:
    """Milliseconds since the kernel started this process."""
    ticks = int(Path("/proc/self/stat").read_text().rpartition(")")[2].split()[19])
    return (time.clock_gettime(time.CLOCK_BOOTTIME) - ticks / os.sysconf("SC_CLK_TCK")) * 1000


def _rss_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


if __name__ == "__main__":
    if "--child" in sys.argv:
        app.run_window(Path(sys.argv[-1]), _measure)
    else:
        with tempfile.TemporaryDirectory() as data, display():
            run_once(data)
            report(__doc__, lambda: run_once(data), runs=5)
