"""The ledger as HTTP uses it: every request is written down first, and a ledger that fails fails nobody else."""

import contextlib
import logging
from collections.abc import Iterator

from desktop.domain.attempt import SentRequest
from desktop.domain.errors import StoreError
from desktop.services.providers.exchange import Exchange
from desktop.services.store.attempts import AttemptStore, Transfer

_log = logging.getLogger(__name__)


class Ledger:
    """Notes exchanges; an error of the store is logged, and the request goes on.

    Args:
        store: where they are kept; without one nothing is.
    """

    def __init__(self, store: AttemptStore | None = None) -> None:
        self._store = store

    async def begin(self, exchange: Exchange, host: str, sent: SentRequest) -> None:
        """Write down what is about to be sent; must come before the socket opens. One write."""
        if self._store is None:
            return
        ticket = exchange.ticket
        with _logged("a request could not be noted"):
            if ticket.attempt_id is not None:
                await self._store.keep_sent(ticket.attempt_id, sent)
            else:
                exchange.attempt_id = await self._store.begin_call(ticket.purpose, ticket.service, host, sent)

    async def note(self, exchange: Exchange) -> None:
        """Add what the wire saw to a row that somebody else ends."""
        if self._store is not None and exchange.attempt_id is not None:
            with _logged("what a connection saw could not be saved"):
                await self._store.note(exchange.attempt_id, _transfer(exchange))

    async def end(self, exchange: Exchange, error: BaseException | None) -> None:
        """End a row that `begin` began."""
        if self._store is not None and exchange.attempt_id is not None:
            kind = None if error is None else type(error).__name__
            with _logged("the end of a request could not be saved"):
                await self._store.end_call(exchange.attempt_id, _transfer(exchange), exchange.state_after(error), kind)


@contextlib.contextmanager
def _logged(what: str) -> Iterator[None]:
    try:
        yield
    except StoreError as error:
        _log.warning("%s: %s", what, error.detail)


def _transfer(exchange: Exchange) -> Transfer:
    return Transfer(
        connected_at=exchange.connected_at,
        first_byte_at=exchange.first_byte_at,
        http_status=exchange.http_status,
        bytes_received=None if exchange.first_byte_at is None else exchange.bytes_received,
        request_id=exchange.request_id,
    )
