"""A reply with a chunk more."""

from dataclasses import replace

from desktop.domain.chunk import Channel
from desktop.domain.events import ReplyGrew
from desktop.domain.message import Message


def grown(message: Message, event: ReplyGrew) -> Message:
    """The message with the part of a chunk that it does not have yet; what was loaded may already hold some of it."""
    match event.chunk.channel:
        case Channel.TEXT:
            return replace(message, text=_joined(message.text, event))
        case Channel.REASONING:
            return replace(message, reasoning=_joined(message.reasoning, event))
        case Channel.TOOL_CALL:
            return replace(message, tool_calls=_joined(message.tool_calls, event))


def _joined(known: str, event: ReplyGrew) -> str:
    return known + event.chunk.text[max(0, len(known) - event.offset) :]
