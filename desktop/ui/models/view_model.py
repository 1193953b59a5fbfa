"""Which models there are and where each one's messages go."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.domain.address import Reach, reach_of
from desktop.domain.model import Model, ModelRef, ServiceModels
from desktop.domain.service import Service
from desktop.ui.tasks import Tasks

if TYPE_CHECKING:
    from desktop.bridge import Bridge

_DISTANCE = {Reach.BUILT_IN: 0, Reach.LOCAL: 1, Reach.NETWORK: 2, Reach.CLOUD: 3}


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a message to a model goes, in words; `stays` says that it does not leave this computer."""

    words: str
    stays: bool


class ModelsViewModel(QObject):
    """The services that are set up and the models they offer; asks again whenever it is told to."""

    changed = Signal()

    def __init__(self, bridge: "Bridge", tasks: Tasks) -> None:
        super().__init__()
        self._bridge = bridge
        self._tasks = tasks
        self._services: dict[str, Service] = {}
        self._loaded = False
        self._listed: tuple[ServiceModels, ...] = ()
        self._looking = False

    @property
    def listed(self) -> tuple[ServiceModels, ...]:
        """The models of each service that can answer, as far as they are known."""
        known = self._listed or tuple(ServiceModels(one) for one in self._services.values())
        return tuple(replace(one, models=tuple(filter(can_chat, one.models))) for one in known)

    @property
    def looking(self) -> bool:
        """Whether the services are being asked right now."""
        return self._looking

    async def load(self) -> None:
        """Learn which services are set up, without asking any of them."""
        known = await self._bridge.run(lambda services: services.models.services())
        self._services = {one.id: one for one in known}
        self._loaded = True
        self._listed = tuple(one for one in self._listed if one.service.id in self._services)
        self.changed.emit()

    def refresh(self) -> None:
        """Ask every service for its models."""
        if not self._looking:
            self._looking = True
            self.changed.emit()
            self._tasks.start(self._refresh())

    def is_lost(self, model: ModelRef) -> bool:
        """Whether a model's service is not set up any more."""
        return self._loaded and model.service_id not in self._services

    def destination(self, model: ModelRef) -> Destination | None:
        """Where a message to this model goes; None while nobody knows its service."""
        service = self._services.get(model.service_id)
        if service is None:
            return None
        known = self._find(model)
        if known is not None and known.remote_host and service.reach is not Reach.CLOUD:
            reach = Reach.CLOUD if reach_of(known.remote_host) is Reach.CLOUD else Reach.NETWORK
            return Destination(f"{reach.capitalize()} · {known.remote_host}", stays=False)
        return Destination(service.destination, stays=service.reach in (Reach.LOCAL, Reach.BUILT_IN))

    def can_stand_in(self, model: ModelRef, other: ModelRef) -> bool:
        """Whether messages to a model go no farther than those to another; the guide is nobody's substitute."""
        reach, limit = self._reach(model), self._reach(other)
        if reach is None or limit is None or reach is Reach.BUILT_IN:
            return False
        return _DISTANCE[reach] <= _DISTANCE[limit]

    def _reach(self, model: ModelRef) -> Reach | None:
        """How far a message to a model goes, also where a local server passes it on."""
        service, known = self._services.get(model.service_id), self._find(model)
        if service is None:
            return None
        if known is None or not known.remote_host:
            return service.reach
        return max(service.reach, reach_of(known.remote_host), key=lambda reach: _DISTANCE[reach])

    async def _refresh(self) -> None:
        try:
            self._listed = await self._bridge.run(lambda services: services.models.list())
            await self.load()  # a service may have gone while all were asked
        finally:
            self._looking = False
            self.changed.emit()

    def _find(self, model: ModelRef) -> Model | None:
        for listed in self._listed:
            for one in listed.models:
                if one.ref == model:
                    return one
        return None


def can_chat(model: Model) -> bool:
    """Whether a model answers at all; one that only embeds does not."""
    return model.capabilities is None or "completion" in model.capabilities
