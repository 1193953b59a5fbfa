"""The command line in a process of its own, as a shell starts it."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.support.private_session import private_environment

LIMIT_S = 30.0


@dataclass(frozen=True)
class Ended:
    """What a command left behind."""

    status: int
    output: str
    notes: str

    @property
    def events(self) -> list[dict[str, Any]]:
        """The output as JSON, one object a line; anything else in it fails."""
        *lines, rest = self.output.split("\n")
        assert rest == ""
        return [json.loads(line) for line in lines]

    @property
    def finished(self) -> dict[str, Any]:
        """The last line."""
        return self.events[-1]


class CommandLine:
    """Runs `parley` over one data directory, in an environment in which there is no keyring and no key."""

    def __init__(self, data_dir: Path, environment: dict[str, str]) -> None:
        self.data_dir = data_dir
        self._environment = environment
        self._started: list[subprocess.Popen[str]] = []

    def run(self, command: str, *arguments: str, said: str = "", **environment: str) -> Ended:
        """Run a command to its end."""
        return self.end(self.start(command, *arguments, **environment), said)

    def start(self, command: str, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        """Start a command."""
        process = subprocess.Popen(
            [sys.executable, "-m", "desktop", command, "--data-dir", str(self.data_dir), *arguments],
            env=self._environment | environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        self._started.append(process)
        return process

    def end(self, process: subprocess.Popen[str], said: str = "") -> Ended:
        """Wait for a command to end by itself."""
        output, notes = process.communicate(said, timeout=LIMIT_S)
        return Ended(process.returncode, output, notes)

    def close(self) -> None:
        """End what still runs."""
        for process in self._started:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout, process.stderr):
                if pipe is not None:
                    pipe.close()


@pytest.fixture
def parley(tmp_path: Path) -> Iterator[CommandLine]:
    home = tmp_path / "home"
    home.mkdir()
    command_line = CommandLine(tmp_path / "data", private_environment(home))
    yield command_line
    command_line.close()
