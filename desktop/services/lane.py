"""A lane: the turns of one conversation, one running, the others waiting in an order that can be changed."""

import asyncio
from dataclasses import dataclass


@dataclass(slots=True)
class _Place:
    reply_id: int
    free: asyncio.Future[None]


class Lane:
    """Lets one turn after the other run."""

    def __init__(self) -> None:
        self._waiting: list[_Place] = []
        self._is_taken = False

    @property
    def waiting(self) -> tuple[int, ...]:
        """The replies that wait, first to last."""
        return tuple(place.reply_id for place in self._waiting)

    @property
    def is_idle(self) -> bool:
        """Whether nobody runs or waits."""
        return not self._is_taken and not self._waiting

    async def enter(self, reply_id: int) -> None:
        """Wait until it is this reply's turn; whoever enters must leave."""
        place = _Place(reply_id, asyncio.get_running_loop().create_future())
        self._waiting.append(place)
        self._next()
        try:
            await place.free
        except asyncio.CancelledError:
            if place in self._waiting:
                self._waiting.remove(place)
            else:
                self.leave()
            raise

    def leave(self) -> None:
        """Let the next one run."""
        self._is_taken = False
        self._next()

    def swap(self, first_reply_id: int, second_reply_id: int) -> None:
        """Let two that wait change places; nothing happens if one of them does not wait any more."""
        places = {place.reply_id: number for number, place in enumerate(self._waiting)}
        if places.keys() >= {first_reply_id, second_reply_id}:
            one, other = places[first_reply_id], places[second_reply_id]
            self._waiting[one], self._waiting[other] = self._waiting[other], self._waiting[one]

    def _next(self) -> None:
        if not self._is_taken and self._waiting:
            self._is_taken = True
            self._waiting.pop(0).free.set_result(None)
