"""Anthropic's messages wire, also as a real llama.cpp server speaks it."""

import json

import pytest

from desktop.domain.address import parse_address
from desktop.domain.errors import Overloaded, ProviderDown, ProviderError, RateLimited
from desktop.domain.message import Role
from desktop.domain.request import Effort, Options, PromptMessage
from desktop.domain.service import Service, Wire
from desktop.domain.usage import Usage
from desktop.services.providers.protocols import anthropic
from desktop.services.providers.wire import Finish
from tests.services.providers.protocols.reading import asked, call, read, recorded_events, recording
from tests.support.wires import anthropic as server


def service(base_url: str = "https://api.anthropic.com") -> Service:
    return Service("anthropic", "Anthropic", Wire.ANTHROPIC, parse_address(base_url))


def test_a_recorded_reply_is_read_whole_and_its_cache_is_counted() -> None:
    got = read(anthropic, recording("llamacpp_anthropic.sse"))
    sent = [event["delta"].get("text", "") for event in recorded_events("llamacpp_anthropic.sse") if "delta" in event]
    assert got.text == "".join(sent)
    assert got.finish == Finish("length", Usage(23, 60, 22))


def test_recorded_thoughts_are_kept_apart() -> None:
    got = read(anthropic, recording("llamacpp_anthropic_thinking.sse"))
    assert len(got.reasoning) > 100
    assert got.finish is not None
    assert got.finish.reason == "stop"


def test_recorded_tool_calls_whose_blocks_overlap_are_kept_whole() -> None:
    got = read(anthropic, recording("llamacpp_anthropic_tools.sse"))
    assert [one["name"] for one in got.tool_calls] == ["get_weather", "get_weather"]
    assert all(json.loads(one["arguments"])["city"] for one in got.tool_calls)
    assert got.text


def test_fragments_of_calls_that_are_mixed_find_their_call() -> None:
    first, second = server.tool_call("a", "one", '{"x":', "1}"), server.tool_call("b", "two", '{"y":', "2}", index=2)
    mixed = [event for pair in zip(first, second, strict=True) for event in pair]
    got = read(anthropic, [*mixed, *server.last(reason="tool_use")])
    assert [(one["id"], one["arguments"]) for one in got.tool_calls] == [("a", '{"x":1}'), ("b", '{"y":2}')]
    assert got.finish is not None
    assert got.finish.reason == "tool_calls"


def test_the_input_counts_what_came_from_the_cache_and_went_there() -> None:
    usage = {"input_tokens": 3, "cache_creation_input_tokens": 5, "cache_read_input_tokens": 7, "output_tokens": 1}
    start = server.event({"type": "message_start", "message": {"usage": usage}})
    assert read(anthropic, [start, *server.last((0, 9))]).finish == Finish("stop", Usage(15, 9, 7))
    assert read(anthropic, server.last(None)).finish == Finish("stop", None)


def test_a_stop_reason_alone_is_no_end_mark() -> None:
    *events, _stop = server.events(["half"])
    assert read(anthropic, events).finish is None


def test_a_request_says_what_was_asked() -> None:
    body = asked(anthropic, service())
    assert body["system"] == "Be brief."
    assert body["max_tokens"] == 8192
    picture = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "iVBORw=="}}
    assert body["messages"][0] == {"role": "user", "content": [picture, {"type": "text", "text": "What is this?"}]}
    assert body["messages"][1:] == [{"role": "assistant", "content": "A cat."}, {"role": "user", "content": "And now?"}]
    assert set(body) == {"model", "messages", "stream", "system", "max_tokens"}


@pytest.mark.parametrize("base_url", ["https://api.anthropic.com", "https://api.anthropic.com/v1/"])
def test_the_key_and_the_version_are_borne_in_headers(base_url: str) -> None:
    made = call(anthropic, service(base_url))
    assert made.url == "https://api.anthropic.com/v1/messages"
    assert made.headers["x-api-key"] == "sk-secret"
    assert made.headers["anthropic-version"] == "2023-06-01"
    assert "Authorization" not in made.headers
    assert "sk-secret" not in repr(made)


def test_all_options_of_the_wire_are_sent() -> None:
    body = asked(anthropic, service(), Options(0.5, 0.9, 50, seed=1, stop=("x",), json_mode=True))
    assert (body["temperature"], body["top_p"], body["max_tokens"]) == (0.5, 0.9, 50)
    assert body["stop_sequences"] == ["x"]
    assert body["system"].startswith("Be brief.\n\nAnswer with one JSON object")
    assert "seed" not in body


def test_a_model_is_told_how_much_to_think_as_it_understands_it() -> None:
    options = Options(temperature=0.5, max_output_tokens=50, effort=Effort.MEDIUM)
    body = asked(anthropic, service(), options, model="claude-sonnet-4-5")
    assert body["thinking"] == {"type": "enabled", "budget_tokens": 8192}
    assert body["max_tokens"] == 8242
    assert "temperature" not in body
    newer = asked(anthropic, service(), options, model="claude-opus-4-6")
    assert (newer["thinking"], newer["output_config"]) == ({"type": "adaptive"}, {"effort": "medium"})
    none = asked(anthropic, service(), Options(temperature=0.5, effort=Effort.NONE))
    assert (none["thinking"], none["temperature"]) == ({"type": "disabled"}, 0.5)


def test_a_reply_that_is_begun_is_the_last_message() -> None:
    begun = (PromptMessage(Role.USER, "Count"), PromptMessage(Role.ASSISTANT, "one, two"))
    assert asked(anthropic, service(), messages=begun)["messages"][-1] == {"role": "assistant", "content": "one, two"}


@pytest.mark.parametrize(
    ("error", "kind"),
    [("overloaded_error", Overloaded), ("rate_limit_error", RateLimited), ("api_error", ProviderDown)],
)
def test_an_error_inside_the_stream_is_raised(error: str, kind: type[ProviderError]) -> None:
    event: dict[str, object] = {"type": "error", "error": {"type": error, "message": "boom"}, "request_id": "req_1"}
    with pytest.raises(kind) as caught:
        read(anthropic, [server.PING, server.chunk("half"), server.event(event)])
    assert (caught.value.detail, caught.value.request_id) == ("boom", "req_1")


def test_models_are_listed() -> None:
    body = b'{"data": [{"type": "model", "id": "claude-b"}, {"type": "model", "id": "claude-a"}], "has_more": false}'
    assert [one.ref.name for one in anthropic.parse_models(service(), body)] == ["claude-b", "claude-a"]
    assert anthropic.render_models_call(service(), None).url == "https://api.anthropic.com/v1/models?limit=1000"
