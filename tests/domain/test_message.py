"""What is known about a reply."""

import pytest

from desktop.domain.message import ReplyFacts
from desktop.domain.usage import Usage


@pytest.mark.parametrize(
    ("facts", "rate"),
    [
        (ReplyFacts(writing_s=2.0, usage=Usage(10, 50)), 25.0),
        (ReplyFacts(writing_s=2.0), None),
        (ReplyFacts(usage=Usage(10, 50)), None),
        (ReplyFacts(writing_s=2.0, usage=Usage(10, None)), None),
        (ReplyFacts(writing_s=2.0, usage=Usage(10, 0)), None),
        (ReplyFacts(writing_s=0.0, usage=Usage(10, 50)), None),
    ],
)
def test_a_rate_is_known_only_where_both_its_numbers_are(facts: ReplyFacts, rate: float | None) -> None:
    assert facts.tokens_per_second == rate


def test_unknown_is_not_zero() -> None:
    assert {getattr(Usage(), name) for name in Usage.__slots__} == {None}
    assert not ReplyFacts().free
