import asyncio
import logging

import pytest

from desktop.domain.errors import NotFound
from desktop.ui.tasks import SURPRISE, Tasks
from tests.ui.conftest import Until

pytestmark = pytest.mark.anyio


async def test_an_error_of_ours_becomes_its_sentence(tasks: Tasks, until: Until) -> None:
    said: list[str] = []
    tasks.failed.connect(said.append)

    async def fail() -> None:
        raise NotFound("This conversation is gone.")

    tasks.start(fail())
    await until(lambda: said)
    assert said == ["This conversation is gone."]


async def test_a_surprise_is_logged_and_said_without_its_words(
    tasks: Tasks, until: Until, caplog: pytest.LogCaptureFixture
) -> None:
    said: list[str] = []
    tasks.failed.connect(said.append)

    async def fail() -> None:
        raise RuntimeError("internal words")

    with caplog.at_level(logging.ERROR):
        tasks.start(fail())
        await until(lambda: said)
    assert said == [SURPRISE]
    assert "internal words" in caplog.text
    caplog.clear()


async def test_cancelling_says_nothing(tasks: Tasks) -> None:
    said: list[str] = []
    tasks.failed.connect(said.append)
    tasks.start(asyncio.sleep(60))
    await asyncio.sleep(0)
    await tasks.cancel()
    await asyncio.sleep(0.01)
    assert said == []
