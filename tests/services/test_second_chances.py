"""What can be done about a reply that broke off, and about a service that does not answer."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from desktop.domain.address import parse_address
from desktop.domain.conversation import Conversation
from desktop.domain.events import PhaseChanged, ReplyFinished, ReplyGrew
from desktop.domain.message import MessageStatus
from desktop.domain.model import ModelRef
from desktop.domain.service import Limits, Service, Wire
from desktop.domain.settings import Settings
from desktop.domain.turn import TurnState
from desktop.services.feed import Subscription
from desktop.services.suite import Services, open_services
from tests.support.fault_server import FaultServer
from tests.support.plan import Close
from tests.support.wires import framing, ollama, openai

pytestmark = pytest.mark.anyio

BROKEN_OFF = (*openai.reply(["Once ", "upon "])[:4], Close())
BUSY = openai.error(503, "too much to do", headers={"Retry-After": "0"})


def service(name: str, server: FaultServer, *, prefills: bool = False) -> Service:
    return Service(name, name.title(), Wire.CHAT_COMPLETIONS, parse_address(server.url), prefills=prefills)


@pytest.fixture
async def services(data_dir: Path, fault_server: FaultServer) -> AsyncIterator[Services]:
    opened = await open_services(data_dir, {})
    opened.settings.override(replace(Settings(), retry_delay_s=0.01))
    opened.models.adopt(service("asks", fault_server))
    opened.models.adopt(service("goes", fault_server, prefills=True))
    yield opened
    await opened.close()


async def finished(events: Subscription, reply_id: int) -> ReplyFinished:
    async for event in events:
        if isinstance(event, ReplyFinished) and event.reply.id == reply_id:
            return event
    raise AssertionError


async def answer(services: Services, conversation: Conversation, text: str = "Tell me a story.") -> ReplyFinished:
    events = services.feed.subscribe()
    turn = await services.turns.send(conversation.id, text, text)
    return await finished(events, turn.reply_id)


@pytest.mark.parametrize("name", ["asks", "goes"])
async def test_a_reply_that_broke_off_goes_on(services: Services, fault_server: FaultServer, name: str) -> None:
    fault_server.queue(openai.CHAT, BROKEN_OFF, openai.reply(["a ", "time."]))
    conversation = await services.conversations.create(ModelRef(name, "m"))
    broken = await answer(services, conversation)
    assert (broken.reply.status, broken.reply.text) == (MessageStatus.INTERRUPTED, "Once upon ")
    events = services.feed.subscribe()
    turn = await services.turns.go_on(broken.reply.id, "go on")
    end = await finished(events, turn.reply_id)
    assert (end.state, end.reply.text) == (TurnState.DONE, "Once upon a time.")
    assert (end.reply.version, end.reply.versions) == (2, 2)
    roles = [message["role"] for message in fault_server.to(openai.CHAT)[1].json()["messages"]]
    assert roles == ["user", "assistant", "user"][: 2 if name == "goes" else 3]
    grown = [event for event in _seen(events) if isinstance(event, ReplyGrew)]
    assert all(event.offset >= len("Once upon ") for event in grown)


def _seen(events: Subscription) -> list[object]:
    return [events._events.popleft() for _ in range(len(events._events))]


async def test_a_reply_that_breaks_off_again_keeps_both_parts(services: Services, fault_server: FaultServer) -> None:
    fault_server.queue(openai.CHAT, BROKEN_OFF, BROKEN_OFF, openai.error(401, "no"))
    conversation = await services.conversations.create(ModelRef("goes", "m"))
    first = (await answer(services, conversation)).reply
    events = services.feed.subscribe()
    turn = await services.turns.go_on(first.id, "1")
    second = (await finished(events, turn.reply_id)).reply
    assert (second.status, second.text) == (MessageStatus.INTERRUPTED, "Once upon Once upon ")
    turn = await services.turns.go_on(second.id, "2")
    third = (await finished(events, turn.reply_id)).reply
    assert (third.status, third.text) == (MessageStatus.INTERRUPTED, second.text)
    assert third.problem is not None
    assert third.problem.kind == "KeyRejected"


async def test_another_model_stands_in_and_the_reply_says_so(services: Services, fault_server: FaultServer) -> None:
    with FaultServer({openai.CHAT: openai.answer}) as other:
        services.models.adopt(service("other", other))
        fault_server.usually(openai.CHAT, BUSY)
        conversation = await services.conversations.create(ModelRef("asks", "first"))
        await services.conversations.set_fallbacks(
            conversation.id, (ModelRef("gone", "x"), ModelRef("other", "second"))
        )
        end = await answer(services, conversation)
    assert (end.state, end.reply.text, end.reply.author) == (TurnState.DONE, "You said: Tell me a story.", "second")
    assert end.reply.notice.startswith("first did not answer (")
    assert end.reply.notice.endswith("second stood in.")
    assert (end.attempts, len(fault_server.to(openai.CHAT))) == (3, 2)


async def test_no_more_is_tried_than_is_allowed_over_all_models(services: Services, fault_server: FaultServer) -> None:
    fault_server.usually(openai.CHAT, BUSY)
    conversation = await services.conversations.create(ModelRef("asks", "first"))
    await services.conversations.set_fallbacks(conversation.id, (ModelRef("goes", "second"),))
    end = await answer(services, conversation)
    assert (end.state, end.attempts, len(fault_server.to(openai.CHAT))) == (TurnState.FAILED, 6, 6)


async def test_what_runs_here_never_goes_elsewhere_by_itself(services: Services, fault_server: FaultServer) -> None:
    services.models.adopt(
        Service("far", "Far", Wire.CHAT_COMPLETIONS, parse_address("https://api.example.test/v1")),
    )
    services.models.adopt(Service("near", "Near", Wire.OLLAMA, parse_address(fault_server.url)))
    fault_server.usually(ollama.SHOW, framing.answer(200, {"remote_host": "https://ollama.example.test"}))
    fault_server.usually(openai.CHAT, openai.error(401, "no"))
    conversation = await services.conversations.create(ModelRef("asks", "first"))
    others = (ModelRef("far", "second"), ModelRef("near", "big:cloud"))
    await services.conversations.set_fallbacks(conversation.id, others)
    end = await answer(services, conversation)
    assert fault_server.to(ollama.CHAT) == []
    assert end.reply.problem is not None
    assert end.reply.problem.kind == "KeyRejected"


async def test_a_long_wait_is_ended_by_a_person(services: Services, fault_server: FaultServer) -> None:
    wait = openai.error(429, "later", headers={"Retry-After": "600"})
    fault_server.queue(openai.CHAT, wait, wait, openai.reply(["now"]))
    conversation = await services.conversations.create(ModelRef("asks", "first"))
    events = services.feed.subscribe()
    turn = await services.turns.send(conversation.id, "hi", "1")
    waiting = await _phase(events, TurnState.WAITING)
    assert (waiting.attempt, waiting.attempts_allowed) == (2, 6)
    assert waiting.wait_s is not None
    assert 590 < waiting.wait_s <= 600
    assert "slow down" in waiting.why
    await services.turns.wake(turn.reply_id)
    await _phase(events, TurnState.WAITING)
    await services.turns.wake(turn.reply_id, ModelRef("goes", "second"))
    end = await finished(events, turn.reply_id)
    assert (end.state, end.reply.text, end.reply.author) == (TurnState.DONE, "now", "second")
    assert [request.json()["model"] for request in fault_server.to(openai.CHAT)] == ["first", "first", "second"]


async def _phase(events: Subscription, state: TurnState) -> PhaseChanged:
    async for event in events:
        if isinstance(event, PhaseChanged) and event.state is state:
            return event
    raise AssertionError


async def test_a_service_that_fails_on_and_on_is_left_alone_until_a_person_insists(
    services: Services, fault_server: FaultServer
) -> None:
    fault_server.usually(openai.CHAT, BUSY)
    conversation = await services.conversations.create(ModelRef("asks", "first"))
    assert (await answer(services, conversation, "one")).attempts == 6
    refused = await answer(services, conversation, "two")
    assert refused.reply.problem is not None
    assert (refused.reply.problem.kind, refused.attempts) == ("BreakerOpen", 0)
    fault_server.usually(openai.CHAT, openai.reply(["back"]))
    events = services.feed.subscribe()
    turn = await services.turns.regenerate(refused.reply.id, "insist")
    assert (await finished(events, turn.reply_id)).reply.text == "back"
    assert (await answer(services, conversation, "three")).reply.text == "back"


async def test_a_service_may_have_limits_of_its_own(services: Services, fault_server: FaultServer) -> None:
    services.models.adopt(replace(service("asks", fault_server), limits=Limits(max_retries=1)))
    fault_server.usually(openai.CHAT, BUSY)
    conversation = await services.conversations.create(ModelRef("asks", "first"))
    end = await answer(services, conversation)
    assert (end.state, end.attempts) == (TurnState.FAILED, 2)


async def test_a_wait_that_is_stopped_says_what_it_was_for(services: Services, fault_server: FaultServer) -> None:
    fault_server.usually(openai.CHAT, openai.error(429, "later", headers={"Retry-After": "20"}))
    conversation = await services.conversations.create(ModelRef("asks", "first"))
    events = services.feed.subscribe()
    turn = await services.turns.send(conversation.id, "hi", "1")
    await _phase(events, TurnState.WAITING)
    await services.turns.stop(conversation.id)
    end = await finished(events, turn.reply_id)
    assert end.reply.status is MessageStatus.STOPPED
    assert end.reply.problem is not None
    assert (end.reply.problem.kind, end.reply.problem.detail) == ("RateLimited", "later")


async def test_a_reply_without_a_word_says_so(services: Services, fault_server: FaultServer) -> None:
    fault_server.queue(openai.CHAT, openai.reply([]))
    conversation = await services.conversations.create(ModelRef("asks", "first"))
    end = await answer(services, conversation)
    assert (end.state, end.reply.text, end.reply.notice) == (TurnState.DONE, "", "The service sent no text.")


async def test_a_new_version_that_failed_takes_nothing_away(services: Services, fault_server: FaultServer) -> None:
    fault_server.queue(openai.CHAT, openai.reply(["good"]), openai.error(401, "no"))
    conversation = await services.conversations.create(ModelRef("asks", "first"))
    good = (await answer(services, conversation, "one")).reply
    events = services.feed.subscribe()
    turn = await services.turns.regenerate(good.id, "again")
    failed = (await finished(events, turn.reply_id)).reply
    assert (failed.status, failed.version, failed.versions) == (MessageStatus.FAILED, 2, 2)
    await answer(services, conversation, "two")
    sent = [message["content"] for message in fault_server.to(openai.CHAT)[-1].json()["messages"]]
    assert sent == ["one", "good", "two"]
    assert [m.text for m in await services.conversations.messages(conversation.id)][:2] == ["one", "good"]
