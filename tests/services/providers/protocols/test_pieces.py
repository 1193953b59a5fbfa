"""Every wire: the same bytes give the same reply, however they are cut, and what follows the end mark is nothing."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.errors import BadReply, ProviderDown, ProviderError
from desktop.services.providers.protocols import anthropic, chat_completions, gemini, ollama, responses
from desktop.services.providers.wire import WireProtocol
from tests.services.providers.protocols.reading import read, recording
from tests.support.wires import anthropic as anthropic_server
from tests.support.wires import gemini as gemini_server
from tests.support.wires import ollama as ollama_server
from tests.support.wires import openai as openai_server
from tests.support.wires import responses as responses_server

PIECES, THOUGHTS = ["日本", "\u2028\u0085", "🙂\r\n"], ["hm", " é"]
MADE: dict[str, tuple[WireProtocol, list[bytes]]] = {
    "ollama": (ollama, ollama_server.lines(PIECES, reasoning=THOUGHTS)),
    "chat_completions": (chat_completions, openai_server.events(PIECES, reasoning=THOUGHTS)),
    "responses": (responses, responses_server.events(PIECES, reasoning=THOUGHTS)),
    "anthropic": (anthropic, anthropic_server.events(PIECES, reasoning=THOUGHTS)),
    "gemini": (gemini, gemini_server.events(PIECES, reasoning=THOUGHTS)),
}
RECORDED: list[tuple[WireProtocol, str]] = [
    (chat_completions, "llamacpp_openai_tools.sse"),
    (responses, "llamacpp_responses.sse"),
    (anthropic, "llamacpp_anthropic.sse"),
    (anthropic, "llamacpp_anthropic_thinking.sse"),
    (anthropic, "llamacpp_anthropic_tools.sse"),
]
each_wire = pytest.mark.parametrize(("protocol", "events"), MADE.values(), ids=MADE)
CUTS = st.lists(st.integers(0, 10_000), max_size=40)


@each_wire
@given(cuts=CUTS)
def test_any_cut_gives_the_same_reply(protocol: WireProtocol, events: list[bytes], cuts: list[int]) -> None:
    stream = b"".join(events)
    got = read(protocol, stream, (cut % len(stream) for cut in cuts))
    assert (got.text, got.reasoning) == ("".join(PIECES), "".join(THOUGHTS))
    assert got == read(protocol, stream)
    assert got.is_over


@pytest.mark.parametrize(("protocol", "name"), RECORDED)
@given(cuts=CUTS)
def test_any_cut_of_a_real_stream_gives_the_same_reply(protocol: WireProtocol, name: str, cuts: list[int]) -> None:
    stream = recording(name)
    got = read(protocol, stream, (cut % len(stream) for cut in cuts))
    assert got == read(protocol, stream)
    assert got.finish


@each_wire
def test_without_the_end_mark_there_is_no_finish(protocol: WireProtocol, events: list[bytes]) -> None:
    kept = events[:-3] if protocol is chat_completions else events[:-1]  # a finish reason, counts and [DONE]
    got = read(protocol, kept)
    assert got.text == "".join(PIECES)
    assert (got.finish, got.is_over) == (None, False)


@each_wire
def test_what_follows_the_end_mark_is_nothing(protocol: WireProtocol, events: list[bytes]) -> None:
    assert read(protocol, [*events, *events]) == read(protocol, events)


@each_wire
@pytest.mark.parametrize("size", [1, 7, 100_000])
def test_a_page_with_status_200_is_a_bad_reply(protocol: WireProtocol, events: list[bytes], size: int) -> None:
    page = b"\n <!DOCTYPE html>\n<html>\n<head><title>Sign in\n to Wi-Fi</title></head>\n\n<script>x</script></html>\n"
    with pytest.raises(BadReply, match="web page") as caught:
        read(protocol, page, range(0, len(page), size))
    assert caught.value.detail == "Sign in to Wi-Fi"


@each_wire
@pytest.mark.parametrize("error", ['{"error": {"message": "the card fell off"}}', '{"error": "the card fell off"}'])
def test_an_error_object_with_status_200_is_that_error(protocol: WireProtocol, events: list[bytes], error: str) -> None:
    with pytest.raises(ProviderDown) as caught:
        read(protocol, error.encode(), (5, 9))
    assert caught.value.detail == "the card fell off"


@each_wire
@given(junk=st.binary(max_size=300), place=st.integers(0, 10_000))
def test_junk_is_an_error_of_the_tree_or_nothing(
    protocol: WireProtocol, events: list[bytes], junk: bytes, place: int
) -> None:
    stream = b"".join(events)
    place %= len(stream)
    with contextlib.suppress(ProviderError):
        assert read(protocol, stream[:place] + junk + stream[place:]).chunks is not None
