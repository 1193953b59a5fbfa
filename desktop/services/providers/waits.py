"""How long a service asks to wait, in all the ways in which services say it."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

RATE_LIMITED = 429

_RESET = re.compile(r"(?:x-ratelimit|x-rate-limit|ratelimit|anthropic-ratelimit)(?:-.+)?-reset(?:-.+)?")
_UNITS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0}
_DURATION = re.compile(r"(?:\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h|d)\s*)+")
_PART = re.compile(r"(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h|d)")
_SPOKEN = re.compile(
    rf"(?:try again|retry)\s+(?:in|after)\s+(?P<wait>{_DURATION.pattern}|\d+(?:\.\d+)?)", re.IGNORECASE
)
_LONGEST_S = 1e9


def wished_wait(headers: Mapping[str, str], status: int = RATE_LIMITED, now: datetime | None = None) -> float | None:
    """Seconds that an answer's headers ask to wait; the longest of them, None where they say nothing.

    `retry-after-ms`; `Retry-After` as seconds or HTTP date; `x-ratelimit-reset-*` and `anthropic-ratelimit-*-reset` as
    duration (`6m0s`, `12ms`), seconds, moment (RFC 3339, seconds or milliseconds since 1970), each of these only where
    its limit is exhausted.

    Args:
        headers: names in lower case.
        now: the present moment, for tests.
    """
    moment = now or datetime.now(UTC)
    wishes = [_millis(headers.get("retry-after-ms", "")), _wait(headers.get("retry-after", ""), moment)]
    wishes += [_wait(value, moment) for name, value in headers.items() if _is_exhausted(name, headers, status)]
    return max((wish for wish in wishes if wish is not None), default=None)


def spoken_wait(words: str) -> float | None:
    """Seconds to wait as an error's text says them: `Please try again in 7.66s.`"""
    found = _SPOKEN.search(words)
    return None if found is None else _wait(found["wait"], datetime.now(UTC))


def parse_duration(text: str) -> float | None:
    """Seconds of a duration such as `6m0s`, `34s` or `12ms`."""
    if not _DURATION.fullmatch(text.strip()):
        return None
    return _sane(sum(float(number) * _UNITS[unit] for number, unit in _PART.findall(text)))


def _is_exhausted(name: str, headers: Mapping[str, str], status: int) -> bool:
    """Whether a header tells when a limit ends that holds now: nothing remains, or nobody says how much."""
    if not _RESET.fullmatch(name):
        return False
    remaining = headers.get(name.replace("reset", "remaining"))
    return status == RATE_LIMITED if remaining is None else _number(remaining.strip()) == 0


def _wait(text: str, now: datetime) -> float | None:
    """Seconds until what a header's value says."""
    text = text.strip()
    if (number := _number(text)) is not None:
        if number > 1e12:
            return _sane(number / 1000 - now.timestamp())
        return _sane(number - now.timestamp() if number > 1e9 else number)
    if (duration := parse_duration(text)) is not None:
        return duration
    moment = _moment(text)
    return None if moment is None else _sane((moment - now).total_seconds())


def _moment(text: str) -> datetime | None:
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = read(text)
            return moment.replace(tzinfo=moment.tzinfo or UTC)
        except (ValueError, OverflowError, IndexError, TypeError):
            continue
    return None


def _millis(text: str) -> float | None:
    number = _number(text.strip())
    return None if number is None else _sane(number / 1000)


def _number(text: str) -> float | None:
    return float(text) if re.fullmatch(r"\d{1,20}(\.\d{1,20})?", text) else None


def _sane(seconds: float) -> float | None:
    return max(seconds, 0.0) if seconds < _LONGEST_S else None
