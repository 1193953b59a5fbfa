"""How a reply is printed: as text for people, or as events for programs."""

import json
from typing import Protocol, TextIO

from desktop.domain.chunk import Channel, Chunk
from desktop.domain.errors import KeyMissing, Problem
from desktop.domain.events import ReplyFinished
from desktop.domain.message import Message
from desktop.domain.turn import TurnState

_STATUS = {TurnState.DONE: "complete"}


class Printer(Protocol):
    """Prints one reply."""

    def phase(self, state: TurnState) -> None:
        """The turn entered a phase."""

    def chunk(self, chunk: Chunk) -> None:
        """A chunk arrived."""

    def finished(self, event: ReplyFinished) -> None:
        """The turn is final."""

    def failed(self, problem: Problem) -> None:
        """There was no turn at all."""

    def stopped(self) -> None:
        """Stopped before there was a turn."""


class TextPrinter:
    """Prints the reply's text to one stream and what else there is to say to another."""

    def __init__(self, output: TextIO, notes: TextIO) -> None:
        self._output = output
        self._notes = notes

    def phase(self, state: TurnState) -> None:
        """Phases are not printed."""

    def chunk(self, chunk: Chunk) -> None:
        """Text is printed as it comes; reasoning is not."""
        if chunk.channel is Channel.TEXT:
            print(chunk.text, end="", file=self._output, flush=True)

    def finished(self, event: ReplyFinished) -> None:
        """End the line; say what went wrong."""
        if event.reply.text and not event.reply.text.endswith("\n"):
            print(file=self._output, flush=True)
        if event.reply.problem is not None:
            self.failed(event.reply.problem)

    def failed(self, problem: Problem) -> None:
        """Say what went wrong."""
        print(f"parley: {problem.sentence}", file=self._notes)
        if problem.detail:
            print(f"        {problem.detail}", file=self._notes)
        if problem.kind == KeyMissing.__name__:
            print("        Here, --key-env VARIABLE names the environment variable that holds it.", file=self._notes)

    def stopped(self) -> None:
        """Nothing was printed, and nothing needs to be."""


class JsonPrinter:
    """Prints one JSON object a line; the last is `finished`, with all its fields."""

    def __init__(self, output: TextIO) -> None:
        self._output = output

    def phase(self, state: TurnState) -> None:
        """One of connecting, loading, reading, thinking, writing, waiting."""
        if state is not TurnState.QUEUED:
            self._print({"event": "phase", "phase": state.value})

    def chunk(self, chunk: Chunk) -> None:
        """Text or reasoning, as it came."""
        name = "text" if chunk.channel is Channel.TEXT else "reasoning"
        self._print({"event": "chunk", name: chunk.text})

    def finished(self, event: ReplyFinished) -> None:
        """How it ended, with all that arrived."""
        reply = event.reply
        self._end(_STATUS.get(event.state, event.state.value), event.attempts, reply.problem, reply)

    def failed(self, problem: Problem) -> None:
        """Nothing was asked."""
        self._end("failed", 0, problem, None)

    def stopped(self) -> None:
        """Nothing was asked."""
        self._end("stopped", 0, None, None)

    def _end(self, status: str, attempts: int, problem: Problem | None, reply: Message | None) -> None:
        usage = reply.facts.usage if reply else None
        self._print(
            {
                "event": "finished",
                "status": status,
                "finish_reason": reply.finish_reason if reply else None,
                "text": reply.text if reply else "",
                "reasoning": reply.reasoning if reply else "",
                "usage": usage and {"input_tokens": usage.input_tokens, "output_tokens": usage.output_tokens},
                "error": problem and {"kind": problem.kind, "message": problem.sentence},
                "attempts": attempts,
            }
        )

    def _print(self, event: dict[str, object]) -> None:
        print(json.dumps(event, ensure_ascii=False), file=self._output, flush=True)
