"""Attempts: physical requests as the ledger keeps them, and what they sent."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from desktop.domain.secrets import MASK
from desktop.domain.usage import Usage

_KEY_VARIABLE = "$API_KEY"
_MADE_BY_CURL = ("host", "content-length")


class Purpose(StrEnum):
    """Why something was asked of a server."""

    REPLY = "reply"
    MODELS = "models"
    LOADED = "loaded"
    TEST = "test"
    DISCOVERY = "discovery"


class AttemptState(StrEnum):
    """How far a request came.

    Ambiguous is one that was sent and got no byte back, so that it may have been answered and billed; unknown is one
    during which Parley died.
    """

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"
    AMBIGUOUS = "ambiguous"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request as the connection log shows it; a time is None where the request never came so far.

    `number` counts the attempts of one turn from 1; `bytes_received` are those of the answer's body.
    """

    id: int
    purpose: Purpose
    service: str
    host: str
    state: AttemptState
    started_at: datetime
    reply_id: int | None = None
    number: int = 1
    connected_at: datetime | None = None
    first_byte_at: datetime | None = None
    first_token_at: datetime | None = None
    ended_at: datetime | None = None
    http_status: int | None = None
    bytes_received: int | None = None
    error_kind: str | None = None
    request_id: str | None = None
    usage: Usage = field(default_factory=Usage)


@dataclass(frozen=True, slots=True)
class SentRequest:
    """What a request sent, byte for byte; only keys in the URL and the headers are masked."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    body: bytes = field(default=b"", repr=False)


def curl(sent: SentRequest) -> str:
    """The same request as a command for a POSIX shell; the key is read from the environment variable API_KEY.

    The body goes through a pipe, because one argument may hold 128 kB only.
    """
    headers = [_header(name, value) for name, value in sent.headers if name.lower() not in _MADE_BY_CURL]
    if sent.body and "content-type" not in (name.lower() for name, _ in sent.headers):
        headers.append("Content-Type:")  # else curl adds one of its own
    words = [f"curl --silent --show-error --no-buffer --globoff --request {sent.method} {_quoted_around_key(sent.url)}"]
    words += [f"--header {_quoted_around_key(header)}" for header in headers]
    if not sent.body:
        return " \\\n  ".join(words)
    body = _quoted(sent.body.decode("utf-8", "replace"))
    return f"printf %s {body} |\n" + " \\\n  ".join([*words, "--data-binary @-"])


def _header(name: str, value: str) -> str:
    return f"{name}: {value}" if value else f"{name};"  # a colon alone would leave the header out


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\"'\"'") + "'"


def _quoted_around_key(text: str) -> str:
    return _quoted(text).replace(MASK, f"'\"{_KEY_VARIABLE}\"'")
