"""A person's session that nobody else sees: a home, a runtime directory and a message bus, gone with the tests."""

import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Self

START_LIMIT_S = 20.0
_DIES_WITH_US = ("setpriv", "--pdeathsig", "KILL", "--")
# No service directories: nothing runs on this bus but what a test has started.
_BUS = """\
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type><listen>unix:path={path}</listen><auth>EXTERNAL</auth>
  <policy context="default"><allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/></policy>
</busconfig>
"""


class PrivateSession:
    """An empty home with a message bus, from `with` to its end; what is started in it ends with it.

    `environment` is all that a process needs to live in it, and nothing of the person's own. A process started here
    must be started on the main thread: it dies with the thread that started it.
    """

    def __init__(self) -> None:
        self._home = Path(tempfile.mkdtemp(prefix="session-"))  # readable by its owner only
        self.environment = private_environment(self._home)
        self._log = (self._home / "log").open("w")
        self._processes: list[subprocess.Popen[str]] = []

    def __enter__(self) -> Self:
        bus = Path(self.environment["XDG_RUNTIME_DIR"], "bus")
        configuration = self._home / "bus.conf"
        configuration.write_text(_BUS.format(path=bus))
        try:
            process = self.start("dbus-daemon", "--nofork", "--print-address", f"--config-file={configuration}")
            self.environment["DBUS_SESSION_BUS_ADDRESS"] = self.first_line(process)
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        for process in reversed(self._processes):
            process.kill()  # a frozen process can be killed but not terminated
            process.wait()
            assert process.stdout is not None
            process.stdout.close()
        self._log.close()
        shutil.rmtree(self._home, ignore_errors=True)  # a dying grandchild may still be writing

    def start(self, *command: str, stdin: str = "") -> "subprocess.Popen[str]":
        """Start a program in the session and give it its whole input."""
        process = subprocess.Popen(
            [*_DIES_WITH_US, *command],
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
        )
        self._processes.append(process)
        assert process.stdin is not None
        process.stdin.write(stdin)
        process.stdin.close()
        process.stdin = None
        return process

    def first_line(self, process: "subprocess.Popen[str]") -> str:
        """What a program says when it is ready. Raises RuntimeError if it ends instead."""
        assert process.stdout is not None
        line = process.stdout.readline().strip()
        if not line:
            raise RuntimeError(f"{process.args!r} did not start: {self._said()}")
        return line

    def await_name(self, name: str, process: "subprocess.Popen[str]") -> None:
        """Block until a program has taken its name on the bus. Raises RuntimeError if it does not."""
        ask = ("dbus-send", "--session", "--print-reply=literal", "--dest=org.freedesktop.DBus", "/")
        question = (*ask, "org.freedesktop.DBus.NameHasOwner", f"string:{name}")
        end = time.monotonic() + START_LIMIT_S
        while b"true" not in subprocess.run(question, env=self.environment, capture_output=True, check=True).stdout:
            if time.monotonic() > end or process.poll() is not None:
                raise RuntimeError(f"{name} did not start: {self._said()}")
            time.sleep(0.02)

    def _said(self) -> str:
        return (self._home / "log").read_text()[-2000:]


def private_environment(home: Path) -> dict[str, str]:
    """An environment in which nothing of the person's own is found, and no bus."""
    folders = {name: home / name.lower() for name in ("XDG_RUNTIME_DIR", "XDG_DATA_HOME", "XDG_CONFIG_HOME")}
    for folder in folders.values():
        folder.mkdir(mode=0o700)
    own = {"PATH": os.environ["PATH"], "HOME": str(home), "LANG": "C.UTF-8"}
    return own | {name: str(folder) for name, folder in folders.items()}
