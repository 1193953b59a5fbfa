"""Programs that a task runs on its way."""

from __future__ import annotations

import subprocess

from console import ROOT


def call(command: list[str], environment: dict[str, str] | None = None) -> int:
    """Run a program in the checkout to its very end and return its exit code.

    Ctrl+C at the terminal has reached the program as well: it is given the time to clean up. SIGTERM is passed on.
    """
    process = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        return process.wait()
    except KeyboardInterrupt:
        process.wait()
        raise
    except SystemExit:
        process.terminate()
        process.wait()
        raise
