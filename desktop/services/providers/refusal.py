"""What a service's refusal means: status and wording to one error of the tree."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from desktop.domain import errors
from desktop.domain.errors import ProviderError
from desktop.services.providers import payload

_ANY_CASE = re.IGNORECASE
_OVERFLOW = re.compile(
    r"context.{0,20}(length|size|window)|exceed_context|maximum context|too many tokens|prompt is too long", _ANY_CASE
)
_QUOTA = re.compile(r"insufficient_quota|credit balance|exceeded your current quota|out of credits|billing", _ANY_CASE)
_NO_MODEL = re.compile(r"model.{0,80}(not found|not exist|no such)|model_not_found|unknown model", _ANY_CASE)
_FILTER = re.compile(r"content[_ ](filter|policy)|safety|moderation", _ANY_CASE)

_BY_STATUS: dict[int, tuple[type[ProviderError], str]] = {
    401: (errors.KeyRejected, "{name} did not accept the key. Check it in Settings."),
    402: (errors.QuotaExhausted, "The account at {name} has no credit left. Top it up there, or choose another model."),
    403: (errors.Forbidden, "{name} does not allow this with the present key."),
    404: (errors.ModelNotFound, "{name} does not know this model or address. Check the base URL, or choose a model."),
    408: (errors.TimedOut, "{name} gave up waiting for the request."),
    409: (errors.Overloaded, "{name} is busy with a conflicting request."),
    413: (errors.ContextTooLong, "The chat is too long for this model at {name}."),
    425: (errors.Overloaded, "{name} was not ready for the request."),
    429: (errors.RateLimited, "{name} asks to slow down: too many requests for now."),
    529: (errors.Overloaded, "{name} has more work than it can take at the moment."),
}


def refusal(name: str, status: int, body: bytes, headers: Mapping[str, str]) -> ProviderError:
    """The error for an answer that is not 200.

    Args:
        name: the service's name, for the sentence.
        body: the answer's body, or its beginning.
        headers: the answer's headers, names in lower case.
    """
    words = error_words(body)
    kind, sentence = _kind(name, status, words)
    return kind(sentence, words, status=status, retry_after=retry_after(headers))


def stated_error(name: str, words: str) -> ProviderError:
    """The error for one that arrived inside a 200 answer."""
    kind, sentence = _by_wording(name, words) or (errors.ProviderDown, f"{name} reported an error.")
    return kind(sentence, words)


def error_words(body: bytes) -> str:
    """The service's own words in an error body: the message of its JSON, or the text itself."""
    try:
        value = payload.parse_object(body)
    except errors.BadReply:
        return _plain(body)
    inner = value.get("error")
    if isinstance(inner, dict):
        return payload.shown(payload.text(inner, "message", "type", "code") or str(inner))
    return payload.shown(payload.text(value, "error", "message", "detail") or _plain(body))


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds the service asks to wait, from `retry-after-ms` or `Retry-After` (seconds or HTTP date)."""
    if (millis := _number(headers.get("retry-after-ms"))) is not None:
        return millis / 1000
    wish = headers.get("retry-after")
    if wish is None or (seconds := _number(wish)) is not None:
        return None if wish is None else seconds
    try:
        moment = parsedate_to_datetime(wish)
    except ValueError:
        return None
    return max(0.0, (moment.replace(tzinfo=moment.tzinfo or UTC) - datetime.now(UTC)).total_seconds())


def _kind(name: str, status: int, words: str) -> tuple[type[ProviderError], str]:
    if status < 500 and (worded := _by_wording(name, words)) is not None:
        return worded
    if status in _BY_STATUS:
        kind, sentence = _BY_STATUS[status]
        return kind, sentence.format(name=name)
    if status >= 500:
        return errors.ProviderDown, f"{name} failed on its side (status {status})."
    if 300 <= status < 400:
        return errors.BadReply, f"{name} wants to redirect to another address. Enter the final address in Settings."
    return errors.BadRequest, f"{name} did not accept the request (status {status})."


def _by_wording(name: str, words: str) -> tuple[type[ProviderError], str] | None:
    if _QUOTA.search(words):
        return errors.QuotaExhausted, f"The account at {name} has no quota left. Check its billing page."
    if _OVERFLOW.search(words):
        return (
            errors.ContextTooLong,
            f"The chat is too long for this model at {name}. Start a new chat, or choose another.",
        )
    if _NO_MODEL.search(words):
        return errors.ModelNotFound, f"{name} does not have this model. Choose another one."
    if _FILTER.search(words):
        return errors.ContentRefused, f"{name} refused the content of this chat."
    return None


def _plain(body: bytes) -> str:
    """A body as plain text; of an HTML page only the words of its title."""
    text = body.decode("utf-8", "replace")
    title = re.search(r"<title>(.*?)</title>", text, _ANY_CASE | re.DOTALL)
    return payload.shown(title.group(1) if title else text)


def _number(text: str | None) -> float | None:
    try:
        value = float(text) if text is not None else None
    except ValueError:
        return None
    return value if value is not None and 0 <= value < 1e9 else None
