"""Lines of JSON, cut anywhere."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.errors import BadReply
from desktop.services.providers.ndjson import MAX_LINE_CHARS, NdjsonDecoder

STREAM = '{"a": "é\u2028\u0085"}\n\n{"b": "日🙂"}\r\n{"c": 1}'.encode()
LINES = ['{"a": "é\u2028\u0085"}', '{"b": "日🙂"}\r', '{"c": 1}']


@given(st.lists(st.integers(0, len(STREAM)), max_size=30))
def test_any_cut_gives_the_same_lines(cuts: list[int]) -> None:
    places = [0, *sorted(cuts), len(STREAM)]
    decoder = NdjsonDecoder()
    lines = [line for start, end in pairwise(places) for line in decoder.feed(STREAM[start:end])]
    assert lines + decoder.finish() == LINES


def test_a_last_line_that_is_cut_off_is_nothing() -> None:
    for last, lines in (('{"b": 2', []), ('{"b": 2}', ['{"b": 2}']), (" ", []), ("nope", [])):
        decoder = NdjsonDecoder()
        assert decoder.feed(b'{"a": 1}\n' + last.encode()) == ['{"a": 1}']
        assert decoder.finish() == lines


def test_an_endless_line_is_refused() -> None:
    decoder = NdjsonDecoder()
    for _ in range(MAX_LINE_CHARS // 1000):
        decoder.feed(b"x" * 1000)
    with pytest.raises(BadReply):
        decoder.feed(b"x" * 10_000)


@given(st.lists(st.integers(0, 40), max_size=9))
def test_a_page_is_one_payload(cuts: list[int]) -> None:
    page = "\n<html>\n<title>é</title>\n\n</html>".encode()
    decoder = NdjsonDecoder()
    pieces = pairwise([0, *sorted(cut % len(page) for cut in cuts), len(page)])
    payloads = [one for start, end in pieces for one in decoder.feed(page[start:end])] + decoder.finish()
    assert [one.strip() for one in payloads] == [page.decode().strip()]
