"""Ollama's native wire."""

import json

import pytest

from desktop.domain.address import parse_address
from desktop.domain.chunk import Channel, Chunk
from desktop.domain.errors import BadReply, ModelNotFound
from desktop.domain.message import Role
from desktop.domain.request import Effort, Options, PromptMessage, Request
from desktop.domain.service import Service, Wire
from desktop.domain.usage import Usage
from desktop.services.providers.protocols import ollama
from desktop.services.providers.wire import Finish
from tests.services.providers.protocols.reading import asked, read
from tests.support.wires import ollama as server

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
        "truncate": False,
        "shift": False,
        "options": {"temperature": 0.0, "num_predict": 9},
    }


def test_a_cloud_model_behind_the_local_server_is_told_apart() -> None:
    body = b'{"models": [{"model": "a:1"}, {"model": "b", "remote_host": "https://ollama.com:443"}]}'
    models = ollama.parse_models(SERVICE, body)
    assert [(model.ref.name, model.remote_host) for model in models] == [("a:1", None), ("b", "https://ollama.com:443")]


def test_all_options_of_the_wire_are_sent() -> None:
    options = Options(0.5, 0.9, 50, seed=1, stop=("x",), effort=Effort.HIGH, json_mode=True, context_window=8192)
    body = asked(ollama, SERVICE, options)
    assert body["options"] == {
        "temperature": 0.5,
        "top_p": 0.9,
        "num_predict": 50,
        "seed": 1,
        "stop": ["x"],
        "num_ctx": 8192,
    }
    assert (body["think"], body["format"]) == ("high", "json")
    assert asked(ollama, SERVICE, Options(effort=Effort.NONE))["think"] is False
    assert asked(ollama, SERVICE, Options(reasoning_budget=2000))["think"] == "low"


@pytest.mark.parametrize(("written", "sent"), [("5m", "5m"), ("-1", -1), ("0", 0), ("300", 300), ("-1m", "-1m")])
def test_how_long_a_model_stays_loaded_is_a_number_or_a_duration(written: str, sent: str | int) -> None:
    assert asked(ollama, SERVICE, Options(keep_alive=written))["keep_alive"] == sent


def test_the_system_s_message_and_pictures_are_part_of_the_messages() -> None:
    system, picture, *_ = asked(ollama, SERVICE)["messages"]
    assert system == {"role": "system", "content": "Be brief."}
    assert picture == {"role": "user", "content": "What is this?", "images": ["iVBORw=="]}


def test_tool_calls_arrive_whole() -> None:
    calls = [{"function": {"name": "weather", "arguments": {"city": city}}} for city in ("Oslo", "Rome")]
    got = read(ollama, [server.line({"message": {"content": "", "tool_calls": calls}}), server.last()])
    assert [(one["name"], one["arguments"]) for one in got.tool_calls] == [
        ("weather", '{"city":"Oslo"}'),
        ("weather", '{"city":"Rome"}'),
    ]


def test_models_that_only_embed_are_not_offered() -> None:
    body = b'{"models": [{"name": "a", "capabilities": ["completion", "vision"]}, {"name": "b"}, '
    body += b'{"name": "c", "capabilities": ["embedding"]}]}'
    models = ollama.parse_models(SERVICE, body)
    assert [(one.ref.name, one.capabilities) for one in models] == [
        ("a", frozenset({"completion", "vision"})),
        ("b", None),
    ]


def test_a_loaded_model_tells_the_window_in_use_and_a_shown_one_the_largest() -> None:
    (loaded,) = ollama.parse_models(SERVICE, b'{"models": [{"name": "a", "context_length": 4096}]}')
    assert loaded.context_window == 4096
    call = ollama.render_show_call(SERVICE, "a", None)
    assert (call.url, json.loads(call.body)) == ("http://127.0.0.1:11434/api/show", {"model": "a"})
    info = {"general.architecture": "qwen3", "qwen3.context_length": 40960}
    shown = {"model_info": info, "capabilities": ["completion", "thinking"], "details": {}}
    model = ollama.parse_show(SERVICE, "a", json.dumps(shown).encode())
    assert (model.context_window, model.capabilities) == (40960, frozenset({"completion", "thinking"}))
    assert ollama.parse_show(SERVICE, "a", b"{}").context_window is None


def test_texts_are_embedded_together() -> None:
    call = ollama.render_embed_call(SERVICE, "embedder", ("a", "b"), None)
    assert (call.url, json.loads(call.body)["input"]) == ("http://127.0.0.1:11434/api/embed", ["a", "b"])
    assert ollama.parse_embeddings(b'{"embeddings": [[1, 2], [3, 4.5]]}') == ((1.0, 2.0), (3.0, 4.5))
    for broken in (b"{}", b'{"embeddings": [1]}', b'{"embeddings": [["a"]]}', b'{"embeddings": [[]]}'):
        with pytest.raises(BadReply):
            ollama.parse_embeddings(broken)
