"""The open conversation as state; it paints nothing."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import uuid4

from PySide6.QtCore import QObject, Signal

from desktop.domain.conversation import Conversation
from desktop.domain.errors import NextStep, ParleyError
from desktop.domain.events import Event, PathChanged, PhaseChanged, ReplyFinished, ReplyGrew, TurnBegan
from desktop.domain.message import Message, MessageStatus
from desktop.domain.model import ModelRef
from desktop.domain.turn import TurnState
from desktop.ui.conversation.grown_message import grown
from desktop.ui.conversation.phases import Phase, Phases
from desktop.ui.conversation.waiting import Standing, Waiting, find_waiting
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
    waitingChanged = Signal()
    replyFinished = Signal(int)  # row
    textReturned = Signal(int, str)  # conversation id, the text of a message that was taken back
    otherModelWanted = Signal(int)  # id of a reply that waits to be tried again

    def __init__(self, bridge: "Bridge", tasks: Tasks) -> None:
        super().__init__()
        self._bridge = bridge
        self._tasks = tasks
        self._conversation: Conversation | None = None
        self._messages: list[Message] = []
        self._rows: dict[int, int] = {}
        self._phases = Phases()
        self._waiting: dict[int, Waiting] = {}
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
        """The phase of the reply that is on its way here; those that wait behind it do not count."""
        found = self._phase_here()
        return found.event if found else None

    @property
    def phase_s(self) -> float:
        """Seconds since the phase began."""
        found = self._phase_here()
        return found.clock.elapsed() / 1000 if found else 0.0

    @property
    def waiting(self) -> dict[int, Waiting]:
        """The turns here that wait behind another one, or for a person, by the reply's id."""
        return self._waiting

    def waiting_at(self, row: int) -> Waiting | None:
        """The turn to which a message belongs, if it waits."""
        rows = self._messages[row : row + 2]
        return next((self._waiting[one.id] for one in rows if one.id in self._waiting), None)

    def open(self, conversation: Conversation | None) -> None:
        """Show a conversation, or a new chat."""
        self._conversation = conversation
        self._opening += 1
        self._take([])
        self.phaseChanged.emit()
        if conversation is not None:
            self.read_again()

    def read_again(self) -> None:
        """Show the open conversation as it is stored now."""
        if self._conversation is not None:
            place = self._conversation.id
            self._start_showing(lambda services: services.conversations.messages(place))

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
            self._tasks.start(self._command(lambda services: services.turns.stop(place)))

    def regenerate(self, reply_id: int) -> None:
        """Ask for another version of a reply."""
        token = uuid4().hex
        self._tasks.start(self._command(lambda services: services.turns.regenerate(reply_id, token)))

    def go_on(self, reply_id: int) -> None:
        """Let a reply that broke off go on from its last words."""
        token = uuid4().hex
        self._tasks.start(self._command(lambda services: services.turns.go_on(reply_id, token)))

    def wake(self, reply_id: int, model: ModelRef | None = None) -> None:
        """Try again now what waits to be tried again, with another model if one is given."""
        self._tasks.start(self._command(lambda services: services.turns.wake(reply_id, model)))

    def edit_waiting(self, reply_id: int, text: str) -> None:
        """Give a message that waits another text; where that comes too late, the text is handed back."""
        if self._conversation is not None:
            self._tasks.start(self._edit(reply_id, text, self._conversation.id))

    def move_waiting(self, reply_id: int, *, later: bool) -> None:
        """Let a message that waits change places with the one after it, or before it."""
        self._tasks.start(self._command(lambda services: services.turns.move(reply_id, later=later)))

    def take_back(self, reply_id: int) -> None:
        """Take a message back that waits; its text is handed to whoever wants it."""
        if self._conversation is not None:
            self._tasks.start(self._take_back(reply_id, self._conversation.id))

    def release(self, reply_id: int) -> None:
        """Send what was held back."""
        self._tasks.start(self._command(lambda services: services.turns.release(reply_id)))

    def show_version(self, message_id: int, step: int) -> None:
        """Show a version that many steps further."""
        self._start_showing(lambda services: services.conversations.show_version(message_id, step))

    def take_step(self, reply_id: int, step: NextStep) -> None:
        """Do what a person chose to do about a failed reply."""
        if step is NextStep.RETRY:
            self.regenerate(reply_id)
        elif step is NextStep.CONTINUE:
            self.go_on(reply_id)
        else:
            self.stepRequested.emit(step)

    def _start_showing(self, path: "Path") -> None:
        if self._conversation is not None:
            self._tasks.start(self._show(path, self._conversation.id, self._opening))

    async def _show(self, path: "Path", place: int, opening: int) -> None:
        """Read messages and show them; what happens meanwhile waits, because what is read may or may not have it."""
        self._reading += 1
        try:
            messages, phases = await self._bridge.run(lambda services: _read(services, path, place))
            if opening == self._opening:
                self._phases.replace(place, phases)
                self._take(list(messages))
                self.phaseChanged.emit()
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

    async def _command(self, command: "Callable[[Services], Coroutine[object, object, object]]") -> None:
        await self._bridge.run(command)

    async def _edit(self, reply_id: int, text: str, conversation_id: int) -> None:
        try:
            await self._bridge.run(lambda services: services.turns.edit(reply_id, text))
        except ParleyError:
            self.textReturned.emit(conversation_id, text)
            raise

    async def _take_back(self, reply_id: int, conversation_id: int) -> None:
        text = await self._bridge.run(lambda services: services.turns.withdraw(reply_id))
        self._phases.end(reply_id)
        self.textReturned.emit(conversation_id, text)

    def _take(self, messages: list[Message]) -> None:
        self._messages = messages
        self._rows = {message.id: row for row, message in enumerate(messages)}
        waiting, self._waiting = self._waiting, find_waiting(messages, self._phases.events)
        self.messagesReset.emit()
        if waiting != self._waiting:
            self.waitingChanged.emit()
        self._refresh_busy()

    def _on_events(self, events: list[Event]) -> None:
        if self._reading:
            self._held.extend(events)
        else:
            self._apply(events)

    def _apply(self, events: list[Event]) -> None:
        here = None if self._conversation is None else self._conversation.id
        longer: set[int] = set()
        for event in events:
            match event:
                case TurnBegan(conversation_id=place) if place == here:
                    self._on_began(event)
                case ReplyGrew(conversation_id=place, reply_id=reply_id) if place == here and reply_id in self._rows:
                    row = self._rows[reply_id]
                    self._messages[row] = grown(self._messages[row], event)
                    longer.add(reply_id)
                case PathChanged(conversation_id=place) if place == here:
                    self.read_again()
                case PhaseChanged():
                    self._on_phase(event)
                case ReplyFinished():
                    self._on_finished(event)
        for reply_id in longer & self._rows.keys():
            self.replyGrew.emit(self._rows[reply_id])

    def _on_began(self, event: TurnBegan) -> None:
        """Add what is not shown yet; another version of a reply replaces what hung below its question."""
        asked = self._rows.get(event.user_message.id)
        if asked is None and self._messages and event.user_message.parent_id != self._messages[-1].id:
            self.read_again()  # it goes on from another message than the one shown last
            return
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

    def _on_phase(self, event: PhaseChanged) -> None:
        self._phases.note(event)
        self._refresh_busy()
        self.phaseChanged.emit()

    def _phase_here(self) -> Phase | None:
        """The phase of the first reply on its way that does not wait behind another."""
        pending = (one.id for one in self._messages if one.status is MessageStatus.PENDING)
        found = (self._phases.find(reply_id) for reply_id in pending if reply_id not in self._waiting)
        return next((phase for phase in found if phase is not None), None)

    def _on_finished(self, event: ReplyFinished) -> None:
        self._phases.end(event.reply.id)
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
        """Find out anew what waits, and whether anything is on its way; what is held back is not."""
        waiting = find_waiting(self._messages, self._phases.events)
        if waiting != self._waiting:
            self._waiting = waiting
            self.waitingChanged.emit()
        held = {one.reply_id for one in waiting.values() if one.standing is Standing.HELD}
        busy = any(message.status is MessageStatus.PENDING and message.id not in held for message in self._messages)
        if busy != self._busy:
            self._busy = busy
            self.busyChanged.emit(busy)


async def _read(
    services: "Services", path: "Path", conversation_id: int
) -> tuple[tuple[Message, ...], tuple[PhaseChanged, ...]]:
    """A path, and then the phases of its turns: what ends in between is told by an event that comes later."""
    return await path(services), await services.turns.phases(conversation_id)
