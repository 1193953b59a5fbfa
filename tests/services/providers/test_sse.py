"""Server-sent events, cut anywhere."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.errors import BadReply
from desktop.services.providers.sse import MAX_EVENT_CHARS, SseDecoder

STREAM = (
    '\ufeffdata: {"a": 1}\n\n: comment\nevent: x\ndata:two\ndata: lines\r\n\r\n'
    "id: 4\rdata: é\u2028\u0085日🙂\r\rdata\n\ndata: lost"
).encode()
EVENTS = ['{"a": 1}', "two\nlines", "é\u2028\u0085日🙂", ""]


@given(st.lists(st.integers(0, len(STREAM)), max_size=40))
def test_any_cut_gives_the_same_events(cuts: list[int]) -> None:
    places = [0, *sorted(cuts), len(STREAM)]
    decoder = SseDecoder()
    events = [event for start, end in pairwise(places) for event in decoder.feed(STREAM[start:end])]
    assert events + decoder.finish() == EVENTS


def test_each_byte_alone_gives_the_same_events() -> None:
    decoder = SseDecoder()
    assert [event for byte in STREAM for event in decoder.feed(bytes([byte]))] == EVENTS


def test_an_endless_event_is_refused() -> None:
    decoder = SseDecoder()
    for _ in range(MAX_EVENT_CHARS // 1000):
        decoder.feed(b"data: " + b"x" * 994)
    with pytest.raises(BadReply):
        decoder.feed(b"x" * 10_000)


@pytest.mark.parametrize("start", ["<html>", "\ufeff \n{", "\r\n["])
@given(cuts=st.lists(st.integers(0, 40), max_size=9))
def test_what_is_no_stream_of_events_is_one_payload(start: str, cuts: list[int]) -> None:
    other = f"{start}\n\ndata: é\r\n\r\n".encode()
    decoder = SseDecoder()
    for begin, end in pairwise([0, *sorted(cut % len(other) for cut in cuts), len(other)]):
        assert decoder.feed(other[begin:end]) == []
    (payload,) = decoder.finish()
    assert payload.endswith("data: é\r\n\r\n")
    assert payload.lstrip().startswith(start.strip("\ufeff \r\n"))


def test_an_endless_page_is_refused() -> None:
    with pytest.raises(BadReply):
        SseDecoder().feed(b"<" * (MAX_EVENT_CHARS + 1))
