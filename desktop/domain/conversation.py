"""Conversations, their titles and how a list of them is grouped."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from desktop.domain.model import ModelRef

UNTITLED = "New chat"
_TITLE_LENGTH = 60


@dataclass(frozen=True, slots=True)
class Conversation:
    """One saved dialogue, without its messages.

    `fallbacks` are the models to ask, in order, where its own does not answer.
    """

    id: int
    title: str
    created_at: datetime
    updated_at: datetime
    model: ModelRef | None = None
    pinned: bool = False
    fallbacks: tuple[ModelRef, ...] = ()


@dataclass(frozen=True, slots=True)
class ConversationGroup:
    """Conversations that the sidebar shows under one heading."""

    heading: str
    conversations: tuple[Conversation, ...]


def title_from(text: str) -> str:
    """A title from the first words of a first message, on one line, at most 60 characters."""
    line = " ".join(text.split())
    if not line:
        return UNTITLED
    if len(line) <= _TITLE_LENGTH:
        return line
    cut = line[: _TITLE_LENGTH - 1]
    head, space, _ = cut.rpartition(" ")
    return f"{head if space and len(head) > _TITLE_LENGTH // 2 else cut}…"


def group_by_age(conversations: Iterable[Conversation], now: datetime) -> tuple[ConversationGroup, ...]:
    """Pinned first, then by the local day of the last change, newest first; empty groups are left out.

    Args:
        now: the present, with a time zone; its zone decides where days begin.
    """
    groups: dict[str, list[Conversation]] = {
        heading: [] for heading in ("Pinned", "Today", "Yesterday", "Previous 7 days", "Older")
    }
    for conversation in sorted(conversations, key=lambda c: (c.updated_at, c.id), reverse=True):
        groups[_heading(conversation, now)].append(conversation)
    return tuple(ConversationGroup(heading, tuple(rows)) for heading, rows in groups.items() if rows)


def _heading(conversation: Conversation, now: datetime) -> str:
    if conversation.pinned:
        return "Pinned"
    day, today = conversation.updated_at.astimezone(now.tzinfo).date(), now.date()
    if day >= today:
        return "Today"
    if day == today - timedelta(days=1):
        return "Yesterday"
    return "Previous 7 days" if day >= today - timedelta(days=7) else "Older"
