"""Connections: who was asked what and when, for the connection log and the request inspector."""

from desktop.domain.attempt import Attempt, SentRequest
from desktop.services.store.attempts import AttemptStore


class ConnectionService:
    """Reads the ledger of requests."""

    def __init__(self, store: AttemptStore) -> None:
        self._store = store

    async def list(self, limit: int = 200, before_id: int | None = None) -> tuple[Attempt, ...]:
        """The newest requests, newest first; `before_id` is the last one of the page before.

        Raises:
            StoreError: the ledger could not be read.
        """
        return await self._store.list(limit, before_id)

    async def attempts_of(self, reply_id: int) -> tuple[Attempt, ...]:
        """The requests that were made for a reply, in order.

        Raises:
            StoreError: the ledger could not be read.
        """
        return await self._store.of_reply(reply_id)

    async def sent(self, attempt_id: int) -> SentRequest | None:
        """What a request sent, keys masked; None where it is no longer kept.

        Raises:
            StoreError: the ledger could not be read.
        """
        return await self._store.sent(attempt_id)
