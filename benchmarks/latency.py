"""How soon what is sent and what arrives is seen and stored, while 20 kB stream at 100 chunks a second.

`send_painted_ms`: from pressing Send to the first paint with one's own message. `chunk_painted_ms`: from the first
chunk's leaving the server to the first paint with it. `behind_wire_ms`: the longest time for which a character that
had left the server was not in the database. `qt_block_ms`: the longest time for which the Qt thread ran no timer.
"""

import asyncio
import functools
import json
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QAbstractButton, QAbstractScrollArea, QPlainTextEdit, QWidget

from benchmarks.report import Figures, report
from benchmarks.support.display import display
from desktop import app, bridge
from desktop.domain.address import parse_address
from desktop.domain.events import Event, ReplyFinished, ReplyGrew, TurnBegan
from desktop.domain.service import Service, Wire
from desktop.services.suite import DATABASE, open_services

CHUNKS, SIZE, PER_SECOND = 200, 100, 100.0
TICK_MS = 2
SETTLE_S = 1.5


def run_once() -> Figures:
    """One reply in a fresh process and data directory."""
    pace = [str(CHUNKS), str(SIZE), str(PER_SECOND)]
    server = [sys.executable, "-m", "benchmarks.support.paced_server", *pace]
    with tempfile.TemporaryDirectory() as folder, subprocess.Popen(server, stdout=subprocess.PIPE, text=True) as paced:
        assert paced.stdout is not None
        try:
            asyncio.run(_set_up(Path(folder), paced.stdout.readline().strip()))
            command = [sys.executable, "-m", "benchmarks.latency", "--child", folder]
            child = subprocess.run(command, capture_output=True, text=True, check=True)
            return _figures(json.loads(child.stdout.splitlines()[-1]), json.loads(paced.stdout.readline()))
        finally:
            paced.terminate()


def _figures(seen: dict[str, list[float]], left: list[float]) -> Figures:
    sent, sent_painted, chunk_painted, block = seen["moments"]
    lags = [
        moment - left[int(stored) // SIZE]
        for moment, stored in zip(seen["polled_at"], seen["stored"], strict=True)
        if int(stored) // SIZE < len(left) and left[int(stored) // SIZE] < moment
    ]
    return {
        "send_painted_ms": (sent_painted - sent) * 1000,
        "chunk_painted_ms": (chunk_painted - left[0]) * 1000,
        "behind_wire_ms": max(lags) * 1000,
        "qt_block_ms": block * 1000,
    }


class Watch(QObject):
    """Notes when events were painted and how long the Qt thread was away."""

    def __init__(self, canvas: QWidget, services: bridge.Bridge) -> None:
        super().__init__()
        self.painted: dict[str, float] = {}
        self.block_s = 0.0
        self.finished = asyncio.Event()
        self._unpainted: list[str] = []
        self._last = time.monotonic()
        canvas.installEventFilter(self)
        services.eventsArrived.connect(self._on_events)
        self._ticker = QTimer(self, interval=TICK_MS)
        self._ticker.timeout.connect(self._on_tick)

    def begin(self) -> None:
        """Count blocks from now on."""
        self._last = time.monotonic()
        self._ticker.start()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """A paint event shows everything that arrived before it; the timer fires when it is done."""
        if event.type() == QEvent.Type.Paint and self._unpainted:
            names, self._unpainted = self._unpainted, []
            QTimer.singleShot(0, self, lambda: self.painted.update(dict.fromkeys(names, time.monotonic())))
        return False

    def _on_events(self, events: list[Event]) -> None:
        for event in events:
            name = {TurnBegan: "sent", ReplyGrew: "chunk"}.get(type(event), "")
            if name and name not in self.painted and name not in self._unpainted:
                self._unpainted.append(name)
            if isinstance(event, ReplyFinished):
                self.finished.set()

    def _on_tick(self) -> None:
        now = time.monotonic()
        self.block_s = max(self.block_s, now - self._last - TICK_MS / 1000)
        self._last = now


async def _measure(folder: Path, window: QWidget, services: bridge.Bridge, _theme: object) -> int:
    await asyncio.sleep(SETTLE_S)
    canvas = next(c for c in window.findChildren(QAbstractScrollArea) if c.accessibleName() == "Conversation")
    watch, poll = Watch(canvas.viewport(), services), Poll(folder / DATABASE)
    message = next(w for w in window.findChildren(QPlainTextEdit) if w.accessibleName() == "Message")
    message.setPlainText("How should I retry?")
    poll.start()
    watch.begin()
    sent = time.monotonic()
    next(b for b in window.findChildren(QAbstractButton) if b.accessibleName() == "Send").click()
    await watch.finished.wait()
    poll.done.set()
    moments = [sent, watch.painted["sent"], watch.painted["chunk"], watch.block_s]
    print(json.dumps({"moments": moments, "polled_at": poll.moments, "stored": poll.stored}), flush=True)
    return 0


async def _set_up(folder: Path, port: str) -> None:
    services = await open_services(folder, {})
    address = parse_address(f"http://127.0.0.1:{port}")
    await services.models.save_service(Service("paced", "Paced", Wire.CHAT_COMPLETIONS, address))
    settings = await services.settings.load()
    await services.settings.save(replace(settings, default_service="paced", default_model="paced"))
    await services.close()


class Poll(threading.Thread):
    """Looks into the database every few milliseconds, as somebody else would after a crash."""

    def __init__(self, path: Path) -> None:
        super().__init__(daemon=True)
        self._path = path
        self.done = threading.Event()
        self.moments: list[float] = []
        self.stored: list[int] = []

    def run(self) -> None:
        """Note moment and number of stored characters until done."""
        connection = sqlite3.connect(f"file:{self._path}?mode=ro", uri=True)
        pieces = "SELECT coalesce(sum(length(text)), 0) FROM reply_pieces"
        folded = "SELECT coalesce(sum(length(text)), 0) FROM messages WHERE role = 'assistant'"
        query = f"SELECT ({pieces}) + ({folded})"
        while not self.done.wait(0.01):
            self.stored.append(connection.execute(query).fetchone()[0])
            self.moments.append(time.monotonic())
        connection.close()


if __name__ == "__main__":
    if "--child" in sys.argv:
        data = Path(sys.argv[-1])
        app.run_window(data, functools.partial(_measure, data))
    else:
        with display():
            report(__doc__, run_once)
