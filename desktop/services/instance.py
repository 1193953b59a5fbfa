"""Instances: running Parley processes, each proving with a held lock file that it lives."""

from pathlib import Path
from uuid import uuid4

from desktop.services.store.file_lock import FileLock


class Instance:
    """This process among those that share a data directory; dead as soon as its process is.

    Args:
        folder: where the lock files of all instances lie.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self.id = uuid4().hex
        self._folder = folder
        self._lock = FileLock(self._path(self.id))
        self._lock.try_acquire()

    def is_alive(self, instance_id: str) -> bool:
        """Whether the process that called itself so still runs; the files of dead ones are removed."""
        if instance_id == self.id:
            return True
        path = self._path(instance_id)
        if not path.exists():
            return False
        lock = FileLock(path)
        try:
            if not lock.try_acquire():
                return True
            path.unlink(missing_ok=True)
            return False
        finally:
            lock.close()

    def close(self) -> None:
        """Say that this instance ends."""
        self._path(self.id).unlink(missing_ok=True)
        self._lock.close()

    def _path(self, instance_id: str) -> Path:
        return self._folder / f"{instance_id}.lock"
