"""What is asked of a model: the only argument of a provider."""

from dataclasses import dataclass

from desktop.domain.message import Message, MessageStatus, Role


@dataclass(frozen=True, slots=True)
class Options:
    """How to answer; None leaves the service's own default."""

    temperature: float | None = None
    top_p: float | None = None
    max_output_tokens: int | None = None
    seed: int | None = None
    stop: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PromptMessage:
    """One message as it is sent."""

    role: Role
    text: str


@dataclass(frozen=True, slots=True)
class Request:
    """Messages, model and options of one call."""

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
