"""Sessions to be killed: a warm process that forks one for each order on its standard input and prints its id.

Run as `python -m tests.support.slain_session`. A session waits for a file `go` beside its data, then sends its messages
and appends each to a file `acknowledged` once Parley has taken it; at its end it appends `END`.
"""

import asyncio
import json
import os
import signal
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

from desktop.domain.address import parse_address
from desktop.domain.events import ReplyFinished
from desktop.domain.model import ModelRef
from desktop.domain.service import Service, Wire
from desktop.domain.settings import Settings
from desktop.services.feed import Subscription
from desktop.services.suite import Services, open_services

GO, ACKNOWLEDGED, END = "go", "acknowledged", "END"
DATA = "data"


async def _session(folder: Path, wire: Wire, url: str, messages: list[str]) -> None:
    """The first two messages at once, so that one waits for the other, and the rest one after the other."""
    services = await open_services(folder / DATA, {})
    services.models.adopt(Service("it", "It", wire, parse_address(url)))
    services.settings.override(replace(Settings(), max_retries=0))
    conversation = await services.conversations.create(ModelRef("it", "echo"))
    events = services.feed.subscribe()
    for text in messages[:2]:
        await _send(services, conversation.id, text, folder)
    await _ends(events, len(messages[:2]))
    for text in messages[2:]:
        await _send(services, conversation.id, text, folder)
        await _ends(events, 1)
    await services.close()
    _append(folder, END)


async def _send(services: Services, conversation_id: int, text: str, folder: Path) -> None:
    await services.turns.send(conversation_id, text, text)
    _append(folder, text)


async def _ends(events: Subscription, count: int) -> None:
    async for event in events:
        count -= isinstance(event, ReplyFinished)
        if not count:
            return


def _append(folder: Path, line: str) -> None:
    with (folder / ACKNOWLEDGED).open("a") as file:
        file.write(f"{line}\n")


def _become(order: dict[str, object]) -> NoReturn:
    folder = Path(str(order["folder"]))
    while not (folder / GO).exists():
        time.sleep(0.001)
    messages = order["messages"]
    assert isinstance(messages, list)
    with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
        runner.run(_session(folder, Wire(str(order["wire"])), str(order["url"]), messages))
    os._exit(0)


def main() -> None:
    """Fork a session for each order, until there are no more."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those that are killed
    for line in sys.stdin:
        child = os.fork()
        if not child:
            _become(json.loads(line))
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
