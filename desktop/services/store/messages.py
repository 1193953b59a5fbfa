"""Messages in the store: a tree, read as the path from the root to a leaf."""

from typing import Any

import msgspec
from sqlalchemy import Connection, Select, func, literal, select, update

from desktop.domain.address import Reach, reach_of
from desktop.domain.chunk import Channel
from desktop.domain.errors import NotFound, Problem
from desktop.domain.message import Message, MessageStatus, ReplyFacts, Role
from desktop.domain.usage import Usage
from desktop.services.clock import from_micros
from desktop.services.store.database import Database
from desktop.services.store.tables import AnyRow, attempts, conversations, messages, reply_pieces, turns

_MICROS = 1_000_000


class MessageStore:
    """Reads the messages of conversations and moves between versions of a message."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def path(self, conversation_id: int) -> tuple[Message, ...]:
        """The messages from the root to the leaf that is shown; a reply still being written with its text so far."""
        return await self._database.read(lambda connection: load_path(connection, _leaf(connection, conversation_id)))

    async def path_to(self, message_id: int) -> tuple[Message, ...]:
        """The messages from the root to a message, both included."""
        return await self._database.read(lambda connection: load_path(connection, message_id))

    async def show_sibling(self, message_id: int, step: int) -> int:
        """Let the shown path lead through a sibling instead, down to its newest leaf; returns the conversation.

        Args:
            step: how many versions to go forward, or back if negative; stays at the ends.
        """
        return await self._database.write(lambda connection: _show_sibling(connection, message_id, step))


def load_path(connection: Connection, leaf_id: int) -> tuple[Message, ...]:
    """The messages from the root to a leaf, in an open transaction.

    Raises:
        NotFound: there is no such leaf.
    """
    rows = connection.execute(_path_query(leaf_id)).all()
    if not rows:
        raise NotFound("This message is no longer there.")
    unfolded = [row.id for row in rows if row.status == MessageStatus.PENDING]
    pieces = {message_id: load_pieces(connection, message_id) for message_id in unfolded}
    return tuple(_message(row, pieces.get(row.id, {})) for row in rows)


def load_pieces(connection: Connection, message_id: int) -> dict[Channel, str]:
    """What a reply that is still being written has on each channel beyond its beginning."""
    texts: dict[Channel, list[str]] = {channel: [] for channel in Channel}
    query = select(reply_pieces.c.channel, reply_pieces.c.text).where(reply_pieces.c.message_id == message_id)
    for channel, piece in connection.execute(query.order_by(reply_pieces.c.id)):
        texts[Channel(channel)].append(piece)
    return {channel: "".join(found) for channel, found in texts.items()}


def _leaf(connection: Connection, conversation_id: int) -> int:
    query = select(conversations.c.leaf_id).where(conversations.c.id == conversation_id)
    leaf: int | None = connection.execute(query).scalar_one_or_none()
    if leaf is None:
        raise NotFound("This chat is no longer there.")
    return leaf


def _path_query(leaf_id: int) -> Select[*tuple[Any, ...]]:
    columns = messages.c.id, messages.c.parent_id
    path = select(*columns, literal(0).label("depth")).where(messages.c.id == leaf_id).cte("path", recursive=True)
    path = path.union_all(select(*columns, path.c.depth + 1).join(path, messages.c.id == path.c.parent_id))
    sibling = messages.alias("sibling")
    siblings = select(func.count()).where(sibling.c.parent_id == messages.c.parent_id, sibling.c.deleted_at.is_(None))
    last = select(func.max(attempts.c.id)).where(attempts.c.turn_id == turns.c.id).correlate(turns).scalar_subquery()
    return (
        select(
            messages,
            siblings.scalar_subquery().label("versions"),
            siblings.where(sibling.c.id <= messages.c.id).scalar_subquery().label("version"),
            attempts.c.host,
            attempts.c.started_at,
            attempts.c.first_token_at,
            attempts.c.ended_at,
            attempts.c.input_tokens,
            attempts.c.output_tokens,
            attempts.c.cached_tokens,
            attempts.c.reasoning_tokens,
        )
        .join(path, path.c.id == messages.c.id)
        .outerjoin(turns, turns.c.reply_id == messages.c.id)
        .outerjoin(attempts, attempts.c.id == last)
        .order_by(path.c.depth.desc())
    )


def _message(row: AnyRow, pieces: dict[Channel, str]) -> Message:
    return Message(
        id=row.id,
        conversation_id=row.conversation_id,
        parent_id=row.parent_id,
        role=Role(row.role),
        text=row.text + pieces.get(Channel.TEXT, ""),
        created_at=from_micros(row.created_at),
        author=row.author,
        reasoning=row.reasoning + pieces.get(Channel.REASONING, ""),
        reasoning_s=row.reasoning_s,
        status=MessageStatus(row.status),
        finish_reason=row.finish_reason,
        notice=row.notice,
        tool_calls=row.tool_calls + pieces.get(Channel.TOOL_CALL, ""),
        problem=msgspec.json.decode(row.problem, type=Problem) if row.problem else None,
        facts=_facts(row),
        version=max(row.version, 1),
        versions=max(row.versions, 1),
    )


def _facts(row: AnyRow) -> ReplyFacts:
    if row.host is None:
        return ReplyFacts()
    usage = Usage(row.input_tokens, row.output_tokens, row.cached_tokens, row.reasoning_tokens)
    return ReplyFacts(
        first_token_s=_seconds(row.started_at, row.first_token_at),
        writing_s=_seconds(row.first_token_at, row.ended_at),
        usage=None if usage == Usage() else usage,
        free=not row.host or reach_of(row.host) is Reach.LOCAL,
    )


def _seconds(start: int | None, end: int | None) -> float | None:
    return None if start is None or end is None else (end - start) / _MICROS


def _show_sibling(connection: Connection, message_id: int, step: int) -> int:
    query = select(messages.c.conversation_id, messages.c.parent_id).where(messages.c.id == message_id)
    row = connection.execute(query).one_or_none()
    if row is None or row.parent_id is None:
        raise NotFound("This message is no longer there.")
    siblings = list(connection.execute(_children(row.parent_id)).scalars())
    place = min(max(siblings.index(message_id) + step, 0), len(siblings) - 1)
    leaf = siblings[place]
    while children := list(connection.execute(_children(leaf)).scalars()):
        leaf = children[-1]
    connection.execute(update(conversations).where(conversations.c.id == row.conversation_id).values(leaf_id=leaf))
    return int(row.conversation_id)


def _children(parent_id: int) -> Select[int]:
    return (
        select(messages.c.id)
        .where(messages.c.parent_id == parent_id, messages.c.deleted_at.is_(None))
        .order_by(messages.c.id)
    )
