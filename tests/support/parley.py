"""Parley itself, in a process of its own, seen and worked from outside."""

import asyncio
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

from desktop.domain.address import parse_address
from desktop.domain.message import Message
from desktop.domain.model import ModelRef
from desktop.domain.service import Service, Wire
from desktop.services.suite import open_services
from tests.support.screen_reader import Element, ScreenReader

START_LIMIT_S, END_LIMIT_S = 20.0, 10.0


class Parley:
    """Parley's window over a data directory, from `with` to its end, and a screen reader that works it.

    Args:
        environment: of the DesktopSession in which the window shows.
        command: how Parley is started, by default from this checkout.
    """

    def __init__(
        self,
        environment: Mapping[str, str],
        data_dir: Path,
        command: tuple[str, ...] = (sys.executable, "-m", "desktop"),
    ) -> None:
        self._environment = environment
        self._command = [*command, "--data-dir", str(data_dir)]

    def __enter__(self) -> Self:
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(self._command, env=self._environment, stdout=pipe, stderr=pipe, text=True)
        self.reader = ScreenReader(self._environment, self.process.pid)
        try:
            self.reader.__enter__()
            self.reader.wait_for("window", "Parley", START_LIMIT_S)
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.reader.__exit__(None, None, None)
        self.process.kill()
        self.process.communicate()

    def quit(self) -> None:
        """Ask Parley to end, as a session that logs out does; it must end well and have complained of nothing."""
        self.process.send_signal(signal.SIGTERM)
        output, complaints = self.process.communicate(timeout=END_LIMIT_S)
        ended = (self.process.returncode, output, complaints)
        assert ended == (0, "", "")

    def kill(self) -> None:
        """End Parley as `kill -9` does."""
        self.process.kill()
        self.process.wait()

    def send(self, text: str) -> None:
        """Write a message and press Send."""
        self.reader.set_text("Message", text)
        self.reader.press("Send")

    def start_chat(self) -> None:
        """Press New chat and wait until there is an empty one."""
        self.reader.press("New chat")
        self.reader.wait_gone("list", "Conversation")

    def open_chat(self, title: str) -> None:
        """Choose a chat whose title begins like this."""
        self.reader.wait_until(lambda: self._title(title), f"a chat {title!r}")
        self.reader.choose("Conversations", self._title(title))
        self.reader.wait_for("list", "Conversation")

    def _title(self, beginning: str) -> str:
        names = (item.name for item in self.reader.list_items("Conversations"))
        return next((name for name in names if name.startswith(beginning)), "")

    def messages(self) -> list[Element]:
        """The open conversation; the name is a message's text, the description its author, time and status."""
        return self.reader.list_items("Conversation")

    def last_status(self) -> str:
        """How the last reply ended: complete, stopped, interrupted, failed, or arriving; empty without one."""
        descriptions = [message.description for message in self.messages()[-1:]]
        return "".join(one.rpartition(", ")[2] for one in descriptions if not one.startswith("You, "))

    def wait_for_status(self, status: str, limit_s: float = END_LIMIT_S) -> Element:
        """The last reply, once it has ended like this."""
        self.reader.wait_until(lambda: self.last_status() == status, f"a {status} reply", limit_s)
        return self.messages()[-1]

    def wait_for_text(self, count: int, limit_s: float = END_LIMIT_S) -> str:
        """The last message's text, once it has that many characters and still grows."""
        long_enough = lambda: self.last_status() == "arriving" and len(self.messages()[-1].name) >= count  # noqa: E731
        self.reader.wait_until(long_enough, f"{count} characters arriving", limit_s)
        return self.messages()[-1].name


def prepare(data_dir: Path, wire: Wire, url: str, model: str) -> None:
    """Set up a data directory in which one service answers new chats."""
    asyncio.run(_prepare(data_dir, Service("here", "Here", wire, parse_address(url)), model))


def stored(data_dir: Path) -> list[tuple[Message, ...]]:
    """What the database holds: the messages of each conversation, newest conversation first."""
    return asyncio.run(_stored(data_dir))


async def _prepare(data_dir: Path, service: Service, model: str) -> None:
    services = await open_services(data_dir, {})
    await services.models.save_service(service)
    chosen = ModelRef(service.id, model)
    settings = await services.settings.load()
    await services.settings.save(replace(settings, default_service=chosen.service_id, default_model=chosen.name))
    await services.close()


async def _stored(data_dir: Path) -> list[tuple[Message, ...]]:
    services = await open_services(data_dir, {})
    conversations = await services.conversations.list()
    found = [await services.conversations.messages(one.id) for one in conversations]
    await services.close()
    return found
