"""The chat completions wire, read from what a real llama.cpp server sent."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from desktop.domain.address import parse_address
from desktop.domain.chunk import Channel, Chunk
from desktop.domain.errors import BadReply, ProviderError
from desktop.domain.message import Role
from desktop.domain.request import Effort, Options, PromptMessage, Request
from desktop.domain.service import Habits, Prefill, Service, Wire
from desktop.domain.usage import Usage
from desktop.services.providers.protocols import chat_completions
from desktop.services.providers.wire import Finish
from tests.services.providers.protocols.reading import asked, call, read, recording
from tests.support.wires import openai as server

RECORDINGS = Path(__file__).parents[3] / "recordings"


def service(base_url: str) -> Service:
    return Service("it", "It", Wire.CHAT_COMPLETIONS, parse_address(base_url))


def parse(payloads: list[str]) -> tuple[list[Chunk], Finish | None]:
    parser = chat_completions.reply_parser()
    chunks = [chunk for payload in payloads for chunk in parser.parse(payload)]
    return chunks, parser.finish


def text(chunks: list[Chunk], channel: Channel = Channel.TEXT) -> str:
    return "".join(chunk.text for chunk in chunks if chunk.channel is channel)


def test_a_recorded_reply_is_read_whole() -> None:
    raw = (RECORDINGS / "llamacpp_openai.sse").read_bytes()
    chunks, finish = parse(chat_completions.decoder().feed(raw))
    sent = [json.loads(line[6:]) for line in raw.decode().splitlines() if line.startswith("data: {")]
    assert text(chunks) == "".join(c["delta"].get("content") or "" for event in sent for c in event["choices"])
    assert finish == Finish("length", Usage(23, 400, 4))


def test_recorded_reasoning_is_kept_apart() -> None:
    chunks, finish = parse(chat_completions.decoder().feed((RECORDINGS / "llamacpp_openai_thinking.sse").read_bytes()))
    assert len(text(chunks, Channel.REASONING)) > 100
    assert len(text(chunks)) > 100
    assert finish == Finish("stop", None)


def test_without_an_end_mark_there_is_no_finish() -> None:
    chunks, finish = parse(['{"choices": [{"index": 0, "delta": {"content": "half"}}]}'])
    assert (text(chunks), finish) == ("half", None)


def test_text_after_the_end_mark_and_other_choices_are_ignored() -> None:
    chunks, finish = parse(
        [
            '{"choices": [{"index": 0, "delta": {"content": "a"}}, {"index": 1, "delta": {"content": "b"}}]}',
            '{"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}',
            '{"choices": [{"index": 0, "delta": {"content": "c"}}]}',
        ]
    )
    assert (text(chunks), finish) == ("a", Finish("stop"))


@pytest.mark.parametrize("payload", ['{"error": {"message": "boom"}}', '{"object": "error", "message": "boom"}'])
def test_an_error_inside_the_stream_is_raised_in_its_own_words(payload: str) -> None:
    with pytest.raises(ProviderError) as caught:
        parse([payload])
    assert caught.value.detail == "boom"


@pytest.mark.parametrize("payload", ["{", "[]", "12", '{"choices":' + "[" * 6000])
def test_what_is_no_event_is_a_bad_reply(payload: str) -> None:
    with pytest.raises(BadReply):
        parse([payload])


@pytest.mark.parametrize(
    "base_url", ["http://127.0.0.1:8080", "http://127.0.0.1:8080/v1/", "127.0.0.1:8080/v1/v1", "127.0.0.1:8080/"]
)
def test_the_version_is_in_the_address_exactly_once(base_url: str) -> None:
    request = Request("m", (PromptMessage(Role.USER, "hi"),), Options(max_output_tokens=5))
    made = chat_completions.render_reply_call(service(base_url), request, "sk-secret")
    assert made.url == "http://127.0.0.1:8080/v1/chat/completions"
    assert json.loads(made.body)["max_tokens"] == 5
    assert "sk-secret" not in repr(made)


def test_models_are_listed_in_the_server_s_order() -> None:
    models = chat_completions.parse_models(service("127.0.0.1:1"), b'{"data": [{"id": "b"}, {"id": "a"}, {}]}')
    assert [model.ref.name for model in models] == ["b", "a"]


def test_models_say_their_windows_under_many_names_and_may_come_as_a_bare_list() -> None:
    rows = [{"id": "a", "context_length": 1}, {"id": "b", "max_model_len": 2}, {"id": "c", "meta": {"n_ctx": 3}}]
    for body in ({"data": rows}, rows):
        models = chat_completions.parse_models(service("127.0.0.1:1"), json.dumps(body).encode())
        assert [model.context_window for model in models] == [1, 2, 3]


@pytest.mark.parametrize(
    ("base_url", "url"),
    [
        ("https://api.example.com/openai/v1", "https://api.example.com/openai/v1/chat/completions"),
        ("https://api.example.com/paas/v4", "https://api.example.com/paas/v4/chat/completions"),
        ("https://example.com/v1beta/openai/", "https://example.com/v1beta/openai/chat/completions"),
        ("https://example.com/client/v4/ai/v1", "https://example.com/client/v4/ai/v1/chat/completions"),
        ("https://example.com/proxy", "https://example.com/proxy/v1/chat/completions"),
    ],
)
def test_another_version_in_the_address_stays(base_url: str, url: str) -> None:
    assert call(chat_completions, service(base_url)).url == url


def test_recorded_tool_calls_in_fragments_are_kept_whole() -> None:
    got = read(chat_completions, recording("llamacpp_openai_tools.sse"))
    assert [one["name"] for one in got.tool_calls] == ["get_weather"] * len(got.tool_calls)
    assert all(json.loads(one["arguments"])["city"] for one in got.tool_calls)
    assert len({one["id"] for one in got.tool_calls}) == len(got.tool_calls) > 1


def test_calls_that_all_bear_the_same_index_or_none_are_told_apart() -> None:
    def fragment(call_id: str, arguments: str, **index: int) -> bytes:
        called = {**index, "id": call_id, "function": {"name": "f", "arguments": arguments}}
        return server.event({"choices": [{"index": 0, "delta": {"tool_calls": [called]}}]})

    for index in ({"index": 0}, {}):
        stream = [fragment("a", "{", **index), fragment("a", "}", **index), fragment("b", "[]", **index), server.DONE]
        assert [one["arguments"] for one in read(chat_completions, stream).tool_calls] == ["{}", "[]"]


def test_a_server_that_does_not_stream_is_understood() -> None:
    message = {"role": "assistant", "content": "whole"}
    body = {"choices": [{"index": 0, "message": message, "finish_reason": "stop"}], "usage": {"prompt_tokens": 3}}
    got = read(chat_completions, json.dumps(body, indent=1).encode())
    assert (got.text, got.finish) == ("whole", Finish("stop", Usage(3)))


def test_content_in_parts_is_understood() -> None:
    parts = [{"type": "thinking", "thinking": [{"type": "text", "text": "hm"}]}, {"type": "text", "text": "hi"}]
    got = read(chat_completions, [server.event({"choices": [{"delta": {"content": parts}}]}), server.DONE])
    assert (got.reasoning, got.text) == ("hm", "hi")


def test_all_options_of_the_wire_are_sent() -> None:
    options = Options(0.5, 0.9, 50, seed=1, stop=("x",), effort=Effort.LOW, json_mode=True)
    body = asked(chat_completions, service("https://api.openai.com/v1"), options)
    sent = {name: body[name] for name in body if name not in ("model", "messages", "stream", "stream_options")}
    assert sent == {
        "temperature": 0.5,
        "top_p": 0.9,
        "max_completion_tokens": 50,
        "seed": 1,
        "stop": ["x"],
        "response_format": {"type": "json_object"},
        "reasoning_effort": "low",
    }
    local = asked(chat_completions, service("http://127.0.0.1:8080"), Options(effort=Effort.NONE))
    assert local["chat_template_kwargs"] == {"enable_thinking": False}


def test_the_system_s_message_and_pictures_are_part_of_the_messages() -> None:
    system, picture, *_ = asked(chat_completions, service("127.0.0.1:1"))["messages"]
    assert system == {"role": "system", "content": "Be brief."}
    assert picture["content"] == [
        {"type": "text", "text": "What is this?"},
        {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw=="}},
    ]


def test_a_reply_that_is_begun_is_sent_as_the_service_wants_it() -> None:
    begun = (PromptMessage(Role.USER, "Count"), PromptMessage(Role.ASSISTANT, "one"))

    def body(prefill: Prefill) -> dict[str, object]:
        made = replace(service("127.0.0.1:1"), habits=Habits(prefill=prefill))
        return asked(chat_completions, made, messages=begun)

    assert body(Prefill.UNSAID)["messages"] == body(Prefill.CONTINUE_FINAL)["messages"]
    assert body(Prefill.CONTINUE_FINAL)["continue_final_message"] is True
    assert body(Prefill.PREFIX)["messages"] == [
        {"role": "user", "content": "Count"},
        {"role": "assistant", "content": "one", "prefix": True},
    ]


def test_a_service_s_habits_are_in_its_calls() -> None:
    habits = Habits(key_header="api-key", headers=(("x-title", "Parley"),), query="api-version=v1", versioned=False)
    made = call(chat_completions, replace(service("https://example.com/base"), habits=habits))
    assert made.url == "https://example.com/base/chat/completions?api-version=v1"
    assert (made.headers["api-key"], made.headers["x-title"]) == ("sk-secret", "Parley")
    assert "Authorization" not in made.headers


def test_texts_are_embedded_together() -> None:
    made = chat_completions.render_embed_call(service("127.0.0.1:1"), "embedder", ("a", "b"), None)
    assert (made.url, json.loads(made.body)["input"]) == ("http://127.0.0.1:1/v1/embeddings", ["a", "b"])
    body = b'{"data": [{"index": 1, "embedding": [3, 4]}, {"index": 0, "embedding": [1, 2]}]}'
    assert chat_completions.parse_embeddings(body) == ((1.0, 2.0), (3.0, 4.0))
