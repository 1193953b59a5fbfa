"""One reply in every framing that HTTP, server-sent events and lines of JSON allow, and in some that they do not."""

import json
from collections.abc import Callable, Iterator, Sequence

from tests.support.dialects import Dialect
from tests.support.plan import Close, Drip, Plan, Reset, Send
from tests.support.wires import framing

Make = Callable[[Dialect], Plan]
EVERY = 7


def variants(pieces: Sequence[str]) -> Iterator[tuple[str, Make, bool]]:
    """Framings of a whole good reply: name, plan, and whether only server-sent events have it."""

    def bodied(change: Callable[[bytes, Dialect], bytes]) -> Make:
        return lambda dialect: dialect.stream([change(one, dialect) for one in dialect.payloads(pieces)])

    yield "CRLF", bodied(lambda event, _: event.replace(b"\n", b"\r\n")), False
    yield "CR", bodied(lambda event, _: event.replace(b"\n", b"\r")), True
    yield "CR and LF by turns", bodied(_mixed), True
    yield "blank lines", bodied(lambda event, _: b"\n" + event + b"\n\n"), False
    yield "comments", bodied(lambda event, _: b": OPENROUTER PROCESSING\n\n" + event), True
    yield "comments inside events", bodied(lambda event, _: b":\n:x\n" + event), True
    yield "id, retry and unknown fields", bodied(lambda event, _: b"id: 1\nretry: 9\nx\ny: z\n" + event), True
    yield "no blank after the colon", bodied(lambda event, _: event.replace(b"data: ", b"data:")), True
    yield "data in many lines", bodied(_many_lines), True
    yield "unknown events", bodied(lambda event, dialect: dialect.framed('{"type": "new", "x": [1]}') + event), False
    yield "a byte order mark", lambda dialect: dialect.body(b"\xef\xbb\xbf" + _whole(dialect, pieces)), False
    yield "byte by byte", lambda dialect: (Drip(_raw(dialect.reply(*pieces))),), False
    yield "seven bytes at a time", lambda dialect: (Drip(_raw(dialect.reply(*pieces)), size=EVERY),), False
    yield "all at once", lambda dialect: (Send(_raw(dialect.reply(*pieces))),), False
    yield "chunks of one byte", lambda d: d.stream([bytes([one]) for one in _whole(d, pieces)]), False
    yield "chunk extensions and a trailer", lambda dialect: _extended(dialect, pieces), False
    yield "a length", lambda dialect: dialect.body(_whole(dialect, pieces)), False
    yield "neither length nor chunks", lambda dialect: _unmeasured(dialect, _whole(dialect, pieces)), False
    yield "HTTP/1.0", lambda d: _http_1_0(_unmeasured(d, _whole(d, pieces))), False
    yield "early hints before", lambda d: (Send(b"HTTP/1.1 103 Early Hints\r\n\r\n"), *d.reply(*pieces)), False
    yield "another media type", lambda d: framing.stream("text/plain; charset=latin-1", d.payloads(pieces)), False


def in_mid_event(pieces: Sequence[str], end: Close | Reset) -> Make:
    """Whole events and half of one more, then an end."""

    def plan(dialect: Dialect) -> Plan:
        event = dialect.chunk("never")
        return (*dialect.stream([*dialect.begun(*pieces), event[: len(event) // 2]], end=False), end)

    return plan


def unmeasured_cut(pieces: Sequence[str]) -> Make:
    """The same in an answer that only its end delimits, so that no layer below notices."""

    def plan(dialect: Dialect) -> Plan:
        event = dialect.chunk("never")
        return _unmeasured(dialect, b"".join(dialect.begun(*pieces)) + event[: len(event) // 2])

    return plan


def measured(pieces: Sequence[str], error: int) -> Make:
    """A beginning up to its last piece, whose announced length is wrong by so many bytes."""

    def plan(dialect: Dialect) -> Plan:
        begun, piece = b"".join(dialect.begun(*pieces)), dialect.chunk(pieces[-1])
        body = begun[: begun.index(piece) + len(piece)]
        length = {"Content-Type": dialect.media_type, "Content-Length": str(len(body.rstrip(b"\n")) + error)}
        return (framing.head(200, length), Send(body), Close())

    return plan


def dripping_event(pieces: Sequence[str]) -> Make:
    """Whole events, then one that comes a byte at a time and slowly."""

    def plan(dialect: Dialect) -> Plan:
        begun = _unmeasured(dialect, b"".join(dialect.begun(*pieces)))[:-1]
        return (*begun, Drip(dialect.chunk("never " * 100), 0.02))

    return plan


def _whole(dialect: Dialect, pieces: Sequence[str]) -> bytes:
    return b"".join(dialect.payloads(pieces))


def _raw(plan: Plan) -> bytes:
    return b"".join(step.data for step in plan if isinstance(step, Send))


def _mixed(event: bytes, _dialect: Dialect) -> bytes:
    return event.replace(b"\n\n", b"\r\n\r") if len(event) % 2 else event.replace(b"\n\n", b"\r\n\n")


def _many_lines(event: bytes, _dialect: Dialect) -> bytes:
    """The same JSON, written over many lines of data."""
    lines = []
    for line in event.decode().splitlines():
        value = line.removeprefix("data: ")
        if line.startswith("data: {"):
            lines += [f"data: {part}" for part in json.dumps(json.loads(value), indent=1).splitlines()]
        else:
            lines.append(line)
    return "\n".join(lines).encode() + b"\n\n"


def _extended(dialect: Dialect, pieces: Sequence[str]) -> Plan:
    body = _whole(dialect, pieces)
    head = framing.head(200, {"Content-Type": dialect.media_type, "Transfer-Encoding": "chunked"})
    return (head, Send(f"{len(body):X};a=b\r\n".encode() + body + b"\r\n0\r\nX-Sum: 1\r\n\r\n"))


def _unmeasured(dialect: Dialect, body: bytes) -> Plan:
    head = framing.head(200, {"Content-Type": dialect.media_type, "Connection": "close"})
    return (head, Send(body), Close())


def _http_1_0(plan: Plan) -> Plan:
    return (Send(_raw(plan).replace(b"HTTP/1.1", b"HTTP/1.0", 1)), Close())
