"""Turns in the store: begun in one transaction, their reply appended in pieces and folded at the end."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection, delete, insert, select, update

from desktop.domain.chunk import Channel, Chunk
from desktop.domain.conversation import UNTITLED, Conversation, title_from
from desktop.domain.errors import NotFound, Problem
from desktop.domain.message import Message, MessageStatus, Role
from desktop.domain.model import ModelRef
from desktop.domain.turn import FINAL_STATES, REPLY_STATUS, Turn, TurnState
from desktop.services.clock import now_micros
from desktop.services.store.conversations import load_conversation
from desktop.services.store.database import Database
from desktop.services.store.messages import load_path, load_pieces
from desktop.services.store.tables import AnyRow, conversations, messages, reply_pieces, turns


@dataclass(frozen=True, slots=True)
class BegunTurn:
    """A turn with what was stored for it. `is_new` is False where its token had been seen before."""

    turn: Turn
    conversation: Conversation
    user_message: Message
    reply: Message
    is_new: bool


@dataclass(frozen=True, slots=True)
class Ending:
    """How a turn ended. `author` is the model that answered where it is not the one that was asked."""

    state: TurnState
    finish_reason: str | None = None
    problem: Problem | None = None
    reasoning_s: float | None = None
    author: str = ""
    notice: str = ""


class TurnStore:
    """Keeps turns so that none is lost and none is run twice.

    Args:
        instance_id: this process, written to every turn it begins.
    """

    def __init__(self, database: Database, instance_id: str) -> None:
        self._database = database
        self._instance_id = instance_id

    async def begin(self, conversation_id: int, text: str, token: str, model: ModelRef) -> BegunTurn:
        """Store user message, empty reply and turn in one transaction; a token seen before returns its turn."""

        def work(connection: Connection) -> BegunTurn:
            if (known := _by_token(connection, token)) is not None:
                return known
            parent = connection.execute(
                select(conversations.c.leaf_id).where(conversations.c.id == conversation_id)
            ).scalar_one_or_none()
            if parent is None:
                raise NotFound("This chat is no longer there.")
            parent = _with_words(connection, parent)
            user_id = _insert_message(connection, conversation_id, parent, Role.USER, text=text)
            _retitle(connection, conversation_id, text)
            return self._begin(connection, conversation_id, user_id, token, model)

        return await self._database.write(work)

    async def begin_again(self, reply_id: int, token: str, model: ModelRef, *, going_on: bool = False) -> BegunTurn:
        """Store another reply beside a reply, and its turn; a token seen before returns its turn.

        Args:
            going_on: the new reply begins with all that the old one has, else it is empty.
        """

        def work(connection: Connection) -> BegunTurn:
            if (known := _by_token(connection, token)) is not None:
                return known
            old = load_path(connection, reply_id)[-1]
            if old.parent_id is None:
                raise NotFound("This message is no longer there.")
            return self._begin(connection, old.conversation_id, old.parent_id, token, model, old if going_on else None)

        return await self._database.write(work)

    async def enter(self, turn_id: int, state: TurnState) -> bool:
        """Note the state a turn entered; returns whether there still is such a turn."""
        entered = update(turns).where(turns.c.id == turn_id).values(state=state)
        return await self._database.write(lambda connection: connection.execute(entered).rowcount > 0)

    async def append(self, reply_id: int, chunks: Iterable[Chunk]) -> None:
        """Add pieces to a reply."""
        rows = [{"message_id": reply_id, "channel": chunk.channel, "text": chunk.text} for chunk in chunks]
        if rows:
            await self._database.write(lambda connection: connection.execute(insert(reply_pieces), rows))

    async def finish(self, turn: Turn, chunks: Iterable[Chunk], ending: Ending) -> tuple[Message, Conversation]:
        """Add the last pieces, fold them into the reply and end the turn, in one transaction."""
        rows = [{"message_id": turn.reply_id, "channel": chunk.channel, "text": chunk.text} for chunk in chunks]

        def work(connection: Connection) -> tuple[Message, Conversation]:
            if rows:
                connection.execute(insert(reply_pieces), rows)
            _end(connection, turn.id, turn.reply_id, ending)
            connection.execute(
                update(conversations).where(conversations.c.id == turn.conversation_id).values(updated_at=now_micros())
            )
            return load_path(connection, turn.reply_id)[-1], load_conversation(connection, turn.conversation_id)

        return await self._database.write(work)

    async def interrupt_orphans(self, is_alive: Callable[[str], bool], problem: Problem) -> int:
        """End the running turns of processes that died; their text is kept. Returns how many there were."""

        def work(connection: Connection) -> int:
            running = select(turns.c.id, turns.c.reply_id, turns.c.instance).where(
                turns.c.state.not_in({*FINAL_STATES, TurnState.QUEUED})
            )
            orphans = [row for row in connection.execute(running).all() if not is_alive(row.instance)]
            for row in orphans:
                _end(connection, row.id, row.reply_id, Ending(TurnState.INTERRUPTED, problem=problem))
            return len(orphans)

        return await self._database.write(work)

    def _begin(
        self,
        connection: Connection,
        conversation_id: int,
        user_id: int,
        token: str,
        model: ModelRef,
        beginning: Message | None = None,
    ) -> BegunTurn:
        reply_id = _insert_message(
            connection, conversation_id, user_id, Role.ASSISTANT, author=model.name, status=MessageStatus.PENDING
        )
        if beginning is not None:
            begun = {"text": beginning.text, "reasoning": beginning.reasoning}
            connection.execute(update(messages).where(messages.c.id == reply_id).values(**begun))
        moment = now_micros()
        values = {"conversation_id": conversation_id, "user_message_id": user_id, "reply_id": reply_id, "token": token}
        row = connection.execute(
            insert(turns)
            .values(
                **values,
                service=model.service_id,
                model=model.name,
                state=TurnState.QUEUED,
                instance=self._instance_id,
                created_at=moment,
            )
            .returning(turns)
        ).one()
        connection.execute(
            update(conversations)
            .where(conversations.c.id == conversation_id)
            .values(leaf_id=reply_id, updated_at=moment)
        )
        return _begun(connection, row, is_new=True)


def _with_words(connection: Connection, leaf_id: int) -> int:
    """The message to go on from: instead of a reply without a word, the newest version beside it that has some."""
    leaf = connection.execute(
        select(messages.c.parent_id, messages.c.role, messages.c.text, messages.c.status).where(
            messages.c.id == leaf_id
        )
    ).one()
    if leaf.role != Role.ASSISTANT or leaf.text or leaf.status == MessageStatus.PENDING:
        return leaf_id
    beside = select(messages.c.id).where(
        messages.c.parent_id == leaf.parent_id, messages.c.text != "", messages.c.deleted_at.is_(None)
    )
    found: int | None = connection.execute(beside.order_by(messages.c.id.desc()).limit(1)).scalar_one_or_none()
    return leaf_id if found is None else found


def _by_token(connection: Connection, token: str) -> BegunTurn | None:
    row = connection.execute(select(turns).where(turns.c.token == token)).one_or_none()
    return None if row is None else _begun(connection, row, is_new=False)


def _begun(connection: Connection, row: AnyRow, *, is_new: bool) -> BegunTurn:
    turn = turn_of(row)
    user_message, reply = load_path(connection, turn.reply_id)[-2:]
    return BegunTurn(turn, load_conversation(connection, turn.conversation_id), user_message, reply, is_new)


def turn_of(row: AnyRow) -> Turn:
    """The turn in a row of the table."""
    return Turn(
        id=row.id,
        conversation_id=row.conversation_id,
        user_message_id=row.user_message_id,
        reply_id=row.reply_id,
        token=row.token,
        model=ModelRef(row.service, row.model),
        state=TurnState(row.state),
    )


def _insert_message(
    connection: Connection,
    conversation_id: int,
    parent_id: int,
    role: Role,
    *,
    text: str = "",
    author: str = "",
    status: MessageStatus = MessageStatus.COMPLETE,
) -> int:
    message_id: int = connection.execute(
        insert(messages)
        .values(
            conversation_id=conversation_id,
            parent_id=parent_id,
            role=role,
            text=text,
            author=author,
            status=status,
            created_at=now_micros(),
        )
        .returning(messages.c.id)
    ).scalar_one()
    return message_id


def _retitle(connection: Connection, conversation_id: int, text: str) -> None:
    connection.execute(
        update(conversations)
        .where(conversations.c.id == conversation_id, conversations.c.title == UNTITLED)
        .values(title=title_from(text))
    )


def _end(connection: Connection, turn_id: int, reply_id: int, ending: Ending) -> None:
    pieces = load_pieces(connection, reply_id)
    ended = connection.execute(
        update(messages)
        .where(messages.c.id == reply_id, messages.c.status == MessageStatus.PENDING)
        .values(
            text=messages.c.text + pieces[Channel.TEXT],
            reasoning=messages.c.reasoning + pieces[Channel.REASONING],
            tool_calls=pieces[Channel.TOOL_CALL],
            author=ending.author or messages.c.author,
            notice=ending.notice,
            reasoning_s=ending.reasoning_s,
            status=REPLY_STATUS[ending.state],
            finish_reason=ending.finish_reason,
            problem=msgspec.json.encode(ending.problem).decode() if ending.problem else None,
        )
    )
    if not ended.rowcount:
        return  # an ending is final
    connection.execute(delete(reply_pieces).where(reply_pieces.c.message_id == reply_id))
    connection.execute(update(turns).where(turns.c.id == turn_id).values(state=ending.state, ended_at=now_micros()))
