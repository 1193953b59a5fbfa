"""What 5,000 chunks a second cost, from the socket to the database, without a window.

`chunks_per_s`: how many were stored in each second. `core_share`: the share of one core's time that it took.
`ratio_to_raw_httpx`: processor time for each chunk, divided by what reading the same stream with bare httpx and
`json.loads` takes. `core_share_apart` and `ratio_apart`: the same where each event is an HTTP chunk of its own, which
costs httpx alone more than all the rest. A short reply comes before, so that everything is loaded. All is measured in
one process; the server is another one, and a little faster, because the reply's beginning and end take time too.
"""

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx

from benchmarks.report import Figures, report
from benchmarks.support.measured_services import measured_services
from benchmarks.support.stream_server import WORD, stream_server
from desktop.domain.events import ReplyFinished, ReplyGrew

CHUNKS, PER_SECOND = 30_000, 5100.0
WARM = 500


def run_once() -> Figures:
    """Both readers in a fresh process."""
    with stream_server(CHUNKS, PER_SECOND) as url, stream_server(WARM, PER_SECOND) as short_url:
        command = [sys.executable, "-m", "benchmarks.throughput", "--child", short_url, url]
        child = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return dict(json.loads(child.stdout.splitlines()[-1]))


async def _measure(short_url: str, url: str) -> Figures:
    await _through_services(short_url, WARM)
    service_s, wall_s = await _through_services(url)
    apart_s, apart_wall_s = await _through_services(f"{url}/apart")
    return {
        "chunks_per_s": round(CHUNKS / wall_s, 1),
        "core_share": round(service_s / wall_s, 4),
        "ratio_to_raw_httpx": round(service_s / await _through_httpx(url), 3),
        "core_share_apart": round(apart_s / apart_wall_s, 4),
        "ratio_apart": round(apart_s / await _through_httpx(f"{url}/apart"), 3),
    }


async def _through_services(url: str, chunks: int = CHUNKS) -> tuple[float, float]:
    """Processor time and time of one reply, with one listener, as the window is one."""
    with tempfile.TemporaryDirectory() as folder:
        async with measured_services(Path(folder), url) as services:
            conversation = await services.conversations.create()
            events, heard = services.feed.subscribe(), 0
            cpu_s, began = time.process_time(), time.monotonic()
            await services.turns.send(conversation.id, "go", "token")
            async for event in events:
                if isinstance(event, ReplyGrew):
                    heard += len(event.chunk.text)
                if isinstance(event, ReplyFinished):
                    break
            taken = time.process_time() - cpu_s, time.monotonic() - began
            stored = (await services.conversations.messages(conversation.id))[-1]
            assert heard == len(stored.text) == chunks * len(WORD)
            return taken


async def _through_httpx(url: str) -> float:
    """Processor time of the bare minimum."""
    async with httpx.AsyncClient(trust_env=False) as client:
        cpu_s, count, rest = time.process_time(), 0, b""
        async with client.stream("POST", f"{url}/v1/chat/completions", json={}) as response:
            async for piece in response.aiter_raw():
                *lines, rest = (rest + piece).split(b"\n")
                for line in lines:
                    if line.startswith(b"data: {"):
                        count += bool(json.loads(line[6:])["choices"][0]["delta"])
        assert count == CHUNKS
        return time.process_time() - cpu_s


if __name__ == "__main__":
    if "--child" in sys.argv:
        print(json.dumps(asyncio.run(_measure(*sys.argv[-2:]))))
    else:
        report(__doc__, run_once)
