"""Saving a reply while it is being written."""

import asyncio
import logging

from desktop.domain.errors import StoreError
from desktop.services.replies import LiveReply
from desktop.services.store.turns import TurnStore

log = logging.getLogger(__name__)

SAVE_EVERY_S = 0.1
SAVE_AGAIN_S = 1.0


class ReplySaver:
    """Stores what arrived a tenth of a second after it did, so that a crash costs less than 250 ms of text.

    A disk that takes nothing is asked again every second; what arrived meanwhile is kept in memory.
    """

    def __init__(self, reply: LiveReply, store: TurnStore) -> None:
        self._reply = reply
        self._store = store
        self._dirty = asyncio.Event()
        self._write: asyncio.Task[bool] | None = None
        self._saving: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Save from now on."""
        self._saving = asyncio.create_task(self._save_steadily())

    def note(self) -> None:
        """Something arrived."""
        self._dirty.set()

    async def stop(self) -> None:
        """Save no more; afterwards it is known what is stored and what is not."""
        if self._saving is not None:
            self._saving.cancel()
        if self._write is not None:
            await asyncio.wait({self._write})

    async def _save_steadily(self) -> None:
        while True:
            await self._dirty.wait()
            self._dirty.clear()
            await asyncio.sleep(SAVE_EVERY_S)
            self._write = asyncio.create_task(self._save())
            if not await asyncio.shield(self._write):
                self._dirty.set()
                await asyncio.sleep(SAVE_AGAIN_S)

    async def _save(self) -> bool:
        """Store what is unsaved; must be let come to its end, or nobody knows whether it is."""
        chunks = self._reply.take_unsaved()
        try:
            await self._store.append(self._reply.beginning.id, chunks)
        except StoreError as error:
            log.warning("a reply could not be saved yet: %s", error.detail)
            self._reply.give_back(chunks)
            return False
        return True
