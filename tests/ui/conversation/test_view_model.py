"""The open conversation over real services; the guide's queue answers."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from desktop.bridge import Bridge
from desktop.domain.address import parse_address
from desktop.domain.chunk import Channel, Chunk
from desktop.domain.conversation import Conversation
from desktop.domain.errors import KeyMissing, NextStep, Overloaded, StreamInterrupted
from desktop.domain.events import Event, PhaseChanged, ReplyFinished, ReplyGrew, TurnBegan
from desktop.domain.message import MessageStatus, Role
from desktop.domain.model import ModelRef
from desktop.domain.service import Service, Wire
from desktop.domain.turn import TurnState
from desktop.services.suite import Services
from desktop.ui.conversation.view_model import ConversationViewModel
from desktop.ui.conversation.waiting import Standing, Waiting
from desktop.ui.tasks import Tasks
from tests.support.fault_server import FaultServer
from tests.support.plan import Stall
from tests.support.wires import openai
from tests.ui.answers import Answers
from tests.ui.conftest import Until
from tests.ui.conversation.stage import PLACE, question, reply, talk

pytestmark = pytest.mark.anyio

Steps = tuple[Chunk | Exception, ...]
LONG = tuple(Chunk(f"w{number} ") for number in range(6_000))


@pytest.fixture
async def model(bridge: Bridge, tasks: Tasks) -> AsyncIterator[ConversationViewModel]:
    made = ConversationViewModel(bridge, tasks)
    yield made
    made.stop()
    await made.finish()


async def _queue(bridge: Bridge, *replies: tuple[object, ...]) -> None:
    async def queue(services: Services) -> None:
        for steps in replies:
            services.guide.queue(steps)  # type: ignore[arg-type]

    await bridge.run(queue)


async def _talk(model: ConversationViewModel, text: str, until: Until) -> None:
    count = len(model.messages)
    model.send(text)
    await until(lambda: len(model.messages) == count + 2 and not model.busy)


def _texts(model: ConversationViewModel) -> list[str]:
    return [message.text for message in model.messages]


def _here(model: ConversationViewModel) -> Conversation:
    assert model.conversation is not None
    return model.conversation


async def test_a_new_chat_becomes_a_conversation(bridge: Bridge, model: ConversationViewModel, until: Until) -> None:
    await _queue(bridge, (Chunk("Hel"), Chunk("lo")))
    born: list[Conversation] = []
    busy: list[bool] = []
    model.conversationChanged.connect(born.append)
    model.busyChanged.connect(busy.append)
    await _talk(model, "Hi", until)
    assert _texts(model) == ["Hi", "Hello"]
    assert [one.id for one in born] == [_here(model).id]
    assert busy == [True, False]
    assert model.phase is None


async def test_two_messages_sent_at_once_are_one_conversation_in_order(
    bridge: Bridge, model: ConversationViewModel, until: Until
) -> None:
    await _queue(bridge, (Chunk("1"),), (Chunk("2"),))
    model.send("one")
    model.send("two")
    await until(lambda: len(model.messages) == 4 and not model.busy)
    assert _texts(model) == ["one", "1", "two", "2"]
    assert len(await bridge.run(lambda services: services.conversations.list())) == 1


async def test_a_message_goes_where_it_was_sent_whatever_is_opened_meanwhile(
    bridge: Bridge, model: ConversationViewModel, until: Until
) -> None:
    await _queue(bridge, (Chunk("1"),), (Chunk("2"),))
    other = await bridge.run(lambda services: services.conversations.create())
    model.send("for the new chat")
    model.open(other)
    model.send("for the other")
    await until(lambda: len(model.messages) == 2 and not model.busy)
    assert _here(model) == other
    assert _texts(model)[0] == "for the other"
    titles = {one.title for one in await bridge.run(lambda services: services.conversations.list())}
    assert titles == {"for the new chat", "for the other"}


async def test_leaving_while_it_streams_and_coming_back_loses_nothing(
    bridge: Bridge, model: ConversationViewModel, until: Until
) -> None:
    await _queue(bridge, LONG * 4)
    whole = "".join(chunk.text for chunk in LONG * 4)
    model.send("Go")
    await until(lambda: len(model.messages) == 2 and model.messages[1].text)
    place = _here(model)
    returns = 0
    while model.busy:
        model.open(None)
        await asyncio.sleep(0)
        model.open(place)
        await until(lambda: model.messages)
        await asyncio.sleep(0.01)
        assert whole.startswith(model.messages[1].text)
        returns += 1
    assert returns > 2
    assert _texts(model) == ["Go", whole]


async def test_coming_back_shows_the_phase_that_goes_on(
    bridge: Bridge, model: ConversationViewModel, until: Until
) -> None:
    await _queue(bridge, LONG)
    model.send("Go")
    await until(lambda: model.phase is not None and model.phase.state is TurnState.WRITING)
    place = _here(model)
    model.open(None)
    assert _phase(model) is None
    model.open(place)
    await until(lambda: model.messages)
    assert _phase(model) is (TurnState.WRITING if model.busy else None)  # the reply may be complete by now
    await until(lambda: not model.busy)
    assert model.phase is None


async def test_a_stopped_reply_keeps_its_text(bridge: Bridge, model: ConversationViewModel, until: Until) -> None:
    await _queue(bridge, LONG * 3)
    finished: list[int] = []
    model.replyFinished.connect(finished.append)
    model.send("Go")
    await until(lambda: len(model.messages) == 2 and model.messages[1].text)
    model.stop()
    await until(lambda: not model.busy)
    assert model.messages[1].status is MessageStatus.STOPPED
    assert "".join(chunk.text for chunk in LONG * 3).startswith(model.messages[1].text)
    assert finished == []


async def test_regenerating_makes_versions_to_move_between(
    bridge: Bridge, model: ConversationViewModel, until: Until
) -> None:
    await _queue(bridge, (Chunk("first"),), (Chunk("later"),), (Chunk("second"),))
    await _talk(model, "Hi", until)
    await _talk(model, "More", until)
    model.regenerate(model.messages[1].id)
    await until(lambda: _texts(model) == ["Hi", "second"] and not model.busy)
    assert (model.messages[1].version, model.messages[1].versions) == (2, 2)
    model.show_version(model.messages[1].id, -1)
    await until(lambda: len(model.messages) == 4)
    assert _texts(model) == ["Hi", "first", "More", "later"]
    assert (model.messages[1].version, model.messages[1].versions) == (1, 2)
    model.show_version(model.messages[1].id, 1)
    await until(lambda: _texts(model) == ["Hi", "second"])


async def test_moving_between_versions_while_one_streams_loses_nothing(
    bridge: Bridge, model: ConversationViewModel, until: Until
) -> None:
    await _queue(bridge, (Chunk("first"),), LONG)
    whole = "".join(chunk.text for chunk in LONG)
    await _talk(model, "Hi", until)
    first = model.messages[1].id
    model.regenerate(first)
    await until(lambda: model.busy and model.messages[1].text)
    second = model.messages[1].id
    for _ in range(5):
        model.show_version(second, -1)
        await until(lambda: model.messages[1].id == first)
        model.show_version(first, 1)
        await until(lambda: model.messages[1].id == second)
        assert whole.startswith(model.messages[1].text)
    await until(lambda: model.messages[1].status is MessageStatus.COMPLETE)
    assert _texts(model) == ["Hi", whole]


async def test_a_failed_reply_offers_steps_and_can_be_tried_again(
    bridge: Bridge, model: ConversationViewModel, until: Until
) -> None:
    await _queue(bridge, (KeyMissing("Parley has no key.", "401"),), (Chunk("now it works"),))
    asked: list[NextStep] = []
    model.stepRequested.connect(asked.append)
    await _talk(model, "Hi", until)
    failed = model.messages[1]
    assert failed.status is MessageStatus.FAILED
    assert failed.problem is not None
    assert (failed.text, failed.problem.sentence) == ("", "Parley has no key.")
    for step in failed.problem.steps:
        model.take_step(failed.id, step)
    assert asked == list(failed.problem.steps)
    model.take_step(failed.id, NextStep.RETRY)
    await until(lambda: _texts(model) == ["Hi", "now it works"] and not model.busy)
    assert (model.messages[1].version, model.messages[1].versions) == (2, 2)


async def test_waiting_to_retry_is_a_phase(bridge: Bridge, model: ConversationViewModel, until: Until) -> None:
    await _queue(bridge, (Overloaded("Busy.", retry_after=0.05),), (Chunk("ok"),))
    phases: list[TurnState] = []
    model.phaseChanged.connect(lambda: phases.append(model.phase.state) if model.phase else None)
    await _talk(model, "Hi", until)
    assert TurnState.WAITING in phases
    assert _texts(model) == ["Hi", "ok"]


async def test_thinking_and_text_are_kept_apart(bridge: Bridge, model: ConversationViewModel, until: Until) -> None:
    await _queue(bridge, (Chunk("hm ", Channel.REASONING), Chunk("hm", Channel.REASONING), Chunk("Yes")))
    await _talk(model, "Hi", until)
    assert (model.messages[1].reasoning, model.messages[1].text) == ("hm hm", "Yes")


async def test_what_is_already_there_is_not_added_again(
    answers: Answers, view_model: ConversationViewModel, until: Until
) -> None:
    there = reply(2, "abcd", MessageStatus.PENDING)
    answers.answers["conversations.messages"] = (question(1, "?"), there)
    view_model.open(PLACE)
    await until(lambda: answers.calls)
    early = [_grew("ab", 0), _grew("cdef", 2), _grew("g", 6), _grew("hm", 0, Channel.REASONING)]
    answers.eventsArrived.emit(early)  # published before and after the messages were read
    await until(lambda: view_model.messages)
    assert (view_model.messages[1].text, view_model.messages[1].reasoning) == ("abcdefg", "hm")
    answers.eventsArrived.emit([*early, _grew("h", 7)])
    assert (view_model.messages[1].text, view_model.messages[1].reasoning) == ("abcdefgh", "hm")


async def test_what_happens_elsewhere_changes_nothing_here(answers: Answers, view_model: ConversationViewModel) -> None:
    view_model._conversation = PLACE
    view_model._take(talk(1))
    said: list[object] = []
    for signal in (view_model.messageAdded, view_model.messageChanged, view_model.replyGrew, view_model.replyFinished):
        signal.connect(said.append)
    other = replace(reply(9, "x"), conversation_id=2)
    elsewhere: list[Event] = [
        TurnBegan(2, 1, replace(question(8, "?"), conversation_id=2), other),
        PhaseChanged(2, 9, TurnState.WRITING),
        ReplyGrew(2, 9, Chunk("x"), 0),
        ReplyFinished(2, other, TurnState.DONE, 1),
    ]
    for event in elsewhere:
        answers.eventsArrived.emit([event])
        assert view_model.phase is None
    assert said == []
    assert not view_model.busy


async def test_a_reply_that_is_no_longer_shown_may_still_grow(
    answers: Answers, view_model: ConversationViewModel
) -> None:
    view_model._conversation = PLACE
    view_model._take([*talk(1), question(3, "?"), reply(4, "", MessageStatus.PENDING)])
    again = replace(reply(5, "", MessageStatus.PENDING), parent_id=1)
    grew: list[int] = []
    view_model.replyGrew.connect(grew.append)
    answers.eventsArrived.emit([_grew("x", 0, reply_id=4), TurnBegan(1, 2, view_model.messages[0], again)])
    assert [message.id for message in view_model.messages] == [1, 5]
    assert grew == []


async def test_what_broke_off_goes_on_beside_it(bridge: Bridge, model: ConversationViewModel, until: Until) -> None:
    await _queue(bridge, (Chunk("one "), StreamInterrupted("It broke off.")), (Chunk("two"),))
    await _talk(model, "Count", until)
    broken = model.messages[1]
    assert (broken.text, broken.status) == ("one ", MessageStatus.INTERRUPTED)
    model.take_step(broken.id, NextStep.CONTINUE)
    await until(lambda: model.messages[1].id != broken.id and not model.busy)
    assert (_texts(model), model.messages[1].versions) == (["Count", "one two"], 2)


async def test_messages_wait_and_can_be_changed_moved_and_taken_back(
    bridge: Bridge, model: ConversationViewModel, until: Until, fault_server: FaultServer
) -> None:
    fault_server.usually(openai.CHAT, (*openai.reply(["words"])[:3], Stall()))  # one word, and never an end
    stalls = Service("stalls", "Stalls", Wire.CHAT_COMPLETIONS, parse_address(fault_server.url))

    async def adopt(services: Services) -> None:
        services.models.adopt(stalls)

    await bridge.run(adopt)
    model.pending_model = ModelRef(stalls.id, "m")
    returned: list[tuple[int, str]] = []
    model.textReturned.connect(lambda place, text: returned.append((place, text)))
    model.send("Go")
    await until(lambda: len(model.messages) == 2 and model.messages[1].text)
    model.send("one")
    model.send("two")
    await until(lambda: len(model.waiting) == 2)
    first, second = model.waiting
    assert model.phase is not None
    assert model.phase.state is TurnState.WRITING
    assert model.waiting_at(2) == model.waiting_at(3) == model.waiting[first]
    assert model.waiting_at(1) is None
    model.edit_waiting(first, "the one")
    await until(lambda: [one.text for one in model.waiting.values()] == ["the one", "two"])
    model.move_waiting(second, later=False)
    await until(lambda: list(model.waiting) == [second, first])
    model.take_back(second)
    await until(lambda: returned == [(_here(model).id, "two")] and list(model.waiting) == [first])
    assert [text for text in _texts(model) if text[:1] != "w"] == ["Go", "the one", ""]
    model.stop()
    await until(lambda: not model.busy)
    assert model.waiting == {}


async def test_whoever_comes_late_learns_what_is_held_back(
    answers: Answers, view_model: ConversationViewModel, until: Until
) -> None:
    answers.answers["conversations.messages"] = (question(1, "?"), reply(2, "", MessageStatus.PENDING))
    answers.answers["turns.phases"] = (PhaseChanged(PLACE.id, 2, TurnState.QUEUED, held=True),)
    busy: list[bool] = []
    view_model.busyChanged.connect(busy.append)
    view_model.open(PLACE)
    await until(lambda: view_model.messages)
    assert view_model.waiting == {2: Waiting(2, Standing.HELD, "?")}
    assert (view_model.phase, busy) == (None, [])
    answers.eventsArrived.emit([PhaseChanged(PLACE.id, 2, TurnState.CONNECTING)])
    assert view_model.waiting == {}
    assert busy == [True]


async def test_tool_calls_grow_like_text(answers: Answers, view_model: ConversationViewModel) -> None:
    view_model._conversation = PLACE
    view_model._take([question(1, "?"), reply(2, "", MessageStatus.PENDING)])
    answers.eventsArrived.emit([_grew("{}\n", 0, Channel.TOOL_CALL), _grew("{}\n", 0, Channel.TOOL_CALL)])
    assert view_model.messages[1].tool_calls == "{}\n"


async def test_another_model_can_be_chosen_for_a_new_chat(
    bridge: Bridge, model: ConversationViewModel, until: Until
) -> None:
    await _queue(bridge, (Chunk("x"),))
    model.pending_model = ModelRef("guide", "Parley guide")
    await _talk(model, "Hi", until)
    assert _here(model).model == ModelRef("guide", "Parley guide")
    assert model.messages[1].role is Role.ASSISTANT


def _grew(text: str, offset: int, channel: Channel = Channel.TEXT, reply_id: int = 2) -> ReplyGrew:
    return ReplyGrew(PLACE.id, reply_id, Chunk(text, channel), offset)


def _phase(model: ConversationViewModel) -> TurnState | None:
    return model.phase.state if model.phase else None


async def test_what_is_sent_from_a_failed_version_goes_on_from_the_good_one(
    bridge: Bridge, model: ConversationViewModel, until: Until
) -> None:
    await _queue(bridge, (Chunk("good"),), (KeyMissing("Parley has no key."),), (Chunk("later"),))
    await _talk(model, "Hi", until)
    model.regenerate(model.messages[1].id)
    await until(lambda: model.messages[1].status is MessageStatus.FAILED and not model.busy)
    model.send("More")
    await until(lambda: len(model.messages) == 4 and not model.busy)
    assert _texts(model) == ["Hi", "good", "More", "later"]
    assert _texts(model) == [
        one.text for one in await bridge.run(lambda services: services.conversations.messages(_here(model).id))
    ]
