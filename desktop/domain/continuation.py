"""Going on with a reply that broke off."""

from desktop.domain.message import Role
from desktop.domain.request import PromptMessage

_SHOWN = 300
_ASK = (
    "Your last reply broke off. Go on exactly where it ended, without repeating anything and without a word about it. "
    "It ended with:\n\n{end}"
)


def render_continuation(history: tuple[PromptMessage, ...], begun: str, *, prefill: bool) -> tuple[PromptMessage, ...]:
    """What is sent so that a reply goes on; a reply without any text is simply asked for.

    Args:
        history: what was sent for the reply.
        begun: what there is of it.
        prefill: whether the service goes on by itself after a last message of the assistant's; others are asked to.
    """
    if not begun.strip():
        return history
    started = (*history, PromptMessage(Role.ASSISTANT, begun.rstrip() if prefill else begun))
    if prefill:
        return started
    return (*started, PromptMessage(Role.USER, _ASK.format(end=begun[-_SHOWN:])))
