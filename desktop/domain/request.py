"""What is asked of a model: the only argument of a provider."""

from base64 import b64encode
from dataclasses import dataclass, field
from enum import StrEnum

from desktop.domain.message import Message, MessageStatus, Role


class Effort(StrEnum):
    """How much a model shall think before it answers."""

    NONE = "none"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"

    @property
    def budget(self) -> int:
        """The tokens to think with, for a wire that counts them."""
        return _BUDGETS[self]

    @staticmethod
    def of_budget(tokens: int) -> "Effort":
        """The most that this many tokens allow, for a wire that has no number."""
        return max((one for one in Effort if one.budget <= tokens), key=lambda one: one.budget)


_BUDGETS = {Effort.NONE: 0, Effort.LOW: 1024, Effort.MEDIUM: 8192, Effort.HIGH: 24_576}


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

    @property
    def thinking_effort(self) -> Effort | None:
        """How much to think, in words."""
        if self.effort is None and self.reasoning_budget is not None:
            return Effort.of_budget(self.reasoning_budget)
        return self.effort

    @property
    def thinking_tokens(self) -> int | None:
        """How much to think, as a number."""
        if self.reasoning_budget is None and self.effort is not None:
            return self.effort.budget
        return self.reasoning_budget


@dataclass(frozen=True, slots=True)
class Image:
    """A picture as it is sent: its media type, such as `image/png`, and its bytes."""

    media_type: str
    data: bytes = field(repr=False)

    @property
    def base64(self) -> str:
        """The bytes as text."""
        return b64encode(self.data).decode("ascii")

    @property
    def data_url(self) -> str:
        """The picture as a `data:` URL."""
        return f"data:{self.media_type};base64,{self.base64}"


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

    @property
    def system(self) -> str:
        """What the system messages say, for a wire that wants it apart."""
        return "\n\n".join(message.text for message in self.messages if message.role is Role.SYSTEM)

    @property
    def dialogue(self) -> tuple[PromptMessage, ...]:
        """The messages without the system's."""
        return tuple(message for message in self.messages if message.role is not Role.SYSTEM)

    @property
    def is_begun(self) -> bool:
        """Whether the last message is the beginning of the reply."""
        return bool(self.messages) and self.messages[-1].role is Role.ASSISTANT


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
