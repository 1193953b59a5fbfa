"""The database: one file, one thread with the one connection that writes, one thread that reads."""

import asyncio
import shutil
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, Engine, NullPool, create_engine, event
from sqlalchemy.exc import DBAPIError

from desktop.domain.errors import DatabaseDamaged, DataDirUnusable, DiskFull, StoreError
from desktop.services.store.file_lock import FileLock
from desktop.services.store.schema import ensure_schema

T = TypeVar("T")

_LITTLE_SPACE = 1 << 16  # as much as SQLite wants at once for its shared memory
_PRAGMAS = ("synchronous = FULL", "foreign_keys = ON", "busy_timeout = 5000")


class Database:
    """Runs pieces of work on the database, writing ones strictly one after the other.

    The SQLite here may have the WAL-reset bug (fixed in 3.51.3), which needs two connections that write or
    checkpoint at once; so there is one writing connection, and a lock file keeps other processes' apart.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._writer = ThreadPoolExecutor(1, "parley-writer")
        self._reader = ThreadPoolExecutor(1, "parley-reader")
        self._writing: Connection | None = None
        self._reading: Connection | None = None
        self._lock: FileLock | None = None

    async def open(self) -> None:
        """Open the file, creating or upgrading the schema.

        Raises:
            StoreError: the file cannot be used; it was not changed.
        """
        loop = asyncio.get_running_loop()
        try:
            await loop.run_in_executor(self._writer, self._open_writing)
            await loop.run_in_executor(self._reader, self._open_reading)
        except BaseException:
            await self.close()
            raise

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Run work in one transaction of the writing connection; it completes even if the caller is cancelled.

        Raises:
            StoreError: nothing of the work was stored.
        """
        return await asyncio.shield(asyncio.get_running_loop().run_in_executor(self._writer, self._write, work))

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run work on the reading connection, in one snapshot.

        Raises:
            StoreError: the database could not be read.
        """
        return await asyncio.get_running_loop().run_in_executor(self._reader, self._read, work)

    async def close(self) -> None:
        """Finish what was begun and close; readers first, so that the writer's last checkpoint is alone."""
        await asyncio.to_thread(self._close)

    def _open_writing(self) -> None:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._lock = FileLock(self._path.with_suffix(".lock"))
            with self._lock:
                connection = _engine(f"file:{_escaped(self._path)}?mode=rwc", "BEGIN IMMEDIATE").connect()
                self._writing = connection
                ensure_schema(connection, self._path)
                _use_wal(connection)
        except OSError as error:
            raise _directory_error(self._path.parent, error) from error
        except DBAPIError as error:
            raise store_error(error, self._path) from error

    def _open_reading(self) -> None:
        self._reading = _engine(f"file:{_escaped(self._path)}?mode=ro", "BEGIN").connect()

    def _write(self, work: Callable[[Connection], T]) -> T:
        assert self._lock is not None
        assert self._writing is not None
        try:
            with self._lock, self._writing.begin():
                return work(self._writing)
        except DBAPIError as error:
            raise store_error(error, self._path) from error

    def _read(self, work: Callable[[Connection], T]) -> T:
        assert self._reading is not None
        try:
            with self._reading.begin():
                return work(self._reading)
        except DBAPIError as error:
            raise store_error(error, self._path) from error

    def _close(self) -> None:
        self._reader.submit(self._close_reading).result()
        self._reader.shutdown()
        self._writer.submit(self._close_writing).result()
        self._writer.shutdown()

    def _close_reading(self) -> None:
        if self._reading is not None:
            self._reading.close()

    def _close_writing(self) -> None:
        if self._lock is None:
            return
        with self._lock:
            if self._writing is not None:
                self._writing.close()
        self._lock.close()


def store_error(error: DBAPIError, path: Path) -> StoreError:
    """What a database error means for a person; never quotes the statement's values."""
    original = error.orig
    code = getattr(original, "sqlite_errorcode", 0) & 0xFF
    detail = str(original)
    if code == sqlite3.SQLITE_FULL or (code == sqlite3.SQLITE_IOERR and _is_full(path.parent)):
        return DiskFull(f"The disk that holds {path.parent} is full. Free some space; nothing was overwritten.", detail)
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return DatabaseDamaged(
            f"{path} is damaged or is not a Parley database. It was left as it is: copy it somewhere safe, "
            "then restore a backup or start Parley with another data directory.",
            detail,
        )
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_IOERR):
        return DataDirUnusable(
            f"Parley cannot write to {path.parent}. Check its rights, or choose another place with --data-dir.", detail
        )
    return StoreError(f"The database {path.name} did not answer as it should: {detail}.", detail)


def _is_full(folder: Path) -> bool:
    try:
        return shutil.disk_usage(folder).free < _LITTLE_SPACE
    except OSError:
        return False


def _directory_error(folder: Path, error: OSError) -> StoreError:
    reason = error.strerror or "unknown error"
    return DataDirUnusable(
        f"Parley cannot use {folder} for its data ({reason}). Check its rights, or choose another place with "
        "--data-dir.",
        str(error),
    )


def _use_wal(connection: Connection) -> None:
    """Changes the file's header, so only once the file is known to be ours; not possible inside a transaction."""
    connection.connection.cursor().execute("PRAGMA journal_mode = WAL")


def _escaped(path: Path) -> str:
    return path.as_posix().replace("%", "%25").replace("?", "%3f").replace("#", "%23")


def _engine(uri: str, begin: str) -> Engine:
    engine = create_engine(
        "sqlite+pysqlite://",
        creator=lambda: sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False),
        poolclass=NullPool,
        hide_parameters=True,
    )

    @event.listens_for(engine, "connect")
    def set_pragmas(connection: sqlite3.Connection, _record: object) -> None:
        for pragma in _PRAGMAS if begin != "BEGIN" else ("query_only = ON", "busy_timeout = 5000"):
            connection.execute(f"PRAGMA {pragma}")

    # pysqlite's own transaction handling does not cover DDL, so every transaction is begun by hand.
    @event.listens_for(engine, "begin")
    def begin_by_hand(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine
