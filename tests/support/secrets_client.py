"""A process of its own that uses a SecretStore as it is told on stdin, and says what happened on stdout."""

import asyncio
import json
import os
import sys
import time
from dataclasses import asdict, dataclass, field

from desktop.domain.address import parse_address
from desktop.domain.service import Service, Wire
from desktop.services.secrets import SecretStore

SERVICE = Service(
    "acme", "Acme", Wire.CHAT_COMPLETIONS, parse_address("https://api.acme.test/v1"), key_variables=("ACME_API_KEY",)
)
TICK_S = 0.01


@dataclass(slots=True)
class Report:
    """The answers and how long each took, the longest pause of the event loop, and how the store shows itself."""

    answers: list[str | None] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    longest_pause_s: float = 0.0
    shown: str = ""


async def follow(steps: list[str]) -> Report:
    """Do the steps in order: `find`, `source`, `status`, `sentence`, `delete` or `set KEY`."""
    store, report = SecretStore(1, os.environ), Report()
    ticking = asyncio.create_task(_tick(report))
    for step in steps:
        began = time.monotonic()
        report.answers.append(await _do(store, step))
        report.seconds.append(time.monotonic() - began)
    ticking.cancel()
    report.shown = f"{store!r} {store}"
    return report


async def _do(store: SecretStore, step: str) -> str | None:
    match step.split(" ", 1):
        case ["set", key]:
            return await store.set_key(SERVICE.id, key)
        case ["find"]:
            return await store.find(SERVICE)
        case ["source"]:
            return await store.source(SERVICE)
        case ["status"]:
            return (await store.status()).kept_in
        case ["sentence"]:
            return (await store.status()).sentence
        case ["delete"]:
            await store.delete_key(SERVICE.id)
            return None
    raise ValueError(step)


async def _tick(report: Report) -> None:
    while True:
        began = time.monotonic()
        await asyncio.sleep(TICK_S)
        report.longest_pause_s = max(report.longest_pause_s, time.monotonic() - began - TICK_S)


if __name__ == "__main__":
    print(json.dumps(asdict(asyncio.run(follow(json.load(sys.stdin))))))  # noqa: T201 - this is the answer
