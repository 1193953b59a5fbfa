"""Attempts in the store: one row for each physical request, written before its socket opens."""

from dataclasses import dataclass

from sqlalchemy import insert, update

from desktop.domain.usage import Usage
from desktop.services.clock import now_micros
from desktop.services.store.database import Database
from desktop.services.store.tables import attempts


@dataclass(frozen=True, slots=True)
class AttemptEnd:
    """How an attempt ended; times in microseconds since 1970 UTC, None where it never came so far."""

    state: str
    http_status: int | None = None
    error_kind: str | None = None
    first_token_at: int | None = None
    usage: Usage | None = None


class AttemptStore:
    """The ledger of requests."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin(self, turn_id: int, number: int, service: str, host: str) -> int:
        """Note that a request is about to leave; returns the attempt's id."""
        row = insert(attempts).values(
            turn_id=turn_id,
            number=number,
            purpose="reply",
            service=service,
            host=host,
            state="running",
            started_at=now_micros(),
        )
        return await self._database.write(
            lambda connection: connection.execute(row.returning(attempts.c.id)).scalar_one()
        )

    async def end(self, attempt_id: int, end: AttemptEnd) -> None:
        """Note how the request ended."""
        usage = end.usage or Usage()
        values = {
            "state": end.state,
            "http_status": end.http_status,
            "error_kind": end.error_kind,
            "first_token_at": end.first_token_at,
            "ended_at": now_micros(),
            "input_tokens": usage.input_tokens,
            "output_tokens": usage.output_tokens,
            "cached_tokens": usage.cached_tokens,
            "reasoning_tokens": usage.reasoning_tokens,
        }
        await self._database.write(
            lambda connection: connection.execute(update(attempts).where(attempts.c.id == attempt_id).values(**values))
        )
