"""The pictures of turns that wait, break off or are looked into."""

import asyncio
import functools
import re
from collections.abc import Awaitable, Callable

from PySide6.QtWidgets import QAbstractButton, QApplication, QListWidget, QWidget

from desktop.bridge import Bridge
from desktop.domain.conversation import Conversation
from desktop.domain.message import MessageStatus
from desktop.domain.model import ModelRef
from desktop.services.store.turns import TurnStore
from desktop.services.suite import Services
from desktop.ui.main_window import MainWindow
from tests.support.plan import Close, Plan, Stall
from tests.support.received import Received
from tests.support.wires import framing, ollama

MODEL, OTHER = "qwen3:8b", "gemma3:12b"
WIDE, NARROW = (1280, 820), (720, 600)
SETTLE_S = 0.6
LIMIT_S = 15.0

BUSY, VERY_BUSY = "What is a good name for a cat?", "What is a good name for a dog?"
STALLED, BROKEN, STANDS_IN = "Plan a weekend in Porto.", "Explain TCP to my aunt.", "Is it going to rain tomorrow?"
QUEUED = ("And where should we eat?", "What does the train from Lisbon cost?", "Make a packing list.")
HELD = "Write to the landlord about the heating, please."
HALF = (
    "TCP is like sending a long letter as numbered postcards. The other side confirms each card it got, and you send "
    "the ones again that went missing.\n\nIt begins with a greeting in three"
)

Take = Callable[[QWidget, str, tuple[int, int]], Awaitable[None]]


def answer_turn(request: Received) -> Plan | None:
    """What the stand-in says in these scenes; None where it is none of theirs."""
    asked = request.json()
    last, model = asked["messages"][-1]["content"], asked["model"]
    if last in (BUSY, VERY_BUSY):
        wait = "20" if last == BUSY else "754"
        return ollama.error(429, "Too many requests, please slow down.", headers={"Retry-After": wait})
    if last == STALLED:
        begun = [ollama.chunk(word, model=model) for word in ("Friday ", "evening: ")]
        return (*framing.stream(ollama.MEDIA_TYPE, begun, end=False), Stall())
    if last == BROKEN:
        pieces = [ollama.chunk(piece, model=model) for piece in re.findall(r"\S*\s*", HALF)]
        return (*framing.stream(ollama.MEDIA_TYPE, pieces, end=False), Close())
    if last == STANDS_IN:
        return ollama.error(500, "model runner has unexpectedly stopped") if model == OTHER else _with_tool()
    return None


def _with_tool() -> Plan:
    arguments = {"city": "Porto", "days": 1, "units": "metric"}
    call = {"function": {"name": "get_weather", "arguments": arguments}}
    message = {"role": "assistant", "content": "", "tool_calls": [call]}
    wanted = ollama.line({"model": MODEL, "created_at": "2026-11-24T09:00:00Z", "message": message, "done": False})
    said = ollama.lines(["Let me look ", "at the forecast."], model=MODEL)
    return framing.stream(ollama.MEDIA_TYPE, [*said[:-1], wanted, said[-1]])


