"""Turns: a user message and the attempts to answer it."""

from dataclasses import dataclass
from enum import StrEnum

from desktop.domain.message import MessageStatus
from desktop.domain.model import ModelRef


class TurnState(StrEnum):
    """Where a turn is. The states up to `waiting` are phases of work; the others are final."""

    QUEUED = "queued"
    CONNECTING = "connecting"
    LOADING = "loading"
    READING = "reading"
    THINKING = "thinking"
    WRITING = "writing"
    WAITING = "waiting"
    DONE = "done"
    STOPPED = "stopped"
    INTERRUPTED = "interrupted"
    FAILED = "failed"

    @property
    def is_final(self) -> bool:
        """Whether nothing more happens to the turn by itself."""
        return self in FINAL_STATES


FINAL_STATES = frozenset({TurnState.DONE, TurnState.STOPPED, TurnState.INTERRUPTED, TurnState.FAILED})

REPLY_STATUS = {
    TurnState.DONE: MessageStatus.COMPLETE,
    TurnState.STOPPED: MessageStatus.STOPPED,
    TurnState.INTERRUPTED: MessageStatus.INTERRUPTED,
    TurnState.FAILED: MessageStatus.FAILED,
}


@dataclass(frozen=True, slots=True)
class Turn:
    """One asked-for reply. `token` makes asking twice the same as asking once."""

    id: int
    conversation_id: int
    user_message_id: int
    reply_id: int
    token: str
    model: ModelRef
    state: TurnState = TurnState.QUEUED
