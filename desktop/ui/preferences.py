"""The settings as the window holds them."""

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.domain.events import SettingsChanged
from desktop.domain.model import ModelRef
from desktop.domain.settings import Settings
from desktop.ui.tasks import Tasks

if TYPE_CHECKING:
    from desktop.bridge import Bridge
    from desktop.domain.events import Event


class Preferences(QObject):
    """The current settings; a change holds at once and is saved behind the scenes."""

    changed = Signal()

    def __init__(self, bridge: "Bridge", tasks: Tasks) -> None:
        super().__init__()
        self._bridge = bridge
        self._tasks = tasks
        self._settings = Settings()
        bridge.eventsArrived.connect(self._on_events)

    @property
    def settings(self) -> Settings:
        """All values."""
        return self._settings

    @property
    def default_model(self) -> ModelRef:
        """The model that answers a new chat."""
        return ModelRef(self._settings.default_service, self._settings.default_model)

    async def load(self) -> None:
        """Fetch the stored values."""
        self._take(await self._bridge.run(lambda services: services.settings.load()))

    def change(self, **values: object) -> None:
        """Give settings new values, named as `Settings` names them."""
        settings = replace(self._settings, **values)  # type: ignore[arg-type]
        if settings != self._settings:
            self._take(settings)
            self._tasks.start(self._save(settings))

    def choose_default(self, model: ModelRef) -> None:
        """Let this model answer new chats."""
        self.change(default_service=model.service_id, default_model=model.name)

    async def _save(self, settings: Settings) -> None:
        await self._bridge.run(lambda services: services.settings.save(settings))

    def _on_events(self, events: "list[Event]") -> None:
        for event in events:
            if isinstance(event, SettingsChanged):
                self._take(event.settings)

    def _take(self, settings: Settings) -> None:
        if settings != self._settings:
            self._settings = settings
            self.changed.emit()
