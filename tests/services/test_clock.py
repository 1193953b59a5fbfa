"""Moments, as the store keeps them."""

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from desktop.services.clock import from_micros, now, now_micros, to_micros


@given(st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=9)), timezone(timedelta(hours=-7))])))
def test_no_moment_is_lost_to_rounding(moment: datetime) -> None:
    assert from_micros(to_micros(moment)) == moment


def test_the_present_is_in_utc() -> None:
    assert now().tzinfo is UTC
    assert from_micros(now_micros()) - now() < timedelta(minutes=1)
