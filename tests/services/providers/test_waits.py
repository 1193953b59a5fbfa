"""How long a service asks to wait, in all its forms."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.services.providers.waits import spoken_wait, wished_wait

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
LATER = NOW + timedelta(seconds=90)
NAMES = ["retry-after", "retry-after-ms", "x-ratelimit-reset-tokens", "anthropic-ratelimit-tokens-reset"]


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "20"}, 20),
        ({"retry-after": "1.5"}, 1.5),
        ({"retry-after": format_datetime(LATER, usegmt=True)}, 90),
        ({"retry-after": format_datetime(NOW - timedelta(seconds=9), usegmt=True)}, 0),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "-1"}, None),
        ({"retry-after": "1e999"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after-ms": "250"}, 0.25),
        ({"retry-after-ms": "250", "retry-after": "9"}, 9),
        ({"x-ratelimit-reset-requests": "6m0s"}, 360),
        ({"x-ratelimit-reset-requests": "12ms", "x-ratelimit-reset-tokens": "1h2m3.5s"}, 3723.5),
        ({"x-ratelimit-reset-tokens": "6m0s", "retry-after": "400"}, 400),
        ({"x-ratelimit-reset": str(int(LATER.timestamp()))}, 90),
        ({"x-ratelimit-reset": str(int(LATER.timestamp()) * 1000)}, 90),
        ({"x-ratelimit-reset": "30"}, 30),
        ({"anthropic-ratelimit-tokens-reset": "2026-11-24T09:01:30Z"}, 90),
        ({"anthropic-ratelimit-input-tokens-reset": "2026-11-24T10:01:30+01:00"}, 90),
        ({"x-ratelimit-limit-tokens": "6m0s"}, None),
    ],
)
def test_each_form_is_understood_and_the_longest_holds(headers: dict[str, str], seconds: float | None) -> None:
    assert wished_wait(headers, now=NOW) == seconds


def test_a_limit_that_is_not_exhausted_is_not_waited_for() -> None:
    headers = {
        "x-ratelimit-remaining-requests": "59",
        "x-ratelimit-reset-requests": "1h",
        "x-ratelimit-remaining-tokens": "0",
        "x-ratelimit-reset-tokens": "7s",
        "anthropic-ratelimit-requests-remaining": "3",
        "anthropic-ratelimit-requests-reset": "2026-11-24T10:00:00Z",
    }
    assert wished_wait(headers, now=NOW) == 7
    assert wished_wait({"x-ratelimit-reset-tokens": "7s"}, 500, NOW) is None


def test_a_wait_can_be_said_in_words() -> None:
    assert spoken_wait("Rate limit reached. Please try again in 7.66s. Visit us.") == 7.66
    assert spoken_wait("Please retry in 1m2s") == 62
    assert spoken_wait("retry after 30 seconds") == 30
    assert spoken_wait("Try again later") is None


@given(st.dictionaries(st.sampled_from(NAMES), st.text(max_size=40) | st.from_regex(r"\d{1,25}(ms|s|m|h|d|Z)?")))
def test_whatever_is_said_is_a_time_or_nothing(headers: dict[str, str]) -> None:
    wait = wished_wait(headers)
    assert wait is None or 0 <= wait < 1e9
