"""Set up this checkout as far as a task needs it, then do the task: `python packaging/run.py [TASK]`.

Needs nothing but Python; a newer or older one than Parley's own 3.11 to 3.13 is good enough to fetch what is missing.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import debian
import screen
from child import call
from console import BUILD, ROOT, SetupFailed, say
from environment import prepare, program
from figures import measure
from gates import pass_gates


def run() -> None:
    """Open Parley; without a display, take the tour on a virtual screen."""
    shown = screen.is_there()
    debian.provide(debian.CERTIFICATES + debian.LIBRARIES + (() if shown else debian.SCREEN), wished=debian.FONTS)
    prepare(development=False)
    if shown:
        _become([str(program("python")), "-m", "desktop"])
    shutil.rmtree(BUILD / "tour", ignore_errors=True)
    with screen.virtual() as environment:
        _call([str(program("python")), "-m", "desktop", "--tour", str(BUILD / "tour")], environment)
    names = ", ".join(sorted(path.name for path in (BUILD / "tour").glob("*")))
    say(f"No display: Parley took its tour on a virtual screen. Pictures and transcript: build/tour/ ({names})")


def test() -> None:
    """Pass every gate and test."""
    _prepare_everything()
    pass_gates()


def bench() -> None:
    """Measure what Parley promises, into build/bench/."""
    _prepare_everything()
    with _screen() as environment:
        measure(environment)


def screenshots() -> None:
    """Take the pictures of the window, on a screen and with a keyring of their own."""
    _prepare_everything()
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}  # it is a script, and Parley is in the folder above
    _call([str(program("python")), str(ROOT / "packaging" / "screenshots.py")], environment)


TASKS = {"run": run, "test": test, "bench": bench, "screenshots": screenshots}


def _prepare_everything() -> None:
    debian.provide(debian.CERTIFICATES + debian.LIBRARIES + debian.FONTS + debian.SCREEN + debian.TESTS)
    prepare(development=True)


@contextmanager
def _screen() -> Iterator[dict[str, str]]:
    """A virtual screen where there can be one, so that figures and pictures are alike everywhere; else the person's."""
    if sys.platform in {"darwin", "win32"}:
        yield dict(os.environ)
    else:
        with screen.virtual() as environment:
            yield environment


def _become(command: list[str]) -> NoReturn:
    """End as the program itself, so that signals and the exit code are its own."""
    os.chdir(ROOT)
    if sys.platform == "win32":
        raise SystemExit(subprocess.run(command, check=False).returncode)
    os.execv(command[0], command)


def _call(command: list[str], environment: dict[str, str]) -> None:
    if code := call(command, environment):
        raise SetupFailed(f"This ended with code {code}: {' '.join(command)}")


def main() -> int:
    """Do the task named on the command line; 1 with a sentence if it could not be done."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    parser = argparse.ArgumentParser(description="Set up this checkout as far as a task needs it, then do the task.")
    parser.add_argument("task", nargs="?", choices=TASKS, default="run")
    try:
        TASKS[parser.parse_args().task]()
    except SetupFailed as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
