"""Turns that wait: changed, put in another order, taken back, found again after a crash."""

import asyncio
import sqlite3
from pathlib import Path

import pytest

from desktop.domain.chunk import Chunk
from desktop.domain.errors import NotFound
from desktop.domain.events import ReplyFinished
from desktop.domain.message import MessageStatus, Role
from desktop.domain.turn import Turn, TurnState
from desktop.services.feed import Subscription
from desktop.services.suite import DATABASE, Services, open_services
from tests.services.test_turns import first_chunk

pytestmark = pytest.mark.anyio


async def send(services: Services, *texts: str) -> list[Turn]:
    """Send messages to a new conversation; the first is being answered, at leisure, when this returns."""
    conversation = await services.conversations.create()
    events = services.feed.subscribe()
    turns = [await services.turns.send(conversation.id, text, text) for text in texts]
    await first_chunk(events)
    events.close()
    return turns


async def finished(events: Subscription, reply_id: int) -> ReplyFinished:
    async for event in events:
        if isinstance(event, ReplyFinished) and event.reply.id == reply_id:
            return event
    raise AssertionError


async def said(services: Services, turn: Turn) -> list[str]:
    messages = await services.conversations.messages(turn.conversation_id)
    return [message.text for message in messages if message.role is Role.USER]


async def test_a_message_that_waits_can_be_edited_and_the_new_text_is_sent(services: Services) -> None:
    first, second = await send(services, "xyzzy", "What is Ollama?")
    events = services.feed.subscribe()
    await services.turns.edit(second.reply_id, "How do I stop a reply?")
    assert await said(services, second) == ["xyzzy", "How do I stop a reply?"]
    end = await finished(events, second.reply_id)
    assert "Escape" in end.reply.text
    with pytest.raises(NotFound, match="sent already"):
        await services.turns.edit(first.reply_id, "too late")


async def test_messages_that_wait_change_places(services: Services) -> None:
    turns = await send(services, "xyzzy", "second", "third", "fourth")
    await services.turns.move(turns[1].reply_id, later=True)
    assert await said(services, turns[0]) == ["xyzzy", "third", "second", "fourth"]
    await services.turns.move(turns[3].reply_id, later=False)
    assert await said(services, turns[0]) == ["xyzzy", "third", "fourth", "second"]
    await services.turns.move(turns[1].reply_id, later=True)  # it is the last already
    for turn in turns[1:]:
        services.guide.queue([Chunk(f"answer to {turn.token}")])
    events = services.feed.subscribe()
    assert await ends(events, 4) == [turns[n].reply_id for n in (0, 2, 3, 1)]


async def ends(events: Subscription, count: int) -> list[int]:
    """The replies that finish next, in the order in which they do."""
    found: list[int] = []
    async for event in events:
        if isinstance(event, ReplyFinished):
            found.append(event.reply.id)
        if len(found) == count:
            break
    return found


async def test_a_message_that_waits_is_taken_back(services: Services) -> None:
    turns = await send(services, "xyzzy", "second", "third")
    events = services.feed.subscribe()
    assert await services.turns.withdraw(turns[1].reply_id) == "second"
    assert await said(services, turns[0]) == ["xyzzy", "third"]
    assert await services.turns.withdraw(turns[2].reply_id) == "third"
    assert await said(services, turns[0]) == ["xyzzy"]
    with pytest.raises(NotFound):
        await services.turns.withdraw(turns[0].reply_id)
    end = await finished(events, turns[0].reply_id)
    assert end.state is TurnState.DONE
    assert await services.turns.phases(turns[0].conversation_id) == ()


async def test_what_was_never_sent_is_held_until_a_person_says_so(services: Services, data_dir: Path) -> None:
    first, second, third = await send(services, "xyzzy", "How do I stop a reply?", "third")
    crash(data_dir)
    later = await open_services(data_dir, {})
    messages = await later.conversations.messages(first.conversation_id)
    statuses = [message.status for message in messages if message.role is Role.ASSISTANT]
    assert statuses == [MessageStatus.INTERRUPTED, MessageStatus.PENDING, MessageStatus.PENDING]
    held = await later.turns.phases(first.conversation_id)
    assert [(phase.reply_id, phase.state, phase.held) for phase in held] == [
        (second.reply_id, TurnState.QUEUED, True),
        (third.reply_id, TurnState.QUEUED, True),
    ]
    events = later.feed.subscribe()
    await later.turns.release(second.reply_id)
    assert "Escape" in (await finished(events, second.reply_id)).reply.text
    assert await later.turns.withdraw(third.reply_id) == "third"
    assert await said(later, first) == ["xyzzy", "How do I stop a reply?"]
    with pytest.raises(NotFound):
        await later.turns.release(second.reply_id)
    await later.close()


def crash(data_dir: Path) -> None:
    """Make the database look as if whoever runs its turns had died."""
    with sqlite3.connect(data_dir / DATABASE, timeout=10) as connection:
        connection.execute("UPDATE turns SET instance = 'dead' WHERE state NOT IN ('done', 'stopped')")
    connection.close()


async def test_the_phases_of_a_conversation_are_known_to_who_comes_late(services: Services) -> None:
    turns = await send(services, "xyzzy", "second")
    writing, queued = await services.turns.phases(turns[0].conversation_id)
    assert (writing.reply_id, writing.state) == (turns[0].reply_id, TurnState.WRITING)
    assert (queued.reply_id, queued.state, queued.held) == (turns[1].reply_id, TurnState.QUEUED, False)
    await asyncio.gather(services.turns.stop(turns[0].conversation_id))
    assert await services.turns.phases(turns[0].conversation_id) == ()
