"""Stop in every state: the socket is closed and the turn final within 200 ms, and what arrived is kept."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from uuid import uuid4

import pytest

from desktop.domain.address import parse_address
from desktop.domain.events import PhaseChanged, ReplyGrew
from desktop.domain.message import MessageStatus
from desktop.domain.model import ModelRef
from desktop.domain.service import Service
from desktop.domain.turn import TurnState
from desktop.services.providers import http_provider
from tests.support.arena import Arena, Stage, eventually, open_arena
from tests.support.dialects import DIALECTS, OLLAMA, Dialect
from tests.support.plan import Drip, Plan, Send, Stall
from tests.support.wires import framing, ollama
from tests.support.wires.echo import MODEL

pytestmark = pytest.mark.anyio

AT_MOST_S = 0.2
TRIES = 3
WORDS = [f"word{number:04} " for number in range(500)]
WIRES = pytest.mark.parametrize("dialect", DIALECTS, ids=[one.wire for one in DIALECTS])


@pytest.fixture
async def arena(dialect: Dialect, tmp_path: Path) -> AsyncIterator[Arena]:
    async with open_arena(dialect, tmp_path) as opened:
        yield opened


@dataclass
class Stopped:
    """One Stop: how long until the server saw the socket close and until the turn was final, and what was kept."""

    closed_s: float
    final_s: float
    status: MessageStatus
    text: str
    requests: int


async def stop(stage: Stage) -> Stopped:
    """Stop now, and look."""
    requests, began = stage.requests, time.monotonic()
    await stage.stop()
    final_s = time.monotonic() - began
    await eventually(lambda: stage.server.open_connections == 0)
    closed_s = max(((one.closed_at or began) - began for one in requests), default=0.0)
    reply = await stage.reply()
    return Stopped(closed_s, final_s, reply.status, reply.text, len(stage.requests))


def check(found: list[Stopped], text: str, requests: int) -> None:
    """The best of a few holds the promised time, because others use this machine; all hold the rest."""
    assert min(max(one.closed_s, one.final_s) for one in found) <= AT_MOST_S
    for one in found:
        assert (one.status, one.requests) == (MessageStatus.STOPPED, requests)
        assert one.text == text or (len(text) > len(WORDS[0]) and text.startswith(one.text) and one.text)


def _asked(stage: Stage) -> bool:
    """Whether a request reached the server."""
    return bool(stage.requests)


def _answered(stage: Stage) -> bool:
    """Whether a request got the beginning of an answer."""
    return any(one.sent_at for one in stage.requests)


def silent(dialect: Dialect, *pieces: str) -> Plan:
    """A reply that stands still."""
    return (*dialect.stream(dialect.begun(*pieces), end=False), Stall())


def dripping(dialect: Dialect) -> Plan:
    """A reply that goes on and on."""
    head, *_ = dialect.stream([])
    parts = [framing.stream(dialect.media_type, [one], end=False)[1] for one in dialect.begun(*WORDS)]
    return (head, *(Drip(part.data, 0.01, len(part.data)) for part in parts if isinstance(part, Send)), Stall())


@WIRES
async def test_while_it_is_read(arena: Arena, dialect: Dialect) -> None:
    found = []
    for _ in range(TRIES):
        async with arena.stage((Stall(),)) as stage:
            await stage.send()
            await stage.phase(TurnState.READING)
            await eventually(partial(_asked, stage))
            found.append(await stop(stage))
    check(found, "", 1)


@WIRES
@pytest.mark.parametrize("word", ["", WORDS[0]], ids=["before the first word", "in mid-reply"])
async def test_while_it_is_stalled(arena: Arena, dialect: Dialect, word: str) -> None:
    found = []
    for _ in range(TRIES):
        async with arena.stage(silent(dialect, *([word] if word else []))) as stage:
            await stage.send()
            await eventually(partial(_answered, stage))
            if word:
                await stage.until(lambda event: isinstance(event, ReplyGrew))
            found.append(await stop(stage))
    check(found, word, 1)


@WIRES
async def test_while_it_is_written(arena: Arena, dialect: Dialect) -> None:
    found = []
    for _ in range(TRIES):
        async with arena.stage(dripping(dialect)) as stage:
            await stage.send()
            await stage.until(lambda event: isinstance(event, ReplyGrew) and event.offset > 100)
            found.append(await stop(stage))
            assert not stage.requests[0].answered
    check(found, "".join(WORDS), 1)


@WIRES
async def test_while_it_waits_to_be_tried_again(arena: Arena, dialect: Dialect) -> None:
    found = []
    for _ in range(TRIES):
        async with arena.stage(framing.answer(503, {"error": "no"}, {"Retry-After": "20"})) as stage:
            await stage.send()
            await stage.phase(TurnState.WAITING)
            found.append(await stop(stage))
    check(found, "", 1)


@WIRES
async def test_while_another_turn_of_the_chat_runs(arena: Arena, dialect: Dialect) -> None:
    found = []
    for _ in range(TRIES):
        async with arena.stage((Stall(),)) as stage:
            await stage.send("first")
            await stage.send("second")
            await eventually(partial(_asked, stage))
            found.append(await stop(stage))
    check(found, "", 1)


@WIRES
async def test_while_another_chat_has_the_server(arena: Arena, dialect: Dialect) -> None:
    found = []
    for _ in range(TRIES):
        async with arena.stage((Stall(),)) as stage:
            await stage.send()
            await eventually(partial(_asked, stage))
            model = (await stage.services.conversations.list())[0].model
            other = await stage.services.conversations.create(model)
            await stage.services.turns.send(other.id, "behind", uuid4().hex)
            waiting = Stage(stage.services, stage.server, "/never", other.id, stage.services.feed.subscribe())
            began = time.monotonic()
            await waiting.stop()
            took_s, reply = time.monotonic() - began, await waiting.reply()
            waiting.events.close()
            found.append(Stopped(0.0, took_s, reply.status, reply.text, len(stage.requests)))
            await stage.stop()
    check(found, "", 1)


@pytest.fixture
def full_port() -> Iterator[int]:
    """A port that answers no attempt to connect, because its backlog is full."""
    with socket.socket() as listening, socket.socket() as first, socket.socket() as second:
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        for one in (first, second):
            one.setblocking(False)
            one.connect_ex(listening.getsockname())
        yield listening.getsockname()[1]


@WIRES
async def test_while_it_connects(arena: Arena, dialect: Dialect, full_port: int) -> None:
    found = []
    service = Service("full", "Full", dialect.wire, parse_address(f"http://127.0.0.1:{full_port}"))
    arena.services.models.adopt(service)
    for _ in range(TRIES):
        conversation = await arena.services.conversations.create(ModelRef(service.id, MODEL))
        events = arena.services.feed.subscribe()
        stage = Stage(arena.services, arena.server, "/never", conversation.id, events)
        await stage.send()
        await stage.phase(TurnState.CONNECTING)
        found.append(await stop(stage))
        events.close()
    check(found, "", 0)


@pytest.mark.parametrize("dialect", [OLLAMA], ids=["ollama"])
async def test_while_a_model_is_loaded(arena: Arena, dialect: Dialect, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_provider, "LOADING_AFTER_S", 0.05)
    arena.server.usually(f"/*{ollama.LOADED}", ollama.loaded())
    found = []
    for _ in range(TRIES):
        async with arena.stage((Stall(),)) as stage:
            await stage.send()
            await stage.until(lambda event: isinstance(event, PhaseChanged) and event.state is TurnState.LOADING)
            found.append(await stop(stage))
    check(found, "", 1)


@WIRES
async def test_a_hundred_sends_of_one_token_at_once_are_one_request(arena: Arena, dialect: Dialect) -> None:
    async with arena.stage(dialect.reply("once")) as stage:
        turns = await asyncio.gather(*(stage.send("hi", "token") for _ in range(100)))
        assert (await stage.end()).reply.text == "once"
        assert len({turn.id for turn in turns}) == 1
        assert len(stage.requests) == 1
        assert len(await stage.services.conversations.messages(stage.conversation_id)) == 2
