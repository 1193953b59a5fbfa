"""`parley ask`: the reply on standard output, the exit status, and what a server sees of it."""

import asyncio
import re
import subprocess
import sys
from typing import Any

import pytest

from desktop.services.suite import open_services
from tests.cli.conftest import CommandLine
from tests.support.fault_server import FaultServer
from tests.support.llama_server import LlamaServer
from tests.support.plan import Close, Stall
from tests.support.private_session import private_environment
from tests.support.wires import framing, ollama, openai

PHASES = {"connecting", "loading", "reading", "thinking", "writing", "waiting"}
FINISHED = {"event", "status", "finish_reason", "text", "reasoning", "usage", "error", "attempts"}
WIRES = {"ollama": ollama, "openai": openai}
CANARY = "sk-canary"

both_wires = pytest.mark.parametrize("wire", ["ollama", "openai"])


def at(server: FaultServer, wire: str = "ollama") -> tuple[str, ...]:
    return ("--wire", wire, "--base-url", server.url, "--json")


def is_as_promised(events: list[dict[str, Any]]) -> bool:
    """Whether the events are exactly of the forms that programs may count on."""
    *before, last = events
    phases = [one for one in before if one["event"] == "phase"]
    chunks = [one for one in before if one["event"] == "chunk"]
    assert len(phases) + len(chunks) == len(before)
    assert all(one.keys() == {"event", "phase"} and one["phase"] in PHASES for one in phases)
    assert all(one.keys() in ({"event", "text"}, {"event", "reasoning"}) for one in chunks)
    assert last["event"] == "finished"
    assert last.keys() == FINISHED
    assert last["text"] == "".join(one.get("text", "") for one in chunks)
    assert last["reasoning"] == "".join(one.get("reasoning", "") for one in chunks)
    assert last["error"] is None or last["error"].keys() == {"kind", "message"}
    assert last["usage"] is None or last["usage"].keys() == {"input_tokens", "output_tokens"}
    return True


@both_wires
def test_a_reply_arrives_as_events(parley: CommandLine, fault_server: FaultServer, wire: str) -> None:
    pieces = ["Hello ", "wörld\u2028", "日本 🙂\n"]
    fault_server.queue(WIRES[wire].CHAT, WIRES[wire].reply(pieces, reasoning=["let me ", "see"]))
    ended = parley.run("ask", *at(fault_server, wire), "--model", "echo", "hi", PYTHONIOENCODING="ascii")
    assert (ended.status, ended.notes) == (0, "")
    assert is_as_promised(ended.events)
    phases = [one["phase"] for one in ended.events if one["event"] == "phase"]
    assert phases == ["connecting", "reading", "thinking", "writing"]
    assert ended.finished == {
        "event": "finished",
        "status": "complete",
        "finish_reason": "stop",
        "text": "".join(pieces),
        "reasoning": "let me see",
        "usage": {"input_tokens": 11, "output_tokens": 7},
        "error": None,
        "attempts": 1,
    }
    asked = fault_server.to(WIRES[wire].CHAT)[0].json()
    assert (asked["model"], asked["messages"]) == ("echo", [{"role": "user", "content": "hi"}])


def test_for_people_there_is_the_text_alone_and_it_is_kept(parley: CommandLine, fault_server: FaultServer) -> None:
    *there, _json = at(fault_server)
    ended = parley.run("ask", *there, "-", said="one\ntwo ünd\n", PYTHONIOENCODING="ascii")
    assert (ended.status, ended.output, ended.notes) == (0, "You said: one\ntwo ünd\n", "")

    async def kept() -> list[str]:
        services = await open_services(parley.data_dir, {})
        (conversation,) = await services.conversations.list()
        messages = await services.conversations.messages(conversation.id)
        await services.close()
        return [conversation.title, *(message.text for message in messages)]

    assert asyncio.run(kept()) == ["one two ünd", "one\ntwo ünd\n", "You said: one\ntwo ünd"]


def test_a_real_server_answers(parley: CommandLine, llama_server: LlamaServer) -> None:
    ended = parley.run("ask", "--wire", "openai", "--base-url", llama_server.base_url, "--json", "Say something")
    assert (ended.status, ended.notes) == (0, "")
    assert is_as_promised(ended.events)
    assert ended.finished["finish_reason"] in ("stop", "length")
    assert ended.finished["text"]
    assert ended.finished["usage"]["input_tokens"] > 0
    assert ended.finished["usage"]["output_tokens"] > 0


@both_wires
@pytest.mark.parametrize("form", ["{url}/", "{url}/v1", "{url}/v1/v1/", "{place}/v1"])
def test_an_address_is_taken_as_people_write_it(
    parley: CommandLine, fault_server: FaultServer, wire: str, form: str
) -> None:
    written = form.format(url=fault_server.url, place=fault_server.url.removeprefix("http://"))
    ended = parley.run("ask", "--wire", wire, "--base-url", written, "--model", "echo", "hi")
    assert (ended.status, ended.output) == (0, "You said: hi\n")
    assert [one.path for one in fault_server.requests] == [WIRES[wire].CHAT]


