"""What is asked of a model: the only argument of a provider."""

from dataclasses import dataclass, field
from enum import StrEnum

from desktop.domain.message import Message, MessageStatus, Role


class Effort(StrEnum):
    """How much a model shall think before it answers."""

    NONE = "none"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class Options:
    """How to answer; None leaves the service's own default.

    `reasoning_budget` and `max_output_tokens` are tokens, `context_window` too; that one only Ollama can be told.
    `keep_alive` says how long Ollama keeps the model loaded, such as `5m`.
    """

    temperature: float | None = None
    top_p: float | None = None
    max_output_tokens: int | None = None
    seed: int | None = None
    stop: tuple[str, ...] = ()
    effort: Effort | None = None
    reasoning_budget: int | None = None
    json_mode: bool = False
    context_window: int | None = None
    keep_alive: str | None = None


@dataclass(frozen=True, slots=True)
class Image:
    """A picture as it is sent: its media type, such as `image/png`, and its bytes."""

    media_type: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A tool that a model wants called; `arguments` is JSON, as the model wrote it."""

    id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class PromptMessage:
    """One message as it is sent."""

    role: Role
    text: str
    images: tuple[Image, ...] = ()


@dataclass(frozen=True, slots=True)
class Request:
    """Messages, model and options of one call; a last message of the assistant's is the beginning of the reply."""

    model: str
    messages: tuple[PromptMessage, ...]
    options: Options = Options()


def render_history(path: tuple[Message, ...]) -> tuple[PromptMessage, ...]:
    """The messages of a conversation's path as they are sent: never an empty text, never two of a role in a row.

    Replies that were stopped or broke off are sent with the text they have; empty ones are left out, and the
    user messages that then stand side by side are joined, because some wires demand alternating roles.
    """
    sent: list[PromptMessage] = []
    for message in path:
        if not message.text.strip() or message.status is MessageStatus.PENDING:
            continue
        if sent and sent[-1].role is message.role:
            sent[-1] = PromptMessage(message.role, f"{sent[-1].text}\n\n{message.text}")
        else:
            sent.append(PromptMessage(message.role, message.text))
    return tuple(sent)
