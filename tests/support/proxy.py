"""Proxies on loopback: HTTP, which forwards and tunnels, and SOCKS 5. Whatever is asked for, one server answers."""

import asyncio
import struct
import threading
from collections.abc import Awaitable, Callable
from contextlib import suppress
from types import TracebackType
from typing import Self

LIMIT_S = 5.0
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Greet = Callable[["Proxy", Streams], Awaitable[bytes | None]]
"""Talks with the client until it may go on; returns what is to be sent on first, or None where it may not."""


class Proxy:
    """Leads every connection to one port of loopback and notes what was asked for.

    Args:
        scheme: `http` or `socks5`.
        port: where all connections lead.
    """

    def __init__(self, scheme: str, port: int) -> None:
        self.asked: list[str] = []
        self.refuses = False
        self.connections = 0
        self._scheme = scheme
        self._upstream = port
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="proxy", daemon=True)

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
        """What is to be set as proxy."""
        return f"{self._scheme}://127.0.0.1:{self._port}"

    def stop(self) -> None:
        """Close everything."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stopping.set)
            self._thread.join(LIMIT_S)

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        self._loop, self._stopping = asyncio.get_running_loop(), asyncio.Event()
        server = await asyncio.start_server(self._on_connection, "127.0.0.1", 0)
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
        self.connections += 1
        greet = _greet_socks if self._scheme == "socks5" else _greet_http
        try:
            if (first := await greet(self, (reader, writer))) is not None:
                await self._join(first, reader, writer)
        except (asyncio.CancelledError, asyncio.IncompleteReadError, ConnectionError):
            pass  # the proxy stops, or a side went away
        finally:
            writer.close()

    async def _join(self, first: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        up_reader, up_writer = await asyncio.open_connection("127.0.0.1", self._upstream)
        up_writer.write(first)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(_pump(reader, up_writer))
                group.create_task(_pump(up_reader, writer))
        finally:
            up_writer.close()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()


async def _greet_http(proxy: Proxy, streams: Streams) -> bytes | None:
    reader, writer = streams
    head = await reader.readuntil(b"\r\n\r\n")
    method, target, _ = head.split(b" ", 2)
    proxy.asked.append(f"{method.decode()} {target.decode()}")
    if proxy.refuses:
        writer.write(b"HTTP/1.1 403 Not Here\r\nContent-Length: 0\r\n\r\n")
        return None
    if method == b"CONNECT":
        writer.write(b"HTTP/1.1 200 Connected\r\n\r\n")
        return b""
    path = b"/" + target.split(b"/", 3)[3]
    return head.replace(target, path, 1)


async def _greet_socks(proxy: Proxy, streams: Streams) -> bytes | None:
    """RFC 1928, without authentication."""
    reader, writer = streams
    _, methods = await reader.readexactly(2)
    await reader.readexactly(methods)
    writer.write(b"\x05\x00")
    _, _, _, kind = await reader.readexactly(4)
    size = {1: 4, 4: 16}.get(kind) or (await reader.readexactly(1))[0]
    host = await reader.readexactly(size)
    (port,) = struct.unpack("!H", await reader.readexactly(2))
    proxy.asked.append(f"{host.decode('latin-1') if kind == 3 else list(host)}:{port}")
    writer.write(bytes([5, 2 if proxy.refuses else 0, 0, 1, 127, 0, 0, 1, 0, 0]))
    return None if proxy.refuses else b""
