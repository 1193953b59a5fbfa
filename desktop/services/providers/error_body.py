"""What an error says of itself, in whichever shape a service writes it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from desktop.domain.errors import BadReply
from desktop.services.providers import payload
from desktop.services.providers.waits import parse_duration, spoken_wait

_SUM = re.compile(r"(\d+)\s*\+\s*(\d+)\s*(?:>|exceeds?)\s*(\d+)")
_COUNT = re.compile(r"(?<![\w.\-$])(?:\d{1,3}(?:,\d{3})+|\d+)(?![\w\-]|\.\d)")
_MOST_CHARS = 2000
_SMALLEST_COUNT = 16  # smaller numbers in such a text are no windows


@dataclass(frozen=True, slots=True)
class ErrorBody:
    """An error as read.

    Args:
        words: the service's own words, plain and short.
        codes: what it is told by: its machine-readable words and its text.
        status: the HTTP status that it names itself, such as an error inside a 200 stream.
        asked: tokens of the request, where it says so.
        limit: tokens that would fit.
        wait: seconds to wait.
        request_id: the service's name for the request.
    """

    words: str
    codes: str = ""
    status: int | None = None
    asked: int | None = None
    limit: int | None = None
    wait: float | None = None
    request_id: str = ""


def parse_error(body: str | bytes) -> ErrorBody:
    """Read an error's body: JSON of any service, a page of a proxy, or plain text. Never fails."""
    try:
        value = payload.parse_any(body)
    except BadReply:
        return _of_text(payload.shown(body))
    if isinstance(value, list):  # Gemini, where it does not stream
        value = value[0] if value else ""
    if not isinstance(value, dict):
        return _of_text(payload.shown(body))
    inner = value.get("error")
    if not isinstance(inner, dict):
        # `response.failed` holds the error one floor deeper
        inner = payload.child(payload.child(value, "response"), "error") or value
    return _of_object(value, inner, payload.shown(body))


def _of_object(value: Mapping[str, object], inner: Mapping[str, object], shown: str) -> ErrorBody:
    text = (payload.text(inner, "message", "error", "detail", "type", "code") or shown)[:_MOST_CHARS]
    codes = " ".join(payload.text(inner, name)[:_MOST_CHARS] for name in ("type", "code", "status"))
    asked, limit = payload.count(inner, "n_prompt_tokens"), payload.count(inner, "n_ctx")
    if asked is None or limit is None:
        asked, limit = _counts(text)
    details = payload.children(inner, "details")
    reasons = " ".join(payload.text(detail, "reason")[:_MOST_CHARS] for detail in details[:9])
    delays = (parse_duration(payload.text(detail, "retryDelay")) for detail in details)
    return ErrorBody(
        payload.shown(text),
        f"{codes} {reasons} {text}",
        _status(inner),
        asked,
        limit,
        next((delay for delay in delays if delay is not None), spoken_wait(text)),
        payload.text(value, "request_id"),
    )


def _of_text(words: str) -> ErrorBody:
    asked, limit = _counts(words)
    return ErrorBody(words, words, None, asked, limit, spoken_wait(words))


def _status(inner: Mapping[str, object]) -> int | None:
    """OpenRouter and Gemini say as `code` what another service would say as HTTP status."""
    status = payload.count(inner, "code")
    return status if status is not None and 400 <= status < 600 else None


def _counts(words: str) -> tuple[int | None, int | None]:
    """The tokens asked for and those that fit: the first two numbers of a text on overflow, the larger was asked."""
    if added := _SUM.search(words):
        first, second, limit = map(int, added.groups())
        return first + second, limit
    numbers = [int(found.replace(",", "")) for found in _COUNT.findall(words) if len(found) < 16]
    numbers = [number for number in numbers if number >= _SMALLEST_COUNT]
    if len(numbers) < 2 or "<=" in words:
        return None, None
    asked, limit = max(numbers[:2]), min(numbers[:2])
    return (asked, limit) if asked > limit else (None, None)
