import asyncio

import pytest

from desktop.bridge import Bridge
from desktop.ui.composer.drafts import Drafts
from desktop.ui.tasks import Tasks
from tests.ui.conftest import Until

pytestmark = pytest.mark.anyio


async def test_a_draft_is_stored_within_a_second(bridge: Bridge, tasks: Tasks) -> None:
    drafts = Drafts(bridge, tasks)
    drafts.switch(None)
    drafts.edit("half a th")
    drafts.edit("half a thought")
    await asyncio.sleep(0.95)
    assert await bridge.run(lambda services: services.conversations.load_draft(None)) == "half a thought"


async def test_each_conversation_gets_its_own_draft_back(bridge: Bridge, tasks: Tasks, until: Until) -> None:
    one = await bridge.run(lambda services: services.conversations.create())
    drafts = Drafts(bridge, tasks)
    shown: list[str] = []
    drafts.loaded.connect(shown.append)
    drafts.switch(one.id)
    drafts.edit("for one")
    drafts.switch(None)
    assert shown[-1] == ""
    drafts.switch(one.id)
    assert shown[-1] == "for one"

    later = Drafts(bridge, tasks)
    again: list[str] = []
    later.loaded.connect(again.append)
    await drafts.flush()
    later.switch(one.id)
    await until(lambda: "for one" in again)


async def test_the_first_message_turns_the_new_chats_draft_over(bridge: Bridge, tasks: Tasks) -> None:
    drafts = Drafts(bridge, tasks)
    drafts.switch(None)
    drafts.edit("typed while the first message is on its way")
    made = await bridge.run(lambda services: services.conversations.create())
    drafts.adopt(made.id)
    await drafts.flush()
    await asyncio.sleep(0.1)
    assert await bridge.run(lambda services: services.conversations.load_draft(None)) == ""
    stored = await bridge.run(lambda services: services.conversations.load_draft(made.id))
    assert stored == "typed while the first message is on its way"


async def test_a_late_draft_never_replaces_what_was_typed(bridge: Bridge, tasks: Tasks) -> None:
    await bridge.run(lambda services: services.conversations.save_draft(None, "old"))
    drafts = Drafts(bridge, tasks)
    shown: list[str] = []
    drafts.loaded.connect(shown.append)
    drafts.switch(None)
    drafts.edit("new")
    await asyncio.sleep(0.2)
    assert "old" not in shown


async def test_a_text_can_be_added_to_the_draft_of_another_conversation(
    bridge: Bridge, tasks: Tasks, until: Until
) -> None:
    one = await bridge.run(lambda services: services.conversations.create())
    await bridge.run(lambda services: services.conversations.save_draft(one.id, "typed"))
    drafts = Drafts(bridge, tasks)
    drafts.switch(None)
    drafts.add(one.id, "taken back")
    await until(lambda: not tasks._running)
    assert await bridge.run(lambda services: services.conversations.load_draft(one.id)) == "typed\n\ntaken back"
