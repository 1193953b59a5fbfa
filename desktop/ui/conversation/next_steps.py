"""What can be done about a reply that did not come to its own end."""

from dataclasses import replace

from desktop.domain.errors import NextStep, Problem
from desktop.domain.message import Message, MessageStatus, Role
from desktop.ui.conversation.reply_facts import is_cut

_BROKEN_OFF = frozenset({MessageStatus.STOPPED, MessageStatus.INTERRUPTED})


def can_go_on(message: Message) -> bool:
    """Whether a reply has words to go on from, and did not end by itself."""
    if message.role is not Role.ASSISTANT or not message.text:
        return False
    return message.status in _BROKEN_OFF or is_cut(message)


def problem_of(message: Message) -> Problem | None:
    """The problem to show with a reply, None if there is none; what can go on says so first."""
    if message.problem is None or message.status not in (MessageStatus.FAILED, MessageStatus.INTERRUPTED):
        return None
    steps = [step for step in message.problem.steps if step is not NextStep.CONTINUE]
    return replace(message.problem, steps=(NextStep.CONTINUE, *steps) if can_go_on(message) else tuple(steps))
