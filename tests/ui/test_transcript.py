from datetime import UTC, datetime

from desktop.domain.message import Message, Role
from desktop.ui.transcript import last_reply, render_transcript

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def _message(number: int, role: Role, text: str, author: str = "") -> Message:
    return Message(number, 1, number - 1 or None, role, text, NOW, author)


TALK = (
    _message(1, Role.USER, "Hello"),
    _message(2, Role.ASSISTANT, "**Hi**", "qwen3:8b"),
    _message(3, Role.USER, "More?"),
    _message(4, Role.ASSISTANT, "", "qwen3:8b"),
)


def test_the_last_reply_with_text_is_copied_as_markdown() -> None:
    assert last_reply(TALK) == "**Hi**"
    assert last_reply(TALK[:1]) == ""


def test_a_transcript_names_every_author() -> None:
    assert render_transcript(TALK[:2]) == "**You**\n\nHello\n\n**qwen3:8b**\n\n**Hi**\n"
