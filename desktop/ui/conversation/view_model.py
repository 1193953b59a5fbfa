"""The open conversation as state; it paints nothing."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from uuid import uuid4

from PySide6.QtCore import QElapsedTimer, QObject, Signal

from desktop.domain.chunk import Channel
from desktop.domain.conversation import Conversation
from desktop.domain.errors import NextStep
from desktop.domain.events import Event, PhaseChanged, ReplyFinished, ReplyGrew, TurnBegan
from desktop.domain.message import Message, MessageStatus
from desktop.domain.model import ModelRef
from desktop.domain.turn import TurnState
from desktop.ui.tasks import Tasks

if TYPE_CHECKING:
    from desktop.bridge import Bridge
    from desktop.services.suite import Services

    Path = Callable[[Services], Coroutine[object, object, tuple[Message, ...]]]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a message was sent from; `opening` tells one new chat from the next."""

    conversation: Conversation | None
    opening: int
    model: ModelRef | None


@dataclass(frozen=True, slots=True)
class _Phase:
    event: PhaseChanged
    clock: QElapsedTimer


class ConversationViewModel(QObject):
    """Holds the messages of the open conversation and follows every reply to it.

    A stream belongs to a message, not to what is open: whoever comes back finds all that has arrived.
    """

    busyChanged = Signal(bool)
    conversationChanged = Signal(object)  # Conversation | None
    stepRequested = Signal(object)  # NextStep that the window around must take
    messagesReset = Signal()
    messageAdded = Signal(int)  # row
    messageChanged = Signal(int)  # row: status, facts or version
    replyGrew = Signal(int)  # row, at most once a frame
    phaseChanged = Signal()
    replyFinished = Signal(int)  # row

    def __init__(self, bridge: "Bridge", tasks: Tasks) -> None:
        super().__init__()
        self._bridge = bridge
        self._tasks = tasks
        self._conversation: Conversation | None = None
        self._messages: list[Message] = []
        self._rows: dict[int, int] = {}
        self._phases: dict[int, _Phase] = {}
        self._busy = False
        self._opening = 0
        self._begun: dict[int, Conversation] = {}
        self._reading = 0
        self._held: list[Event] = []
        self._sending = asyncio.Lock()  # one message after the other: the first of a new chat makes the conversation
        self.pending_model: ModelRef | None = None
        bridge.eventsArrived.connect(self._on_events)

    @property
    def conversation(self) -> Conversation | None:
        """The open conversation; None is a new chat."""
        return self._conversation

    @property
    def messages(self) -> list[Message]:
        """The messages on the shown path, first to last."""
        return self._messages

    @property
    def busy(self) -> bool:
        """Whether a reply is on its way here."""
        return self._busy

    @property
    def phase(self) -> PhaseChanged | None:
        """The phase of the reply that is on its way here, the first of them if several wait."""
        found = self._phase_here()
        return found.event if found else None

    @property
    def phase_s(self) -> float:
        """Seconds since the phase began."""
        found = self._phase_here()
        return found.clock.elapsed() / 1000 if found else 0.0

    def open(self, conversation: Conversation | None) -> None:
        """Show a conversation, or a new chat."""
        self._conversation = conversation
        self._opening += 1
        self._take([])
        self.phaseChanged.emit()
        if conversation is not None:
            place = conversation.id
            self._tasks.start(self._show(lambda services: services.conversations.messages(place), self._opening))

    def send(self, text: str) -> None:
        """Send a message; each call is one turn. A new chat becomes a conversation first."""
        place = _Place(self._conversation, self._opening, self.pending_model)
        self._tasks.start(self._send(text, uuid4().hex, place))

    async def finish(self) -> None:
        """Wait until what was sent is stored."""
        async with self._sending:
            return

    def stop(self) -> None:
        """Stop the replies on their way to this conversation."""
        if self._conversation is not None:
            place = self._conversation.id
            self._tasks.start(self._run_stop(place))

    def regenerate(self, reply_id: int) -> None:
        """Ask for another version of a reply."""
        self._tasks.start(self._regenerate(reply_id, uuid4().hex))

    def show_version(self, message_id: int, step: int) -> None:
        """Show a version that many steps further."""
        self._tasks.start(
            self._show(lambda services: services.conversations.show_version(message_id, step), self._opening)
        )

    def take_step(self, reply_id: int, step: NextStep) -> None:
        """Do what a person chose to do about a failed reply."""
        if step in (NextStep.RETRY, NextStep.CONTINUE):
            self.regenerate(reply_id)
        else:
            self.stepRequested.emit(step)

    async def _show(self, path: "Path", opening: int) -> None:
        """Read messages and show them; what happens meanwhile waits, because what is read may or may not have it."""
        self._reading += 1
        try:
            messages = await self._bridge.run(path)
            if opening == self._opening:
                self._take(list(messages))
        finally:
            self._reading -= 1
            if not self._reading:
                held, self._held = self._held, []
                self._apply(held)

    async def _send(self, text: str, token: str, place: _Place) -> None:
        async with self._sending:
            conversation = place.conversation or await self._begin(place)
            await self._bridge.run(lambda services: services.turns.send(conversation.id, text, token))

    async def _begin(self, place: _Place) -> Conversation:
        """The conversation that a new chat becomes with its first message."""
        if place.opening not in self._begun:
            made = await self._bridge.run(lambda services: services.conversations.create(place.model))
            self._begun[place.opening] = made
            if place.opening == self._opening:
                self._conversation = made
                self.conversationChanged.emit(made)
        return self._begun[place.opening]

    async def _run_stop(self, conversation_id: int) -> None:
        await self._bridge.run(lambda services: services.turns.stop(conversation_id))

    async def _regenerate(self, reply_id: int, token: str) -> None:
        await self._bridge.run(lambda services: services.turns.regenerate(reply_id, token))

    def _take(self, messages: list[Message]) -> None:
        self._messages = messages
        self._rows = {message.id: row for row, message in enumerate(messages)}
        self.messagesReset.emit()
        self._refresh_busy()

    def _on_events(self, events: list[Event]) -> None:
        if self._reading:
            self._held.extend(events)
        else:
            self._apply(events)

    def _apply(self, events: list[Event]) -> None:
        here = None if self._conversation is None else self._conversation.id
        grown: set[int] = set()
        for event in events:
            match event:
                case TurnBegan(conversation_id=place) if place == here:
                    self._on_began(event)
                case ReplyGrew(conversation_id=place, reply_id=reply_id) if place == here and reply_id in self._rows:
                    self._grow(event)
                    grown.add(reply_id)
                case PhaseChanged():
                    self._on_phase(event)
                case ReplyFinished():
                    self._on_finished(event)
        for reply_id in grown & self._rows.keys():
            self.replyGrew.emit(self._rows[reply_id])

    def _on_began(self, event: TurnBegan) -> None:
        """Add what is not shown yet; another version of a reply replaces what hung below its question."""
        asked = self._rows.get(event.user_message.id)
        if asked is None:
            self._append(event.user_message)
        elif len(self._messages) > asked + 1 and event.reply.id not in self._rows:
            self._take(self._messages[: asked + 1])
        if event.reply.id not in self._rows:
            self._append(event.reply)
        self._refresh_busy()

    def _append(self, message: Message) -> None:
        self._rows[message.id] = len(self._messages)
        self._messages.append(message)
        self.messageAdded.emit(len(self._messages) - 1)

    def _grow(self, event: ReplyGrew) -> None:
        """Add the part of a chunk that is not there yet; what was loaded may already hold some of it."""
        row = self._rows[event.reply_id]
        message = self._messages[row]
        if event.chunk.channel is Channel.TEXT:
            text = message.text + event.chunk.text[max(0, len(message.text) - event.offset) :]
            self._messages[row] = replace(message, text=text)
        else:
            known = message.reasoning
            self._messages[row] = replace(
                message, reasoning=known + event.chunk.text[max(0, len(known) - event.offset) :]
            )

    def _on_phase(self, event: PhaseChanged) -> None:
        clock = QElapsedTimer()
        clock.start()
        self._phases[event.reply_id] = _Phase(event, clock)
        self._refresh_busy()
        self.phaseChanged.emit()

    def _phase_here(self) -> _Phase | None:
        return next((phase for reply_id, phase in self._phases.items() if reply_id in self._rows), None)

    def _on_finished(self, event: ReplyFinished) -> None:
        self._phases.pop(event.reply.id, None)
        row = self._rows.get(event.reply.id)
        if row is None:
            return
        self._messages[row] = event.reply
        self.messageChanged.emit(row)
        if event.state is not TurnState.STOPPED:
            self.replyFinished.emit(row)
        self._refresh_busy()
        self.phaseChanged.emit()

    def _refresh_busy(self) -> None:
        busy = any(message.status is MessageStatus.PENDING for message in self._messages)
        if busy != self._busy:
            self._busy = busy
            self.busyChanged.emit(busy)
