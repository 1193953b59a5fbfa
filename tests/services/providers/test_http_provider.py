"""A provider that is asked over HTTP, on each wire: what is emitted, how it ends, and what closes."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from desktop.domain.address import Reach
from desktop.domain.chunk import Channel
from desktop.domain.errors import BadReply, KeyMissing, KeyRejected, ProviderDown, StreamInterrupted, TimedOut
from desktop.domain.turn import TurnState
from desktop.services.providers import http_provider
from desktop.services.providers.http import Http
from desktop.services.providers.http_provider import Patience
from desktop.services.providers.wire import Finish
from tests.services.providers.question import OLLAMA, OPENAI, REQUEST, Dialect, Question
from tests.support.fault_server import FaultServer
from tests.support.plan import Close, Drip, Plan, Send, Stall, Wait
from tests.support.wires import framing, ollama

pytestmark = pytest.mark.anyio

CANARY = "sk-canary"


@pytest.fixture(params=[OLLAMA, OPENAI], ids=["ollama", "openai"])
def dialect(request: pytest.FixtureRequest) -> Dialect:
    chosen: Dialect = request.param
    return chosen


@pytest.fixture
async def question(fault_server: FaultServer, dialect: Dialect) -> AsyncIterator[Question]:
    http = Http()
    yield Question(fault_server, dialect, http)
    await http.close()


async def test_a_whole_reply_ends_with_its_reason_and_usage(question: Question, dialect: Dialect) -> None:
    question.queue(dialect.reply(["Hello ", "wörld 🙂"], reasoning=["let ", "me see"], reason="length"))
    finish = await question.ask()
    assert question.text() == "Hello wörld 🙂"
    assert question.text(Channel.REASONING) == "let me see"
    assert question.states() == [TurnState.CONNECTING, TurnState.READING]
    assert finish.reason == "length"
    assert finish.usage is not None
    assert (finish.usage.input_tokens, finish.usage.output_tokens) == (11, 7)
    assert question.server.requests[0].json()["messages"] == [{"role": "user", "content": "one two"}]


async def test_counts_that_were_not_sent_are_unknown(question: Question, dialect: Dialect) -> None:
    question.queue(dialect.reply(["Hello"], usage=None))
    assert await question.ask() == Finish("stop", None)


async def test_a_reply_cut_at_every_byte_is_the_same_reply(question: Question, dialect: Dialect) -> None:
    whole = dialect.reply(["日本", "\u2028\u0085", "🙂\n"], reasoning=["hm"])
    raw = b"".join(step.data for step in whole if isinstance(step, Send))
    question.queue(whole, (Drip(raw),))
    finish, events = await question.ask(), []
    events += question.events
    assert await question.ask() == finish
    assert question.events == events
    assert question.text() == "日本\u2028\u0085🙂\n"


@pytest.mark.parametrize("end", [(Send(b"0\r\n\r\n"),), (Close(),)], ids=["orderly", "cut"])
async def test_without_its_end_mark_a_reply_is_interrupted_and_its_text_is_there(
    question: Question, dialect: Dialect, end: Plan
) -> None:
    question.queue((*framing.stream(dialect.media_type, [dialect.chunk("half")], end=False), *end))
    with pytest.raises(StreamInterrupted):
        await question.ask()
    assert question.text() == "half"


async def test_an_error_inside_the_stream_is_said_in_its_own_words(question: Question, dialect: Dialect) -> None:
    error = {"error": "the card fell off"}
    question.queue(dialect.broken(dialect.chunk("half"), dialect.payload(error)))
    with pytest.raises(ProviderDown) as caught:
        await question.ask()
    assert caught.value.detail == "the card fell off"
    assert question.text() == "half"


async def test_a_proxy_s_page_is_an_error_without_markup(question: Question) -> None:
    page = b"<html><head><title>502 Bad Gateway</title></head><body><script>x</script></body></html>"
    question.queue(framing.raw(502, page, {"Content-Type": "text/html"}))
    with pytest.raises(ProviderDown) as caught:
        await question.ask()
    assert (caught.value.status, caught.value.detail) == (502, "502 Bad Gateway")


async def test_what_is_no_json_is_a_bad_reply_and_the_text_before_it_stays(
    question: Question, dialect: Dialect
) -> None:
    broken = dialect.chunk("half").replace(b'"half"', b'"half')
    question.queue(dialect.broken(dialect.chunk("whole"), broken))
    with pytest.raises(BadReply):
        await question.ask()
    assert question.text() == "whole"


async def test_lone_surrogates_cost_one_character_and_not_the_reply(question: Question, dialect: Dialect) -> None:
    question.queue(dialect.reply(["a\ud800b", "\udc00", "é🙂"]))
    assert (await question.ask()).reason == "stop"
    assert question.text() == "a?b?é🙂"


async def test_an_endless_event_and_an_endless_reply_are_not_read_on(question: Question, dialect: Dialect) -> None:
    piece = "x" * 990_000
    question.queue(dialect.silent(dialect.chunk("x" * 1_000_001)), dialect.silent(*[dialect.chunk(piece)] * 17))
    with pytest.raises(BadReply, match="over a million"):
        await question.ask()
    with pytest.raises(BadReply, match="longer than 16 million"):
        await question.ask()
    question.server.wait_for(lambda: question.server.open_connections == 0)


@pytest.mark.parametrize("before", [(), (framing.head(200, {"Content-Length": "9"}),)], ids=["no head", "head only"])
async def test_silence_before_the_first_word_is_ended(question: Question, before: Plan) -> None:
    question.queue((*before, Stall()))
    with pytest.raises(TimedOut, match="silent") as caught:
        await question.ask(Patience(0.2, 60))
    assert caught.value.ambiguous == (not before)
    question.server.wait_for(lambda: question.server.requests[0].closed_at is not None)


async def test_silence_between_words_is_ended_and_the_text_stays(question: Question, dialect: Dialect) -> None:
    question.queue(dialect.silent(dialect.chunk("half")))
    with pytest.raises(TimedOut, match="silent"):
        await question.ask(Patience(60, 0.2))
    assert question.text() == "half"


async def test_keeping_a_connection_alive_is_no_word(question: Question, dialect: Dialect) -> None:
    empty = [dialect.keep_alive, dialect.chunk("")] * 200
    question.queue(
        framing.stream(dialect.media_type, [dialect.chunk("half"), *empty, dialect.chunk("late")], interval_s=0.05)
    )
    with pytest.raises(TimedOut):
        await question.ask(Patience(60, 0.5))
    assert question.text() == "half"


async def test_a_reply_may_take_only_as_long_as_the_total_allows(question: Question, dialect: Dialect) -> None:
    question.queue(framing.stream(dialect.media_type, [dialect.chunk("x")] * 100, interval_s=0.05))
    with pytest.raises(TimedOut, match=r"not done within 0\.4 s") as caught:
        await question.ask(Patience(60, 60, 0.4))
    assert question.text().startswith("xx")
    assert not caught.value.ambiguous
    assert Patience.usual(Reach.CLOUD, 120, 0) == Patience(120, 60, None)
    assert Patience.usual(Reach.LOCAL, 120, 7) == Patience(None, 300, 7)


async def test_after_the_end_mark_nothing_is_waited_for(question: Question, dialect: Dialect) -> None:
    question.queue((*dialect.reply(["whole"])[:-1], Stall()))
    assert (await question.ask(Patience(60, 60))).reason == "stop"
    question.server.wait_for(lambda: question.server.requests[0].closed_at is not None)


@pytest.mark.parametrize("words", [[], ["half"]], ids=["waiting", "writing"])
async def test_cancelling_closes_the_socket(question: Question, dialect: Dialect, words: list[str]) -> None:
    question.queue(dialect.silent(*map(dialect.chunk, words)))
    asking = asyncio.create_task(question.ask())
    await asyncio.to_thread(question.server.wait_for, lambda: question.server.requests and question.states()[1:])
    await asyncio.to_thread(question.server.wait_for, lambda: question.text() == "".join(words))
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    question.server.wait_for(lambda: question.server.requests[0].closed_at is not None)


async def test_nothing_is_sent_without_the_key_that_is_needed(question: Question) -> None:
    provider = question.provider(needs_key=True)
    for asked in (provider.models(), provider.reply(REQUEST, question.events.append, 1)):
        with pytest.raises(KeyMissing, match="It needs a key"):
            await asked
    assert question.server.requests == []


@pytest.mark.parametrize("key", [f"{CANARY}\n", f"{CANARY}\r\nX-Evil: 1", f"{CANARY}\x00", f"{CANARY}é"])
async def test_what_cannot_be_a_key_is_neither_sent_nor_shown(question: Question, key: str) -> None:
    provider = question.provider(key=key)
    for asked in (provider.models(), provider.reply(REQUEST, question.events.append, 1)):
        with pytest.raises(KeyRejected) as caught:
            await asked
        shown = f"{caught.value!r} {caught.value} {caught.value.problem} {caught.getrepr()} {provider!r}"
        assert CANARY not in shown
    assert question.server.requests == []


async def test_a_key_goes_out_as_bearer(question: Question) -> None:
    await question.provider(key=CANARY).reply(REQUEST, question.events.append, 1)
    assert question.server.requests[0].headers["authorization"] == f"Bearer {CANARY}"


@pytest.mark.parametrize(
    ("in_memory", "is_loading"), [((), True), (("other:latest",), True), (("echo",), False), (("echo:latest",), False)]
)
async def test_ollama_says_when_the_wait_is_for_the_model(
    fault_server: FaultServer, monkeypatch: pytest.MonkeyPatch, in_memory: tuple[str, ...], is_loading: bool
) -> None:
    monkeypatch.setattr(http_provider, "LOADING_AFTER_S", 0.05)
    http = Http()
    question = Question(fault_server, OLLAMA, http)
    fault_server.queue(ollama.LOADED, ollama.loaded(*in_memory))
    question.queue((Wait(0.5), *ollama.reply(["hi"])))
    await question.ask()
    assert question.text() == "hi"
    assert question.states()[2:] == [TurnState.LOADING] * is_loading
    assert len(fault_server.to(ollama.LOADED)) == 1
    await http.close()


async def test_a_reply_that_comes_at_once_is_not_asked_about(question: Question) -> None:
    await question.ask()
    assert [one.path for one in question.server.requests] == [question.dialect.path]
