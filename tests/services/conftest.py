"""Open services over a real database, for one test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from desktop.services.suite import Services, open_services


@pytest.fixture
async def services(data_dir: Path) -> AsyncIterator[Services]:
    opened = await open_services(data_dir, {})
    yield opened
    await opened.close()
