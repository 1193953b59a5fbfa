"""All services together: opened over any directory, closed without a trace."""

import sqlite3
from pathlib import Path

import pytest

from desktop.domain.errors import StoreError
from desktop.services.suite import open_services

pytestmark = pytest.mark.anyio


async def test_closing_leaves_one_file_that_any_sqlite_can_read(data_dir: Path) -> None:
    folder = data_dir / "made" / "when missing"
    services = await open_services(folder, {})
    conversation = await services.conversations.create()
    await services.conversations.rename(conversation.id, "Kept")
    await services.close()
    assert sorted(one.name for one in folder.iterdir()) == ["instances", "parley.db", "parley.lock"]
    assert list((folder / "instances").iterdir()) == []
    connection = sqlite3.connect(f"file:{folder / 'parley.db'}?mode=ro", uri=True)
    assert connection.execute("SELECT title FROM conversations").fetchall() == [("Kept",)]
    connection.close()


async def test_what_fails_to_open_leaves_no_thread_and_can_be_opened_once_it_is_mended(data_dir: Path) -> None:
    (data_dir / "parley.db").write_bytes(b"damaged " * 1000)
    with pytest.raises(StoreError):
        await open_services(data_dir, {})  # a thread left behind fails the test
    (data_dir / "parley.db").unlink()
    await (await open_services(data_dir, {})).close()


async def test_nothing_is_asked_of_anybody_by_opening(data_dir: Path) -> None:
    """Idle Parley makes no connection: one that leaves this computer fails the test, and these ports nobody serves."""
    services = await open_services(data_dir, {"OPENAI_API_KEY": "sk-canary", "OLLAMA_HOST": "192.0.2.1"})
    assert services.http._connections._pools == {}
    await services.close()