@both_wires
def test_a_reply_that_breaks_off_is_interrupted_with_its_text(
    parley: CommandLine, fault_server: FaultServer, wire: str
) -> None:
    spoken = WIRES[wire]
    stream = framing.stream(spoken.MEDIA_TYPE, [spoken.chunk("half")], end=False)
    fault_server.queue(spoken.CHAT, (*stream, Close()))
    ended = parley.run("ask", *at(fault_server, wire), "--model", "echo", "hi")
    assert ended.status == 1
    assert is_as_promised(ended.events)
    assert (ended.finished["status"], ended.finished["text"]) == ("interrupted", "half")
    assert ended.finished["error"]["kind"] == "StreamInterrupted"
    assert ended.finished["attempts"] == 1


@both_wires
@pytest.mark.parametrize("retries", [0, 2])
def test_a_server_that_is_busy_is_asked_as_often_as_allowed(
    parley: CommandLine, fault_server: FaultServer, wire: str, retries: int
) -> None:
    fault_server.usually(WIRES[wire].CHAT, WIRES[wire].error(503, "busy", headers={"Retry-After": "0"}))
    ended = parley.run("ask", *at(fault_server, wire), "--model", "echo", "--max-retries", str(retries), "hi")
    assert ended.status == 1
    assert is_as_promised(ended.events)
    assert (ended.finished["status"], ended.finished["attempts"]) == ("failed", retries + 1)
    assert ended.finished["error"]["kind"] == "ProviderDown"
    assert [one["phase"] for one in ended.events[:-1]].count("waiting") == retries
    assert len(fault_server.to(WIRES[wire].CHAT)) == retries + 1


@both_wires
def test_a_silent_server_is_given_up(parley: CommandLine, fault_server: FaultServer, wire: str) -> None:
    fault_server.queue(WIRES[wire].CHAT, (Stall(),))
    limits = ("--request-timeout", "0.5", "--max-retries", "0")
    ended = parley.run("ask", *at(fault_server, wire), "--model", "echo", *limits, "hi")
    assert (ended.status, ended.finished["status"]) == (1, "failed")
    assert ended.finished["error"]["kind"] == "TimedOut"
    fault_server.wait_for(lambda: fault_server.requests[0].closed_at is not None)


def test_the_key_goes_out_as_bearer_and_is_not_shown(parley: CommandLine, fault_server: FaultServer) -> None:
    fault_server.queue(openai.CHAT, openai.error(401, "no such key"))
    there = (*at(fault_server, "openai"), "--key-env", "MY_KEY")
    ended = parley.run("ask", *there, "hi", MY_KEY=f"{CANARY}\n")
    assert ended.finished["error"]["kind"] == "KeyRejected"
    assert {one.headers.get("authorization") for one in fault_server.requests} == {f"Bearer {CANARY}"}
    assert CANARY not in ended.output + ended.notes
    assert not any(CANARY.encode() in one.read_bytes() for one in parley.data_dir.rglob("*") if one.is_file())


@pytest.mark.parametrize(("key", "kind"), [("", "KeyMissing"), (" \n", "KeyMissing"), ("sk\nevil", "KeyRejected")])
def test_nothing_is_sent_without_a_key_that_can_be_one(
    parley: CommandLine, fault_server: FaultServer, key: str, kind: str
) -> None:
    ended = parley.run("ask", *at(fault_server, "openai"), "--key-env", "MY_KEY", "hi", MY_KEY=key)
    assert ended.status == 1
    (finished,) = ended.events
    assert finished["error"]["kind"] == kind
    assert finished["attempts"] == 0
    assert ("MY_KEY" in finished["error"]["message"]) == (kind == "KeyMissing")
    assert fault_server.requests == []


@pytest.mark.parametrize(
    ("arguments", "kind", "words"),
    [
        (("--base-url", "ftp://example.com"), "BadAddress", "Write it like"),
        (("--wire", "ollama", "--base-url", "127.0.0.1:1", "--max-retries", "0"), "Offline", "127.0.0.1:1"),
    ],
)
def test_what_cannot_be_asked_is_said_with_what_to_do(
    parley: CommandLine, arguments: tuple[str, ...], kind: str, words: str
) -> None:
    ended = parley.run("ask", *arguments, "--json", "hi")
    assert (ended.status, ended.finished["status"]) == (1, "failed")
    assert ended.finished["error"]["kind"] == kind
    assert words in ended.finished["error"]["message"]
    told = parley.run("ask", *arguments, "hi")
    assert (told.status, told.output) == (1, "")
    assert re.match(rf"parley: .*{re.escape(words)}", told.notes)


def test_a_server_without_models_is_said(parley: CommandLine, fault_server: FaultServer) -> None:
    fault_server.queue(ollama.TAGS, ollama.models())
    ended = parley.run("ask", *at(fault_server), "hi")
    assert (ended.status, ended.finished["error"]["kind"]) == (1, "ModelNotFound")


def test_the_command_line_is_without_qt(parley: CommandLine, fault_server: FaultServer) -> None:
    arguments = ["ask", *at(fault_server), "--data-dir", str(parley.data_dir), "hi"]
    code = f"import sys; from desktop import app; status = app.main({arguments}); print(status, *sys.modules)"
    environment = private_environment(parley.data_dir.parent)
    ended = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, encoding="utf-8", timeout=30, check=True
    )
    status, *modules = ended.stdout.split("\n")[-2].split()
    assert status == "0"
    assert "desktop.services.suite" in modules
    assert [one for one in modules if one.startswith(("PySide6", "shiboken6", "qasync", "desktop.ui"))] == []
