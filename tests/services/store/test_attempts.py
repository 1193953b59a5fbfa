"""The ledger: a row for each request, there before the request is."""

import asyncio
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from desktop.domain.address import parse_address
from desktop.domain.events import ReplyFinished
from desktop.domain.message import MessageStatus
from desktop.domain.model import ModelRef
from desktop.domain.service import Service, Wire
from desktop.domain.settings import Settings
from desktop.domain.turn import Turn
from desktop.services.suite import Services
from tests.support.fault_server import FaultServer
from tests.support.plan import Stall
from tests.support.wires import ollama

pytestmark = pytest.mark.anyio

COLUMNS = "number, state, http_status, error_kind, host, input_tokens, output_tokens"


async def send(services: Services, server: FaultServer) -> Turn:
    services.models.adopt(Service("it", "It", Wire.OLLAMA, parse_address(server.url)))
    services.settings.override(replace(Settings(), retry_delay_s=0.001))
    conversation = await services.conversations.create(ModelRef("it", "echo"))
    return await services.turns.send(conversation.id, "hi", uuid4().hex)


async def rows(services: Services) -> list[tuple[Any, ...]]:
    query = text(f"SELECT {COLUMNS} FROM attempts ORDER BY id")
    return await services.database.read(lambda connection: [tuple(row) for row in connection.execute(query)])


async def test_each_request_has_a_row_with_its_outcome(services: Services, fault_server: FaultServer) -> None:
    busy = ollama.error(503, "busy", headers={"Retry-After": "0"})
    fault_server.queue(ollama.CHAT, busy, busy, ollama.reply(["hi"]))
    events = services.feed.subscribe()
    await send(services, fault_server)
    async for event in events:
        if isinstance(event, ReplyFinished):
            break
    assert await rows(services) == [
        (1, "failed", 503, "ProviderDown", "127.0.0.1", None, None),
        (2, "failed", 503, "ProviderDown", "127.0.0.1", None, None),
        (3, "done", 200, None, "127.0.0.1", 11, 7),
    ]
    assert len(fault_server.to(ollama.CHAT)) == 3


async def test_message_and_row_are_stored_before_anything_is_sent(
    services: Services, fault_server: FaultServer
) -> None:
    fault_server.queue(ollama.CHAT, (Stall(),))
    turn = await send(services, fault_server)
    await asyncio.to_thread(fault_server.wait_for, lambda: fault_server.to(ollama.CHAT))
    user, reply = await services.conversations.messages(turn.conversation_id)
    assert (user.text, reply.status) == ("hi", MessageStatus.PENDING)
    assert await rows(services) == [(1, "running", None, None, "127.0.0.1", None, None)]
    await services.turns.stop(turn.conversation_id)
    assert await rows(services) == [(1, "stopped", None, None, "127.0.0.1", None, None)]
    fault_server.wait_for(lambda: fault_server.open_connections == 0)
