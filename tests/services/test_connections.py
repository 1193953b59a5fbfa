"""The ledger as a person reads it: every request, before it leaves, with what it sent and what came of it."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import text

from desktop.domain.address import parse_address
from desktop.domain.attempt import Attempt, AttemptState, Purpose
from desktop.domain.errors import ProviderError
from desktop.domain.events import ReplyFinished
from desktop.domain.model import ModelRef
from desktop.domain.secrets import MASK
from desktop.domain.service import Service, Wire
from desktop.domain.settings import Settings
from desktop.services.providers import http_provider
from desktop.services.store import sent_requests
from desktop.services.suite import Services, open_services
from tests.support.fault_server import FaultServer
from tests.support.plan import Close, Stall, Wait
from tests.support.wires import framing, ollama

pytestmark = pytest.mark.anyio

CANARY = "sk-canary"


@pytest.fixture
async def services(data_dir: Path, fault_server: FaultServer) -> AsyncIterator[Services]:
    opened = await open_services(data_dir, {})
    opened.models.adopt(Service("it", "It", Wire.OLLAMA, parse_address(fault_server.url)))
    opened.secrets.remember("it", CANARY)
    opened.settings.override(replace(Settings(), retry_delay_s=0.001))
    yield opened
    await opened.close()


async def ask(services: Services, service: str = "it") -> ReplyFinished:
    events = services.feed.subscribe()
    conversation = await services.conversations.create(ModelRef(service, "echo"))
    await services.turns.send(conversation.id, "hi", uuid4().hex)
    async for event in events:
        if isinstance(event, ReplyFinished):
            events.close()
            return event
    raise AssertionError


def it(server: FaultServer) -> Service:
    return Service("it", "It", Wire.OLLAMA, parse_address(server.url))


async def newest(services: Services) -> Attempt:
    return (await services.connections.list(1))[0]


async def test_a_reply_is_listed_with_its_times_and_bytes(services: Services, fault_server: FaultServer) -> None:
    answer = ollama.reply(["hello"])
    fault_server.queue(ollama.CHAT, framing.raw(503, b"busy", {"x-request-id": "req-1"}), (Wait(0.05), *answer))
    end = await ask(services)
    failed, done = await services.connections.attempts_of(end.reply.id)
    assert (failed.state, failed.http_status, failed.request_id) == (AttemptState.FAILED, 503, "req-1")
    assert failed.bytes_received == 4
    assert (done.state, done.number, done.purpose, done.service) == (AttemptState.DONE, 2, Purpose.REPLY, "it")
    assert (done.host, done.http_status, done.reply_id) == ("127.0.0.1", 200, end.reply.id)
    times = (done.started_at, done.connected_at, done.first_byte_at, done.first_token_at, done.ended_at)
    known = [moment for moment in times if moment is not None]
    assert len(known) == 5
    assert known == sorted(known)
    assert (known[2] - known[1]).total_seconds() >= 0.05
    assert done.bytes_received is not None
    assert done.bytes_received > len("hello")
    assert (done.usage.input_tokens, done.usage.output_tokens) == (11, 7)
    assert await services.connections.list() == (done, failed)
    assert await services.connections.list(before_id=done.id) == (failed,)
    assert await services.connections.list(1) == (done,)


async def test_what_was_sent_is_kept_byte_for_byte_with_the_key_masked(
    services: Services, fault_server: FaultServer
) -> None:
    end = await ask(services)
    (attempt,) = await services.connections.attempts_of(end.reply.id)
    sent = await services.connections.sent(attempt.id)
    (received,) = fault_server.requests
    assert sent is not None
    assert (sent.method, sent.url, sent.body) == ("POST", f"{fault_server.url}/api/chat", received.body)
    assert received.headers["authorization"] == f"Bearer {CANARY}"
    masked = received.headers | {"authorization": f"Bearer {MASK}"}
    assert {name.lower(): value for name, value in sent.headers} == masked


async def test_each_kind_of_call_has_its_row(
    services: Services, fault_server: FaultServer, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_provider, "LOADING_AFTER_S", 0.01)
    await services.models.list()
    assert (await newest(services)).purpose is Purpose.MODELS
    await services.models.test(it(fault_server), None)
    assert (await newest(services)).purpose is Purpose.TEST
    services.discovery._environment = {"OLLAMA_HOST": fault_server.url}
    await services.discovery.look()
    looked = [one for one in await services.connections.list() if one.purpose is Purpose.DISCOVERY]
    assert {one.state for one in looked if one.http_status == 200} == {AttemptState.DONE}
    assert {one.state for one in looked if one.http_status is None} <= {AttemptState.FAILED}
    assert len(looked) == 5
    fault_server.queue(ollama.CHAT, (Wait(0.3), *ollama.reply(["hi"])))
    await ask(services)
    loaded, reply = await services.connections.list(2)
    assert (loaded.purpose, loaded.state) == (Purpose.LOADED, AttemptState.DONE)
    assert reply.purpose is Purpose.REPLY
    assert [await services.connections.sent(one.id) for one in looked].count(None) == 0


async def test_the_guide_is_asked_without_a_request(services: Services) -> None:
    await ask(services, "guide")
    assert await services.connections.list() == ()


async def test_a_call_is_noted_before_its_socket_opens_and_ends_as_it_ended(
    services: Services, fault_server: FaultServer
) -> None:
    fault_server.queue(ollama.TAGS, (Stall(),), (Close(),), framing.raw(401, b""))
    asking = asyncio.create_task(services.models.test(it(fault_server), None))
    await asyncio.to_thread(fault_server.wait_for, lambda: fault_server.requests)
    attempt = await newest(services)
    assert (attempt.state, attempt.ended_at) == (AttemptState.RUNNING, None)
    assert await services.connections.sent(attempt.id) is not None
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert (await newest(services)).state is AttemptState.STOPPED
    for state, status in ((AttemptState.AMBIGUOUS, None), (AttemptState.FAILED, 401)):
        with pytest.raises(ProviderError):
            await services.models.test(it(fault_server), None)
        attempt = await newest(services)
        assert (attempt.state, attempt.http_status) == (state, status)
        assert attempt.ended_at is not None
        assert (attempt.bytes_received is None) == (status is None)


async def test_a_reply_that_was_sent_and_got_no_byte_is_ambiguous(
    services: Services, fault_server: FaultServer
) -> None:
    services.settings.override(replace(Settings(), max_retries=0))
    fault_server.queue(ollama.CHAT, (Close(),))
    end = await ask(services)
    (attempt,) = await services.connections.attempts_of(end.reply.id)
    assert (attempt.state, attempt.error_kind) == (AttemptState.AMBIGUOUS, "ProviderDown")


async def test_only_the_newest_of_what_was_sent_is_kept(
    services: Services, fault_server: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def kept() -> list[bool]:
        rows = reversed(await services.connections.list())
        return [await services.connections.sent(one.id) is not None for one in rows]

    monkeypatch.setattr(sent_requests, "KEPT", 2)
    for _ in range(4):
        await services.models.test(it(fault_server), None)
    assert await kept() == [False, False, True, True]
    monkeypatch.setattr(sent_requests, "KEPT_BYTES", 1)
    await services.models.test(it(fault_server), None)
    assert await kept() == [False, False, False, False, True]


@pytest.mark.expects_log("a request could not be noted")
@pytest.mark.expects_log("what a connection saw could not be saved")
async def test_a_ledger_that_fails_fails_no_reply(services: Services, fault_server: FaultServer) -> None:
    drop = text("DROP TABLE sent_requests")
    await services.database.write(lambda connection: connection.execute(drop))
    end = await ask(services)
    assert end.reply.problem is None
    assert end.reply.text
    assert len(await services.models.test(it(fault_server), None)) > 0


async def test_what_a_dead_parley_left_running_is_unknown_at_the_next_start(
    services: Services, fault_server: FaultServer, data_dir: Path
) -> None:
    fault_server.queue(ollama.CHAT, (Stall(),))
    conversation = await services.conversations.create(ModelRef("it", "echo"))
    turn = await services.turns.send(conversation.id, "hi", uuid4().hex)
    await asyncio.to_thread(fault_server.wait_for, lambda: fault_server.to(ollama.CHAT))
    (mine,) = await services.connections.attempts_of(turn.reply_id)
    await services.models.test(it(fault_server), None)
    running = text("UPDATE attempts SET state = 'running' WHERE purpose = 'test'")
    await services.database.write(lambda connection: connection.execute(running))
    other = await open_services(data_dir, {})
    states = {one.purpose: one.state for one in await other.connections.list()}
    await other.close()
    assert states == {Purpose.REPLY: AttemptState.RUNNING, Purpose.TEST: AttemptState.UNKNOWN}
    dead = text("UPDATE turns SET instance = 'dead'")
    await services.database.write(lambda connection: connection.execute(dead))
    other = await open_services(data_dir, {})
    assert (await other.connections.attempts_of(turn.reply_id))[0] == replace(mine, state=AttemptState.UNKNOWN)
    await other.close()
    await services.turns.stop(conversation.id)