async def take_turn_pictures(window: MainWindow, bridge: Bridge, take: Take) -> None:
    """Walk through the scenes."""
    for question, name in ((BUSY, "waiting"), (VERY_BUSY, "waiting-long")):
        busy = await _open(window, bridge, functools.partial(_send, questions=(question,), title=question))
        await bridge.run(functools.partial(_wait_for_waiting, conversation_id=busy.id))
        await take(window, name, WIDE)
    await take(window, "waiting-long", NARROW)
    porto = await _open(window, bridge, functools.partial(_send, questions=(STALLED, *QUEUED), title="Porto"))
    await asyncio.sleep(2)
    await take(window, "queue", WIDE)
    await take(window, "queue", NARROW)
    _press(window, "Edit")
    await take(window, "queue-edit", WIDE)
    await bridge.run(lambda services: services.turns.stop(porto.id))
    await _open(window, bridge, _stop_in_mid_reply)
    await take(window, "stopped-text", WIDE)
    await _open(window, bridge, _hold)
    await take(window, "held", WIDE)
    broken = await _open(window, bridge, functools.partial(_send, questions=(BROKEN,), title="TCP for my aunt"))
    await bridge.run(lambda services: _end(services, broken.id))
    await take(window, "interrupted", WIDE)
    _press(window, "Show details")
    await take(window, "interrupted-details", WIDE)
    stood = await _open(window, bridge, _stand_in)
    await bridge.run(lambda services: _end(services, stood.id))
    await take(window, "stand-in", WIDE)
    _press(window, "Details")
    await asyncio.sleep(SETTLE_S)
    await take(_top("What was sent"), "inspector", (980, 640))
    _top("What was sent").close()
    next(one for one in window.actions() if one.text() == "If it does not answer…").trigger()
    await asyncio.sleep(SETTLE_S)
    await take(_top("If it does not answer"), "fallbacks", (480, 420))
    _top("If it does not answer").close()
    window.open_settings()
    await asyncio.sleep(SETTLE_S)
    settings = _top("Parley settings")
    pages = next(one for one in settings.findChildren(QListWidget) if one.accessibleName() == "Pages")
    for name in ("Network", "Connections"):
        pages.setCurrentRow([pages.item(row).text() for row in range(pages.count())].index(name))
        await asyncio.sleep(SETTLE_S)
        await take(settings, f"settings-{name.lower()}", (860, 600))
    pages.setCurrentRow(0)
    settings.close()


async def _open(
    window: MainWindow, bridge: Bridge, make: "Callable[[Services], Awaitable[Conversation]]"
) -> Conversation:
    async def run(services: Services) -> Conversation:
        return await make(services)

    made = await bridge.run(run)
    await asyncio.sleep(SETTLE_S)
    window.open_conversation(made.id)
    await asyncio.sleep(SETTLE_S)
    return made


async def _send(services: Services, questions: tuple[str, ...], title: str) -> Conversation:
    conversation = await services.conversations.create(ModelRef("ollama", MODEL))
    for question in questions:
        await services.turns.send(conversation.id, question, f"{title}: {question}")
    return await services.conversations.rename(conversation.id, title)


async def _stop_in_mid_reply(services: Services) -> Conversation:
    conversation = await _send(services, (STALLED,), "A weekend in Porto")
    await asyncio.sleep(1)
    await services.turns.stop(conversation.id)
    return conversation


async def _hold(services: Services) -> Conversation:
    """A turn as a Parley that ended before its turn came has left it."""
    model = ModelRef("ollama", MODEL)
    conversation = await services.conversations.create(model)
    await TurnStore(services.database, "ended").begin(conversation.id, HELD, HELD, model)
    await services.turns.look_after()
    return await services.conversations.rename(conversation.id, "The heating")


async def _stand_in(services: Services) -> Conversation:
    """A model that fails, and another one that answers."""
    conversation = await services.conversations.create(ModelRef("ollama", OTHER))
    stand_ins = (ModelRef("ollama", MODEL), ModelRef("ollama", "llama3.2:3b"))
    await services.conversations.set_fallbacks(conversation.id, stand_ins)
    await services.turns.send(conversation.id, STANDS_IN, STANDS_IN)
    return await services.conversations.rename(conversation.id, "Rain")


async def _end(services: Services, conversation_id: int) -> None:
    async with asyncio.timeout(LIMIT_S):
        while (await services.conversations.messages(conversation_id))[-1].status is MessageStatus.PENDING:  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def _wait_for_waiting(services: Services, conversation_id: int) -> None:
    async with asyncio.timeout(LIMIT_S):
        while not any(one.wait_s for one in await services.turns.phases(conversation_id)):  # noqa: ASYNC110
            await asyncio.sleep(0.05)


def _press(window: QWidget, name: str) -> None:
    buttons = (one for one in window.findChildren(QAbstractButton) if one.isVisible())
    next(one for one in buttons if name in (one.accessibleName(), one.text())).click()


def _top(name: str) -> QWidget:
    return next(one for one in QApplication.topLevelWidgets() if one.accessibleName() == name and one.isVisible())
