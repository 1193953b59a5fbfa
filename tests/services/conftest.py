"""Open services over a real database, for one test."""

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from desktop.services.suite import Services, open_services
from tests.support.small_disk import SmallDisk


@pytest.fixture
async def services(data_dir: Path) -> AsyncIterator[Services]:
    opened = await open_services(data_dir, {})
    yield opened
    await opened.close()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[SmallDisk]:
    if os.geteuid() != 0:
        pytest.skip("only root can mount a disk")
    with SmallDisk(tmp_path / "disk") as disk:
        yield disk
