"""The responses wire of OpenAI, also as a real llama.cpp server speaks it."""

import logging

import pytest

from desktop.domain.address import parse_address
from desktop.domain.errors import ContextTooLong, Overloaded, ProviderDown, ProviderError, RateLimited
from desktop.domain.request import Effort, Options
from desktop.domain.service import Service, Wire
from desktop.domain.usage import Usage
from desktop.services.providers.protocols import responses
from desktop.services.providers.wire import Finish
from tests.services.providers.protocols.reading import asked, call, read, recorded_events, recording
from tests.support.wires import responses as server

OPENAI = Service("openai", "OpenAI", Wire.RESPONSES, parse_address("https://api.openai.com/v1"))


def test_a_recorded_reply_is_read_whole() -> None:
    got = read(responses, recording("llamacpp_responses.sse"))
    *_, end = recorded_events("llamacpp_responses.sse")
    assert got.text == end["response"]["output"][0]["content"][0]["text"]
    assert got.finish == Finish("stop", Usage(17, 40, 9))


def test_a_request_says_what_was_asked_and_keeps_nothing_there() -> None:
    body = asked(responses, OPENAI)
    assert body["instructions"] == "Be brief."
    assert body["store"] is False
    first, second, _ = body["input"]
    picture = {"type": "input_image", "image_url": "data:image/png;base64,iVBORw=="}
    assert first["content"] == [{"type": "input_text", "text": "What is this?"}, picture]
    assert (second["role"], second["content"]) == ("assistant", [{"type": "output_text", "text": "A cat."}])
    assert set(body) == {"model", "input", "stream", "store", "instructions"}


def test_all_options_of_the_wire_are_sent() -> None:
    options = Options(0.5, 0.9, 50, seed=1, stop=("x",), effort=Effort.LOW, json_mode=True)
    body = asked(responses, OPENAI, options)
    assert (body["temperature"], body["top_p"], body["max_output_tokens"]) == (0.5, 0.9, 50)
    assert body["reasoning"] == {"effort": "low", "summary": "auto"}
    assert body["text"] == {"format": {"type": "json_object"}}
    assert asked(responses, OPENAI, Options(reasoning_budget=9000))["reasoning"]["effort"] == "medium"


def test_the_key_is_borne_in_a_header_and_not_shown() -> None:
    made = call(responses, OPENAI)
    assert (made.url, made.headers["Authorization"]) == ("https://api.openai.com/v1/responses", "Bearer sk-secret")
    assert "sk-secret" not in repr(made)


def test_a_tool_call_is_kept_whole() -> None:
    got = read(responses, [*server.tool_call("c1", "weather", '{"city":', '"Oslo"}'), server.last()])
    assert got.tool_calls == [{"id": "c1", "name": "weather", "arguments": '{"city":"Oslo"}'}]
    assert got.finish is not None
    assert got.finish.reason == "tool_calls"


def test_summaries_of_reasoning_are_paragraphs() -> None:
    part = server.event({"type": "response.reasoning_summary_part.added"})
    thought = server.chunk("hm", kind="response.reasoning_summary_text.delta")
    assert read(responses, [part, thought, part, thought]).reasoning == "hm\n\nhm"


def test_a_reply_that_was_cut_says_so() -> None:
    got = read(responses, server.events(["half"], reason="length"))
    assert got.finish == Finish("length", Usage(11, 7, 0, 0))
    assert read(responses, server.events(["a"], usage=None)).finish == Finish("stop", None)
    unfinished = [server.chunk("half"), b"data: [DONE]\n\n"]
    assert read(responses, unfinished).finish is None


@pytest.mark.parametrize(
    ("event", "kind"),
    [
        ({"type": "error", "code": "server_error", "message": "boom"}, ProviderDown),
        ({"type": "error", "code": "rate_limit_exceeded", "message": "Rate limit reached"}, RateLimited),
        (
            {"type": "response.failed", "response": {"error": {"code": "server_is_overloaded", "message": "boom"}}},
            Overloaded,
        ),
        (
            {"type": "error", "error": {"code": "context_length_exceeded", "message": "Your input is too long"}},
            ContextTooLong,
        ),
    ],
)
def test_an_error_inside_the_stream_is_raised(event: dict[str, object], kind: type[ProviderError]) -> None:
    with pytest.raises(kind):
        read(responses, [server.chunk("half"), server.event(event)])


def test_an_unknown_event_is_noted_once_and_ignored(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "desktop.services.providers.unknown_events")
    strange = server.event({"type": "response.dance.delta", "delta": "x"})
    assert read(responses, [strange, strange, *server.events(["a"])]).text == "a"
    assert [record.levelname for record in caplog.records] == ["DEBUG"]
