"""Attempts in the store: one row for each physical request, written before its socket opens."""

from collections.abc import Callable
from dataclasses import asdict, dataclass

from sqlalchemy import Connection, Select, insert, select, update

from desktop.domain.attempt import Attempt, AttemptState, Purpose, SentRequest
from desktop.domain.usage import Usage
from desktop.services.clock import from_micros, now_micros
from desktop.services.store.database import Database
from desktop.services.store.sent_requests import insert_sent, load_sent, prune_sent
from desktop.services.store.tables import AnyRow, attempts, turns


@dataclass(frozen=True, slots=True)
class AttemptEnd:
    """How an attempt ended; times in microseconds since 1970 UTC, None where it never came so far.

    `http_status` is for providers that are not asked over HTTP; the others have it noted with the transfer.
    """

    state: str
    http_status: int | None = None
    error_kind: str | None = None
    first_token_at: int | None = None
    usage: Usage | None = None


@dataclass(frozen=True, slots=True)
class Transfer:
    """What the wire saw of an attempt; the fields are columns."""

    connected_at: int | None = None
    first_byte_at: int | None = None
    http_status: int | None = None
    bytes_received: int | None = None
    request_id: str | None = None


class AttemptStore:
    """The ledger of requests."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin(self, turn_id: int, number: int, service: str, host: str) -> int:
        """Note that a request for a reply is about to leave; returns the attempt's id."""
        values = {"turn_id": turn_id, "number": number, "purpose": Purpose.REPLY, "service": service, "host": host}
        return await self._database.write(lambda connection: _begin(connection, values))

    async def begin_call(self, purpose: Purpose, service: str, host: str, sent: SentRequest) -> int:
        """Note that a request for anything else is about to leave, and what it sends; returns the attempt's id."""
        values = {"number": 1, "purpose": purpose, "service": service, "host": host}

        def work(connection: Connection) -> int:
            attempt_id = _begin(connection, values)
            insert_sent(connection, attempt_id, sent)
            return attempt_id

        return await self._database.write(work)

    async def keep_sent(self, attempt_id: int, sent: SentRequest) -> None:
        """Keep what an attempt is about to send."""
        await self._database.write(lambda connection: insert_sent(connection, attempt_id, sent))

    async def note(self, attempt_id: int, transfer: Transfer) -> None:
        """Note what the wire saw of an attempt that somebody else ends."""
        await self._close(attempt_id, asdict(transfer))

    async def end_call(self, attempt_id: int, transfer: Transfer, state: AttemptState, error_kind: str | None) -> None:
        """Note how a request that `begin_call` began ended, and what the wire saw of it."""
        await self._close(
            attempt_id, asdict(transfer) | {"state": state, "error_kind": error_kind, "ended_at": now_micros()}
        )

    async def end(self, attempt_id: int, end: AttemptEnd) -> None:
        """Note how a request for a reply ended."""
        values = {
            "state": end.state,
            "error_kind": end.error_kind,
            "first_token_at": end.first_token_at,
            "ended_at": now_micros(),
            **asdict(end.usage or Usage()),
        }
        if end.http_status is not None:
            values["http_status"] = end.http_status
        await self._database.write(lambda connection: _update(connection, attempt_id, values))

    async def sweep(self, is_alive: Callable[[str], bool]) -> int:
        """Mark as unknown what a process that died left running; returns how many there were.

        A call without a turn names no process. What another Parley is asking right now is marked too, until it ends.
        """
        running = select(attempts.c.id, turns.c.instance).join(turns, isouter=True)
        running = running.where(attempts.c.state == AttemptState.RUNNING)

        def work(connection: Connection) -> int:
            rows = connection.execute(running).all()
            dead = [row.id for row in rows if row.instance is None or not is_alive(row.instance)]
            for attempt_id in dead:
                _update(connection, attempt_id, {"state": AttemptState.UNKNOWN})
            return len(dead)

        return await self._database.write(work)

    async def list(self, limit: int, before_id: int | None) -> tuple[Attempt, ...]:
        """The newest requests that left this process or would have, newest first; older than `before_id` where given.

        The built-in guide is asked without any request, so its attempts have no host and are left out.
        """
        query = _ATTEMPTS.where(attempts.c.host != "").order_by(attempts.c.id.desc()).limit(limit)
        return await self._load(query if before_id is None else query.where(attempts.c.id < before_id))

    async def of_reply(self, reply_id: int) -> tuple[Attempt, ...]:
        """The requests that were made for a reply, in order."""
        return await self._load(_ATTEMPTS.where(turns.c.reply_id == reply_id).order_by(attempts.c.id))

    async def sent(self, attempt_id: int) -> SentRequest | None:
        """What an attempt sent, as long as it is kept."""
        return await self._database.read(lambda connection: load_sent(connection, attempt_id))

    async def _load(self, query: "Select[*tuple[object, ...]]") -> tuple[Attempt, ...]:
        return await self._database.read(lambda connection: tuple(map(_attempt, connection.execute(query))))

    async def _close(self, attempt_id: int, values: dict[str, object]) -> None:
        def work(connection: Connection) -> None:
            _update(connection, attempt_id, values)
            prune_sent(connection)  # here, because nobody waits for this

        await self._database.write(work)


_ATTEMPTS = select(attempts, turns.c.reply_id).join(turns, isouter=True)
_TIMES = ("connected_at", "first_byte_at", "first_token_at", "ended_at")


def _begin(connection: Connection, values: dict[str, object]) -> int:
    row = insert(attempts).values(state=AttemptState.RUNNING, started_at=now_micros(), **values)
    attempt_id: int = connection.execute(row.returning(attempts.c.id)).scalar_one()
    return attempt_id


def _update(connection: Connection, attempt_id: int, values: dict[str, object]) -> None:
    connection.execute(update(attempts).where(attempts.c.id == attempt_id).values(**values))


def _attempt(row: AnyRow) -> Attempt:
    times = {name: from_micros(moment) for name in _TIMES if (moment := getattr(row, name)) is not None}
    return Attempt(
        id=row.id,
        purpose=Purpose(row.purpose),
        service=row.service,
        host=row.host,
        state=AttemptState(row.state),
        started_at=from_micros(row.started_at),
        reply_id=row.reply_id,
        number=row.number,
        http_status=row.http_status,
        bytes_received=row.bytes_received,
        error_kind=row.error_kind,
        request_id=row.request_id,
        usage=Usage(row.input_tokens, row.output_tokens, row.cached_tokens, row.reasoning_tokens),
        **times,
    )
