"""Ollama's native wire."""

import json

import pytest

from desktop.domain.address import parse_address
from desktop.domain.chunk import Channel, Chunk
from desktop.domain.errors import ModelNotFound
from desktop.domain.message import Role
from desktop.domain.request import Options, PromptMessage, Request
from desktop.domain.service import Service, Wire
from desktop.domain.usage import Usage
from desktop.services.providers.protocols import ollama
from desktop.services.providers.wire import Finish

SERVICE = Service("ollama", "Ollama", Wire.OLLAMA, parse_address("http://127.0.0.1:11434/api/"))


def test_a_reply_with_thinking_is_read_to_its_end() -> None:
    parser = ollama.reply_parser()
    chunks = [
        chunk
        for line in (
            '{"message": {"role": "assistant", "content": "", "thinking": "hm"}, "done": false}',
            '{"message": {"role": "assistant", "content": "hi"}, "done": false}',
            '{"message": {}, "done": true, "done_reason": "stop", "prompt_eval_count": 7, "eval_count": 2}',
        )
        for chunk in parser.parse(line)
    ]
    assert chunks == [Chunk("hm", Channel.REASONING), Chunk("hi")]
    assert parser.is_over
    assert parser.finish == Finish("stop", Usage(7, 2))


def test_counts_that_the_server_left_out_are_unknown() -> None:
    parser = ollama.reply_parser()
    assert list(parser.parse('{"done": true}')) == []
    assert parser.finish == Finish(None, None)


def test_an_error_line_is_raised() -> None:
    with pytest.raises(ModelNotFound):
        list(ollama.reply_parser().parse('{"error": "model \\"x\\" not found"}'))


def test_a_request_says_what_was_asked() -> None:
    request = Request("qwen3:8b", (PromptMessage(Role.USER, "hi"),), Options(temperature=0.0, max_output_tokens=9))
    call = ollama.render_reply_call(SERVICE, request, None)
    assert call.url == "http://127.0.0.1:11434/api/chat"
    assert json.loads(call.body) == {
        "model": "qwen3:8b",
        "messages": [{"role": "user", "content": "hi"}],
        "stream": True,
        "options": {"temperature": 0.0, "num_predict": 9},
    }


def test_a_cloud_model_behind_the_local_server_is_told_apart() -> None:
    body = b'{"models": [{"model": "a:1"}, {"model": "b", "remote_host": "https://ollama.com:443"}]}'
    models = ollama.parse_models(SERVICE, body)
    assert [(model.ref.name, model.remote_host) for model in models] == [("a:1", None), ("b", "https://ollama.com:443")]
