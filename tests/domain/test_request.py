"""The history that is sent."""

from datetime import UTC, datetime

from desktop.domain.message import Message, MessageStatus, Role
from desktop.domain.request import PromptMessage, render_history


def message(number: int, role: Role, text: str, status: MessageStatus = MessageStatus.COMPLETE) -> Message:
    return Message(number, 1, number - 1 or None, role, text, datetime(2026, 1, 1, tzinfo=UTC), status=status)


def test_roles_alternate_and_empty_replies_are_left_out() -> None:
    path = (
        message(1, Role.SYSTEM, ""),
        message(2, Role.USER, "one"),
        message(3, Role.ASSISTANT, "", MessageStatus.FAILED),
        message(4, Role.USER, "two"),
        message(5, Role.ASSISTANT, "half an ans", MessageStatus.STOPPED),
        message(6, Role.USER, "three"),
        message(7, Role.ASSISTANT, "", MessageStatus.PENDING),
    )
    assert render_history(path) == (
        PromptMessage(Role.USER, "one\n\ntwo"),
        PromptMessage(Role.ASSISTANT, "half an ans"),
        PromptMessage(Role.USER, "three"),
    )
