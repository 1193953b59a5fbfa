"""A screen to show windows on: the person's own, or a virtual one made for the moment."""

from __future__ import annotations

import os
import select
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from console import SetupFailed

START_S = 30
ANSWER_S = 2


def is_there() -> bool:
    """True if windows can be shown: always on macOS and Windows, elsewhere if a Wayland or X11 server answers."""
    return sys.platform in {"darwin", "win32"} or any(map(_answers, _addresses()))


@contextmanager
def virtual() -> Iterator[dict[str, str]]:
    """Run a virtual screen of 3200 x 2000 pixels; yields the environment for programs that shall appear on it.

    Raises SetupFailed with a sentence.
    """
    program = shutil.which("Xvfb")
    if program is None:
        raise SetupFailed("There is no display and no Xvfb to stand in for one. Please install Xvfb.")
    with tempfile.TemporaryDirectory(prefix="parley-screen-") as folder:
        log = Path(folder, "xvfb.log")
        read, write = os.pipe()
        command = [program, "-displayfd", str(write), "-screen", "0", "3200x2000x24", "-nolisten", "tcp", "-noreset"]
        with log.open("w") as output:
            # Its own session, so that Ctrl+C reaches the window first and the screen goes last.
            server = subprocess.Popen(command, stderr=output, pass_fds=[write], start_new_session=True)
        os.close(write)
        try:
            with os.fdopen(read) as answer:
                ready = select.select([answer], [], [], START_S)[0]
                number = answer.readline().strip() if ready else ""
            if not number:
                raise SetupFailed(f"The virtual screen (Xvfb) did not start:\n{log.read_text().strip()}")
            yield _environment(f":{number}", folder)
        finally:
            server.terminate()
            server.wait()


def _environment(display: str, private: str) -> dict[str, str]:
    """No part of the person's session: not its screen, its sockets, nor its bus with the keyring behind it."""
    kept = {name: value for name, value in os.environ.items() if name not in {"WAYLAND_DISPLAY", "XAUTHORITY"}}
    # An unset bus address would make libdbus launch a bus that outlives us; at this one nobody answers.
    bus = "unix:path=/dev/null"
    own = {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "XDG_RUNTIME_DIR": private, "DBUS_SESSION_BUS_ADDRESS": bus}
    return {**kept, **own}


def _addresses() -> Iterator[str | tuple[str, int]]:
    """Where the servers named in the environment listen: a path, an abstract socket or a host and port."""
    if wayland := os.environ.get("WAYLAND_DISPLAY"):
        yield str(Path(os.environ.get("XDG_RUNTIME_DIR", "/run"), wayland))
    host, _, rest = os.environ.get("DISPLAY", "").rpartition(":")
    number = rest.partition(".")[0]
    if number.isdigit() and host in {"", "unix"}:
        yield f"/tmp/.X11-unix/X{number}"
        yield f"\0/tmp/.X11-unix/X{number}"
    elif number.isdigit():
        yield host, 6000 + int(number)


def _answers(address: str | tuple[str, int]) -> bool:
    family = socket.AF_UNIX if isinstance(address, str) else socket.AF_INET
    with socket.socket(family) as connection:
        connection.settimeout(ANSWER_S)
        try:
            connection.connect(address)
        except OSError:
            return False
    return True
