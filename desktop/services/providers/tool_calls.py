"""Tool calls, which arrive in fragments that may be mixed, and are kept whole."""

from collections.abc import Iterable
from dataclasses import replace

from desktop.domain.chunk import Channel, Chunk
from desktop.domain.errors import BadReply
from desktop.domain.request import ToolCall
from desktop.services.providers import payload

MAX_CHARS = 1_000_000


class ToolCalls:
    """Joins fragments, each under the index that its wire gives; several calls may be open at once."""

    def __init__(self) -> None:
        self._open: dict[int, ToolCall] = {}
        self._size = 0

    def add(self, index: int, *, call_id: str = "", name: str = "", arguments: str = "") -> Iterable[Chunk]:
        """Add a fragment; gives the call that it shows to be complete, because another has begun in its place.

        Raises:
            BadReply: the open calls are over a million characters.
        """
        self._size += len(arguments)
        if self._size > MAX_CHARS:
            raise BadReply("The service sent tool calls of over a million characters. The rest was not read.")
        known = self._open.get(index, ToolCall("", "", ""))
        if call_id and known.id and known.id != call_id:  # some copies give every call the same index
            yield from self.take(index)
            known = ToolCall("", "", "")
        self._open[index] = replace(
            known, id=known.id or call_id, name=known.name or name, arguments=known.arguments + arguments
        )

    def take(self, index: int) -> Iterable[Chunk]:
        """The call at an index, which is now complete; nothing where there is none."""
        call = self._open.pop(index, None)
        if call is not None:
            self._size -= len(call.arguments)
            yield render_tool_call(call)

    def take_all(self) -> Iterable[Chunk]:
        """All calls, by index: the reply is over."""
        for index in sorted(self._open):
            yield from self.take(index)


def render_tool_call(call: ToolCall) -> Chunk:
    """A tool call as the line of JSON that is kept."""
    return Chunk(f"{payload.render(call).decode()}\n", Channel.TOOL_CALL)
