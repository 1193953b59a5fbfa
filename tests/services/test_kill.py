"""`kill -9` in the middle of a reply: what had arrived is there, and only what died is interrupted."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.domain.message import Message, MessageStatus
from desktop.services.suite import Services, open_services
from tests.support.fault_server import FaultServer
from tests.support.plan import Stall
from tests.support.private_session import private_environment
from tests.support.wires import framing, ollama

pytestmark = pytest.mark.anyio

INTERVAL_S = 0.01
LOST_AT_MOST_S = 0.25
WORDS = [f"word{number:04} " for number in range(2000)]
SOME = 60


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    home = tmp_path / "home"
    home.mkdir()
    return private_environment(home)


class Asking:
    """A process that asks, and prints what it gets; killed at the end at the latest."""

    def __init__(self, server: FaultServer, data_dir: Path, environment: dict[str, str]) -> None:
        command = [sys.executable, "-m", "desktop", "ask", "--wire", "ollama", "--base-url", server.url, "--json"]
        command += ["--model", "echo", "--data-dir", str(data_dir), "go on and on"]
        self._process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
        self.words: list[str] = []

    def read(self, count: int | None = None) -> None:
        """Read words until there are so many, or to the end."""
        assert self._process.stdout is not None
        while count is None or len(self.words) < count:
            line = self._process.stdout.readline()
            if not line:
                return
            if (event := json.loads(line))["event"] == "chunk":
                self.words.append(event["text"])

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()


@pytest.fixture
def asking(fault_server: FaultServer, data_dir: Path, environment: dict[str, str]) -> Iterator[Asking]:
    """A reply that goes on for a while and then stands still."""
    stream = framing.stream(ollama.MEDIA_TYPE, [ollama.chunk(word) for word in WORDS], INTERVAL_S, end=False)
    fault_server.queue(ollama.CHAT, (*stream, Stall()))
    process = Asking(fault_server, data_dir, environment)
    yield process
    process.kill()
    process.read()
    assert process._process.stdout is not None
    process._process.stdout.close()


async def conversation(services: Services) -> tuple[Message, ...]:
    (only,) = await services.conversations.list()
    return await services.conversations.messages(only.id)


async def test_what_had_arrived_is_there_and_marked_interrupted(asking: Asking, data_dir: Path) -> None:
    asking.read(SOME)
    began = time.monotonic()
    asking.read(2 * SOME)
    per_word_s = (time.monotonic() - began) / SOME
    asking.kill()
    asking.read()
    services = await open_services(data_dir, {})
    user, reply = await conversation(services)
    assert user.text == "go on and on"
    assert (reply.status, reply.finish_reason) == (MessageStatus.INTERRUPTED, None)
    assert reply.problem is not None
    assert "What had arrived is kept" in reply.problem.sentence
    assert "".join(asking.words).startswith(reply.text)
    lost = len(asking.words) - len(reply.text.split())
    assert lost * per_word_s <= LOST_AT_MOST_S
    await services.close()
    again = await open_services(data_dir, {})
    assert (await conversation(again))[-1] == reply
    await again.close()


async def test_nothing_is_sent_again_by_itself(asking: Asking, data_dir: Path, fault_server: FaultServer) -> None:
    asking.read(1)
    asking.kill()
    services = await open_services(data_dir, {})
    await services.close()
    assert len(fault_server.requests) == 1


async def test_the_reply_of_a_process_that_lives_is_left_alone(asking: Asking, data_dir: Path) -> None:
    asking.read(SOME)
    services = await open_services(data_dir, {})
    reply = (await conversation(services))[-1]
    assert reply.status is MessageStatus.PENDING
    assert "".join(WORDS).startswith(reply.text)
    assert len(reply.text.split()) > 1
    asking.read(2 * SOME)
    assert (await conversation(services))[-1].status is MessageStatus.PENDING
    asking.kill()
    assert await services.turns.look_after() == 1
    assert (await conversation(services))[-1].status is MessageStatus.INTERRUPTED
    await services.close()
