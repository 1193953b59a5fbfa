"""Replies being written: what has arrived, and what of it is not stored yet."""

from dataclasses import replace

from desktop.domain.chunk import Channel, Chunk
from desktop.domain.message import Message


class LiveReply:
    """Folds the chunks of one reply, in order.

    Args:
        beginning: the reply as it is stored; what arrives goes on from its text.
    """

    def __init__(self, beginning: Message) -> None:
        begun = {Channel.TEXT: beginning.text, Channel.REASONING: beginning.reasoning, Channel.TOOL_CALL: ""}
        self.beginning = beginning
        self.is_empty = True
        self._pieces: dict[Channel, list[str]] = {channel: [begun[channel]] for channel in Channel}
        self._lengths = {channel: len(begun[channel]) for channel in Channel}
        self._unsaved: list[Chunk] = []

    def add(self, chunk: Chunk) -> int:
        """Add a chunk; returns how many characters its channel held before."""
        offset = self._lengths[chunk.channel]
        self.is_empty = False
        self._pieces[chunk.channel].append(chunk.text)
        self._lengths[chunk.channel] += len(chunk.text)
        self._unsaved.append(chunk)
        return offset

    def text(self, channel: Channel) -> str:
        """All that there is on a channel."""
        whole = "".join(self._pieces[channel])
        self._pieces[channel] = [whole]
        return whole

    def give_back(self, chunks: list[Chunk]) -> None:
        """Count chunks as unsaved again, because saving them failed."""
        self._unsaved[:0] = chunks

    def take_unsaved(self) -> list[Chunk]:
        """What arrived since the last call, neighbours of one channel joined."""
        joined: list[list[Chunk]] = []
        for chunk in self._unsaved:
            if joined and joined[-1][0].channel is chunk.channel:
                joined[-1].append(chunk)
            else:
                joined.append([chunk])
        self._unsaved = []
        return [Chunk("".join(chunk.text for chunk in run), run[0].channel) for run in joined]


class LiveReplies:
    """The replies being written now, by message id."""

    def __init__(self) -> None:
        self._replies: dict[int, LiveReply] = {}

    def __contains__(self, message_id: int) -> bool:
        return message_id in self._replies

    def begin(self, reply: Message) -> LiveReply:
        """A reply that is to be written, known until it ends."""
        live = self._replies[reply.id] = LiveReply(reply)
        return live

    def end(self, message_id: int) -> None:
        """Forget a reply that is stored."""
        self._replies.pop(message_id, None)

    def present(self, message: Message) -> Message:
        """A message with the text it has this very moment."""
        reply = self._replies.get(message.id)
        if reply is None:
            return message
        return replace(
            message,
            text=reply.text(Channel.TEXT),
            reasoning=reply.text(Channel.REASONING),
            tool_calls=reply.text(Channel.TOOL_CALL),
        )
