"""Every check that must pass, in order from the cheapest to the dearest."""

from __future__ import annotations

import time

from child import call
from console import SetupFailed, say
from environment import program

GATES = (
    ("ruff check", ["ruff", "check"]),
    ("ruff format", ["ruff", "format", "--check"]),
    ("mypy", ["mypy"]),
    ("import-linter", ["lint-imports", "--no-logo"]),
    ("vulture", ["vulture"]),
    ("pytest", ["python", "-m", "pytest"]),
)


def pass_gates() -> None:
    """Run every gate, showing its name and time. Raises SetupFailed at the first that does not pass."""
    begin = time.monotonic()
    for name, (tool, *arguments) in GATES:
        say(f"== {name}")
        start = time.monotonic()
        code = call([str(program(tool)), *arguments])
        seconds = time.monotonic() - start
        if code:
            raise SetupFailed(f"== {name}: failed after {seconds:.1f} s")
        say(f"== {name}: passed in {seconds:.1f} s\n")
    say(f"All {len(GATES)} gates passed in {time.monotonic() - begin:.0f} s")
