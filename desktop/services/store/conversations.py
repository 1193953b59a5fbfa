"""Conversations in the store."""

import msgspec
from sqlalchemy import Connection, insert, or_, select, update

from desktop.domain.conversation import UNTITLED, Conversation
from desktop.domain.errors import NotFound
from desktop.domain.message import MessageStatus, Role
from desktop.domain.model import ModelRef
from desktop.services.clock import from_micros, now_micros
from desktop.services.store.database import Database
from desktop.services.store.tables import AnyRow, conversations, messages

_COLUMNS = (
    conversations.c.id,
    conversations.c.title,
    conversations.c.service,
    conversations.c.model,
    conversations.c.pinned,
    conversations.c.fallbacks,
    conversations.c.created_at,
    conversations.c.updated_at,
)


class ConversationStore:
    """Keeps a profile's conversations; what is deleted stays restorable.

    Args:
        profile_id: whose conversations these are.
    """

    def __init__(self, database: Database, profile_id: int) -> None:
        self._database = database
        self._profile_id = profile_id

    async def list(self, containing: str = "") -> tuple[Conversation, ...]:
        """The conversations that are not in the trash, newest first, whose title or text contains a text."""
        query = (
            select(*_COLUMNS)
            .where(conversations.c.profile_id == self._profile_id, conversations.c.deleted_at.is_(None))
            .order_by(conversations.c.updated_at.desc(), conversations.c.id.desc())
        )
        if containing:
            said = select(messages.c.conversation_id).where(messages.c.text.icontains(containing, autoescape=True))
            query = query.where(
                or_(conversations.c.title.icontains(containing, autoescape=True), conversations.c.id.in_(said))
            )
        return await self._database.read(lambda connection: tuple(map(_conversation, connection.execute(query))))

    async def create(self, model: ModelRef | None) -> Conversation:
        """A new conversation with its root, an empty system message."""
        return await self._database.write(lambda connection: self._create(connection, model))

    async def load(self, conversation_id: int) -> Conversation:
        """One conversation.

        Raises:
            NotFound: there is none of that id.
        """
        return await self._database.read(lambda connection: load_conversation(connection, conversation_id))

    async def change(self, conversation_id: int, **values: object) -> Conversation:
        """Set columns of a conversation.

        Raises:
            NotFound: there is none of that id.
        """

        def work(connection: Connection) -> Conversation:
            connection.execute(update(conversations).where(conversations.c.id == conversation_id).values(**values))
            return load_conversation(connection, conversation_id)

        return await self._database.write(work)

    def _create(self, connection: Connection, model: ModelRef | None) -> Conversation:
        moment = now_micros()
        conversation_id = connection.execute(
            insert(conversations)
            .values(
                profile_id=self._profile_id,
                title=UNTITLED,
                service=model and model.service_id,
                model=model and model.name,
                created_at=moment,
                updated_at=moment,
            )
            .returning(conversations.c.id)
        ).scalar_one()
        root_id = connection.execute(
            insert(messages)
            .values(
                conversation_id=conversation_id,
                role=Role.SYSTEM,
                status=MessageStatus.COMPLETE,
                created_at=moment,
            )
            .returning(messages.c.id)
        ).scalar_one()
        connection.execute(update(conversations).where(conversations.c.id == conversation_id).values(leaf_id=root_id))
        return load_conversation(connection, conversation_id)


def load_conversation(connection: Connection, conversation_id: int) -> Conversation:
    """One conversation, in a transaction that is already open.

    Raises:
        NotFound: there is none of that id.
    """
    row = connection.execute(select(*_COLUMNS).where(conversations.c.id == conversation_id)).one_or_none()
    if row is None:
        raise NotFound("This chat is no longer there.")
    return _conversation(row)


def _conversation(row: AnyRow) -> Conversation:
    model = ModelRef(row.service, row.model) if row.service and row.model else None
    return Conversation(
        id=row.id,
        title=row.title,
        created_at=from_micros(row.created_at),
        updated_at=from_micros(row.updated_at),
        model=model,
        pinned=bool(row.pinned),
        fallbacks=msgspec.json.decode(row.fallbacks, type=tuple[ModelRef, ...]),
    )
