"""Conversations: what is changed, thrown away and typed."""

import pytest

from desktop.domain.errors import NotFound
from desktop.domain.events import ConversationChanged, ConversationRemoved
from desktop.services.suite import Services

pytestmark = pytest.mark.anyio


async def test_a_deleted_conversation_comes_back_whole(services: Services) -> None:
    conversation = await services.conversations.create()
    events = services.feed.subscribe()
    await services.conversations.delete(conversation.id)
    assert await services.conversations.list() == ()
    restored = await services.conversations.restore(conversation.id)
    assert await services.conversations.list() == (restored,)
    assert [type(await anext(events)) for _ in range(2)] == [ConversationRemoved, ConversationChanged]


async def test_titles_and_pins_are_kept(services: Services) -> None:
    conversation = await services.conversations.create()
    assert (await services.conversations.rename(conversation.id, "  A\n title ")).title == "A title"
    assert (await services.conversations.set_pinned(conversation.id, True)).pinned
    assert (await services.conversations.rename(conversation.id, " ")).title == "New chat"


async def test_search_finds_titles_and_texts_and_takes_wildcards_literally(services: Services) -> None:
    one, two = await services.conversations.create(), await services.conversations.create()
    await services.conversations.rename(one.id, "Menü 100%")
    await services.conversations.rename(two.id, "周末菜单")
    assert [c.id for c in await services.conversations.search("100%")] == [one.id]
    assert [c.id for c in await services.conversations.search("%")] == [one.id]
    assert [c.id for c in await services.conversations.search("菜单")] == [two.id]


async def test_drafts_belong_to_their_conversation_and_the_new_chat_has_one(services: Services) -> None:
    conversation = await services.conversations.create()
    await services.conversations.save_draft(None, "new")
    await services.conversations.save_draft(conversation.id, "old")
    await services.conversations.save_draft(conversation.id, "older")
    assert await services.conversations.load_draft(None) == "new"
    assert await services.conversations.load_draft(conversation.id) == "older"
    await services.conversations.save_draft(None, "")
    assert await services.conversations.load_draft(None) == ""


async def test_what_is_gone_is_said(services: Services) -> None:
    with pytest.raises(NotFound):
        await services.conversations.messages(99)
    with pytest.raises(NotFound):
        await services.turns.send(99, "hi", "t")
