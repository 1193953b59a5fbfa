"""Coroutines that a slot starts and nobody awaits."""

import asyncio
import logging
from collections.abc import Coroutine

from PySide6.QtCore import QObject, Signal

from desktop.domain.errors import ParleyError

SURPRISE = "Something went wrong that Parley did not foresee. The details are in the log."

_log = logging.getLogger(__name__)


class Tasks(QObject):
    """Runs coroutines on the Qt thread's loop, keeps them alive, and says what went wrong in one place."""

    failed = Signal(str)  # a sentence for a person

    def __init__(self) -> None:
        super().__init__()
        self._running: set[asyncio.Task[object]] = set()

    def start(self, work: Coroutine[object, object, object]) -> None:
        """Start `work`; its error, if any, becomes a quiet message. Needs the running loop."""
        task: asyncio.Task[object] = asyncio.get_running_loop().create_task(work)
        self._running.add(task)
        task.add_done_callback(self._on_done)

    async def cancel(self) -> None:
        """Cancel whatever still runs, and wait until it has ended: qasync steps a task left over without its loop."""
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    def _on_done(self, task: asyncio.Task[object]) -> None:
        self._running.discard(task)
        if task.cancelled():
            return
        error = task.exception()
        if isinstance(error, ParleyError):
            self.failed.emit(error.sentence)
        elif error is not None:
            _log.error("A task of the window failed", exc_info=error)
            self.failed.emit(SURPRISE)
