"""Printers: text for people, one JSON object a line for programs."""

import io
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from desktop.cli.printer import JsonPrinter, TextPrinter
from desktop.domain.chunk import Channel, Chunk
from desktop.domain.errors import KeyMissing, Problem, StreamInterrupted
from desktop.domain.events import ReplyFinished
from desktop.domain.message import Message, MessageStatus, ReplyFacts, Role
from desktop.domain.turn import REPLY_STATUS, TurnState
from desktop.domain.usage import Usage

MOMENT = datetime(2026, 1, 1, tzinfo=UTC)


def ending(
    text: str, state: TurnState = TurnState.DONE, *, usage: Usage | None = None, problem: Problem | None = None
) -> ReplyFinished:
    status: MessageStatus = REPLY_STATUS[state]
    facts = ReplyFacts(usage=usage)
    reply = Message(2, 1, 1, Role.ASSISTANT, text, MOMENT, status=status, problem=problem, facts=facts)
    return ReplyFinished(1, reply, state, attempts=2)


def as_json(output: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in output.getvalue().removesuffix("\n").split("\n")]


@pytest.fixture
def output() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def notes() -> io.StringIO:
    return io.StringIO()


@pytest.mark.parametrize(("text", "printed"), [("a\nb", "a\nb\n"), ("a\n", "a\n"), ("", "")])
def test_text_ends_with_one_line_break(output: io.StringIO, notes: io.StringIO, text: str, printed: str) -> None:
    printer = TextPrinter(output, notes)
    printer.phase(TurnState.WRITING)
    printer.chunk(Chunk("hm", Channel.REASONING))
    for character in text:
        printer.chunk(Chunk(character))
    printer.finished(ending(text))
    assert (output.getvalue(), notes.getvalue()) == (printed, "")


def test_what_went_wrong_is_no_part_of_the_text(output: io.StringIO, notes: io.StringIO) -> None:
    printer = TextPrinter(output, notes)
    printer.chunk(Chunk("half"))
    problem = StreamInterrupted("It broke off.", "reset by peer").problem
    printer.finished(ending("half", TurnState.INTERRUPTED, problem=problem))
    assert output.getvalue() == "half\n"
    assert notes.getvalue().split() == ["parley:", "It", "broke", "off.", "reset", "by", "peer"]


def test_events_are_one_object_a_line_whatever_is_in_them(output: io.StringIO) -> None:
    printer = JsonPrinter(output)
    for state in (TurnState.QUEUED, TurnState.CONNECTING, TurnState.LOADING, TurnState.WAITING):
        printer.phase(state)
    printer.chunk(Chunk('a\n"\u2028é', Channel.REASONING))
    printer.chunk(Chunk("🙂\r\n"))
    assert as_json(output) == [
        *({"event": "phase", "phase": phase} for phase in ("connecting", "loading", "waiting")),
        {"event": "chunk", "reasoning": 'a\n"\u2028é'},
        {"event": "chunk", "text": "🙂\r\n"},
    ]


@pytest.mark.parametrize(
    ("usage", "shown"),
    [
        (None, None),
        (Usage(3, 5, 1, 1), {"input_tokens": 3, "output_tokens": 5}),
        (Usage(None, 0), {"input_tokens": None, "output_tokens": 0}),
    ],
)
def test_the_end_has_all_its_fields(output: io.StringIO, usage: Usage | None, shown: dict[str, int] | None) -> None:
    JsonPrinter(output).finished(ending("whole", usage=usage))
    (finished,) = as_json(output)
    assert finished == {
        "event": "finished",
        "status": "complete",
        "finish_reason": None,
        "text": "whole",
        "reasoning": "",
        "usage": shown,
        "error": None,
        "attempts": 2,
    }


@pytest.mark.parametrize("state", [TurnState.STOPPED, TurnState.INTERRUPTED, TurnState.FAILED])
def test_an_end_that_is_not_complete_says_so(output: io.StringIO, state: TurnState) -> None:
    JsonPrinter(output).finished(ending("", state))
    assert as_json(output)[0]["status"] == state.value


def test_where_nothing_was_asked_the_end_has_all_its_fields_too(output: io.StringIO) -> None:
    printer = JsonPrinter(output)
    printer.failed(KeyMissing("No key.").problem)
    printer.stopped()
    printer.finished(ending(""))
    failed, stopped, whole = as_json(output)
    assert failed.keys() == stopped.keys() == whole.keys()
    assert (failed["status"], stopped["status"], failed["attempts"]) == ("failed", "stopped", 0)
    assert failed["error"] == {"kind": "KeyMissing", "message": "No key."}
