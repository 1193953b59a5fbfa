"""Settings: loaded once, saved at once, and told to whoever listens."""

from collections.abc import Callable

from desktop.domain.events import SettingsChanged
from desktop.domain.settings import Settings
from desktop.services.feed import Feed
from desktop.services.store.settings import SettingsStore


class SettingsService:
    """The present settings of the profile.

    Args:
        apply: told the settings whenever they become present.
    """

    def __init__(self, store: SettingsStore, feed: Feed, apply: Callable[[Settings], None] = lambda _: None) -> None:
        self._store = store
        self._feed = feed
        self._apply = apply
        self._settings: Settings | None = None

    async def load(self) -> Settings:
        """The present settings."""
        if self._settings is None:
            self.override(await self._store.load())
        assert self._settings is not None
        return self._settings

    async def save(self, settings: Settings) -> None:
        """Keep new settings."""
        await self._store.save(settings)
        self.override(settings)
        self._feed.publish(SettingsChanged(settings))

    def override(self, settings: Settings) -> None:
        """Use settings for this session without keeping them."""
        self._settings = settings
        self._apply(settings)
