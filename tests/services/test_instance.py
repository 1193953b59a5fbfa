"""Instances: alive as long as their process, dead with it however it ends."""

import subprocess
import sys
from pathlib import Path

import pytest

from desktop.services.instance import Instance

CHILD = """
import sys
from pathlib import Path
from desktop.services.instance import Instance
instance = Instance(Path(sys.argv[1]))
print(instance.id, flush=True)
sys.stdin.read()
instance.close()
"""


@pytest.fixture
def mine(tmp_path: Path) -> Instance:
    return Instance(tmp_path / "instances")


def test_this_process_lives_until_it_closes(mine: Instance, tmp_path: Path) -> None:
    later = Instance(tmp_path / "instances")
    assert mine.is_alive(mine.id)
    assert later.is_alive(mine.id)
    mine.close()
    assert not later.is_alive(mine.id)
    later.close()
    assert list((tmp_path / "instances").iterdir()) == []


def test_a_process_nobody_knows_is_dead(mine: Instance) -> None:
    assert not mine.is_alive("0" * 32)
    mine.close()


@pytest.mark.parametrize("crash", [True, False], ids=["killed", "closed"])
def test_another_process_lives_until_it_ends_and_leaves_nothing(mine: Instance, tmp_path: Path, crash: bool) -> None:
    command = [sys.executable, "-c", CHILD, str(tmp_path / "instances")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdin is not None
        assert other.stdout is not None
        name = other.stdout.readline().strip()
        assert mine.is_alive(name)
        assert mine.is_alive(name)
        if crash:
            other.kill()
        else:
            other.stdin.close()
        other.wait(10)
    assert not mine.is_alive(name)
    assert [one.stem for one in (tmp_path / "instances").iterdir()] == [mine.id]
    mine.close()
