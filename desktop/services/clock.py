"""The clock of the services: UTC, and microseconds as the store keeps them."""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def now() -> datetime:
    """The present, in UTC."""
    return datetime.now(UTC)


def to_micros(moment: datetime) -> int:
    """Microseconds since 1970 UTC."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def from_micros(micros: int) -> datetime:
    """The moment that many microseconds after 1970 UTC."""
    return _EPOCH + timedelta(microseconds=micros)


def now_micros() -> int:
    """The present in microseconds since 1970 UTC."""
    return to_micros(now())
