"""Turns that wait in the store: found again after a crash, changed, put in another order, taken back."""

from collections.abc import Callable

from sqlalchemy import Connection, Select, delete, select, update

from desktop.domain.errors import NotFound
from desktop.domain.turn import Turn, TurnState
from desktop.services.store.database import Database
from desktop.services.store.tables import AnyRow, conversations, messages, turns
from desktop.services.store.turns import turn_of

SENT = "This message has been sent already."


class QueueStore:
    """Changes turns that no byte has left for yet; each change is one transaction and keeps the tree a tree.

    Args:
        instance_id: this process.
    """

    def __init__(self, database: Database, instance_id: str) -> None:
        self._database = database
        self._instance_id = instance_id

    async def held(self, is_alive: Callable[[str], bool]) -> tuple[Turn, ...]:
        """The queued turns that no living process will run: their own ended before it was their turn."""

        def work(connection: Connection) -> tuple[Turn, ...]:
            rows = connection.execute(_queued().order_by(turns.c.id)).all()
            return tuple(turn_of(row) for row in rows if not is_alive(row.instance))

        return await self._database.read(work)

    async def claim(self, turn_id: int, is_alive: Callable[[str], bool]) -> Turn:
        """Make a held turn this process's own.

        Raises:
            NotFound: it has been sent or taken back meanwhile.
        """

        def work(connection: Connection) -> Turn:
            row = connection.execute(_queued().where(turns.c.id == turn_id)).one_or_none()
            if row is None or is_alive(row.instance):
                raise NotFound(SENT)
            connection.execute(update(turns).where(turns.c.id == turn_id).values(instance=self._instance_id))
            return turn_of(row)

        return await self._database.write(work)

    async def edit(self, reply_id: int, text: str) -> int:
        """Give a waiting message another text; returns its conversation.

        Raises:
            NotFound: it does not wait any more.
        """

        def work(connection: Connection) -> int:
            row = _waiting(connection, reply_id)
            connection.execute(update(messages).where(messages.c.id == row.user_message_id).values(text=text))
            return int(row.conversation_id)

        return await self._database.write(work)

    async def withdraw(self, reply_id: int) -> tuple[int, str]:
        """Take a waiting message back; returns its conversation and its text.

        Raises:
            NotFound: it does not wait any more.
        """

        def work(connection: Connection) -> tuple[int, str]:
            row = _waiting(connection, reply_id)
            user = connection.execute(
                select(messages.c.text, messages.c.parent_id).where(messages.c.id == row.user_message_id)
            ).one()
            _hang(connection, reply_id, user.parent_id)
            _show(connection, row.conversation_id, reply_id, user.parent_id)
            connection.execute(delete(turns).where(turns.c.id == row.id))
            for message_id in (reply_id, row.user_message_id):
                connection.execute(delete(messages).where(messages.c.id == message_id))
            return int(row.conversation_id), str(user.text)

        return await self._database.write(work)

    async def swap(self, reply_id: int, later_reply_id: int) -> int:
        """Let a waiting message and the one that waits right after it change places; returns their conversation.

        Raises:
            NotFound: one of them does not wait any more, or they are no neighbours.
        """

        def work(connection: Connection) -> int:
            first, second = _waiting(connection, reply_id), _waiting(connection, later_reply_id)
            parents = dict(
                connection.execute(
                    select(messages.c.id, messages.c.parent_id).where(
                        messages.c.id.in_([first.user_message_id, second.user_message_id])
                    )
                ).all()
            )
            if parents[second.user_message_id] != reply_id:
                raise NotFound(SENT)
            _hang(connection, later_reply_id, reply_id)
            for message_id, parent_id in (
                (second.user_message_id, parents[first.user_message_id]),
                (first.user_message_id, later_reply_id),
            ):
                connection.execute(update(messages).where(messages.c.id == message_id).values(parent_id=parent_id))
            _show(connection, first.conversation_id, later_reply_id, reply_id)
            return int(first.conversation_id)

        return await self._database.write(work)


def _queued() -> Select[*tuple[object, ...]]:
    return select(turns).where(turns.c.state == TurnState.QUEUED)


def _waiting(connection: Connection, reply_id: int) -> AnyRow:
    row = connection.execute(_queued().where(turns.c.reply_id == reply_id)).one_or_none()
    if row is None:
        raise NotFound(SENT)
    return row


def _hang(connection: Connection, old_parent_id: int, new_parent_id: int) -> None:
    """Let what hangs below one message hang below another."""
    connection.execute(update(messages).where(messages.c.parent_id == old_parent_id).values(parent_id=new_parent_id))


def _show(connection: Connection, conversation_id: int, old_leaf_id: int, new_leaf_id: int) -> None:
    """Let the shown path end elsewhere, if it ended here."""
    connection.execute(
        update(conversations)
        .where(conversations.c.id == conversation_id, conversations.c.leaf_id == old_leaf_id)
        .values(leaf_id=new_leaf_id)
    )
