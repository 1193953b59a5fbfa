"""The log of all requests, page by page."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.domain.attempt import Attempt
from desktop.ui.tasks import Tasks

if TYPE_CHECKING:
    from desktop.bridge import Bridge

PAGE = 100


class ConnectionLogViewModel(QObject):
    """The newest requests, and as many older ones as somebody wanted to see."""

    changed = Signal()

    def __init__(self, bridge: "Bridge", tasks: Tasks) -> None:
        super().__init__()
        self._bridge = bridge
        self._tasks = tasks
        self._loading = False
        self.attempts: tuple[Attempt, ...] = ()
        self.has_more = False

    def refresh(self) -> None:
        """Look again, from the newest on."""
        self._start(())

    def load_more(self) -> None:
        """Fetch the page after the last."""
        self._start(self.attempts)

    def _start(self, known: tuple[Attempt, ...]) -> None:
        if not self._loading:
            self._loading = True
            self._tasks.start(self._load(known))

    async def _load(self, known: tuple[Attempt, ...]) -> None:
        before = known[-1].id if known else None
        try:
            page = await self._bridge.run(lambda services: services.connections.list(PAGE, before))
            self.attempts = (*known, *page)
            self.has_more = len(page) == PAGE
        finally:
            self._loading = False
            self.changed.emit()
