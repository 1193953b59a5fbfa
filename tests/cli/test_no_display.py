"""The window where no window can be."""

import subprocess
import sys
from pathlib import Path

from tests.support.private_session import private_environment


def test_it_is_said_in_a_sentence(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "desktop", "--data-dir", str(tmp_path / "data")]
    ended = subprocess.run(
        command, env=private_environment(tmp_path), capture_output=True, text=True, timeout=30, check=False
    )
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.startswith("parley: there is no display")
    assert ended.stderr.count("\n") == 1
