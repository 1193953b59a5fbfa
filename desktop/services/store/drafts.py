"""Drafts in the store: what was typed and not sent."""

from sqlalchemy import ColumnElement, Connection, delete, insert, select

from desktop.services.clock import now_micros
from desktop.services.store.database import Database
from desktop.services.store.tables import drafts


class DraftStore:
    """One draft for each conversation and one for the new chat (None)."""

    def __init__(self, database: Database, profile_id: int) -> None:
        self._database = database
        self._profile_id = profile_id

    async def load(self, conversation_id: int | None) -> str:
        """The draft, empty if there is none."""
        query = select(drafts.c.text).where(*self._key(conversation_id))
        return await self._database.read(lambda connection: connection.execute(query).scalar_one_or_none() or "")

    async def save(self, conversation_id: int | None, text: str) -> None:
        """Keep a draft; an empty one is forgotten."""

        def work(connection: Connection) -> None:
            connection.execute(delete(drafts).where(*self._key(conversation_id)))
            if text:
                connection.execute(
                    insert(drafts).values(
                        profile_id=self._profile_id,
                        conversation_id=conversation_id,
                        text=text,
                        updated_at=now_micros(),
                    )
                )

        await self._database.write(work)

    def _key(self, conversation_id: int | None) -> tuple[ColumnElement[bool], ...]:
        place = drafts.c.conversation_id
        return (
            drafts.c.profile_id == self._profile_id,
            place.is_(None) if conversation_id is None else place == conversation_id,
        )
