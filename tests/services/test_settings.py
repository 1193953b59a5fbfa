"""Settings survive, and a value that no longer fits harms nothing."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from desktop.domain.events import SettingsChanged
from desktop.domain.settings import Settings, Theme
from desktop.services.suite import Services, open_services

pytestmark = pytest.mark.anyio


async def test_settings_are_kept_and_announced(services: Services, data_dir: Path) -> None:
    events = services.feed.subscribe()
    changed = replace(Settings(), theme=Theme.DARK, max_retries=2)
    await services.settings.save(changed)
    assert await anext(events) == SettingsChanged(changed)
    again = await open_services(data_dir, {})
    assert await again.settings.load() == changed
    await again.close()


async def test_a_value_that_does_not_fit_falls_back_to_the_default(services: Services, data_dir: Path) -> None:
    await services.settings.save(replace(Settings(), theme=Theme.DARK, max_retries=2))
    broken = text("UPDATE settings SET value = '\"plaid\"' WHERE name = 'theme'")
    await services.database.write(lambda connection: connection.execute(broken))
    again = await open_services(data_dir, {})
    assert await again.settings.load() == replace(Settings(), max_retries=2)
    await again.close()
