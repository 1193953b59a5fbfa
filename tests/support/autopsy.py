"""What a scripted session left behind when it was killed, and which promises that breaks."""

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from desktop.domain.errors import StoreError
from desktop.services.suite import DATABASE, open_services
from tests.support.dialects import Dialect
from tests.support.plan import Plan
from tests.support.received import Received
from tests.support.wires import framing

ALLOWED_S, ALLOWED_BYTES = 0.25, 4096
STATUS = {"done": "complete", "interrupted": "interrupted", "queued": "pending"}
"""How a turn may be found after a kill, and the status of its reply; a queued one was never sent."""

_TURNS = (
    "SELECT t.token, t.state, u.text, r.text, r.status, (SELECT count(*) FROM attempts WHERE turn_id = t.id) "
    "FROM turns t JOIN messages u ON u.id = t.user_message_id JOIN messages r ON r.id = t.reply_id"
)


@dataclass(frozen=True)
class Script:
    """How many messages a session sends, and how each is answered: in so many pieces of a size, one every so often."""

    messages: int = 3
    pieces: int = 80
    size: int = 200
    interval_s: float = 0.005

    def words(self) -> list[str]:
        """The pieces of every reply."""
        return [f"{number:06} ".ljust(self.size, "x") for number in range(self.pieces)]

    def plan(self, dialect: Dialect) -> Plan:
        """The answer to every request."""
        return framing.stream(dialect.media_type, dialect.payloads(self.words()), self.interval_s)

    def left_at(self, dialect: Dialect, request: Received) -> list[float]:
        """When each piece of the answer left the server, so far; before them left the head and perhaps more."""
        words = self.words()
        first = 1 + list(dialect.payloads(words)).index(dialect.chunk(words[0]))
        return request.sent_at[first : first + self.pieces]


@dataclass(frozen=True)
class Death:
    """What was found.

    Args:
        ended: whether the session had come to its end.
        faults: every broken promise, in words; but `late` those about time, which depend on who else uses the machine.
        corrupt: whether the database could not be read as a whole.
        lag_s: for how long text that had left the server was not stored, at most.
    """

    ended: bool
    faults: tuple[str, ...] = ()
    late: tuple[str, ...] = ()
    corrupt: bool = False
    lag_s: float = 0.0

    @property
    def lost(self) -> bool:
        """Whether anything is not as it must be in a database that is whole."""
        return bool(self.faults or self.late) and not self.corrupt


@dataclass(frozen=True)
class _Turn:
    token: str
    state: str
    question: str
    text: str
    status: str
    attempts: int

    def __str__(self) -> str:
        return f"{self.token!r}: {self.state}, {self.status}, {len(self.text)} characters, {self.attempts} attempts"


@dataclass(frozen=True)
class Evidence:
    """What is known from outside: what was acknowledged, what reached the server, and when the session was killed."""

    dialect: Dialect
    script: Script
    acknowledged: Sequence[str]
    requests: Sequence[Received]
    killed_at: float
    ended: bool


async def examine(data: Path, evidence: Evidence) -> Death:
    """Open the data as Parley does at its next start, then look at all of it."""
    try:
        services = await open_services(data, {})
        await services.close()
        integrity, turns = _read(data / DATABASE)
    except (StoreError, sqlite3.DatabaseError) as error:
        return Death(evidence.ended, (f"not readable: {error}",), corrupt=True)
    if integrity != "ok":
        return Death(evidence.ended, (f"integrity_check: {integrity}",), corrupt=True)
    lags = [(turn, *_behind(turn, evidence)) for turn in turns]
    faults = [
        *_forgotten(turns, evidence),
        *(fault for turn in turns for fault in _wrong(turn, evidence)),
    ]
    late = [f"{turn} lacks {size} bytes of {lag_s:.3f} s" for turn, lag_s, size in lags if _is_much(lag_s, size)]
    return Death(evidence.ended, tuple(faults), tuple(late), lag_s=max((lag_s for _, lag_s, _ in lags), default=0.0))


def with_fault(death: Death, fault: str) -> Death:
    """The same with one more broken promise."""
    return replace(death, faults=(*death.faults, fault))


def _read(path: Path) -> tuple[str, list[_Turn]]:
    connection = sqlite3.connect(path)
    try:
        (integrity,) = connection.execute("PRAGMA integrity_check").fetchone()
        return str(integrity), [_Turn(*row) for row in connection.execute(_TURNS)]
    finally:
        connection.close()


def _forgotten(turns: list[_Turn], evidence: Evidence) -> Iterator[str]:
    """What was taken or sent and is not there."""
    tokens = {turn.token for turn in turns}
    yield from (f"acknowledged and gone: {line}" for line in evidence.acknowledged if line not in tokens)
    if len(evidence.requests) > len(turns):
        yield f"{len(evidence.requests)} requests for {len(turns)} turns"


def _wrong(turn: _Turn, evidence: Evidence) -> Iterator[str]:
    """What is not as it must be about one turn."""
    whole = "".join(evidence.script.words())
    if turn.question != turn.token:
        yield f"the wrong question: {turn}"
    if turn.status != STATUS.get(turn.state) or (turn.state == "queued" and turn.attempts):
        yield f"a wrong state: {turn}"
    if not whole.startswith(turn.text) or (turn.state == "done" and turn.text != whole):
        yield f"text that was not sent: {turn}"
    if len(_asked(turn, evidence)) > min(turn.attempts, 1):
        yield f"sent too often: {turn}"


def _asked(turn: _Turn, evidence: Evidence) -> list[Received]:
    """The requests whose last message is the turn's."""
    bodies = ((one, one.body[one.body.rfind(b"message ") :]) for one in evidence.requests)
    return [one for one, end in bodies if turn.token.encode() in end]


def _behind(turn: _Turn, evidence: Evidence) -> tuple[float, int]:
    """For how long the first character that is not stored had left the server, and how many had."""
    asked = _asked(turn, evidence)
    if turn.state != "interrupted" or not asked:
        return 0.0, 0
    moments = evidence.script.left_at(evidence.dialect, asked[0])
    left = [moment for moment in moments if moment <= evidence.killed_at]
    size = evidence.script.size
    missing = len(turn.text) // size
    return (evidence.killed_at - left[missing], len(left) * size - len(turn.text)) if missing < len(left) else (0.0, 0)


def _is_much(lag_s: float, size: int) -> bool:
    """Whether that is more than a crash may cost."""
    return lag_s > ALLOWED_S and size > ALLOWED_BYTES
