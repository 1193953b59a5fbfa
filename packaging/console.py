"""What set-up says to the person at the terminal."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"


class SetupFailed(Exception):
    """Set-up cannot go on; the text is a sentence for a person, with what to do next."""


def say(line: str) -> None:
    """Print one line at once, also when the output is a file or a pipe."""
    print(line, flush=True)
