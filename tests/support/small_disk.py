"""A disk of its own that can be full or read-only; needs root."""

import errno
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Self

BLOCK = 4096


class SmallDisk:
    """A file system in memory, from `with` to its end.

    Args:
        path: where it is mounted; made when missing.
        size_kb: how much it holds.
    """

    def __init__(self, path: Path, size_kb: int = 4096) -> None:
        self.path = path
        self._size_kb = size_kb
        self._filler = path / "filler"

    def __enter__(self) -> Self:
        self.path.mkdir(exist_ok=True)
        self._mount("tmpfs", "-t", "tmpfs", "-o", f"size={self._size_kb}k,mode=700")
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        subprocess.run(["umount", "-l", self.path], check=True)

    def fill(self) -> None:
        """Leave no free block."""
        with self._filler.open("ab", buffering=0) as filler:
            try:
                while True:
                    filler.write(bytes(BLOCK))
            except OSError as error:
                if error.errno != errno.ENOSPC:
                    raise

    def free(self) -> None:
        """Give back what `fill` took."""
        self._filler.unlink()

    def set_read_only(self) -> None:
        """Let nothing be written any more."""
        self._mount("tmpfs", "-o", "remount,ro")

    def _mount(self, *arguments: str) -> None:
        subprocess.run(["mount", *arguments, self.path], check=True)
