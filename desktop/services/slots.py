"""Slots: how many requests a service gets at once."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager


class Slots:
    """Makes whoever asks a service wait while it has as many requests as it may."""

    def __init__(self) -> None:
        self._taken: Counter[str] = Counter()
        self._freed = asyncio.Condition()

    @asynccontextmanager
    async def take(self, service_id: str, limit: int, on_wait: Callable[[], None]) -> AsyncIterator[None]:
        """Hold one of a service's slots.

        Args:
            limit: how many there are.
            on_wait: called once if all are taken.
        """
        async with self._freed:
            if self._taken[service_id] >= limit:
                on_wait()
            await self._freed.wait_for(lambda: self._taken[service_id] < limit)
            self._taken[service_id] += 1
        try:
            yield
        finally:
            self._taken[service_id] -= 1
            await asyncio.shield(self._tell())

    async def _tell(self) -> None:
        async with self._freed:
            self._freed.notify_all()
