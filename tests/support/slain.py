"""`kill -9` of scripted sessions, at any moment or at any system call."""

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from desktop.services.suite import open_services
from tests.support.arena import eventually
from tests.support.autopsy import Death, Evidence, Script, examine, with_fault
from tests.support.dialects import Dialect
from tests.support.fault_server import FaultServer
from tests.support.slain_session import ACKNOWLEDGED, DATA, END, GO

LIMIT_S = 30.0


class Slaughterhouse:
    """Runs sessions over copies of one data directory against one server, and kills them.

    Args:
        folder: where the data goes.
        server: answers all; each session has a path of its own.
        zygote: forks the sessions.
    """

    def __init__(self, folder: Path, server: FaultServer, zygote: "subprocess.Popen[str]") -> None:
        self._folder = folder
        self._server = server
        self._zygote = zygote
        self._count = 0

    async def prepare(self) -> None:
        """Make the data directory that all sessions begin with."""
        services = await open_services(self._folder / "template", {})
        await services.close()

    async def duration_s(self, dialect: Dialect, script: Script) -> float:
        """How long a session lasts that nobody kills; it must end well."""
        run = self._start(dialect, script)
        began = time.monotonic()
        run.go()
        await eventually(run.is_gone, LIMIT_S)
        lasted_s = time.monotonic() - began
        death = await self._autopsy(run, time.monotonic())
        assert (death.ended, death.faults) == (True, ()), death
        return lasted_s

    async def kill_after(self, dialect: Dialect, script: Script, delay_s: float) -> Death:
        """Kill a session some time after its beginning."""
        run = self._start(dialect, script)
        run.go()
        await asyncio.sleep(delay_s)
        killed_at, alone = time.monotonic(), run.is_gone()
        with suppress(ProcessLookupError):
            os.kill(run.pid, signal.SIGKILL)
        await eventually(run.is_gone, LIMIT_S)
        return await self._autopsy(run, killed_at, alone=alone)

    async def kill_at_call(self, dialect: Dialect, script: Script, call: str, number: int) -> Death:
        """Kill a session when one of its threads enters a system call for the n-th time."""
        run = self._start(dialect, script)
        inject, trace = f"inject={call}:signal=KILL:when={number}", run.folder / "trace"
        command = ["strace", "-f", "-p", str(run.pid), "-e", f"trace={call}", "-e", inject, "-o", str(trace)]
        strace = await asyncio.create_subprocess_exec(*command, stderr=subprocess.PIPE)
        assert strace.stderr is not None
        assert b"attached" in await strace.stderr.readline()
        run.go()
        await eventually(run.is_gone, LIMIT_S)
        killed_at = time.monotonic()
        await strace.communicate()
        return await self._autopsy(run, killed_at, alone="killed by SIGKILL" not in trace.read_text())

    def _start(self, dialect: Dialect, script: Script) -> "_Run":
        self._count += 1
        folder = self._folder / f"run{self._count}"
        shutil.copytree(self._folder / "template", folder / DATA)
        root = f"/k{self._count}"
        self._server.usually(f"{root}{dialect.path}", script.plan(dialect))
        messages = [f"message {number} of {self._count}." for number in range(script.messages)]
        order = {"folder": str(folder), "wire": dialect.wire, "url": f"{self._server.url}{root}", "messages": messages}
        assert self._zygote.stdin is not None
        assert self._zygote.stdout is not None
        self._zygote.stdin.write(f"{json.dumps(order)}\n")
        self._zygote.stdin.flush()
        return _Run(int(self._zygote.stdout.readline()), folder, f"{root}{dialect.path}", dialect, script)

    async def _autopsy(self, run: "_Run", killed_at: float, *, alone: bool = True) -> Death:
        """Look at what is left.

        Args:
            alone: whether the session ended by itself, and so must have come to its end.
        """
        lines, requests = run.acknowledged(), self._server.to(run.path)
        ended = END in lines
        taken = [line for line in lines if line != END]
        death = await examine(
            run.folder / DATA, Evidence(run.dialect, run.script, taken, requests, killed_at, ended=ended)
        )
        shutil.rmtree(run.folder)
        if len(self._server.to(run.path)) != len(requests):
            return with_fault(death, "something was sent again")
        return with_fault(death, "the session died by itself") if alone and not ended else death


@contextmanager
def slaughterhouse(folder: Path) -> Iterator[Slaughterhouse]:
    """A place for killing; nothing of it runs afterwards."""
    command = [sys.executable, "-m", "tests.support.slain_session"]
    pipe = subprocess.PIPE
    with FaultServer() as server, subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as zygote:
        try:
            yield Slaughterhouse(folder, server, zygote)
        finally:
            zygote.kill()


@dataclass(frozen=True)
class _Run:
    """A session; `path` is where it asks the server."""

    pid: int
    folder: Path
    path: str
    dialect: Dialect
    script: Script

    def go(self) -> None:
        """Let it begin."""
        (self.folder / GO).touch()

    def is_gone(self) -> bool:
        """Whether its process has ended."""
        return not Path(f"/proc/{self.pid}").exists()

    def acknowledged(self) -> list[str]:
        """What it had been told is stored."""
        file = self.folder / ACKNOWLEDGED
        return file.read_text().splitlines() if file.exists() else []
