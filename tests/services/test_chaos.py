"""A thousand turns among random faults: the ledger agrees with the server, and unknown counts stay unknown."""

import asyncio
import random
import sqlite3
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from desktop.domain.events import ReplyFinished, ReplyGrew
from desktop.domain.turn import TurnState
from desktop.services.suite import DATABASE
from tests.support.arena import PATIENT_S, Arena, Stage, open_arena, settled
from tests.support.dialects import DIALECTS, Dialect
from tests.support.faults import BROKEN, FRUITLESS, PASSING, PIECES
from tests.support.plan import Plan, Stall

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(240)]

TURNS, AT_ONCE = 1000, 8
QUICK = [one for one in (*BROKEN, *FRUITLESS, *PASSING) if one.silence_s == PATIENT_S and "over-long" not in one.name]
Counts = tuple[int | None, int | None]


@dataclass(frozen=True)
class Weather:
    """What one turn meets. `counts` are the tokens that the server reports at the end, if anything at all."""

    usual: Plan
    first: tuple[Plan, ...] = ()
    counts: Counts = (None, None)
    stopped: bool = False


@dataclass(frozen=True)
class Ledger:
    """What is noted of a turn: how many requests, and the tokens of each that has some."""

    requests: int
    counts: tuple[Counts, ...]


def _good(dialect: Dialect, chance: random.Random) -> Weather:
    counts = chance.randrange(1, 10_000), chance.randrange(1, 10_000)
    return Weather(dialect.stream(dialect.payloads(PIECES, usage=counts)), counts=counts)


def _uncounted(dialect: Dialect, _chance: random.Random) -> Weather:
    return Weather(dialect.stream(dialect.payloads(PIECES, usage=None)))


def _faulty(dialect: Dialect, chance: random.Random) -> Weather:
    fault = chance.choice(QUICK)
    plan = fault.plan(dialect)
    if not fault.once:
        return Weather(plan)
    good = _good(dialect, chance)
    return Weather(good.usual, (plan,), good.counts)


def _stopped(dialect: Dialect, _chance: random.Random) -> Weather:
    return Weather((*dialect.stream(dialect.begun("half"), end=False), Stall()), stopped=True)


MAKERS: tuple[Callable[[Dialect, random.Random], Weather], ...] = (_good, _uncounted, _faulty, _faulty, _stopped)


async def _turn(stage: Stage, weather: Weather) -> ReplyFinished:
    await stage.send()
    if weather.stopped:
        await stage.until(lambda event: isinstance(event, ReplyGrew))
        await stage.stop()
    return await stage.end()


async def _lived(arena: Arena, weather: Weather, slots: asyncio.Semaphore) -> tuple[int, Ledger]:
    """Play a turn; what the ledger must say of it, by its conversation."""
    async with slots, arena.stage(weather.usual, *weather.first) as stage:
        end = await _turn(stage, weather)
        assert end.state.is_final
        told = (weather.counts,) if end.state is TurnState.DONE and weather.counts != (None, None) else ()
        return stage.conversation_id, Ledger(len(stage.requests), told)


def _ledgers(path: Path) -> dict[int, Ledger]:
    """What the database says, by conversation."""
    connection = sqlite3.connect(path)
    rows = connection.execute(
        "SELECT t.conversation_id, a.input_tokens, a.output_tokens, a.state FROM attempts a "
        "JOIN turns t ON t.id = a.turn_id ORDER BY a.id"
    ).fetchall()
    connection.close()
    assert {state for *_, state in rows} <= {"done", "failed", "stopped", "ambiguous"}
    requests = Counter(place for place, *_ in rows)
    counts: dict[int, list[Counts]] = {place: [] for place in requests}
    for place, asked, made, _ in rows:
        if (asked, made) != (None, None):
            counts[place].append((asked, made))
    return {place: Ledger(requests[place], tuple(counts[place])) for place in requests}


@pytest.mark.parametrize("dialect", DIALECTS, ids=[one.wire for one in DIALECTS])
async def test_the_ledger_equals_what_the_server_saw(dialect: Dialect, tmp_path: Path) -> None:
    chance, before, slots = random.Random(str(dialect.wire)), asyncio.all_tasks(), asyncio.Semaphore(AT_ONCE)
    async with open_arena(dialect, tmp_path) as arena:
        weathers = [chance.choice(MAKERS)(dialect, chance) for _ in range(TURNS // len(DIALECTS))]
        lived = await asyncio.gather(*(_lived(arena, weather, slots) for weather in weathers))
        await settled(arena.server, before)
        assert _ledgers(tmp_path / DATABASE) == dict(lived)
        assert sum(ledger.requests for _, ledger in lived) == len(arena.server.requests)
