"""Settings in the store: one row for each that differs from its default."""

from dataclasses import asdict

import msgspec
from sqlalchemy import Connection, delete, insert, select

from desktop.domain.settings import Settings
from desktop.services.store.database import Database
from desktop.services.store.tables import settings


class SettingsStore:
    """Keeps a profile's settings; a value that no longer fits its type falls back to the default."""

    def __init__(self, database: Database, profile_id: int) -> None:
        self._database = database
        self._profile_id = profile_id

    async def load(self) -> Settings:
        """The stored settings over the defaults."""
        query = select(settings.c.name, settings.c.value).where(settings.c.profile_id == self._profile_id)
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        values = {row.name: msgspec.json.decode(row.value) for row in rows}
        try:
            return msgspec.convert(values, Settings)
        except msgspec.ValidationError:
            return _fitting(values)

    async def save(self, changed: Settings) -> None:
        """Keep the values that differ from the defaults."""
        defaults = asdict(Settings())
        rows = [
            {"profile_id": self._profile_id, "name": name, "value": msgspec.json.encode(value).decode()}
            for name, value in asdict(changed).items()
            if value != defaults[name]
        ]

        def work(connection: Connection) -> None:
            connection.execute(delete(settings).where(settings.c.profile_id == self._profile_id))
            if rows:
                connection.execute(insert(settings), rows)

        await self._database.write(work)


def _fitting(values: dict[str, object]) -> Settings:
    fit = {}
    for name, value in values.items():
        try:
            msgspec.convert({name: value}, Settings)
        except msgspec.ValidationError:
            continue
        fit[name] = value
    return msgspec.convert(fit, Settings)
