"""HTTP/1.1 around any wire."""

import json
from collections.abc import Sequence
from http.client import responses

from tests.support.plan import Plan, Send, Step, Wait


def head(status: int, headers: dict[str, str]) -> Send:
    """A status line and headers."""
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return Send(f"HTTP/1.1 {status} {responses.get(status, 'Unknown')}\r\n{lines}\r\n".encode())


def stream(media_type: str, payloads: Sequence[bytes], interval_s: float = 0.0, *, end: bool = True) -> Plan:
    """A 200 answer in chunks, each after a pause, one for each payload; without `end` the closing chunk is missing."""
    steps: list[Step] = [head(200, {"Content-Type": media_type, "Transfer-Encoding": "chunked"})]
    for payload in payloads:
        if interval_s:
            steps.append(Wait(interval_s))
        steps.append(Send(f"{len(payload):x}\r\n".encode() + payload + b"\r\n"))
    if end:
        steps.append(Send(b"0\r\n\r\n"))
    return tuple(steps)


def answer(status: int, value: object, headers: dict[str, str] | None = None) -> Plan:
    """A whole answer with a JSON body."""
    return raw(status, json.dumps(value).encode(), {"Content-Type": "application/json", **(headers or {})})


def raw(status: int, body: bytes, headers: dict[str, str] | None = None) -> Plan:
    """A whole answer with any body."""
    return (head(status, {"Content-Length": str(len(body)), **(headers or {})}), Send(body))
