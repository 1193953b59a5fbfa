"""Ten thousand replies, one after the other and some at once: what is left of them in memory.

`streams` counts those that ended well. `rss_growth_mb`, `fd_growth` and `task_growth` are from the end of the first
thousand, which fill caches, to the end. The server is a process of its own.
"""

import asyncio
import gc
import json
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from benchmarks.report import Figures, report
from benchmarks.support.measured_services import measured_services
from benchmarks.support.memory import open_files, rss_mb
from benchmarks.support.stream_server import WORD, stream_server
from desktop.domain.events import ReplyFinished
from desktop.domain.turn import TurnState
from desktop.services.suite import Services

STREAMS, WARM, CHUNKS, AT_ONCE = 10_000, 1000, 20, 8


def run_once() -> Figures:
    """All streams in a fresh process."""
    with stream_server(CHUNKS) as url:
        command = [sys.executable, "-m", "benchmarks.soak", "--child", url]
        child = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return dict(json.loads(child.stdout.splitlines()[-1]))


async def _soak(url: str) -> Figures:
    with tempfile.TemporaryDirectory() as folder:
        async with measured_services(Path(folder), url) as services:
            ended = await _streams(services, WARM)
            before = _held()
            ended += await _streams(services, STREAMS - WARM)
            after = _held()
    names = ("rss_growth_mb", "fd_growth", "task_growth", "thread_growth")
    growth = {name: round(end - start, 1) for name, start, end in zip(names, before, after, strict=True)}
    return {"streams": ended, **growth}


async def _streams(services: Services, count: int) -> int:
    """Ask for so many replies; returns how many are whole."""
    ended = await asyncio.gather(*(_row(services, number, count) for number in range(AT_ONCE)))
    return sum(ended)


async def _row(services: Services, first: int, count: int) -> int:
    """Every eighth of them, each in a chat of its own."""
    events, whole = services.feed.subscribe(), 0
    for _ in range(first, count, AT_ONCE):
        conversation = await services.conversations.create()
        await services.turns.send(conversation.id, "go", f"{conversation.id}")
        async for event in events:
            if isinstance(event, ReplyFinished) and event.conversation_id == conversation.id:
                whole += event.state is TurnState.DONE and event.reply.text == WORD * CHUNKS
                break
    events.close()
    return whole


def _held() -> tuple[float, int, int, int]:
    """Memory in MB, open files, tasks and threads."""
    gc.collect()
    return rss_mb(), open_files(), len(asyncio.all_tasks()), threading.active_count()


if __name__ == "__main__":
    if "--child" in sys.argv:
        print(json.dumps(asyncio.run(_soak(sys.argv[-1]))))
    else:
        report(__doc__, run_once, runs=1)
