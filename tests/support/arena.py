"""Where turns meet faults: open services and a fault server, on one wire, for any number of turns."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from uuid import uuid4

from desktop.domain.address import parse_address
from desktop.domain.events import Event, PhaseChanged, ReplyFinished
from desktop.domain.message import Message
from desktop.domain.model import ModelRef
from desktop.domain.service import Service
from desktop.domain.settings import Settings
from desktop.domain.turn import Turn, TurnState
from desktop.services.feed import Subscription
from desktop.services.suite import Services, open_services
from tests.support.dialects import Dialect
from tests.support.fault_server import FaultServer
from tests.support.plan import Plan
from tests.support.received import Received
from tests.support.wires.echo import MODEL

RETRIES = 2
PATIENT_S = 60.0
LIMIT_S = 20.0


@dataclass
class Stage:
    """One turn being played: a service, a path of the server and a conversation of its own.

    `waits_s` are the pauses that were announced, in order.
    """

    services: Services
    server: FaultServer
    path: str
    conversation_id: int
    events: Subscription
    waits_s: list[float] = field(default_factory=list)

    async def send(self, text: str = "hi", token: str = "") -> Turn:
        """Send a message."""
        return await self.services.turns.send(self.conversation_id, text, token or uuid4().hex)

    async def stop(self) -> None:
        """Stop the conversation's turns."""
        await self.services.turns.stop(self.conversation_id)

    async def until(self, holds: Callable[[Event], bool]) -> Event:
        """The first event of this conversation for which something holds."""
        async with asyncio.timeout(LIMIT_S):
            async for event in self.events:
                if getattr(event, "conversation_id", None) != self.conversation_id:
                    continue
                if isinstance(event, PhaseChanged) and event.wait_s is not None:
                    self.waits_s.append(event.wait_s)
                if holds(event):
                    return event
        raise AssertionError("a subscription does not end")

    async def phase(self, state: TurnState) -> None:
        """Wait until the turn is in a phase."""
        await self.until(lambda event: isinstance(event, PhaseChanged) and event.state is state)

    async def end(self) -> ReplyFinished:
        """The turn's ending."""
        event = await self.until(lambda event: isinstance(event, ReplyFinished))
        assert isinstance(event, ReplyFinished)
        return event

    async def reply(self) -> Message:
        """The reply as it is stored."""
        return (await self.services.conversations.messages(self.conversation_id))[-1]

    @property
    def requests(self) -> list[Received]:
        """What reached the server for this turn."""
        return self.server.to(self.path)


class Arena:
    """Services and a server that any number of turns share, each turn with a service and a path of its own."""

    def __init__(self, dialect: Dialect, services: Services, server: FaultServer) -> None:
        self.dialect = dialect
        self.services = services
        self.server = server
        self._count = 0

    @asynccontextmanager
    async def stage(self, plan: Plan, *first: Plan) -> AsyncIterator[Stage]:
        """A new stage, on which every request is answered by `plan`, after those in `first` were played."""
        self._count += 1
        root = f"/f{self._count}"
        path = f"{root}{self.dialect.path}"
        self.server.usually(path, plan)
        self.server.queue(path, *first)
        address = parse_address(f"{self.server.url}{root}")
        service = Service(f"it{self._count}", "It", self.dialect.wire, address)
        self.services.models.adopt(service)
        conversation = await self.services.conversations.create(ModelRef(service.id, MODEL))
        events = self.services.feed.subscribe()
        try:
            yield Stage(self.services, self.server, path, conversation.id, events)
        finally:
            events.close()


@asynccontextmanager
async def open_arena(dialect: Dialect, folder: Path) -> AsyncIterator[Arena]:
    """An arena; nothing of it is left afterwards. Pauses between tries are next to nothing."""
    with FaultServer() as server:
        services = await open_services(folder, {})
        services.settings.override(replace(Settings(), max_retries=RETRIES, retry_delay_s=0.001))
        services.models.limit_silence(PATIENT_S)
        try:
            yield Arena(dialect, services, server)
        finally:
            await services.close()


async def eventually(holds: Callable[[], object], limit_s: float = 5.0) -> None:
    """Let the loop run until something holds. Raises TimeoutError."""
    end = time.monotonic() + limit_s
    while not holds():
        if time.monotonic() > end:
            raise TimeoutError(f"not within {limit_s} s")
        await asyncio.sleep(0.001)


async def settled(server: FaultServer, tasks: set["asyncio.Task[object]"]) -> None:
    """Wait until no connection is open and no other task runs than those given. Raises TimeoutError."""
    await eventually(lambda: server.open_connections == 0 and not asyncio.all_tasks() - tasks)
