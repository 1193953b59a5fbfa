"""Turns, over a real database, answered by the guide's queue."""

import asyncio
from pathlib import Path
from uuid import uuid4

import pytest

from desktop.domain.chunk import Channel, Chunk
from desktop.domain.errors import KeyRejected, ProviderDown, ProviderError
from desktop.domain.events import PhaseChanged, ReplyFinished, ReplyGrew, TurnBegan
from desktop.domain.message import Message, MessageStatus, Role
from desktop.domain.turn import TurnState
from desktop.services.feed import Subscription
from desktop.services.suite import Services, open_services

pytestmark = pytest.mark.anyio


async def finished(services: Services, conversation_id: int, text: str = "hi", token: str = "") -> ReplyFinished:
    events = services.feed.subscribe()
    turn = await services.turns.send(conversation_id, text, token or uuid4().hex)
    async for event in events:
        if isinstance(event, ReplyFinished) and event.reply.id == turn.reply_id:
            events.close()
            return event
    raise AssertionError


async def first_chunk(events: Subscription) -> None:
    async for event in events:
        if isinstance(event, ReplyGrew):
            return


async def reply_of(services: Services, conversation_id: int) -> Message:
    return (await services.conversations.messages(conversation_id))[-1]


async def test_a_reply_is_streamed_and_stored(services: Services) -> None:
    services.guide.queue([Chunk("let me think", Channel.REASONING), Chunk("Hello "), Chunk("wörld 🙂")])
    conversation = await services.conversations.create()
    events = services.feed.subscribe()
    end = await finished(services, conversation.id, "Say hello, please")
    assert (end.state, end.attempts, end.reply.text, end.reply.reasoning) == (
        TurnState.DONE,
        1,
        "Hello wörld 🙂",
        "let me think",
    )
    user, reply = await services.conversations.messages(conversation.id)
    assert (user.role, user.text) == (Role.USER, "Say hello, please")
    assert reply == end.reply
    assert reply.facts.free
    assert reply.facts.usage is None
    assert (await services.conversations.list())[0].title == "Say hello, please"
    seen = [events._events.popleft() for _ in range(len(events._events))]
    assert [type(e) for e in seen if isinstance(e, TurnBegan)] == [TurnBegan]
    assert [e.state for e in seen if isinstance(e, PhaseChanged)] == [
        TurnState.QUEUED,
        TurnState.CONNECTING,
        TurnState.READING,
        TurnState.THINKING,
        TurnState.WRITING,
    ]
    grown = [e for e in seen if isinstance(e, ReplyGrew)]
    assert [(e.chunk.text, e.offset) for e in grown] == [("let me think", 0), ("Hello ", 0), ("wörld 🙂", 6)]


async def test_sending_a_token_a_hundred_times_is_one_turn(services: Services) -> None:
    conversation = await services.conversations.create()
    services.guide.queue([Chunk("once")])
    turns = await asyncio.gather(*(services.turns.send(conversation.id, "hi", "token") for _ in range(100)))
    assert len({turn.id for turn in turns}) == 1
    assert len(await services.conversations.messages(conversation.id)) == 2


async def test_what_can_succeed_is_tried_again_and_what_cannot_is_not(services: Services) -> None:
    conversation = await services.conversations.create()
    services.guide.queue([ProviderDown("down", retry_after=0.0)])
    services.guide.queue([Chunk("up")])
    end = await finished(services, conversation.id)
    assert (end.state, end.attempts, end.reply.text) == (TurnState.DONE, 2, "up")
    services.guide.queue([KeyRejected("no")])
    end = await finished(services, conversation.id)
    assert (end.state, end.attempts) == (TurnState.FAILED, 1)
    assert end.reply.problem is not None
    assert (end.reply.problem.kind, end.reply.problem.sentence) == ("KeyRejected", "no")


@pytest.mark.parametrize("error", [ProviderDown("broke"), KeyRejected("broke")])
async def test_nothing_is_retried_after_the_first_chunk_and_the_text_stays(
    services: Services, error: ProviderError
) -> None:
    conversation = await services.conversations.create()
    services.guide.queue([Chunk("half"), error])
    end = await finished(services, conversation.id)
    assert (end.state, end.attempts, end.reply.text) == (TurnState.INTERRUPTED, 1, "half")
    assert (await reply_of(services, conversation.id)).status is MessageStatus.INTERRUPTED


async def test_a_stopped_reply_keeps_its_text_and_the_next_turn_runs(services: Services) -> None:
    conversation = await services.conversations.create()
    events = services.feed.subscribe()
    turn = await services.turns.send(conversation.id, "xyzzy", uuid4().hex)
    await first_chunk(events)
    await asyncio.gather(services.turns.stop(conversation.id), services.turns.stop(conversation.id))
    reply = await reply_of(services, conversation.id)
    assert (reply.id, reply.status) == (turn.reply_id, MessageStatus.STOPPED)
    assert reply.text.startswith("I ")
    services.guide.queue([Chunk("next")])
    assert (await finished(services, conversation.id)).reply.text == "next"


async def test_turns_of_one_conversation_run_in_order_and_a_waiting_one_can_be_stopped(services: Services) -> None:
    conversation = await services.conversations.create()
    await services.turns.send(conversation.id, "one", "1")
    second = await services.turns.send(conversation.id, "two", "2")
    await services.turns.stop(conversation.id)
    messages = await services.conversations.messages(conversation.id)
    assert [m.text for m in messages if m.role is Role.USER] == ["one", "two"]
    assert messages[-1].id == second.reply_id
    assert [m.status for m in messages if m.role is Role.ASSISTANT] == [MessageStatus.STOPPED] * 2


async def test_regenerating_makes_a_second_version_beside_the_first(services: Services) -> None:
    conversation = await services.conversations.create()
    services.guide.queue([Chunk("first")])
    first = (await finished(services, conversation.id)).reply
    services.guide.queue([Chunk("second")])
    events = services.feed.subscribe()
    turn = await services.turns.regenerate(first.id, "again")
    async for event in events:
        if isinstance(event, ReplyFinished):
            break
    reply = await reply_of(services, conversation.id)
    assert (reply.id, reply.text, reply.version, reply.versions) == (turn.reply_id, "second", 2, 2)
    path = await services.conversations.show_version(reply.id, -1)
    assert (path[-1].text, path[-1].version, path[-1].versions) == ("first", 1, 2)
    assert len(path) == 2


async def test_closing_interrupts_and_keeps_the_text(data_dir: Path) -> None:
    services = await open_services(data_dir, {})
    conversation = await services.conversations.create()
    events = services.feed.subscribe()
    await services.turns.send(conversation.id, "xyzzy", "1")
    await first_chunk(events)
    await services.close()
    again = await open_services(data_dir, {})
    reply = await reply_of(again, conversation.id)
    assert reply.status is MessageStatus.INTERRUPTED
    assert reply.text.startswith("I ")
    await again.close()
