"""What the sidebar shows."""

from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.domain.conversation import Conversation, ConversationGroup, group_by_age
from desktop.domain.events import ConversationChanged, ConversationRemoved, PhaseChanged, ReplyFinished, TurnBegan
from desktop.domain.model import ModelRef
from desktop.ui.tasks import Tasks

if TYPE_CHECKING:
    from desktop.bridge import Bridge
    from desktop.domain.events import Event

SEARCH_PAUSE_MS = 150


class Mark(Enum):
    """What a row says beside its title."""

    NONE = ""
    ARRIVING = "reply arriving"
    UNSEEN = "new reply"


class SidebarViewModel(QObject):
    """All conversations in groups, or those that match a search; follows every event."""

    changed = Signal()
    selectedChanged = Signal()
    removed = Signal(int)
    deleted = Signal(object)  # Conversation, as long as it can be brought back
    restored = Signal(object)  # Conversation

    def __init__(self, bridge: "Bridge", tasks: Tasks) -> None:
        super().__init__()
        self._bridge = bridge
        self._tasks = tasks
        self._all: dict[int, Conversation] = {}
        self._found: tuple[int, ...] | None = None
        self._query = ""
        self._arriving: set[int] = set()
        self._unseen: set[int] = set()
        self._selected: int | None = None
        self._trash: list[Conversation] = []
        self._pause = QTimer(self, singleShot=True, interval=SEARCH_PAUSE_MS)
        self._pause.timeout.connect(lambda: self._tasks.start(self._look_up(self._query)))
        bridge.eventsArrived.connect(self._on_events)

    @property
    def selected(self) -> int | None:
        """The open conversation."""
        return self._selected

    @property
    def query(self) -> str:
        """What is searched for; empty when nothing is."""
        return self._query

    def groups(self) -> tuple[ConversationGroup, ...]:
        """What to show, under headings."""
        if self._found is not None:
            rows = tuple(self._all[one] for one in self._found if one in self._all)
            return (ConversationGroup("Found" if rows else "Nothing found", rows),)
        return group_by_age(self._all.values(), datetime.now().astimezone())

    def rows(self) -> tuple[Conversation, ...]:
        """The conversations shown, from top to bottom."""
        return tuple(one for group in self.groups() for one in group.conversations)

    def find(self, conversation_id: int | None) -> Conversation | None:
        """A conversation by its id."""
        return None if conversation_id is None else self._all.get(conversation_id)

    def mark(self, conversation_id: int) -> Mark:
        """What to show beside a title; the open conversation needs no mark, it shows what happens."""
        if conversation_id == self._selected:
            return Mark.NONE
        if conversation_id in self._arriving:
            return Mark.ARRIVING
        return Mark.UNSEEN if conversation_id in self._unseen else Mark.NONE

    async def load(self) -> None:
        """Fetch all conversations."""
        listed = await self._bridge.run(lambda services: services.conversations.list())
        self._all = {one.id: one for one in listed}
        self.changed.emit()

    def select(self, conversation_id: int | None) -> None:
        """Say which conversation is open; its mark goes."""
        if conversation_id == self._selected:
            return
        self._selected = conversation_id
        self._unseen.discard(conversation_id or 0)
        self.changed.emit()
        self.selectedChanged.emit()

    def search(self, text: str) -> None:
        """Show only what matches, a moment after the last key; an empty text shows all again."""
        self._query = text.strip()
        if self._query:
            self._pause.start()
            return
        self._pause.stop()
        self._found = None
        self.changed.emit()

    def rename(self, conversation_id: int, title: str) -> None:
        """Give a conversation another title; an empty one leaves the old."""
        known, cleaned = self._all.get(conversation_id), " ".join(title.split())
        if known is not None and cleaned and cleaned != known.title:
            self._tasks.start(self._rename(conversation_id, cleaned))

    def toggle_pin(self, conversation_id: int) -> None:
        """Pin a conversation, or let it go."""
        known = self._all.get(conversation_id)
        if known is not None:
            self._tasks.start(self._pin(conversation_id, pinned=not known.pinned))

    def set_fallbacks(self, conversation_id: int, models: tuple[ModelRef, ...]) -> None:
        """Let these models be asked, in order, where a conversation's own does not answer."""
        self._tasks.start(self._set_fallbacks(conversation_id, models))

    def delete(self, conversation_id: int) -> None:
        """Put a conversation into the trash; `undo` brings it back."""
        known = self._all.get(conversation_id)
        if known is not None:
            self._tasks.start(self._delete(known))

    def undo(self) -> None:
        """Bring back what was deleted last."""
        if self._trash:
            self._tasks.start(self._restore(self._trash.pop()))

    async def _look_up(self, text: str) -> None:
        found = await self._bridge.run(lambda services: services.conversations.search(text))
        if text == self._query:
            self._all.update({one.id: one for one in found})
            self._found = tuple(one.id for one in found)
            self.changed.emit()

    async def _rename(self, conversation_id: int, title: str) -> None:
        self._put(await self._bridge.run(lambda services: services.conversations.rename(conversation_id, title)))

    async def _pin(self, conversation_id: int, *, pinned: bool) -> None:
        self._put(await self._bridge.run(lambda services: services.conversations.set_pinned(conversation_id, pinned)))

    async def _set_fallbacks(self, conversation_id: int, models: tuple[ModelRef, ...]) -> None:
        self._put(
            await self._bridge.run(lambda services: services.conversations.set_fallbacks(conversation_id, models))
        )

    async def _delete(self, conversation: Conversation) -> None:
        await self._bridge.run(lambda services: services.conversations.delete(conversation.id))
        self._trash.append(conversation)
        self._drop(conversation.id)
        self.deleted.emit(conversation)

    async def _restore(self, conversation: Conversation) -> None:
        back = await self._bridge.run(lambda services: services.conversations.restore(conversation.id))
        self._put(back)
        self.restored.emit(back)

    def _put(self, conversation: Conversation) -> None:
        self._all[conversation.id] = conversation
        self.changed.emit()

    def _drop(self, conversation_id: int) -> None:
        if self._all.pop(conversation_id, None) is not None:
            self._arriving.discard(conversation_id)
            self._unseen.discard(conversation_id)
            self.removed.emit(conversation_id)
            self.changed.emit()

    def _on_events(self, events: "list[Event]") -> None:
        applied = [self._apply(event) for event in events]
        if any(applied):
            self.changed.emit()

    def _apply(self, event: "Event") -> bool:
        """Take in an event; True when it may show."""
        match event:
            case ConversationChanged():
                self._all[event.conversation.id] = event.conversation
            case ConversationRemoved():
                self._drop(event.conversation_id)
            case TurnBegan():
                self._arriving.add(event.conversation_id)
            case PhaseChanged() if not event.state.is_final:
                fresh = event.conversation_id not in self._arriving
                self._arriving.add(event.conversation_id)
                return fresh
            case ReplyFinished():
                self._arriving.discard(event.conversation_id)
                if event.conversation_id != self._selected:
                    self._unseen.add(event.conversation_id)
            case _:
                return False
        return True
