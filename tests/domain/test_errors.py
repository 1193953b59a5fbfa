"""The tree of errors: drawn as it is, and each can say itself."""

import re

import pytest

from desktop.domain import errors
from desktop.domain.errors import BadAddress, NextStep, ParleyError, Problem, ProviderDown, ProviderError

RETRYABLE = {"RateLimited", "ProviderDown", "Overloaded", "Offline", "TimedOut", "StreamInterrupted"}


def drawn(tree: str) -> dict[str, str]:
    """The parent of each class in a drawing; names stand in columns, what explains them is more than one word."""
    parents: dict[str, str] = {}
    above: dict[int, str] = {}
    for line in tree.splitlines():
        branch = re.match(r"[ │├└─]*", line)
        assert branch is not None
        names = [one for one in re.split(r"\s{2,}", line[branch.end() :]) if re.fullmatch(r"([A-Z][a-z]+)+", one)]
        for name in names:
            nearer = [depth for depth in above if depth < branch.end()]
            parents[name] = above[max(nearer)] if nearer else "Exception"
        above = {depth: name for depth, name in above.items() if depth < branch.end()} | {branch.end(): names[-1]}
    return parents


def classes(root: type[ParleyError] = ParleyError) -> list[type[ParleyError]]:
    below = [one for child in root.__subclasses__() for one in classes(child)]
    return [root, *(one for one in below if one.__module__ == errors.__name__)]


def test_the_tree_is_drawn_as_it_is() -> None:
    assert errors.__doc__ is not None
    _, tree, _ = errors.__doc__.split("\n\n")
    assert drawn(tree) == {one.__name__: one.__bases__[0].__name__ for one in classes()}


def test_a_later_try_is_worth_it_only_where_the_cause_may_pass() -> None:
    assert {one.__name__ for one in classes() if one.retryable} == RETRYABLE


@pytest.mark.parametrize("kind", classes(ProviderError))
def test_there_is_always_something_to_do_about_a_failed_call(kind: type[ProviderError]) -> None:
    assert kind.steps
    assert len(set(kind.steps)) == len(kind.steps)


def test_a_problem_is_what_is_stored_and_shown() -> None:
    error = ProviderDown("It failed.", "boom", status=500, retry_after=2.0)
    assert error.problem == Problem("ProviderDown", "It failed.", "boom", (NextStep.RETRY, NextStep.CHOOSE_MODEL))
    assert (str(error), error.status, error.retry_after) == ("It failed.", 500, 2.0)


def test_a_long_address_is_shown_by_its_beginning() -> None:
    assert len(BadAddress("x" * 10_000).sentence) < 200
