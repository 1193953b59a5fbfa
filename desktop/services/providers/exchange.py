"""An exchange: one call on the wire, as it goes."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from desktop.domain.attempt import AttemptState, Purpose
from desktop.domain.errors import ProviderError
from desktop.services.clock import now_micros
from desktop.services.providers.request_id import request_id

AT_ONCE_S = 1.0


@dataclass(frozen=True, slots=True)
class Ticket:
    """Why a call is made, and of which service; `attempt_id` is its row of the ledger where somebody began one."""

    purpose: Purpose
    service: str
    attempt_id: int | None = None


@runtime_checkable
class _Closable(Protocol):
    async def aclose(self) -> None:
        """Close at once."""


class Exchange:
    """What the ledger notes of one call; times in microseconds since 1970 UTC, None until it comes so far.

    Args:
        on_connected: called when the connection stands, before the request is written.
    """

    def __init__(self, ticket: Ticket, on_connected: Callable[[], None] = lambda: None) -> None:
        self.ticket = ticket
        self.attempt_id = ticket.attempt_id
        self.connected_at: int | None = None
        self.first_byte_at: int | None = None
        self.http_status: int | None = None
        self.request_id: str | None = None
        self.bytes_received = 0
        self._on_connected = on_connected
        self._is_sent = False
        self._is_reused = True
        self._is_tunnelling = False
        self._written_at = 0.0
        self._half_open: _Closable | None = None

    @property
    def is_ambiguous(self) -> bool:
        """Whether the request was sent and no byte came back, so that it may have been answered and billed."""
        return self._is_sent and self.first_byte_at is None

    @property
    def died_at_once(self) -> bool:
        """Whether this failed because a connection that was kept had been closed by the other side meanwhile."""
        return self._is_reused and self.first_byte_at is None and time.monotonic() - self._written_at < AT_ONCE_S

    def begin_try(self) -> None:
        """The request is about to be put on a connection."""
        self._is_sent, self._is_reused, self._is_tunnelling = False, True, False
        self._written_at = time.monotonic()

    async def close_half_open(self) -> None:
        """Close a socket on which the request was never begun; httpcore forgets those that fail in a handshake."""
        if self._half_open is not None:
            await self._half_open.aclose()

    def note_answer(self, status: int, headers: Mapping[str, str]) -> None:
        """An answer has begun."""
        self.http_status = status
        self.request_id = request_id(headers) or None

    def state_after(self, error: BaseException | None) -> AttemptState:
        """How the exchange ended, if this is what ended it; what is no error of a service is somebody's wish."""
        if error is None:
            return AttemptState.DONE
        if not isinstance(error, ProviderError):
            return AttemptState.STOPPED
        return AttemptState.AMBIGUOUS if error.ambiguous else AttemptState.FAILED

    async def trace(self, event: str, info: Mapping[str, object]) -> None:
        """Follow the connection; called by httpcore, whose names the events have."""
        match event.partition(".")[2]:
            case "connect_tcp.started":
                self._is_reused = False
            case "connect_tcp.complete" if isinstance(stream := info["return_value"], _Closable):
                self._half_open = stream
            case "send_request_headers.started":
                # A proxy is asked for a tunnel in the same way as a server for a reply.
                self._is_tunnelling = getattr(info["request"], "method", b"") == b"CONNECT"
                if not self._is_tunnelling:
                    self._note_connected()
            case "send_request_body.complete":
                self._is_sent = not self._is_tunnelling
            case "receive_response_headers.complete" if not self._is_tunnelling:
                self.first_byte_at = now_micros()

    def _note_connected(self) -> None:
        self._written_at, self._half_open = time.monotonic(), None
        if self.connected_at is None:
            self.connected_at = now_micros()
            self._on_connected()
