"""What a new chat can offer."""

from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.domain.address import Reach
from desktop.domain.discovery import Discovery, FoundKey, FoundServer
from desktop.domain.model import ModelRef
from desktop.domain.secrets import KeySource, SecretsStatus
from desktop.domain.service import Service
from desktop.domain.settings import Settings
from desktop.ui.models.view_model import can_chat
from desktop.ui.tasks import Tasks

if TYPE_CHECKING:
    from desktop.bridge import Bridge


class Step(Enum):
    """What a card's button does."""

    USE_MODEL = "use model"
    USE_KEY = "use key"
    ADD_SERVICE = "add service"
    ASK_GUIDE = "ask guide"
    LOOK_AGAIN = "look again"


@dataclass(frozen=True, slots=True)
class Offer:
    """One card: what was found, what it means, and one thing to do about it."""

    title: str
    text: str
    button: str
    step: Step
    icon: str
    tone: str = "dim"
    primary: bool = False
    service: Service | None = None
    model: ModelRef | None = None


class FirstRunViewModel(QObject):
    """Looks around on this computer and offers what is really there."""

    changed = Signal()
    modelChosen = Signal(object)  # ModelRef
    serviceAdded = Signal(object)  # Service, whose models are not known yet
    addServiceWanted = Signal()

    def __init__(self, bridge: "Bridge", tasks: Tasks) -> None:
        super().__init__()
        self._bridge = bridge
        self._tasks = tasks
        self._discovery: Discovery | None = None
        self._declared: tuple[Service, ...] = ()
        self._status: SecretsStatus | None = None
        self._looking = False

    @property
    def looking(self) -> bool:
        """Whether Parley is still looking around."""
        return self._looking

    def look_once(self) -> None:
        """Look around unless that was done before."""
        if self._discovery is None and not self._looking:
            self._looking = True
            self._tasks.start(self.look())

    async def look(self) -> None:
        """Look around, on loopback only."""
        self._looking = True
        self.changed.emit()
        try:
            self._declared = await self._bridge.run(lambda services: services.models.declared())
            self._discovery = await self._bridge.run(lambda services: services.discovery.look())
        finally:
            self._looking = False
            self.changed.emit()
        self._status = await self._bridge.run(lambda services: services.secrets.status())  # a dead keyring takes 3 s
        self.changed.emit()

    def offers(self) -> tuple[Offer, ...]:
        """The cards, most useful first."""
        found = self._discovery or Discovery()
        servers = [_server_offer(one) for one in found.servers]
        nothing = [_NOTHING] if self._discovery is not None and not found.servers and not self._looking else []
        keys = [_key_offer(one) for one in found.keys]
        cards = [*servers, *nothing, *keys, *self._cloud_offer(), _GUIDE]
        first = next((at for at, card in enumerate(cards) if card.step in (Step.USE_MODEL, Step.USE_KEY)), None)
        return tuple(replace(card, primary=True) if at == first else card for at, card in enumerate(cards))

    def take(self, offer: Offer) -> None:
        """Do what a card offers."""
        match offer.step:
            case Step.USE_MODEL | Step.USE_KEY:
                self._tasks.start(self._add(offer))
            case Step.ADD_SERVICE:
                self.addServiceWanted.emit()
            case Step.ASK_GUIDE:
                self.modelChosen.emit(offer.model)
            case Step.LOOK_AGAIN:
                self._tasks.start(self.look())

    async def _add(self, offer: Offer) -> None:
        service = offer.service
        if service is None:
            return
        await self._bridge.run(lambda services: services.models.save_service(service))
        self.serviceAdded.emit(service)
        if offer.model is not None:
            self.modelChosen.emit(offer.model)

    def _cloud_offer(self) -> list[Offer]:
        names = [one.name for one in self._declared if one.reach is Reach.CLOUD]
        if not names:
            return []
        where = "" if self._status is None else _KEPT.get(self._status.kept_in, "")
        text = f"{', '.join(names)}{where}"
        return [Offer("Add a cloud service", text, "Add key", Step.ADD_SERVICE, "cloud", "cloud")]


_KEPT = {
    KeySource.KEYRING: " · the key goes into your system keyring",
    KeySource.MEMORY: " · the key is kept only until you quit",
}

_NOTHING = Offer(
    "No local model is running",
    "Start one with “ollama serve”, or switch on the server in LM Studio, then look again.",
    "Look again",
    Step.LOOK_AGAIN,
    "laptop",
)

_GUIDE = Offer(
    "Ask the built-in guide",
    "Answers about Parley from its manual. No AI, no network.",
    "Ask",
    Step.ASK_GUIDE,
    "book-open",
    model=ModelRef(Settings().default_service, Settings().default_model),
)


def _server_offer(found: FoundServer) -> Offer:
    service, models = found.service, tuple(filter(can_chat, found.models))
    place = f"{service.address.host}:{service.address.port}" if service.address and service.address.port else ""
    where = place or str(service.address)
    title = f"{service.name} is running here"
    if not models:
        text = f"No models yet on {where} · fetch one there, then look again"
        return Offer(title, text, "Look again", Step.LOOK_AGAIN, "laptop", "local")
    count = "1 model" if len(models) == 1 else f"{len(models)} models"
    first = next((one for one in models if one.remote_host is None), models[0]).ref
    text = f"{count} on {where} · private, no key needed"
    return Offer(title, text, f"Use {first.name}", Step.USE_MODEL, "laptop", "local", service=service, model=first)


def _key_offer(found: FoundKey) -> Offer:
    text = f"Parley can use it for {found.service.name}. It is read each time, never copied."
    return Offer(f"{found.variable} is set", text, "Use it", Step.USE_KEY, "key", "cloud", service=found.service)
