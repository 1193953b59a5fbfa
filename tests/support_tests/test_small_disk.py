"""A disk that is full or read-only is so for every program."""

import errno
import os
from pathlib import Path

import pytest

from tests.support.small_disk import SmallDisk


def test_it_can_be_full_and_read_only_and_leaves_nothing(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can mount a disk")
    with SmallDisk(tmp_path / "disk", size_kb=256) as disk:
        disk.fill()
        with pytest.raises(OSError, match="No space left") as caught:
            (disk.path / "more").write_bytes(b"x" * 5000)
        assert caught.value.errno == errno.ENOSPC
        disk.free()
        (disk.path / "more").write_bytes(b"x" * 5000)
        disk.set_read_only()
        with pytest.raises(OSError, match="Read-only"):
            (disk.path / "other").touch()
    assert list((tmp_path / "disk").iterdir()) == []
