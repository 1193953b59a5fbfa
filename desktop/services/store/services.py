"""The services a person has set up, in the store. Keys are not here."""

from dataclasses import dataclass, field

import msgspec
from sqlalchemy import Connection, delete, insert, select

from desktop.domain.address import parse_address
from desktop.domain.service import Habits, Limits, Service, Wire
from desktop.services.store.database import Database
from desktop.services.store.tables import AnyRow, services


@dataclass(frozen=True, slots=True)
class _Options:
    """What the column `options` holds; what a later Parley adds is ignored."""

    prefills: bool = False
    habits: Habits = field(default_factory=Habits)
    limits: Limits = field(default_factory=Limits)


class ServiceStore:
    """Keeps which services a profile uses and where they are."""

    def __init__(self, database: Database, profile_id: int) -> None:
        self._database = database
        self._profile_id = profile_id

    async def list(self) -> tuple[Service, ...]:
        """All services, in the order in which they were added."""
        query = select(services).where(services.c.profile_id == self._profile_id).order_by(services.c.id)
        return await self._database.read(lambda connection: tuple(map(_service, connection.execute(query))))

    async def save(self, service: Service) -> None:
        """Add a service, or replace the one of the same id."""

        def work(connection: Connection) -> None:
            self._delete(connection, service.id)
            connection.execute(
                insert(services).values(
                    profile_id=self._profile_id,
                    service=service.id,
                    name=service.name,
                    wire=service.wire,
                    base_url=str(service.address),
                    needs_key=service.needs_key,
                    key_variables=msgspec.json.encode(service.key_variables).decode(),
                    options=msgspec.json.encode(_Options(service.prefills, service.habits, service.limits)).decode(),
                )
            )

        await self._database.write(work)

    async def delete(self, service_id: str) -> None:
        """Forget a service."""
        await self._database.write(lambda connection: self._delete(connection, service_id))

    def _delete(self, connection: Connection, service_id: str) -> None:
        connection.execute(
            delete(services).where(services.c.profile_id == self._profile_id, services.c.service == service_id)
        )


def _service(row: AnyRow) -> Service:
    options = msgspec.json.decode(row.options, type=_Options)
    return Service(
        id=row.service,
        name=row.name,
        wire=Wire(row.wire),
        address=parse_address(row.base_url),
        needs_key=bool(row.needs_key),
        key_variables=tuple(msgspec.json.decode(row.key_variables, type=list[str])),
        prefills=options.prefills,
        habits=options.habits,
        limits=options.limits,
    )
