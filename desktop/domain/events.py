"""What the services tell whoever listens: every change, once, in order."""

from dataclasses import dataclass

from desktop.domain.chunk import Chunk
from desktop.domain.conversation import Conversation
from desktop.domain.message import Message
from desktop.domain.settings import Settings
from desktop.domain.turn import TurnState


@dataclass(frozen=True, slots=True)
class TurnBegan:
    """A turn was stored: its user message and its still empty reply."""

    conversation_id: int
    turn_id: int
    user_message: Message
    reply: Message


@dataclass(frozen=True, slots=True)
class PhaseChanged:
    """A turn entered a phase. `attempt` counts from 1, `wait_s` is the pause before the next attempt, `why` its reason.

    `held` says that an earlier Parley ended before this was sent, and that a person must say whether it shall be.
    """

    conversation_id: int
    reply_id: int
    state: TurnState
    attempt: int = 1
    attempts_allowed: int = 1
    wait_s: float | None = None
    held: bool = False
    why: str = ""


@dataclass(frozen=True, slots=True)
class ReplyGrew:
    """A chunk was added to a reply.

    `offset` is how many characters the chunk's channel held before it, so that whoever loaded the text so far
    can tell what it already has: characters below the length at hand are not new.
    """

    conversation_id: int
    reply_id: int
    chunk: Chunk
    offset: int


@dataclass(frozen=True, slots=True)
class ReplyFinished:
    """A turn is final and its reply stored. `attempts` counts physical requests."""

    conversation_id: int
    reply: Message
    state: TurnState
    attempts: int


@dataclass(frozen=True, slots=True)
class PathChanged:
    """The messages of a conversation that wait are not what they were: it must be read again."""

    conversation_id: int


@dataclass(frozen=True, slots=True)
class ConversationChanged:
    """A conversation was created or changed."""

    conversation: Conversation


@dataclass(frozen=True, slots=True)
class ConversationRemoved:
    """A conversation went to the trash."""

    conversation_id: int


@dataclass(frozen=True, slots=True)
class SettingsChanged:
    """The settings have new values."""

    settings: Settings


Event = (
    TurnBegan
    | PhaseChanged
    | ReplyGrew
    | ReplyFinished
    | PathChanged
    | ConversationChanged
    | ConversationRemoved
    | SettingsChanged
)
