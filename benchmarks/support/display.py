"""A display for benchmarks that open windows."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SET_UP = Path(__file__).parents[2] / "packaging"


@contextmanager
def display() -> Iterator[None]:
    """Let this process and its children have a display: the one there is, else a virtual one for the moment."""
    sys.path.append(str(SET_UP))  # a folder of scripts, no package
    from screen import is_there, virtual  # noqa: PLC0415

    if os.environ.get("QT_QPA_PLATFORM") or is_there():
        yield
        return
    with virtual() as environment:
        os.environ.update(environment)
        yield
