"""`kill -9` at any moment and at every write: nothing lost, nothing corrupt, nothing sent twice."""

import asyncio
import os
import random
import shutil
from collections.abc import Awaitable, Iterable, Iterator
from itertools import count, cycle, islice
from pathlib import Path

import pytest

from tests.support.autopsy import Death, Script
from tests.support.dialects import DIALECTS, OLLAMA
from tests.support.slain import Slaughterhouse, slaughterhouse

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.timeout(300),
    pytest.mark.skipif(not hasattr(os, "fork"), reason="sessions are forked"),
]

KILLS, AT_ONCE, TRIES = 200, 6, 3
CALLS = {
    "pwrite64": Script(messages=1, pieces=3, size=20, interval_s=0.06),
    "fdatasync": Script(messages=2, pieces=3, size=20, interval_s=0.06),
}


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Slaughterhouse]:
    with slaughterhouse(tmp_path) as opened:
        yield opened


async def _some_at_once(deaths: Iterable[Awaitable[Death]]) -> list[Death]:
    slots = asyncio.Semaphore(AT_ONCE)

    async def one(death: Awaitable[Death]) -> Death:
        async with slots:
            return await death

    return await asyncio.gather(*map(one, deaths))


async def test_at_any_moment(house: Slaughterhouse) -> None:
    await house.prepare()
    script, chance = Script(), random.Random(3)
    lasts_s = await house.duration_s(OLLAMA, script)
    kills = [(wire, script, chance.uniform(0, lasts_s)) for wire in islice(cycle(DIALECTS), KILLS)]
    deaths = await _some_at_once(house.kill_after(*kill) for kill in kills)
    assert [fault for death in deaths for fault in death.faults] == []
    for kill, death in zip(kills, deaths, strict=True):
        again = [await house.kill_after(*kill) for _ in range(TRIES)] if death.late else []
        assert not death.late or any(not one.late for one in again), death.late
    assert sum(not death.ended for death in deaths) > KILLS // 2


@pytest.mark.parametrize("call", CALLS)
async def test_at_every_write(house: Slaughterhouse, call: str) -> None:
    if shutil.which("strace") is None:
        pytest.skip("strace is missing")
    await house.prepare()
    await house.duration_s(OLLAMA, CALLS[call])
    deaths: list[Death] = []
    for first in count(1, AT_ONCE):
        numbers = range(first, first + AT_ONCE)
        deaths += await _some_at_once(house.kill_at_call(OLLAMA, CALLS[call], call, number) for number in numbers)
        if any(death.ended for death in deaths):
            break
    assert [fault for death in deaths for fault in death.faults] == []
    assert len(deaths) > AT_ONCE
