"""However a stream is cut, the reply is the same."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.dialects import DIALECTS, Dialect
from tests.support.rechunks import PIECES, cut, read, stream

CUTS, EXAMPLES = 1000, 100


@pytest.mark.parametrize("dialect", DIALECTS, ids=[one.wire for one in DIALECTS])
def test_any_cut_gives_the_same_reply(dialect: Dialect) -> None:
    body = stream(dialect)
    whole = read(dialect, [body])
    assert whole.text() == "".join(PIECES * 8).replace("\ud83d\ude42", "🙂")
    assert whole.finish is not None

    @settings(max_examples=EXAMPLES, deadline=None, database=None)
    @given(st.binary(min_size=CUTS, max_size=CUTS))
    def same(widths: bytes) -> None:
        assert read(dialect, cut(body, widths)) == whole

    same()
    assert read(dialect, (bytes([one]) for one in body)) == whole
