"""What was sent for one reply."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.domain.attempt import Attempt, SentRequest, curl
from desktop.ui.connections.sent_text import body_text, render_sent
from desktop.ui.tasks import Tasks

if TYPE_CHECKING:
    from desktop.bridge import Bridge

NOTHING = "Nothing was sent over any network for this reply."
NOT_KEPT = "What this request sent is no longer kept."


class InspectorViewModel(QObject):
    """The requests of a reply, and the text of the chosen one; long texts are made off the Qt thread."""

    changed = Signal()
    copied = Signal(str)  # what belongs on the clipboard

    def __init__(self, bridge: "Bridge", tasks: Tasks) -> None:
        super().__init__()
        self._bridge = bridge
        self._tasks = tasks
        self._reply_id = 0
        self._chosen: Attempt | None = None
        self._sent: SentRequest | None = None
        self.attempts: tuple[Attempt, ...] = ()
        self.text = ""

    @property
    def can_copy(self) -> bool:
        """Whether there is a request to copy."""
        return self._sent is not None

    @property
    def row(self) -> int:
        """The chosen request, -1 if there is none."""
        ids = [one.id for one in self.attempts]
        return ids.index(self._chosen.id) if self._chosen is not None and self._chosen.id in ids else -1

    def load(self, reply_id: int) -> None:
        """Look at a reply; the newest of its requests is chosen."""
        self._reply_id, self._chosen, self._sent, self.attempts, self.text = reply_id, None, None, (), ""
        self.changed.emit()
        self.refresh()

    def refresh(self) -> None:
        """Look again."""
        self._tasks.start(self._load(self._reply_id))

    def choose(self, row: int) -> None:
        """Show what another request sent."""
        if 0 <= row < len(self.attempts) and row != self.row:
            self._tasks.start(self._show(self.attempts[row]))

    def copy_curl(self) -> None:
        """Make the request a command for a shell, with a variable in place of the key."""
        self._copy(curl)

    def copy_body(self) -> None:
        """Take the body as it was sent."""
        self._copy(body_text)

    async def _load(self, reply_id: int) -> None:
        attempts = await self._bridge.run(lambda services: services.connections.attempts_of(reply_id))
        if reply_id != self._reply_id:
            return
        self.attempts = attempts
        if not attempts:
            self.text = NOTHING
            self.changed.emit()
            return
        row = self.row
        await self._show(attempts[row if row >= 0 else -1])

    async def _show(self, attempt: Attempt) -> None:
        self._chosen = attempt
        sent = await self._bridge.run(lambda services: services.connections.sent(attempt.id))
        text = NOT_KEPT if attempt.host else NOTHING
        if sent is not None:
            text = await asyncio.to_thread(render_sent, sent)
        if self._chosen == attempt:
            self._sent, self.text = sent, text
            self.changed.emit()

    def _copy(self, render: Callable[[SentRequest], str]) -> None:
        if self._sent is not None:
            self._tasks.start(self._render(render, self._sent))

    async def _render(self, render: Callable[[SentRequest], str], sent: SentRequest) -> None:
        self.copied.emit(await asyncio.to_thread(render, sent))
