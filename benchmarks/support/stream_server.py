"""A server that streams chat completions as fast as it is told to.

Run as a process of its own: `python -m benchmarks.support.stream_server CHUNKS PER_SECOND`. Prints its port. Every
request is answered with so many chunks; PER_SECOND of 0 is as fast as they are taken. What leaves at one moment is one
chunk of HTTP's transfer coding, as it is behind a proxy; under a path that begins with `/apart` each event is its own.
"""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

WORD = "retry "
TICK_S, AT_MOST = 0.01, 1000
_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
_END = b'data: {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}\n\ndata: [DONE]\n\n'


@contextmanager
def stream_server(chunks: int, per_second: float = 0.0) -> Iterator[str]:
    """The address of such a server while it runs."""
    command = [sys.executable, "-m", "benchmarks.support.stream_server", str(chunks), str(per_second)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield f"http://127.0.0.1:{server.stdout.readline().strip()}"
        finally:
            server.terminate()


def _framed(data: bytes) -> bytes:
    """One chunk of HTTP's transfer coding."""
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"


def _event(model: str) -> bytes:
    choice = {"index": 0, "delta": {"content": WORD}, "logprobs": None, "finish_reason": None}
    head = {"id": "chatcmpl-Bq0JdmJdXS", "object": "chat.completion.chunk", "created": 1795432079, "model": model}
    return f"data: {json.dumps({**head, 'system_fingerprint': 'b0', 'choices': [choice]})}\n\n".encode()


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, chunks: int, per_second: float) -> None:
    apart = (await reader.readuntil(b"\r\n\r\n")).startswith(b"POST /apart")
    writer.write(_HEAD)
    event, sent, began = _event("bench"), 0, time.monotonic()
    while sent < chunks:
        due = chunks if not per_second else min(chunks, int((time.monotonic() - began) * per_second) + 1)
        for start in range(sent, due, AT_MOST):
            count = min(AT_MOST, due - start)
            writer.write(_framed(event) * count if apart else _framed(event * count))
            await writer.drain()
        sent = due
        await asyncio.sleep(TICK_S if per_second else 0)
    writer.write(_framed(_END) + b"0\r\n\r\n")
    await writer.drain()
    writer.close()


async def _serve(chunks: int, per_second: float) -> None:
    server = await asyncio.start_server(lambda r, w: _answer(r, w, chunks, per_second), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]), float(sys.argv[2])))
