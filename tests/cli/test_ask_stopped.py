"""`parley ask`, stopped: by Ctrl+C in each state, and by a reader that goes away."""

import contextlib
import signal
import subprocess
import time

import pytest

from tests.cli.conftest import CommandLine
from tests.support.fault_server import FaultServer
from tests.support.plan import Plan, Stall
from tests.support.wires import framing, ollama, openai

WIRES = {"ollama": ollama, "openai": openai}


def at(server: FaultServer, wire: str = "ollama") -> tuple[str, ...]:
    return ("--wire", wire, "--base-url", server.url, "--model", "echo", "--json")


@pytest.mark.parametrize("wire", ["ollama", "openai"])
def test_ctrl_c_stops_the_reply_and_keeps_what_arrived(
    parley: CommandLine, fault_server: FaultServer, wire: str
) -> None:
    spoken = WIRES[wire]
    plan = (*framing.stream(spoken.MEDIA_TYPE, [spoken.chunk("half a ")], end=False), Stall())
    fault_server.queue(spoken.CHAT, plan)
    process = parley.start("ask", *at(fault_server, wire), "hi")
    assert process.stdout is not None
    printed = ""
    while '"text"' not in printed:
        printed += process.stdout.readline()
    stopping = time.monotonic()
    process.send_signal(signal.SIGINT)
    ended = parley.end(process)
    assert (ended.status, ended.notes) == (130, "")
    assert (ended.finished["status"], ended.finished["text"], ended.finished["error"]) == ("stopped", "half a ", None)
    closed_at = fault_server.to(spoken.CHAT)[0].closed_at
    assert closed_at is not None
    assert closed_at - stopping < 0.3


@pytest.mark.parametrize(
    ("plan", "phase"),
    [((Stall(),), "reading"), (ollama.error(503, "busy", headers={"Retry-After": "20"}), "waiting")],
    ids=["silence", "pause"],
)
def test_ctrl_c_stops_what_has_not_begun(
    parley: CommandLine, fault_server: FaultServer, plan: Plan, phase: str
) -> None:
    fault_server.queue(ollama.CHAT, plan)
    process = parley.start("ask", *at(fault_server), "hi")
    assert process.stdout is not None
    while phase not in process.stdout.readline():
        pass
    process.send_signal(signal.SIGINT)
    ended = parley.end(process)
    assert (ended.status, ended.notes) == (130, "")
    assert (ended.finished["status"], ended.finished["text"]) == ("stopped", "")
    fault_server.wait_for(lambda: fault_server.open_connections == 0)
    assert len(fault_server.to(ollama.CHAT)) == 1


def test_ctrl_c_ends_a_question_that_is_still_being_typed(parley: CommandLine) -> None:
    process = parley.start("ask", "--wire", "guide", "--json", "-")
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("more than a pipe holds " * 10_000)  # so that it is being read when this returns
    process.stdin.flush()
    for _ in range(5):  # CPython misses a signal that comes between two reads
        process.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(1)
            break
    assert process.returncode == 130
    assert '"status": "stopped"' in process.stdout.read()


def test_a_reader_that_goes_away_ends_it_quietly(parley: CommandLine, fault_server: FaultServer) -> None:
    fault_server.queue(ollama.CHAT, ollama.reply(["word "] * 1000, interval_s=0.01))
    process = parley.start("ask", *at(fault_server), "hi")
    assert process.stdout is not None
    while '"text"' not in process.stdout.readline():
        pass
    process.stdout.close()
    process.wait(10)
    assert process.stderr is not None
    assert (process.returncode, process.stderr.read()) == (1, "")
    fault_server.wait_for(lambda: fault_server.open_connections == 0)
    assert not fault_server.to(ollama.CHAT)[0].answered
