"""Profiles in the store."""

from sqlalchemy import Connection, insert, select

from desktop.services.clock import now_micros
from desktop.services.store.database import Database
from desktop.services.store.tables import profiles


class ProfileStore:
    """Knows the profiles; a new database gets one called Personal."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def first(self) -> int:
        """The id of the oldest profile, made if there is none."""
        return await self._database.write(_first)


def _first(connection: Connection) -> int:
    found: int | None = connection.execute(select(profiles.c.id).order_by(profiles.c.id).limit(1)).scalar_one_or_none()
    if found is not None:
        return found
    new: int = connection.execute(
        insert(profiles).values(name="Personal", created_at=now_micros()).returning(profiles.c.id)
    ).scalar_one()
    return new
