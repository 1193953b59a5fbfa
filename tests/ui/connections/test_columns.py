from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from desktop.domain.attempt import Attempt, AttemptState, Purpose
from desktop.domain.usage import Usage
from desktop.ui.connections.columns import LOG, OF_REPLY

NOW = datetime(2026, 1, 1, 12, 30, 5, tzinfo=UTC)
BARE = Attempt(1, Purpose.REPLY, "openai", "api.openai.com", AttemptState.RUNNING, NOW)
FULL = replace(
    BARE,
    number=2,
    state=AttemptState.DONE,
    connected_at=NOW + timedelta(milliseconds=31),
    first_byte_at=NOW + timedelta(seconds=1, milliseconds=250),
    first_token_at=NOW + timedelta(seconds=2),
    ended_at=NOW + timedelta(seconds=61),
    http_status=200,
    bytes_received=1_234_567,
    usage=Usage(input_tokens=3_214, output_tokens=612),
)


def _row(attempt: Attempt) -> dict[str, str]:
    return {column.title: column.text(attempt) for column in (*OF_REPLY, *LOG) if column.title != "Status"}


def _status(attempt: Attempt) -> str:
    return next(column.text(attempt) for column in LOG if column.title == "Status")


def test_everything_that_is_known_is_said() -> None:
    assert _row(FULL) == {
        "#": "2",
        "Host": "api.openai.com",
        "State": "done",
        "Connected": "31 ms",
        "First byte": "1.25 s",
        "First token": "2.00 s",
        "End": "61.00 s",
        "Received": "1,235 kB",
        "Tokens": "3,214 in · 612 out",
        "When": NOW.astimezone().strftime("%Y-%m-%d %H:%M:%S"),
        "Why": "Reply",
    }


def test_unknown_is_not_zero() -> None:
    row = _row(BARE)
    assert {row[name] for name in ("Connected", "First byte", "First token", "End", "Received", "Tokens")} == {"–"}
    assert _row(replace(BARE, bytes_received=0))["Received"] == "0 B"
    assert _row(replace(BARE, usage=Usage(output_tokens=0)))["Tokens"] == "unknown in · 0 out"


@pytest.mark.parametrize(
    ("state", "status", "kind", "words"),
    [
        (AttemptState.DONE, 200, None, "200"),
        (AttemptState.DONE, None, None, "done"),
        (AttemptState.FAILED, 429, "RateLimited", "429 · RateLimited"),
        (AttemptState.FAILED, None, "Offline", "Offline"),
        (AttemptState.STOPPED, 200, None, "200 · stopped"),
        (AttemptState.AMBIGUOUS, None, "TimedOut", "no answer, may be billed"),
    ],
)
def test_what_came_of_it(state: AttemptState, status: int | None, kind: str | None, words: str) -> None:
    assert _status(replace(BARE, state=state, http_status=status, error_kind=kind)) == words


@pytest.mark.parametrize("purpose", list(Purpose))
@pytest.mark.parametrize("state", list(AttemptState))
def test_every_purpose_and_state_has_words(purpose: Purpose, state: AttemptState) -> None:
    assert all(_row(replace(BARE, purpose=purpose, state=state)).values())
