"""A conversation as text, for the clipboard."""

from desktop.domain.message import Message, Role


def last_reply(messages: tuple[Message, ...]) -> str:
    """The Markdown of the last reply that has any text; empty when there is none."""
    replies = (one.text for one in reversed(messages) if one.role is Role.ASSISTANT and one.text)
    return next(replies, "")


def render_transcript(messages: tuple[Message, ...]) -> str:
    """All messages as Markdown, each below the name of its author."""
    return "\n\n".join(f"**{one.author or 'You'}**\n\n{one.text}" for one in messages if one.text) + "\n"
