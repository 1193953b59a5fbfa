"""Runs one command of the command line."""

import argparse
import asyncio
import io
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.cli.ask import STOPPED_BY_SIGNAL, ask
from desktop.cli.bundle import offer, pack
from desktop.cli.doctor import diagnose
from desktop.cli.models import print_models
from desktop.cli.printer import JsonPrinter, Printer, TextPrinter
from desktop.domain.errors import ParleyError
from desktop.services.log import Log, log_files
from desktop.services.loop import new_loop

if TYPE_CHECKING:
    from desktop.services.suite import Services

Open = Callable[[], "Awaitable[Services]"]


def run_command(arguments: argparse.Namespace, open_services: Open, data_dir: Path, log: Log) -> int:
    """Run the command that was asked for; returns the exit status."""
    for output in (sys.stdout, sys.stderr):
        if isinstance(output, io.TextIOWrapper):
            output.reconfigure(encoding="utf-8", errors="replace")  # a reply may hold any character
    printer = _printer(arguments)
    try:
        if arguments.command == "ask" and arguments.prompt == "-":
            arguments.prompt = sys.stdin.buffer.read().decode("utf-8", "replace")  # before the loop takes Ctrl+C
        if arguments.command == "doctor":
            return _doctor(arguments, open_services, data_dir, log)
        with asyncio.Runner(loop_factory=new_loop) as runner:
            return runner.run(_run(arguments, open_services, printer))
    except KeyboardInterrupt:
        printer.stopped()
        return STOPPED_BY_SIGNAL
    except BrokenPipeError:
        # The reader went away; the interpreter's last flush must not complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _doctor(arguments: argparse.Namespace, open_services: Open, data_dir: Path, log: Log) -> int:
    with asyncio.Runner(loop_factory=new_loop) as runner:
        found = runner.run(diagnose(open_services, data_dir))
    if arguments.bundle is None:
        return found.status
    members = pack(found, log_files(data_dir), log.redactor)
    return offer(members, Path(arguments.bundle), agreed=arguments.yes)


async def _run(arguments: argparse.Namespace, open_services: Open, printer: Printer) -> int:
    try:
        services = await open_services()
        try:
            return await (ask(services, arguments, printer) if arguments.command == "ask" else print_models(services))
        finally:
            await services.close()
    except ParleyError as error:
        printer.failed(error.problem)
        return 1


def _printer(arguments: argparse.Namespace) -> Printer:
    if arguments.command == "ask" and arguments.json:
        return JsonPrinter(sys.stdout)
    return TextPrinter(sys.stdout, sys.stderr)
