"""What the settings window knows about services and keys."""

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from uuid import uuid4

from PySide6.QtCore import QObject, Signal

from desktop.domain.address import parse_address
from desktop.domain.errors import BadAddress, ParleyError
from desktop.domain.secrets import KeySource, SecretsStatus
from desktop.domain.service import Service, Wire
from desktop.ui.tasks import SURPRISE, Tasks

if TYPE_CHECKING:
    from desktop.bridge import Bridge

_SOURCES = {
    KeySource.KEYRING: "A key is in your system keyring.",
    KeySource.MEMORY: "A key is kept in memory until you quit.",
    KeySource.ENVIRONMENT: "A key is read from the environment.",
}


@dataclass(frozen=True, slots=True)
class Edited:
    """A service as a person wrote it down; the key is empty when it stays as it is."""

    service: Service
    name: str
    address: str
    key: str = field(default="", repr=False)

    def parsed(self) -> Service:
        """The service that was meant.

        Raises:
            BadAddress: the address cannot be dialled.
        """
        old = self.service
        if old.wire is Wire.GUIDE:
            return old
        if not self.address.strip():
            raise BadAddress(self.address)
        port = 11434 if old.wire is Wire.OLLAMA else None
        address = parse_address(self.address, default_port=port)
        name = self.name.strip() or address.host
        return replace(old, name=name, address=address)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of saving or testing a service: a sentence, and the service's own words where it gave some."""

    service_id: str
    sentence: str
    good: bool
    detail: str = ""


def new_service(wire: Wire) -> Service:
    """An empty service for a person's own address."""
    name = "Ollama elsewhere" if wire is Wire.OLLAMA else "My service"
    return Service(f"custom-{uuid4().hex[:8]}", name, wire)


class ServicesViewModel(QObject):
    """The services as they are set up, and what came of testing one."""

    changed = Signal()
    saved = Signal(str)  # service id
    removed = Signal(str)  # service id
    tested = Signal(object)  # Outcome

    def __init__(self, bridge: "Bridge", tasks: Tasks) -> None:
        super().__init__()
        self._bridge = bridge
        self._tasks = tasks
        self.services: tuple[Service, ...] = ()
        self.declared: tuple[Service, ...] = ()
        self.status: SecretsStatus | None = None
        self._sources: dict[str, KeySource | None] = {}

    def addable(self) -> tuple[Service, ...]:
        """The declared services that are not set up yet."""
        present = {one.id for one in self.services}
        return tuple(one for one in self.declared if one.id not in present)

    def key_line(self, service: Service) -> str:
        """Where the service's current key is, in a sentence."""
        source = self._sources.get(service.id)
        if source is not None:
            return _SOURCES[source]
        return "This service needs a key." if service.needs_key else "No key is set; many local servers need none."

    def has_own_key(self, service: Service) -> bool:
        """Whether there is a key that Parley itself keeps."""
        return self._sources.get(service.id) in (KeySource.KEYRING, KeySource.MEMORY)

    def refresh(self) -> None:
        """Fetch everything again."""
        self._tasks.start(self._load())

    def save(self, edited: Edited) -> None:
        """Store a service, and its key if one was written."""
        self._tasks.start(self._save(edited))

    def remove(self, service: Service) -> None:
        """Forget a service and with it the key that Parley keeps for it."""
        self._tasks.start(self._remove(service))

    def forget_key(self, service: Service) -> None:
        """Forget the key that Parley keeps."""
        self._tasks.start(self._forget_key(service))

    def test(self, edited: Edited) -> None:
        """Ask the service for its models, without storing anything."""
        self._tasks.start(self._test(edited))

    async def _load(self) -> None:
        self.services = await self._bridge.run(lambda services: services.models.services())
        self.declared = await self._bridge.run(lambda services: services.models.declared())
        self.changed.emit()
        for one in (*self.services, *self.addable()):
            self._sources[one.id] = await self._key_source(one.id)
        self.status = await self._bridge.run(lambda services: services.secrets.status())
        self.changed.emit()

    async def _key_source(self, service_id: str) -> KeySource | None:
        return await self._bridge.run(lambda services: services.models.key_source(service_id))

    async def _save(self, edited: Edited) -> None:
        try:
            service = edited.parsed()
            await self._bridge.run(lambda services: services.models.save_service(service))
            if edited.key:
                await self._bridge.run(lambda services: services.secrets.set_key(service.id, edited.key))
        except ParleyError as error:
            self._tell(edited, error.sentence, detail=error.detail)
            return
        await self._load()
        self._tell(edited, "Saved.", good=True)
        self.saved.emit(service.id)

    async def _remove(self, service: Service) -> None:
        await self._bridge.run(lambda services: services.models.remove_service(service.id))
        await self._load()
        self.removed.emit(service.id)
        self.saved.emit("")

    async def _forget_key(self, service: Service) -> None:
        await self._bridge.run(lambda services: services.secrets.delete_key(service.id))
        await self._load()

    async def _test(self, edited: Edited) -> None:
        sentence, detail, good = SURPRISE, "", False
        try:
            service = edited.parsed()
            models = await self._bridge.run(lambda services: services.models.test(service, edited.key or None))
            count = "1 model" if len(models) == 1 else f"{len(models)} models"
            sentence, good = f"It works: {count}.", True
        except ParleyError as error:
            sentence, detail = error.sentence, error.detail
        finally:
            self._tell(edited, sentence, detail, good=good)

    def _tell(self, edited: Edited, sentence: str, detail: str = "", *, good: bool = False) -> None:
        self.tested.emit(Outcome(edited.service.id, sentence, good, detail))
