"""A turn on a disk that takes nothing: said at once, and stored as soon as there is room."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from uuid import uuid4

import pytest

from desktop.domain.address import parse_address
from desktop.domain.errors import DiskFull
from desktop.domain.events import ReplyFinished, ReplyGrew
from desktop.domain.message import MessageStatus
from desktop.domain.service import Service, Wire
from desktop.domain.settings import Settings
from desktop.domain.turn import TurnState
from desktop.services.feed import Subscription
from desktop.services.suite import Services, open_services
from tests.support.fault_server import FaultServer
from tests.support.plan import Plan, Wait
from tests.support.small_disk import SmallDisk
from tests.support.wires import ollama

pytestmark = pytest.mark.anyio

REST = "and so on " * 20_000


async def open_over(disk: SmallDisk, server: FaultServer) -> Services:
    services = await open_services(disk.path, {})
    services.models.adopt(Service("it", "It", Wire.OLLAMA, parse_address(server.url)))
    services.settings.override(replace(Settings(), default_service="it", default_model="echo", max_retries=0))
    return services


def half_and_half(pause_s: float) -> Plan:
    """A reply with a pause after its first word."""
    head, first, *others = ollama.reply(["first ", REST])
    return (head, first, Wait(pause_s), *others)


async def until(events: Subscription, holds: Callable[[object], bool]) -> object:
    async with asyncio.timeout(10):
        async for event in events:
            if holds(event):
                return event
    raise AssertionError


async def ended(events: Subscription) -> ReplyFinished:
    end = await until(events, lambda event: isinstance(event, ReplyFinished))
    assert isinstance(end, ReplyFinished)
    return end


async def full_in_the_middle(services: Services, disk: SmallDisk, server: FaultServer) -> tuple[int, Subscription]:
    """A turn during whose reply the disk became full; its conversation and what happens next."""
    server.queue(ollama.CHAT, half_and_half(0.5))
    conversation = await services.conversations.create()
    events = services.feed.subscribe()
    await services.turns.send(conversation.id, "hi", uuid4().hex)
    await until(events, lambda event: isinstance(event, ReplyGrew))
    disk.fill()
    return conversation.id, events


async def test_what_cannot_be_stored_is_not_sent(small_disk: SmallDisk, fault_server: FaultServer) -> None:
    services = await open_over(small_disk, fault_server)
    conversation = await services.conversations.create()
    small_disk.fill()
    with pytest.raises(DiskFull, match="full"):
        await services.turns.send(conversation.id, REST, "token")
    assert fault_server.requests == []
    small_disk.free()
    events = services.feed.subscribe()
    await services.turns.send(conversation.id, "now", "token")
    assert (await ended(events)).state is TurnState.DONE
    await services.close()


@pytest.mark.expects_log("could not be saved")
async def test_a_reply_that_finds_no_room_is_shown_and_stored_later(
    small_disk: SmallDisk, fault_server: FaultServer
) -> None:
    services = await open_over(small_disk, fault_server)
    conversation_id, events = await full_in_the_middle(services, small_disk, fault_server)
    shown = await ended(events)
    assert (shown.state, shown.reply.text) == (TurnState.INTERRUPTED, f"first {REST}")
    assert shown.reply.problem is not None
    assert shown.reply.problem.kind == "DiskFull"
    small_disk.free()
    stored = await ended(events)
    assert (stored.state, stored.reply.text, stored.reply.problem) == (TurnState.DONE, f"first {REST}", None)
    assert (await services.conversations.messages(conversation_id))[-1] == stored.reply
    await services.close()


@pytest.mark.expects_log("could not be saved")
async def test_closing_does_not_wait_for_room(small_disk: SmallDisk, fault_server: FaultServer) -> None:
    services = await open_over(small_disk, fault_server)
    conversation_id, events = await full_in_the_middle(services, small_disk, fault_server)
    await ended(events)
    async with asyncio.timeout(5):
        await services.close()
    small_disk.free()
    again = await open_services(small_disk.path, {})
    reply = (await again.conversations.messages(conversation_id))[-1]
    assert reply.status is MessageStatus.INTERRUPTED
    assert f"first {REST}".startswith(reply.text)
    await again.close()
