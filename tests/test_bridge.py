"""The bridge: commands go down once, events come up in order, and stopping never takes long."""

import asyncio
import gc
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication
from qasync import QEventLoop

from desktop.bridge import FRAME_MS, Bridge
from desktop.domain.address import parse_address
from desktop.domain.chunk import Chunk
from desktop.domain.errors import DataDirUnusable, NotFound
from desktop.domain.events import Event, ReplyFinished, ReplyGrew
from desktop.domain.message import Message, MessageStatus
from desktop.domain.model import ModelRef
from desktop.domain.service import Service, Wire
from desktop.domain.turn import Turn
from desktop.services.suite import Services, open_services
from tests.support.fault_server import FaultServer
from tests.support.plan import Stall
from tests.support.wires import framing, ollama

pytestmark = pytest.mark.anyio

STOP_LIMIT_S = 2.0
COUNT = 600


@pytest.fixture(scope="module")
def app() -> Iterator[QCoreApplication]:
    """The window's tests have an application of their own, and a process has one at a time."""
    existing = QCoreApplication.instance()
    application = existing or QCoreApplication([])
    yield application
    if existing is None:
        application.shutdown()


@pytest.fixture(autouse=True)
def _collected_here(app: QCoreApplication) -> Iterator[None]:
    """Qt objects in reference cycles must die on the Qt thread, never on the service thread."""
    gc.disable()
    yield
    gc.collect()
    gc.enable()


@pytest.fixture
def anyio_backend(app: QCoreApplication) -> tuple[str, dict[str, object]]:
    return "asyncio", {"loop_factory": lambda: QEventLoop(app)}


@pytest.fixture
def bridge(data_dir: Path) -> Bridge:
    return Bridge(partial(open_services, data_dir, {}))


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    """Keeps services from opening until it is set."""
    made = threading.Event()
    yield made
    made.set()


@pytest.fixture
def late_bridge(data_dir: Path, gate: threading.Event) -> Bridge:
    async def open_late() -> Services:
        await asyncio.to_thread(gate.wait)
        return await open_services(data_dir, {})

    return Bridge(open_late)


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not holds():  # noqa: ASYNC110 - other threads make it hold
            await asyncio.sleep(0.01)


async def gone(bridge: Bridge) -> None:
    """Wait for the end of the service thread."""
    await until(lambda: not bridge._thread.is_alive())


class Listener:
    """Notes each batch of events, when it came and on which thread."""

    def __init__(self, bridge: Bridge) -> None:
        self.batches: list[list[Event]] = []
        self.moments: list[float] = []
        self.threads: set[int] = set()
        bridge.eventsArrived.connect(self._on_events)

    @property
    def events(self) -> list[Event]:
        return [event for batch in self.batches for event in batch]

    def _on_events(self, events: list[Event]) -> None:
        self.batches.append(events)
        self.moments.append(time.monotonic())
        self.threads.add(threading.get_ident())

    async def until(self, holds: Callable[[Event], bool]) -> None:
        await until(lambda: any(map(holds, self.events)))


async def publish(services: Services) -> None:
    """More events than frames, some at once and some apart."""
    for number in range(COUNT):
        services.feed.publish(ReplyGrew(1, 1, Chunk("x"), number))
        if number % 3 == 0:
            await asyncio.sleep(0.001)


async def test_events_arrive_in_order_at_most_once_a_frame(bridge: Bridge) -> None:
    listener = Listener(bridge)
    bridge.start()
    await bridge.run(publish)
    await listener.until(lambda event: isinstance(event, ReplyGrew) and event.offset == COUNT - 1)
    await bridge.stop()
    assert [event.offset for event in listener.events if isinstance(event, ReplyGrew)] == list(range(COUNT))
    assert listener.threads == {threading.get_ident()}
    frames = (listener.moments[-1] - listener.moments[0]) * 1000 / (FRAME_MS - 1)
    assert 1 < len(listener.batches) <= frames + 2


