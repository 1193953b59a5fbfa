"""The schema's revision: checked at each start, raised by alembic when it is behind."""

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from desktop.domain.errors import DatabaseDamaged, DatabaseNewer

HEAD = "0002"
KNOWN = ("0001", HEAD)
MIGRATIONS = Path(__file__).parent / "migrations"


def ensure_schema(connection: Connection, path: Path) -> None:
    """Bring the database to the head revision, in one transaction; alembic is imported only if it is behind.

    Raises:
        DatabaseNewer: a later Parley wrote it.
        DatabaseDamaged: it is a database of something else.
    """
    with connection.begin():
        revision = _revision(connection, path)
        if revision == HEAD:
            return
        if revision is not None and revision not in KNOWN:
            raise DatabaseNewer(
                f"{path} was written by a newer Parley. Install that version, or start this one with another "
                "data directory. Nothing was changed."
            )
        _upgrade(connection)


def _revision(connection: Connection, path: Path) -> str | None:
    names = inspect(connection).get_table_names()
    if "alembic_version" in names:
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    if names:
        raise DatabaseDamaged(f"{path} belongs to another program. Start Parley with another data directory.")
    return None


def _upgrade(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415 - costs half a second, needed only when the schema is behind
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, HEAD)
