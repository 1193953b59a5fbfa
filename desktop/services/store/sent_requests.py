"""What requests sent, in the store: the newest few hundred, compressed."""

import zlib

import msgspec
from sqlalchemy import Connection, delete, func, insert, or_, select

from desktop.domain.attempt import SentRequest
from desktop.services.store.tables import AnyRow, sent_requests

KEPT = 500
KEPT_BYTES = 100_000_000


def insert_sent(connection: Connection, attempt_id: int, sent: SentRequest) -> None:
    """Keep what an attempt is about to send."""
    row = {
        "attempt_id": attempt_id,
        "method": sent.method,
        "url": sent.url,
        "headers": msgspec.json.encode(sent.headers).decode(),
        "body": zlib.compress(sent.body, 1),  # the socket waits for this
    }
    connection.execute(insert(sent_requests), row)


def load_sent(connection: Connection, attempt_id: int) -> SentRequest | None:
    """What an attempt sent, as long as it is kept."""
    row = connection.execute(select(sent_requests).where(sent_requests.c.attempt_id == attempt_id)).one_or_none()
    return None if row is None else _sent(row)


def prune_sent(connection: Connection) -> None:
    """Forget all but the newest, and of those what does not fit into 100 MB; the newest one always stays."""
    newest_first = sent_requests.c.attempt_id.desc()
    ranked = select(
        sent_requests.c.attempt_id,
        func.row_number().over(order_by=newest_first).label("rank"),
        func.sum(func.length(sent_requests.c.body)).over(order_by=newest_first).label("size"),
    ).subquery()
    too_many = or_(ranked.c.rank > KEPT, (ranked.c.rank > 1) & (ranked.c.size > KEPT_BYTES))
    old = select(ranked.c.attempt_id).where(too_many)
    connection.execute(delete(sent_requests).where(sent_requests.c.attempt_id.in_(old)))


def _sent(row: AnyRow) -> SentRequest:
    headers = msgspec.json.decode(row.headers, type=tuple[tuple[str, str], ...])
    return SentRequest(row.method, row.url, headers, zlib.decompress(row.body))
