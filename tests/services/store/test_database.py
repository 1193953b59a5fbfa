"""The database: work in transactions, and files that are not ours to change."""

import asyncio
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from desktop.domain.errors import DatabaseDamaged, DatabaseNewer, DataDirUnusable, DiskFull, StoreError
from desktop.services.store.database import Database
from desktop.services.suite import open_services
from tests.support.small_disk import SmallDisk

pytestmark = pytest.mark.anyio

CANARY = "what a person wrote"
WRITES = 50
WRITER = """
import asyncio, sys
from pathlib import Path
from desktop.services.suite import open_services

async def write(folder, writes):
    services = await open_services(Path(folder), {})
    print("open", flush=True)
    sys.stdin.readline()
    for _ in range(int(writes)):
        await services.conversations.create()
    await services.close()

asyncio.run(write(*sys.argv[1:]))
"""


@pytest.fixture
async def database(data_dir: Path) -> AsyncIterator[Database]:
    opened = Database(data_dir / "parley.db")
    await opened.open()
    yield opened
    await opened.close()


async def open_and_close(folder: Path) -> None:
    await (await open_services(folder, {})).close()


async def made_by_parley(folder: Path) -> Path:
    """A database with something in it."""
    services = await open_services(folder, {})
    for _ in range(20):
        conversation = await services.conversations.create()
        await services.conversations.save_draft(conversation.id, CANARY * 500)
    await services.close()
    return folder / "parley.db"


def name_profile(connection: Connection) -> None:
    connection.execute(text("INSERT INTO profiles (name, created_at) VALUES ('work', 0)"))


async def count(database: Database) -> int:
    return await database.read(
        lambda connection: connection.execute(text("SELECT count(*) FROM profiles")).scalar_one()
    )


async def test_work_that_fails_leaves_nothing(database: Database) -> None:
    def half(connection: Connection) -> None:
        name_profile(connection)
        raise LookupError

    with pytest.raises(LookupError):
        await database.write(half)
    assert await count(database) == 0
    await database.write(name_profile)
    assert await count(database) == 1


async def test_work_that_was_begun_is_done_even_if_nobody_waits_for_it(database: Database) -> None:
    writing = asyncio.create_task(database.write(name_profile))
    await asyncio.sleep(0)
    writing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writing
    await database.write(lambda _connection: None)  # one after the other
    assert await count(database) == 1


async def test_reading_cannot_write(database: Database) -> None:
    with pytest.raises(DataDirUnusable):
        await database.read(name_profile)


async def test_an_error_does_not_quote_what_a_person_wrote(database: Database) -> None:
    wrong = text("INSERT INTO profiles (id, name) VALUES (1, :name)")
    with pytest.raises(StoreError) as caught:
        await database.write(lambda connection: connection.execute(wrong, {"name": CANARY}))
    assert CANARY not in f"{caught.value!r} {caught.value.detail} {caught.getrepr()}"


async def test_a_directory_may_have_any_name_and_is_for_nobody_else(tmp_path: Path) -> None:
    folder = tmp_path / "50% of ?mode=ro & #1 – 日本" / "deeper"
    await open_and_close(folder)
    assert (folder / "parley.db").exists()
    assert folder.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("journal", ["DELETE", "WAL"])
async def test_another_program_s_database_keeps_every_byte(data_dir: Path, journal: str) -> None:
    path = data_dir / "parley.db"
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA journal_mode = {journal}")
    connection.execute("CREATE TABLE theirs (x)")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(DatabaseDamaged, match="another program"):
        await open_and_close(data_dir)
    assert path.read_bytes() == before


async def test_a_database_of_a_newer_parley_keeps_every_byte(data_dir: Path) -> None:
    path = await made_by_parley(data_dir)
    connection = sqlite3.connect(path)
    with connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(DatabaseNewer, match="newer Parley"):
        await open_and_close(data_dir)
    assert path.read_bytes() == before


@pytest.mark.parametrize("damage", ["half of it", "no header", "a hole"])
async def test_a_damaged_database_keeps_every_byte(data_dir: Path, damage: str) -> None:
    path = await made_by_parley(data_dir)
    whole = path.read_bytes()
    half, page = len(whole) // 2, 4096
    broken = {
        "half of it": whole[:half],
        "no header": b"\xff" * 100 + whole[100:],
        "a hole": whole[:page] + bytes(half) + whole[page + half :],
    }[damage]
    path.write_bytes(broken)
    with pytest.raises(DatabaseDamaged, match="left as it is"):
        await open_and_close(data_dir)
    assert path.read_bytes() == broken


async def test_a_read_only_disk_is_said_and_keeps_every_byte(small_disk: SmallDisk) -> None:
    path = await made_by_parley(small_disk.path)
    before = path.read_bytes()
    small_disk.set_read_only()
    with pytest.raises(DataDirUnusable, match="--data-dir"):
        await open_and_close(small_disk.path)
    with pytest.raises(DataDirUnusable, match="--data-dir"):
        await open_and_close(small_disk.path / "new")
    assert path.read_bytes() == before


async def test_a_full_disk_is_said_and_there_is_a_start_once_it_has_room(small_disk: SmallDisk) -> None:
    small_disk.fill()
    with pytest.raises(DiskFull, match="full"):
        await open_and_close(small_disk.path)
    small_disk.free()
    path = await made_by_parley(small_disk.path)
    before = path.read_bytes()
    small_disk.fill()
    with pytest.raises(DiskFull, match="full"):
        await open_and_close(small_disk.path)
    assert path.read_bytes() == before
    small_disk.free()
    await open_and_close(small_disk.path)


def test_two_processes_write_at_the_same_time_and_nothing_is_lost(data_dir: Path) -> None:
    asyncio.run(open_and_close(data_dir))
    pipe = subprocess.PIPE
    command = [sys.executable, "-c", WRITER, str(data_dir), str(WRITES)]
    writers = [subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) for _ in range(2)]
    for one in writers:
        assert one.stdout is not None
        assert one.stdout.readline() == "open\n"
    assert [one.communicate("go\n", timeout=60)[0] for one in writers] == ["", ""]
    assert [one.returncode for one in writers] == [0, 0]
    asyncio.run(open_and_close(data_dir))
    connection = sqlite3.connect(data_dir / "parley.db")
    assert connection.execute("SELECT count(*) FROM conversations").fetchone() == (2 * WRITES,)
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()
