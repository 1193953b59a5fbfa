"""The one place where the Qt thread and the service thread meet."""

import asyncio
import concurrent.futures
import contextlib
import threading
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal

from desktop.services.loop import new_loop

if TYPE_CHECKING:
    from desktop.domain.events import Event
    from desktop.services.feed import Subscription
    from desktop.services.suite import Services

T = TypeVar("T")

FRAME_MS = 16
CLOSE_LIMIT_S = 1.5
COMMAND_GRACE_S = 0.5


class Bridge(QObject):
    """Sends commands down to the service thread and brings its events up, at most one batch a frame.

    Commands given before the services are open wait for them; when opening failed, each command raises
    the error with which it failed.

    Args:
        open_services: opens the services; runs on the service thread.
    """

    eventsArrived = Signal(list)  # list[Event], on the Qt thread, in order
    _woken = Signal()

    def __init__(self, open_services: "Callable[[], Awaitable[Services]]") -> None:
        super().__init__()
        self._open_services = open_services
        self._loop = new_loop()
        self._services: asyncio.Future[Services] = self._loop.create_future()
        self._commands: set[asyncio.Task[object]] = set()
        self._stopping = asyncio.Event()
        self._ended: concurrent.futures.Future[None] = concurrent.futures.Future()
        self._mailbox: deque[Event] = deque()
        self._wake_pending = False
        self._since_delivery = QElapsedTimer()
        self._frame = QTimer(self, singleShot=True)
        self._frame.timeout.connect(self._deliver)
        self._woken.connect(self._on_woken)  # emitted on the service thread, so Qt queues it
        self._thread = threading.Thread(target=self._run_thread, name="parley-services", daemon=True)

    def start(self) -> None:
        """Start the service thread; must come after the first paint, because opening imports much."""
        self._thread.start()

    def run(self, command: "Callable[[Services], Coroutine[object, object, T]]") -> "asyncio.Future[T]":
        """Run a command on the service thread; await the result on the Qt thread's loop.

        A command that comes after `stop` is cancelled.
        """
        return asyncio.wrap_future(asyncio.run_coroutine_threadsafe(self._execute(command), self._loop))

    async def stop(self) -> None:
        """Close the services and end their thread, within 1.5 s whatever they are doing."""
        if not self._thread.is_alive():
            self._loop.close()  # nobody else does where it never ran
            return
        with contextlib.suppress(RuntimeError):  # the loop has closed, and the thread is about to end
            self._loop.call_soon_threadsafe(self._stopping.set)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_LIMIT_S):
                await asyncio.wrap_future(self._ended)

    async def _execute(self, command: "Callable[[Services], Coroutine[object, object, T]]") -> T:
        if self._stopping.is_set():
            raise asyncio.CancelledError
        task = asyncio.current_task()
        assert task is not None
        self._commands.add(task)
        try:
            return await command(await asyncio.shield(self._services))
        finally:
            self._commands.discard(task)

    def _run_thread(self) -> None:
        self._ended.set_running_or_notify_cancel()  # from here on nobody who stops waiting can cancel it
        try:
            with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
                runner.run(self._serve())
        finally:
            self._ended.set_result(None)

    async def _serve(self) -> None:
        try:
            services = await self._open_services()
        except Exception as error:  # noqa: BLE001 - shown by whoever awaits a command
            self._services.set_exception(error)
            await self._stopping.wait()
            return
        collector = asyncio.create_task(self._collect(services.feed.subscribe()))
        self._services.set_result(services)
        await self._stopping.wait()
        await self._end_commands()
        await services.close()
        collector.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await collector

    async def _end_commands(self) -> None:
        """Let commands under way end well; what takes longer is cancelled, so that nothing runs on closed services."""
        if not self._commands:
            return
        _, late = await asyncio.wait(self._commands, timeout=COMMAND_GRACE_S)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def _collect(self, events: "Subscription") -> None:
        async for event in events:
            self._mailbox.append(event)
            if not self._wake_pending:
                self._wake_pending = True
                self._woken.emit()

    def _on_woken(self) -> None:
        waited = self._since_delivery.elapsed() if self._since_delivery.isValid() else FRAME_MS
        self._frame.start(max(0, FRAME_MS - int(waited)))

    def _deliver(self) -> None:
        self._wake_pending = False  # before draining: an event that comes now wakes us again
        batch = []
        while self._mailbox:
            batch.append(self._mailbox.popleft())
        self._since_delivery.start()
        if batch:
            self.eventsArrived.emit(batch)
