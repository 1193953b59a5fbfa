"""What a fault server does with a connection once a request is read: a plan is a row of steps."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Send:
    """Write these bytes, as they are."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Drip:
    """Write these bytes in slices of `size`, with a pause after each."""

    data: bytes
    interval_s: float = 0.0
    size: int = 1


@dataclass(frozen=True, slots=True)
class Wait:
    """Let time pass."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Stall:
    """Say nothing more and keep the connection open until the client closes it."""


@dataclass(frozen=True, slots=True)
class Close:
    """End the connection in the orderly way, whatever was promised."""


@dataclass(frozen=True, slots=True)
class Reset:
    """Break the connection with a TCP reset."""


Step = Send | Drip | Wait | Stall | Close | Reset
Plan = tuple[Step, ...]
"""A plan that ends without Stall, Close or Reset leaves the connection open for the next request."""
