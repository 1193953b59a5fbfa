"""A request as a fault server met it."""

import asyncio
import json
import time
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Received:
    """What arrived, and what became of it; times are `time.monotonic()`.

    `bytes_sent` counts what was written in answer, and `sent_at` says when each part of it was. `answered` says whether
    the plan was played to its end, and `closed_at` when the client closed the connection after this request: None while
    it has not.
    """

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes
    connection: int
    at: float = field(default_factory=time.monotonic)
    bytes_sent: int = 0
    sent_at: list[float] = field(default_factory=list)
    answered: bool = False
    closed_at: float | None = None

    def json(self) -> Any:  # noqa: ANN401 - what JSON can hold
        """The body; raises ValueError where it is not JSON."""
        return json.loads(self.body)


async def read_request(reader: asyncio.StreamReader, connection: int) -> Received | None:
    """The next request on a connection, or None when the client has closed it."""
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *lines = head.strip().split("\r\n")
        method, target, _ = first.split(" ")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
    path, _, query = target.partition("?")
    return Received(method, path, query, headers, body, connection)