async def test_commands_wait_for_the_services_and_keep_their_order(late_bridge: Bridge, gate: threading.Event) -> None:
    async def title(name: str, services: Services) -> str:
        made = await services.conversations.create()
        return (await services.conversations.rename(made.id, name)).title

    early = late_bridge.run(partial(title, "early"))
    late_bridge.start()
    waiting = late_bridge.run(partial(title, "waiting"))
    assert not (await asyncio.wait({early, waiting}, timeout=0.05))[0]
    gate.set()
    assert [await early, await waiting] == ["early", "waiting"]
    await late_bridge.stop()


async def test_the_error_of_opening_reaches_each_command(data_dir: Path) -> None:
    (data_dir / "file").write_text("in the way")
    bridge = Bridge(partial(open_services, data_dir / "file", {}))
    early = bridge.run(lambda services: services.conversations.list())
    bridge.start()
    for command in (early, *(bridge.run(lambda services: services.conversations.list()) for _ in range(2))):
        with pytest.raises(DataDirUnusable, match="--data-dir"):
            await command
    await bridge.stop()


async def test_an_error_of_a_command_is_its_own_alone(bridge: Bridge) -> None:
    bridge.start()
    with pytest.raises(NotFound):
        await bridge.run(lambda services: services.conversations.messages(99))
    assert await bridge.run(lambda services: services.conversations.list()) == ()
    await bridge.stop()


async def test_a_command_nobody_waits_for_any_more_is_cancelled(bridge: Bridge) -> None:
    begun, ended = threading.Event(), threading.Event()

    async def wait(_services: Services) -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    bridge.start()
    command = bridge.run(wait)
    await until(begun.is_set)
    command.cancel()
    await until(ended.is_set)
    await bridge.stop()


async def test_stopping_during_a_stream_is_quick_and_keeps_the_text(
    bridge: Bridge, data_dir: Path, fault_server: FaultServer
) -> None:
    fault_server.queue(ollama.CHAT, (*framing.stream(ollama.MEDIA_TYPE, [ollama.chunk("half a ")], end=False), Stall()))

    async def send(services: Services) -> Turn:
        services.models.adopt(Service("it", "It", Wire.OLLAMA, parse_address(fault_server.url)))
        conversation = await services.conversations.create(ModelRef("it", "echo"))
        return await services.turns.send(conversation.id, "hi", "token")

    listener = Listener(bridge)
    bridge.start()
    turn = await bridge.run(send)
    await listener.until(lambda event: isinstance(event, ReplyGrew))
    assert not any(isinstance(event, ReplyFinished) for event in listener.events)
    began = time.monotonic()
    await bridge.stop()
    assert time.monotonic() - began < STOP_LIMIT_S
    await gone(bridge)
    fault_server.wait_for(lambda: fault_server.open_connections == 0)
    reply = await stored(data_dir, turn)
    assert (reply.status, reply.text) == (MessageStatus.INTERRUPTED, "half a ")


async def stored(data_dir: Path, turn: Turn) -> Message:
    """The reply as the next start finds it."""
    bridge = Bridge(partial(open_services, data_dir, {}))
    bridge.start()
    messages = await bridge.run(lambda services: services.conversations.messages(turn.conversation_id))
    await bridge.stop()
    return messages[-1]


async def test_stopping_does_not_wait_for_services_that_never_open(late_bridge: Bridge, gate: threading.Event) -> None:
    late_bridge.start()
    began = time.monotonic()
    await late_bridge.stop()
    assert time.monotonic() - began < STOP_LIMIT_S
    gate.set()
    await gone(late_bridge)


async def test_stopping_twice_or_before_the_start_is_nothing(bridge: Bridge, data_dir: Path) -> None:
    unused = Bridge(partial(open_services, data_dir, {}))
    await unused.stop()
    bridge.start()
    await bridge.stop()
    await bridge.stop()
