"""Gemini's wire."""

import json

import pytest

from desktop.domain.address import parse_address
from desktop.domain.errors import BadReply, ContentRefused, ProviderDown
from desktop.domain.request import Effort, Options
from desktop.domain.service import Service, Wire
from desktop.domain.usage import Usage
from desktop.services.providers.protocols import gemini
from desktop.services.providers.wire import Finish
from tests.services.providers.protocols.reading import asked, call, read
from tests.support.wires import gemini as server


def service(base_url: str = "https://generativelanguage.googleapis.com") -> Service:
    return Service("gemini", "Google Gemini", Wire.GEMINI, parse_address(base_url))


def test_a_reply_with_thoughts_is_read_to_its_end() -> None:
    got = read(gemini, server.events(["Hello ", "you"], reasoning=["hm"], reason="length"))
    assert (got.text, got.reasoning) == ("Hello you", "hm")
    assert got.finish == Finish("length", Usage(11, 7))


def test_thoughts_are_counted_as_part_of_the_output() -> None:
    counts = {"promptTokenCount": 9, "candidatesTokenCount": 4, "thoughtsTokenCount": 6, "cachedContentTokenCount": 5}
    end = server.event({"candidates": [{"finishReason": "STOP"}], "usageMetadata": counts})
    assert read(gemini, [end]).finish == Finish("stop", Usage(9, 10, 5, 6))
    assert read(gemini, [server.last(None)]).finish == Finish("stop", None)


def test_only_the_first_candidate_is_read() -> None:
    both = [
        {"index": number, "content": {"parts": [{"text": text}]}, "finishReason": "STOP"}
        for number, text in ((1, "b"), (0, "a"))
    ]
    assert read(gemini, [server.event({"candidates": both})]).text == "a"


def test_tool_calls_arrive_whole() -> None:
    called = server.parts({"functionCall": {"name": "weather", "args": {"city": "Oslo"}}})
    got = read(gemini, [called, server.last()])
    assert got.tool_calls == [{"id": "", "name": "weather", "arguments": '{"city":"Oslo"}'}]
    assert got.finish is not None
    assert got.finish.reason == "tool_calls"


def test_a_refused_question_or_an_empty_refused_answer_is_an_error() -> None:
    with pytest.raises(ContentRefused) as caught:
        read(gemini, [server.event({"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}})])
    assert caught.value.detail == "PROHIBITED_CONTENT"
    with pytest.raises(ContentRefused):
        read(gemini, [server.last(reason="SAFETY")])
    got = read(gemini, server.events(["half"], reason="SAFETY"))
    assert got.finish is not None
    assert got.finish.reason == "content_filter"


def test_an_error_inside_the_stream_is_raised_in_its_own_words() -> None:
    error = {"error": {"code": 503, "message": "The model is overloaded.", "status": "UNAVAILABLE"}}
    for stream in ([server.chunk("half"), server.event(error)], [json.dumps([error], indent=2).encode()]):
        with pytest.raises(ProviderDown) as caught:
            read(gemini, stream)
        assert (caught.value.status, caught.value.detail) == (503, "The model is overloaded.")


def test_a_request_says_what_was_asked() -> None:
    body = asked(gemini, service())
    assert body["systemInstruction"] == {"parts": [{"text": "Be brief."}]}
    first, second, third = body["contents"]
    picture = {"inlineData": {"mimeType": "image/png", "data": "iVBORw=="}}
    assert first == {"role": "user", "parts": [picture, {"text": "What is this?"}]}
    assert second == {"role": "model", "parts": [{"text": "A cat."}]}
    assert third["role"] == "user"
    assert set(body) == {"contents", "systemInstruction"}


def test_all_options_of_the_wire_are_sent() -> None:
    options = Options(0.5, 0.9, 50, seed=1, stop=("x",), effort=Effort.HIGH, json_mode=True)
    assert asked(gemini, service(), options)["generationConfig"] == {
        "temperature": 0.5,
        "topP": 0.9,
        "maxOutputTokens": 50,
        "seed": 1,
        "stopSequences": ["x"],
        "responseMimeType": "application/json",
        "thinkingConfig": {"thinkingBudget": 24576, "includeThoughts": True},
    }
    silent = asked(gemini, service(), Options(reasoning_budget=0))["generationConfig"]["thinkingConfig"]
    assert silent == {"thinkingBudget": 0, "includeThoughts": False}


@pytest.mark.parametrize("end", ["", "/", "/v1beta", "/v1", "/v1beta/"])
def test_the_key_is_in_a_header_and_the_version_in_the_address_once(end: str) -> None:
    made = call(gemini, service(f"https://example.com{end}"), model="models/gemini ?x")
    assert made.url == "https://example.com/v1beta/models/gemini%20%3Fx:streamGenerateContent?alt=sse"
    assert made.headers["x-goog-api-key"] == "sk-secret"
    assert "sk-secret" not in made.url + repr(made)


def test_models_that_write_are_listed_with_their_windows() -> None:
    rows = [
        {"name": "models/gemini-pro", "inputTokenLimit": 1000, "supportedGenerationMethods": ["generateContent"]},
        {"name": "models/embedding", "supportedGenerationMethods": ["embedContent"]},
        {"name": "models/other"},
    ]
    models = gemini.parse_models(service(), json.dumps({"models": rows}).encode())
    assert [(one.ref.name, one.context_window) for one in models] == [("gemini-pro", 1000), ("other", None)]


def test_texts_are_embedded_together() -> None:
    made = gemini.render_embed_call(service(), "embedder", ("a", "b"), "k")
    assert made.url.endswith("/v1beta/models/embedder:batchEmbedContents")
    assert [one["content"]["parts"][0]["text"] for one in json.loads(made.body)["requests"]] == ["a", "b"]
    body = b'{"embeddings": [{"values": [0.5, 1]}, {"values": [2, 3]}]}'
    assert gemini.parse_embeddings(body) == ((0.5, 1.0), (2.0, 3.0))
    for broken in (b'{"embeddings": [{"values": [1]}, {"values": [2, 3]}]}', b'{"embeddings": [{}]}', b"{}"):
        with pytest.raises(BadReply):
            gemini.parse_embeddings(broken)
