"""The arguments of `parley`."""

import argparse
from collections.abc import Sequence

from desktop import __version__

WIRES = ("ollama", "openai", "guide")


def parse_arguments(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the command line; `command` is None where the window is meant.

    Raises:
        SystemExit: help or version was asked for, or the arguments make no sense (status 2).
    """
    parser = argparse.ArgumentParser(
        prog="parley",
        description="Chat with large language models. Without a command, opens the window.",
        allow_abbrev=False,  # else --key would be taken for --key-env, and a key be shown as a variable's name
    )
    parser.add_argument("--version", action="version", version=f"Parley {__version__}")
    parser.add_argument("--tour", metavar="DIR", help="show the window to itself and leave screenshots in DIR")
    _add_data_dir(parser, default=None)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    _add_ask(commands.add_parser("ask", help="ask one question and print the reply as it arrives", allow_abbrev=False))
    models = commands.add_parser("models", help="list the models of all services that are set up")
    _add_data_dir(models, default=argparse.SUPPRESS)
    _add_doctor(commands.add_parser("doctor", help="tell versions, paths, keyring, display and servers; no secrets"))
    return parser.parse_args(arguments)


def _add_ask(ask: argparse.ArgumentParser) -> None:
    ask.add_argument("prompt", metavar="PROMPT", help="the question; - reads standard input")
    ask.add_argument("--wire", choices=WIRES, help="how the server speaks (default: your default model's service)")
    ask.add_argument("--base-url", metavar="URL", help="where the server is (default: the wire's usual address)")
    ask.add_argument("--model", metavar="NAME", help="which model answers (default: the server's first)")
    ask.add_argument("--key-env", metavar="VAR", help="the environment variable that holds the key")
    ask.add_argument("--max-retries", type=_count, metavar="N", help="tries after the first (default: 5)")
    ask.add_argument("--request-timeout", type=_seconds, metavar="S", help="longest silence in seconds")
    ask.add_argument("--json", action="store_true", help="print events, one JSON object a line")
    _add_data_dir(ask, default=argparse.SUPPRESS)


def _add_doctor(doctor: argparse.ArgumentParser) -> None:
    bundle_help = "show what a report to somebody else would contain, without keys and texts, ask, and write it"
    doctor.add_argument("--bundle", metavar="FILE.zip", help=bundle_help)
    doctor.add_argument("--yes", action="store_true", help="write the bundle without asking")
    _add_data_dir(doctor, default=argparse.SUPPRESS)


def _add_data_dir(parser: argparse.ArgumentParser, default: str | None) -> None:
    help_text = "where everything is kept (default: PARLEY_DATA_DIR, else your system's place for data)"
    parser.add_argument("--data-dir", metavar="DIR", help=help_text, default=default)


def _count(text: str) -> int:
    number = int(text)
    if not 0 <= number <= 100:
        raise argparse.ArgumentTypeError("a number of retries lies between 0 and 100")
    return number


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 < seconds <= 86_400:
        raise argparse.ArgumentTypeError("a time limit lies above 0 and up to 86400 seconds")
    return seconds
