"""The composition root: builds everything, passes it in, shuts it down in order."""

import functools
import logging
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.cli.arguments import parse_arguments
from desktop.paths import data_dir

if TYPE_CHECKING:
    from desktop.services.suite import Services


def main(arguments: Sequence[str]) -> int:
    """Run Parley: a command, or the window; returns the exit status."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    options = parse_arguments(arguments)
    folder = data_dir(options.data_dir)
    opening = functools.partial(_open_services, folder)
    if options.command is not None:
        from desktop.cli.command import run_command  # noqa: PLC0415 - the window does not need it

        return run_command(options, opening, folder)
    raise NotImplementedError


async def _open_services(folder: Path) -> "Services":
    from desktop.services.suite import open_services  # noqa: PLC0415 - imports much; must follow the first paint

    return await open_services(folder, os.environ)
