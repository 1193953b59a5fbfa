"""The schema: made by migrations, the same as the tables, and never forced upon what is not ours."""

import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from desktop.domain.errors import DatabaseDamaged, DatabaseNewer, DataDirUnusable
from desktop.services.store.database import Database
from desktop.services.store.schema import HEAD, MIGRATIONS
from desktop.services.store.tables import metadata

pytestmark = pytest.mark.anyio


async def open_and_close(path: Path) -> None:
    database = Database(path)
    await database.open()
    await database.close()


async def test_a_new_database_has_exactly_the_tables_that_queries_see(data_dir: Path) -> None:
    await open_and_close(data_dir / "parley.db")
    engine = create_engine(f"sqlite:///{data_dir / 'parley.db'}")
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()


async def test_the_head_revision_is_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_current_head() == HEAD


async def test_opening_twice_changes_nothing(data_dir: Path) -> None:
    path = data_dir / "parley.db"
    await open_and_close(path)
    before = path.read_bytes()
    await open_and_close(path)
    assert path.read_bytes() == before


async def test_a_newer_database_is_left_alone(data_dir: Path) -> None:
    path = data_dir / "parley.db"
    await open_and_close(path)
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(DatabaseNewer, match="newer Parley"):
        await open_and_close(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "content",
    [b"this is not a database, but it is long enough to look like a file" * 99, b"SQLite format 3\0" + b"\xff" * 5000],
)
async def test_a_damaged_database_is_left_alone(data_dir: Path, content: bytes) -> None:
    path = data_dir / "parley.db"
    path.write_bytes(content)
    with pytest.raises(DatabaseDamaged):
        await open_and_close(path)
    assert path.read_bytes() == content


async def test_another_program_s_database_is_left_alone(data_dir: Path) -> None:
    path = data_dir / "parley.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE theirs (x)")
    connection.close()
    with pytest.raises(DatabaseDamaged, match="another program"):
        await open_and_close(path)


async def test_a_place_that_is_no_directory_is_refused_with_a_sentence(data_dir: Path) -> None:
    (data_dir / "file").write_text("x")
    with pytest.raises(DataDirUnusable, match="--data-dir"):
        await open_and_close(data_dir / "file" / "parley.db")
