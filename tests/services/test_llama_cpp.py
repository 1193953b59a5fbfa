"""Turns answered by a real llama.cpp server."""

import asyncio
import json
import re
import urllib.request
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

from desktop.domain.address import parse_address
from desktop.domain.events import ReplyFinished, ReplyGrew
from desktop.domain.message import MessageStatus
from desktop.domain.model import ModelRef
from desktop.domain.service import Service, Wire
from desktop.domain.settings import Settings
from desktop.domain.turn import Turn, TurnState
from desktop.services.feed import Subscription
from desktop.services.suite import Services, open_services
from tests.support.llama_server import LlamaServer
from tests.support.tiny_model import tiny_model

pytestmark = pytest.mark.anyio

TURNS = 5
CONTEXT = 4096


@pytest.fixture(scope="module")
def models_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("models")


@pytest.fixture(scope="module")
def server(models_dir: Path) -> Iterator[LlamaServer]:
    """Its replies end by themselves."""
    with LlamaServer(tiny_model(models_dir), ctx=CONTEXT) as running:
        yield running


@pytest.fixture(scope="module")
def endless_server(models_dir: Path) -> Iterator[LlamaServer]:
    """Its replies end when the context is full."""
    with LlamaServer(tiny_model(models_dir, endless=True), ctx=CONTEXT) as running:
        yield running


@pytest.fixture(scope="module")
def thinking_server(models_dir: Path) -> Iterator[LlamaServer]:
    with LlamaServer(tiny_model(models_dir, think=True), ctx=CONTEXT) as running:
        yield running


@pytest.fixture
async def llama(data_dir: Path, server: LlamaServer) -> AsyncIterator[Services]:
    services = await open_over(data_dir, server)
    yield services
    await services.close()


@pytest.fixture
async def endless(data_dir: Path, endless_server: LlamaServer) -> AsyncIterator[Services]:
    services = await open_over(data_dir, endless_server)
    yield services
    await services.close()


@pytest.fixture
async def thinking(data_dir: Path, thinking_server: LlamaServer) -> AsyncIterator[Services]:
    services = await open_over(data_dir, thinking_server)
    yield services
    await services.close()


async def open_over(data_dir: Path, server: LlamaServer) -> Services:
    """Services whose default model is the server's."""
    services = await open_services(data_dir, {})
    services.models.adopt(Service("llama", "llama.cpp", Wire.CHAT_COMPLETIONS, parse_address(server.base_url)))
    services.settings.override(replace(Settings(), default_service="llama", default_model=server.model, max_retries=0))
    return services


async def finished(services: Services, conversation_id: int, text: str) -> ReplyFinished:
    events = services.feed.subscribe()
    turn = await services.turns.send(conversation_id, text, uuid4().hex)
    return await ended(events, turn.reply_id)


async def ended(events: Subscription, reply_id: int) -> ReplyFinished:
    async for event in events:
        if isinstance(event, ReplyFinished) and event.reply.id == reply_id:
            events.close()
            return event
    raise AssertionError


async def first_chunk(services: Services, text: str) -> tuple[Subscription, Turn]:
    """A turn in a new conversation, of whose reply the first words have just arrived."""
    conversation = await services.conversations.create()
    events = services.feed.subscribe()
    turn = await services.turns.send(conversation.id, text, uuid4().hex)
    async for event in events:
        if isinstance(event, ReplyGrew):
            return events, turn
    raise AssertionError


def assert_counted(end: ReplyFinished) -> None:
    """The server's own token counts are there."""
    usage = end.reply.facts.usage
    assert usage is not None
    assert usage.input_tokens
    assert usage.output_tokens


async def test_its_models_are_listed(llama: Services, server: LlamaServer) -> None:
    (listed,) = [found for found in await llama.models.list() if found.service.id == "llama"]
    assert listed.problem is None
    assert [model.ref for model in listed.models] == [ModelRef("llama", server.model)]


async def test_five_turns_in_a_row_end_with_the_server_s_token_counts(llama: Services) -> None:
    conversation = await llama.conversations.create()
    for number in range(TURNS):
        end = await finished(llama, conversation.id, f"Say something, {number}")
        assert (end.state, end.attempts, end.reply.problem) == (TurnState.DONE, 1, None)
        assert end.reply.finish_reason in ("stop", "length")
        assert end.reply.text
        assert end.reply.facts.free
        assert_counted(end)
    messages = await llama.conversations.messages(conversation.id)
    assert len(messages) == 2 * TURNS
    assert messages[-1] == end.reply


