"""Tool calls as they are kept, read for showing."""

import json
from dataclasses import dataclass

SHOWN = 20_000


@dataclass(frozen=True, slots=True)
class WantedCall:
    """A tool that a model wants called; the arguments are set out in lines as far as they are JSON."""

    name: str
    arguments: str


def parse_tool_calls(lines: str) -> tuple[WantedCall, ...]:
    """The calls of a reply, one JSON object a line; a line that is none stands for itself."""
    return tuple(_parse(line) for line in lines.split("\n") if line.strip())


def _parse(line: str) -> WantedCall:
    try:
        call = json.loads(line)
        name, arguments = str(call["name"]), call["arguments"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return WantedCall("a tool", _cut(line))
    return WantedCall(name or "a tool", _cut(_set_out(arguments)))


def _set_out(arguments: object) -> str:
    if isinstance(arguments, str):
        if len(arguments) > SHOWN:
            return arguments
        try:
            arguments = json.loads(arguments)
        except (ValueError, RecursionError):
            return str(arguments)
    try:
        return json.dumps(arguments, indent=2, ensure_ascii=False)
    except RecursionError:
        return str(arguments)


def _cut(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
