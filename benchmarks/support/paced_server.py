"""A server that streams one chat completion at a steady pace and notes when each character left.

Run as a process of its own: `python -m benchmarks.support.paced_server CHUNKS CHARACTERS PER_SECOND`. Prints its
port, and after each reply one JSON list of the monotonic times at which the chunks were written.
"""

import asyncio
import json
import sys
import time

PROSE = "Retry only what can succeed next time, with **jitter**. "


def _pieces(chunks: int, size: int) -> list[str]:
    text = ""
    while len(text) < chunks * size:
        text += PROSE * 8 + "\n\n```python\nfor attempt in range(5):\n    wait(2 ** attempt)\n```\n\n- one\n- two\n\n"
    return [text[place : place + size] for place in range(0, chunks * size, size)]


async def _answer(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, pieces: list[str], per_second: float
) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n")
    await writer.drain()
    begin, times = time.monotonic(), []
    for number, piece in enumerate(pieces):
        await asyncio.sleep(max(0.0, begin + (number + 1) / per_second - time.monotonic()))
        choice = {"index": 0, "delta": {"content": piece}}
        times.append(time.monotonic())
        writer.write(f"data: {json.dumps({'choices': [choice]})}\n\n".encode())
        await writer.drain()
    writer.write(b'data: {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}\n\ndata: [DONE]\n\n')
    await writer.drain()
    writer.close()
    print(json.dumps(times), flush=True)


async def _serve(chunks: int, size: int, per_second: float) -> None:
    pieces = _pieces(chunks, size)
    server = await asyncio.start_server(lambda r, w: _answer(r, w, pieces, per_second), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])))
