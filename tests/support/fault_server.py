"""A loopback server that answers with whatever bytes, pauses and breaks a test wants."""

import asyncio
import socket
import struct
import threading
import time
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from fnmatch import fnmatchcase
from types import TracebackType
from typing import Self

from tests.support.plan import Close, Drip, Plan, Reset, Send, Stall, Wait
from tests.support.received import Received, read_request

Route = Callable[[Received], Plan]
"""How a path is answered when nothing is queued for it."""

NOT_FOUND: Plan = (Send(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"),)
LIMIT_S = 5.0


class FaultServer:
    """Plays one plan for each request, in the order in which they were queued for its path.

    Paths may hold the wildcards of `fnmatch`. Without a queued plan the first route that matches answers, else 404.
    """

    def __init__(self, routes: Mapping[str, Route] | None = None) -> None:
        self.requests: list[Received] = []
        self._routes = dict(routes or {})
        self._queued: dict[str, deque[Plan]] = {}
        self._connections: dict[int, asyncio.StreamWriter] = {}
        self._connected = 0
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="fault-server", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(LIMIT_S)
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """The server's root, without a slash at its end."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def bytes_sent(self) -> int:
        """What was written in answer to all requests."""
        return sum(request.bytes_sent for request in self.requests)

    @property
    def open_connections(self) -> int:
        """How many connections neither side has closed."""
        return len(self._connections)

    def queue(self, path: str, *plans: Plan) -> None:
        """Let the next requests for a path be answered so, each plan once."""
        self._queued.setdefault(path, deque()).extend(plans)

    def usually(self, path: str, plan: Plan) -> None:
        """Let every request for a path be answered so when nothing is queued."""
        self._routes = {path: lambda _request: plan} | {at: route for at, route in self._routes.items() if at != path}

    def to(self, path: str) -> list[Received]:
        """The requests for a path so far."""
        return [request for request in self.requests if fnmatchcase(request.path, path)]

    def wait_for(self, holds: Callable[[], object], limit_s: float = LIMIT_S) -> None:
        """Block until something holds. Raises TimeoutError."""
        end = time.monotonic() + limit_s
        while not holds():
            if time.monotonic() > end:
                raise TimeoutError(f"not within {limit_s} s; met: {self.requests}")
            time.sleep(0.002)

    def stop(self) -> None:
        """Close everything, like a server that is unplugged."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stopping.set)
            self._thread.join(LIMIT_S)

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        self._loop, self._stopping = asyncio.get_running_loop(), asyncio.Event()
        server = await self._loop.create_server(lambda: _Watched(self._on_connection), "127.0.0.1", 0)
        self._port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stopping.wait()
        server.close()
        serving = asyncio.all_tasks() - {asyncio.current_task()}
        for task in serving:
            task.cancel()
        await asyncio.gather(*serving, return_exceptions=True)
        await server.wait_closed()

    async def _on_connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        watched = writer.transport.get_protocol()
        assert isinstance(watched, _Watched)
        self._connected += 1
        number = self._connected
        self._connections[number] = writer
        try:
            while (request := await read_request(reader, number)) is not None:
                watched.request = request
                self.requests.append(request)
                if not await self._answer(request, writer, watched):
                    break
        except asyncio.CancelledError:
            pass  # this server stops; CPython 3.11 logs a handler that ends as cancelled
        finally:
            del self._connections[number]
            writer.close()

    def _plan(self, request: Received) -> Plan:
        for path, plans in self._queued.items():
            if plans and fnmatchcase(request.path, path):
                return plans.popleft()
        routes = (route for path, route in self._routes.items() if fnmatchcase(request.path, path))
        return next(routes, lambda _request: NOT_FOUND)(request)

    async def _answer(self, request: Received, writer: asyncio.StreamWriter, watched: "_Watched") -> bool:
        """Play the plan; True if the connection may serve another request."""
        playing = asyncio.create_task(_play(self._plan(request), request, writer))
        gone = asyncio.create_task(watched.gone.wait())
        try:
            await asyncio.wait({gone, playing}, return_when=asyncio.FIRST_COMPLETED)
            return playing.done() and playing.exception() is None and playing.result()
        finally:
            gone.cancel()
            playing.cancel()
            await asyncio.gather(gone, playing, return_exceptions=True)


class _Watched(asyncio.StreamReaderProtocol):
    """Notes when the client closes, also while nobody reads."""

    def __init__(self, serve: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]) -> None:
        super().__init__(asyncio.StreamReader(), serve)
        self.gone = asyncio.Event()
        self.request: Received | None = None

    def eof_received(self) -> bool | None:
        self._note()
        return super().eof_received()

    def connection_lost(self, exc: Exception | None) -> None:
        if exc is not None:  # None also when this side closed
            self._note()
        super().connection_lost(exc)

    def _note(self) -> None:
        self.gone.set()
        if self.request is not None and self.request.closed_at is None:
            self.request.closed_at = time.monotonic()


async def _play(plan: Plan, request: Received, writer: asyncio.StreamWriter) -> bool:
    """Do the steps; True if the connection stays open."""
    stays = request.headers.get("connection") != "close"
    for step in plan:
        match step:
            case Send(data):
                await _write(data, request, writer)
            case Drip(data, interval_s, size):
                for start in range(0, len(data), size):
                    await _write(data[start : start + size], request, writer)
                    await asyncio.sleep(interval_s)
            case Wait(seconds):
                await asyncio.sleep(seconds)
            case Stall():
                await asyncio.Event().wait()
            case Close():
                stays = False
            case Reset():
                linger = struct.pack("ii", 1, 0)
                writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                writer.transport.abort()
                stays = False
    request.answered = True
    return stays


async def _write(data: bytes, request: Received, writer: asyncio.StreamWriter) -> None:
    writer.write(data)
    request.bytes_sent += len(data)
    request.sent_at.append(time.monotonic())
    await writer.drain()
