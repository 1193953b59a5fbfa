"""The tree of messages: versions side by side, one path shown, one root."""

import sqlite3
from collections.abc import Awaitable
from pathlib import Path
from uuid import uuid4

import pytest

from desktop.domain.chunk import Chunk
from desktop.domain.errors import NotFound
from desktop.domain.events import ReplyFinished
from desktop.domain.message import Message, Role
from desktop.domain.turn import Turn
from desktop.services.store.messages import MessageStore
from desktop.services.suite import Services

pytestmark = pytest.mark.anyio


async def answered(services: Services, begin: Awaitable[Turn], answer: str) -> Message:
    services.guide.queue([Chunk(answer)])
    events = services.feed.subscribe()
    turn = await begin
    async for event in events:
        if isinstance(event, ReplyFinished) and event.reply.id == turn.reply_id:
            events.close()
            return event.reply
    raise AssertionError


async def say(services: Services, conversation_id: int, text: str, answer: str) -> Message:
    return await answered(services, services.turns.send(conversation_id, text, uuid4().hex), answer)


async def say_again(services: Services, reply: Message, answer: str) -> Message:
    return await answered(services, services.turns.regenerate(reply.id, uuid4().hex), answer)


def shown(path: tuple[Message, ...]) -> str:
    return ", ".join(f"{one.text} {one.version}/{one.versions}" for one in path)


async def test_versions_stand_side_by_side_and_one_path_is_shown(services: Services) -> None:
    place = (await services.conversations.create()).id
    first = await say(services, place, "hi", "a")
    await say(services, place, "more", "b")
    second = await say_again(services, first, "c")
    assert shown(await services.conversations.messages(place)) == "hi 1/1, c 2/2"
    back = await services.conversations.show_version(second.id, -1)
    assert shown(back) == "hi 1/1, a 1/2, more 1/1, b 1/1"  # down to the newest leaf
    assert await services.conversations.messages(place) == back
    assert (await services.conversations.show_version(first.id, -5)) == back
    assert shown(await services.conversations.show_version(first.id, 5)) == "hi 1/1, c 2/2"


async def test_what_is_sent_goes_on_from_the_version_that_is_shown(services: Services) -> None:
    place = (await services.conversations.create()).id
    first = await say(services, place, "hi", "a")
    second = await say_again(services, first, "b")
    await services.conversations.show_version(second.id, -1)
    await say(services, place, "and", "c")
    assert shown(await services.conversations.messages(place)) == "hi 1/1, a 1/2, and 1/1, c 1/1"
    assert shown(await services.conversations.show_version(first.id, 1)) == "hi 1/1, b 2/2"


async def test_a_conversation_is_the_same_after_another_was_written(services: Services) -> None:
    one, two = (await services.conversations.create()).id, (await services.conversations.create()).id
    await say(services, one, "one", "a")
    await say(services, two, "two", "b")
    await say(services, one, "three", "c")
    path = await MessageStore(services.database).path(one)
    assert [message.role for message in path] == [Role.SYSTEM, *[Role.USER, Role.ASSISTANT] * 2]
    assert [message.parent_id for message in path[1:]] == [message.id for message in path[:-1]]
    assert {message.conversation_id for message in path} == {one}


async def test_the_root_has_no_versions_and_what_is_gone_has_none(services: Services) -> None:
    one, two = (await services.conversations.create()).id, (await services.conversations.create()).id
    root = (await MessageStore(services.database).path(one))[0]
    for message_id in (root.id, 99):
        with pytest.raises(NotFound):
            await services.conversations.show_version(message_id, 1)
    await say(services, two, "hi", "a")
    assert shown(await services.conversations.messages(one)) == ""
    with pytest.raises(NotFound):
        await services.turns.regenerate(99, "token")


@pytest.mark.parametrize(("role", "parent"), [("system", None), ("user", None), ("system", 1)])
async def test_the_database_itself_allows_one_root(
    services: Services, data_dir: Path, role: str, parent: int | None
) -> None:
    conversation = await services.conversations.create()
    connection = sqlite3.connect(data_dir / "parley.db")
    row = (conversation.id, parent, role)
    with pytest.raises(sqlite3.IntegrityError):
        connection.execute(
            "INSERT INTO messages (conversation_id, parent_id, role, status, created_at) VALUES (?, ?, ?, '', 0)", row
        )
    connection.close()