async def test_reasoning_comes_apart_from_the_text(thinking: Services) -> None:
    conversation = await thinking.conversations.create()
    end = await finished(thinking, conversation.id, "Think")
    assert end.state is TurnState.DONE
    assert end.reply.reasoning
    assert "<think>" not in end.reply.reasoning + end.reply.text
    assert_counted(end)


async def test_a_reply_that_fills_the_context_says_so(endless: Services) -> None:
    conversation = await endless.conversations.create()
    end = await finished(endless, conversation.id, "Go on and on")
    assert (end.state, end.reply.finish_reason) == (TurnState.DONE, "length")
    assert_counted(end)


async def test_a_reply_stopped_in_the_middle_keeps_its_text(endless: Services) -> None:
    events, turn = await first_chunk(endless, "Go on and on")
    await endless.turns.stop(turn.conversation_id)
    end = await ended(events, turn.reply_id)
    assert (end.state, end.reply.status, end.reply.finish_reason) == (TurnState.STOPPED, MessageStatus.STOPPED, None)
    assert end.reply.text
    assert (await endless.conversations.messages(turn.conversation_id))[-1] == end.reply


async def test_a_prompt_that_does_not_fit_the_context_fails_as_such(llama: Services) -> None:
    conversation = await llama.conversations.create()
    end = await finished(llama, conversation.id, "much too long " * CONTEXT)
    assert (end.state, end.attempts) == (TurnState.FAILED, 1)
    assert end.reply.problem is not None
    assert end.reply.problem.kind == "ContextTooLong"
    numbers = re.findall(r"\d+", end.reply.problem.sentence.replace(",", ""))
    window, needed = sorted(map(int, numbers))
    assert window == CONTEXT
    assert needed > CONTEXT


async def test_stopping_frees_the_server_s_slot(endless: Services, endless_server: LlamaServer) -> None:
    events, turn = await first_chunk(endless, "Go on and on")
    assert any(busy_slots(endless_server))
    await endless.turns.stop(turn.conversation_id)
    await ended(events, turn.reply_id)
    async with asyncio.timeout(2):
        while any(busy_slots(endless_server)):  # noqa: ASYNC110 - the server tells only who asks
            await asyncio.sleep(0.01)


def busy_slots(server: LlamaServer) -> list[bool]:
    """Which of the server's slots are at work."""
    with urllib.request.urlopen(f"{server.base_url.removesuffix('/v1')}/slots", timeout=5) as answer:
        return [slot["is_processing"] for slot in json.load(answer)]


async def test_two_models_answer_at_the_same_time(
    llama: Services, server: LlamaServer, endless_server: LlamaServer
) -> None:
    address = parse_address(endless_server.base_url)
    llama.models.adopt(Service("other", "Other", Wire.CHAT_COMPLETIONS, address))
    slow = await llama.conversations.create(ModelRef("other", endless_server.model))
    quick = await llama.conversations.create(ModelRef("llama", server.model))
    events = llama.feed.subscribe()
    turn = await llama.turns.send(slow.id, "Go on and on", "slow")
    async for event in events:
        if isinstance(event, ReplyGrew):
            break
    assert (await finished(llama, quick.id, "Say something")).state is TurnState.DONE
    assert [phase.state for phase in await llama.turns.phases(slow.id)] == [TurnState.WRITING]
    await llama.turns.stop(slow.id)
    assert (await ended(events, turn.reply_id)).state is TurnState.STOPPED


async def test_a_server_that_dies_in_the_middle_leaves_the_text(data_dir: Path, models_dir: Path) -> None:
    with LlamaServer(tiny_model(models_dir, endless=True), ctx=2 * CONTEXT) as server:
        services = await open_over(data_dir, server)
        events, turn = await first_chunk(services, "Go on and on")
        server.kill()
        end = await ended(events, turn.reply_id)
        assert (end.state, end.reply.status) == (TurnState.INTERRUPTED, MessageStatus.INTERRUPTED)
        assert end.reply.text
        await services.close()
