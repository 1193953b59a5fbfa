"""A Qt application, its loop, and real services behind a real bridge."""

import asyncio
import gc
import os
from collections.abc import AsyncIterator, Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication
from qasync import QEventLoop

from desktop.bridge import Bridge
from desktop.domain.settings import Theme as Choice
from desktop.services.suite import open_services
from desktop.ui.application import make_application
from desktop.ui.tasks import Tasks
from desktop.ui.theme import Theme

Until = Callable[[Callable[[], object]], Any]


@pytest.fixture(scope="session")
def app() -> QApplication:
    return make_application()


@pytest.fixture(autouse=True)
def _collected_here(app: QApplication) -> Iterator[None]:
    """Qt objects in reference cycles must die on the Qt thread, never on the service thread."""
    gc.disable()
    yield
    app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    gc.enable()


@pytest.fixture
def anyio_backend(app: QApplication) -> tuple[str, dict[str, object]]:
    return "asyncio", {"loop_factory": lambda: QEventLoop(app)}


@pytest.fixture
def theme(app: QApplication) -> Iterator[Theme]:
    made = Theme(app, Choice.LIGHT)
    yield made
    made.choose(Choice.LIGHT)


@pytest.fixture
async def tasks() -> AsyncIterator[Tasks]:
    made = Tasks()
    yield made
    await made.cancel()


@pytest.fixture
async def bridge(app: QApplication, data_dir: Path) -> AsyncIterator[Bridge]:
    made = Bridge(partial(open_services, data_dir, {}))
    made.start()
    yield made
    await made.stop()


@pytest.fixture
def until() -> Until:
    """Wait until something holds, at most 5 s."""

    async def wait(holds: Callable[[], object]) -> None:
        async with asyncio.timeout(5):
            while not holds():  # noqa: ASYNC110 - anything may be waited for
                await asyncio.sleep(0.01)

    return wait
