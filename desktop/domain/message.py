"""Messages: the nodes of a conversation's tree."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from desktop.domain.errors import Problem
from desktop.domain.usage import Usage


class Role(StrEnum):
    """Who speaks."""

    USER = "user"
    ASSISTANT = "assistant"
    SYSTEM = "system"


class MessageStatus(StrEnum):
    """How a message ended; pending while it is being written."""

    PENDING = "pending"
    COMPLETE = "complete"
    STOPPED = "stopped"
    INTERRUPTED = "interrupted"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class ReplyFacts:
    """What is known about how a reply was made; None is unknown.

    `first_token_s` is seconds from the request to the first token, `writing_s` from there to the end.
    `free` says that the model ran on this computer.
    """

    first_token_s: float | None = None
    writing_s: float | None = None
    usage: Usage | None = None
    free: bool = False

    @property
    def tokens_per_second(self) -> float | None:
        """The writing rate, where both its numbers are known."""
        if self.usage is None or not self.usage.output_tokens or not self.writing_s:
            return None
        return self.usage.output_tokens / self.writing_s


@dataclass(frozen=True, slots=True)
class Message:
    """One stored utterance. `version` of `versions` counts it among its siblings, from 1.

    `author` is the model's name for a reply, empty for a person's own message. `tool_calls` are tools that the model
    wanted called, one JSON object a line. `notice` is a sentence about how the reply came to be, such as who stood in.
    """

    id: int
    conversation_id: int
    parent_id: int | None
    role: Role
    text: str
    created_at: datetime
    author: str = ""
    reasoning: str = ""
    reasoning_s: float | None = None
    status: MessageStatus = MessageStatus.COMPLETE
    finish_reason: str | None = None
    notice: str = ""
    tool_calls: str = ""
    problem: Problem | None = None
    facts: ReplyFacts = ReplyFacts()
    version: int = 1
    versions: int = 1
