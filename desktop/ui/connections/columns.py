"""The columns in which requests are listed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from desktop.domain.attempt import Attempt, AttemptState, Purpose

_STATES = {
    AttemptState.RUNNING: "running",
    AttemptState.DONE: "done",
    AttemptState.FAILED: "failed",
    AttemptState.STOPPED: "stopped",
    AttemptState.AMBIGUOUS: "no answer, may be billed",
    AttemptState.UNKNOWN: "unknown: Parley ended",
}
_PURPOSES = {
    Purpose.REPLY: "Reply",
    Purpose.MODELS: "List of models",
    Purpose.LOADED: "Loaded models",
    Purpose.TEST: "Test",
    Purpose.DISCOVERY: "Looking for servers",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column; numbers stand at the right. `share` is its part of the width."""

    title: str
    text: Callable[[Attempt], str]
    share: int
    is_number: bool = False


def status_text(attempt: Attempt) -> str:
    """The HTTP status, unknown where none arrived."""
    return "–" if attempt.http_status is None else str(attempt.http_status)


def state_text(attempt: Attempt) -> str:
    """How a request ended, with the kind of its error."""
    words = _STATES[attempt.state]
    return f"{words}: {attempt.error_kind}" if attempt.error_kind and attempt.state is AttemptState.FAILED else words


def outcome_text(attempt: Attempt) -> str:
    """The HTTP status, and what came of the request where it was not simply answered."""
    known = "" if attempt.http_status is None else str(attempt.http_status)
    if attempt.state is AttemptState.DONE:
        return known or _STATES[attempt.state]
    failed = attempt.error_kind if attempt.state is AttemptState.FAILED else None
    return " · ".join(part for part in (known, failed or _STATES[attempt.state]) if part)


def bytes_text(attempt: Attempt) -> str:
    """How much was received, unknown where nobody counted."""
    count = attempt.bytes_received
    if count is None:
        return "–"
    return f"{count:,} B" if count < 10_000 else f"{count / 1000:,.0f} kB"


def tokens_text(attempt: Attempt) -> str:
    """Tokens in and out as the service counted them."""
    asked, made = attempt.usage.input_tokens, attempt.usage.output_tokens
    if asked is None and made is None:
        return "–"
    return f"{_count(asked)} in · {_count(made)} out"


def when_text(attempt: Attempt) -> str:
    """When a request began, in this computer's time."""
    return attempt.started_at.astimezone().strftime("%Y-%m-%d %H:%M:%S")


def after_text(attempt: Attempt, moment: datetime | None) -> str:
    """How long after its beginning something happened to a request."""
    if moment is None:
        return "–"
    seconds = max(0.0, (moment - attempt.started_at).total_seconds())
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.2f} s"


def _count(tokens: int | None) -> str:
    return "unknown" if tokens is None else f"{tokens:,}"


LOG = (
    Column("When", when_text, 10),
    Column("Host", lambda one: one.host, 10),
    Column("Why", lambda one: _PURPOSES[one.purpose], 10),
    Column("Status", outcome_text, 12),
    Column("Received", bytes_text, 6, is_number=True),
)

OF_REPLY = (
    Column("#", lambda one: str(one.number), 1, is_number=True),
    Column("Host", lambda one: one.host or "built in", 5),
    Column("State", state_text, 5),
    Column("Status", status_text, 2, is_number=True),
    Column("Connected", lambda one: after_text(one, one.connected_at), 3, is_number=True),
    Column("First byte", lambda one: after_text(one, one.first_byte_at), 3, is_number=True),
    Column("First token", lambda one: after_text(one, one.first_token_at), 3, is_number=True),
    Column("End", lambda one: after_text(one, one.ended_at), 3, is_number=True),
    Column("Received", bytes_text, 3, is_number=True),
    Column("Tokens", tokens_text, 5),
)
