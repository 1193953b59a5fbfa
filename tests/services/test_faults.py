"""Every fault on every wire: one right ending, the text that was sent, so many requests, and nothing left over."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from desktop.domain.service import Wire
from tests.support.arena import PATIENT_S, Arena, open_arena, settled
from tests.support.dialects import DIALECTS, Dialect
from tests.support.faults import FAULTS, TEXT, Expected, Fault

pytestmark = pytest.mark.anyio

CASES = [
    pytest.param(dialect, fault, id=f"{dialect.wire}-{fault.name}")
    for dialect in DIALECTS
    for fault in FAULTS
    if dialect.is_sse or not fault.sse_only
]


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
async def arenas(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[dict[Wire, Arena]]:
    """One for each wire, for all its faults."""
    async with AsyncExitStack() as stack:
        opening = [(one, open_arena(one, tmp_path_factory.mktemp("data"))) for one in DIALECTS]
        yield {dialect.wire: await stack.enter_async_context(arena) for dialect, arena in opening}


@pytest.mark.parametrize(("dialect", "fault"), CASES)
async def test_a_turn_ends_as_it_must(arenas: dict[Wire, Arena], dialect: Dialect, fault: Fault) -> None:
    arena, before = arenas[dialect.wire], asyncio.all_tasks()
    plan = fault.plan(dialect)
    usual, first = (dialect.reply(TEXT), [plan]) if fault.once else (plan, [])
    arena.services.models.limit_silence(fault.silence_s)
    async with arena.stage(usual, *first) as stage:
        await stage.send()
        end = await stage.end()
        kind = end.reply.problem.kind if end.reply.problem else None
        ended = Expected(end.state, kind, end.reply.text, len(stage.requests))
    arena.services.models.limit_silence(PATIENT_S)
    assert ended == fault.expected
    assert end.attempts == ended.requests
    assert arena.server.to("/elsewhere") == []
    await settled(arena.server, before)


def test_names_are_unique_and_many() -> None:
    assert len({one.name for one in FAULTS}) == len(FAULTS) >= 40
