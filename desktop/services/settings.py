"""Settings: loaded once, saved at once, and told to whoever listens."""

from desktop.domain.events import SettingsChanged
from desktop.domain.settings import Settings
from desktop.services.feed import Feed
from desktop.services.store.settings import SettingsStore


class SettingsService:
    """The present settings of the profile."""

    def __init__(self, store: SettingsStore, feed: Feed) -> None:
        self._store = store
        self._feed = feed
        self._settings: Settings | None = None

    async def load(self) -> Settings:
        """The present settings."""
        if self._settings is None:
            self._settings = await self._store.load()
        return self._settings

    async def save(self, settings: Settings) -> None:
        """Keep new settings."""
        await self._store.save(settings)
        self._settings = settings
        self._feed.publish(SettingsChanged(settings))

    def override(self, settings: Settings) -> None:
        """Use settings for this session without keeping them."""
        self._settings = settings
