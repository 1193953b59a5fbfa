"""A chunk: one streamed piece of a reply."""

from dataclasses import dataclass
from enum import StrEnum


class Channel(StrEnum):
    """Which of a reply's texts a chunk belongs to."""

    TEXT = "text"
    REASONING = "reasoning"
    TOOL_CALL = "tool_call"  # one `ToolCall` as a line of JSON


@dataclass(frozen=True, slots=True)
class Chunk:
    """One streamed piece of a reply's text or reasoning, never empty."""

    text: str
    channel: Channel = Channel.TEXT
