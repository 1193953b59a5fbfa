"""The chat completions wire, read from what a real llama.cpp server sent."""

import json
from pathlib import Path

import pytest

from desktop.domain.address import parse_address
from desktop.domain.chunk import Channel, Chunk
from desktop.domain.errors import BadReply, ProviderError
from desktop.domain.message import Role
from desktop.domain.request import Options, PromptMessage, Request
from desktop.domain.service import Service, Wire
from desktop.domain.usage import Usage
from desktop.services.providers.protocols import chat_completions
from desktop.services.providers.wire import Finish

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
    call = chat_completions.render_reply_call(service(base_url), request, "sk-secret")
    assert call.url == "http://127.0.0.1:8080/v1/chat/completions"
    assert json.loads(call.body)["max_tokens"] == 5
    assert "sk-secret" not in repr(call)


def test_models_are_listed_in_the_server_s_order() -> None:
    models = chat_completions.parse_models(service("127.0.0.1:1"), b'{"data": [{"id": "b"}, {"id": "a"}, {}]}')
    assert [model.ref.name for model in models] == ["b", "a"]
