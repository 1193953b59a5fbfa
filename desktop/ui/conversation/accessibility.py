"""The conversation as a screen reader meets it: a list of messages, each with author, time, status and full text.

Returning action or text interfaces written in Python crashes PySide6 6.11.3, so whatever can be pressed is a real
widget, found below the list's last child.
"""

from typing import Protocol

from PySide6.QtCore import QObject, QRect
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QAbstractScrollArea, QAccessibleWidget, QWidget

from desktop.domain.message import Message, MessageStatus, Role

_STATUS = {
    MessageStatus.PENDING: "arriving",
    MessageStatus.COMPLETE: "complete",
    MessageStatus.STOPPED: "stopped",
    MessageStatus.INTERRUPTED: "interrupted",
    MessageStatus.FAILED: "failed",
}


class Readable(Protocol):
    """What the list needs to know of the view."""

    def shown_messages(self) -> list[Message]:
        """The messages, first to last."""

    def waiting_word(self, row: int) -> str:
        """Why a reply waits, in words; empty where it does not."""

    def message_rect(self, row: int) -> QRect:
        """Where a message is on the screen."""


class ConversationInterface(QAccessibleWidget):
    """The list: one child for each message, and last the viewport with its real widgets."""

    def __init__(self, view: QAbstractScrollArea, readable: Readable) -> None:
        super().__init__(view, QAccessible.Role.List, "Conversation")
        self._view = view
        self._readable = readable
        self._items: dict[int, MessageInterface] = {}

    def childCount(self) -> int:
        return len(self._readable.shown_messages()) + 1

    def child(self, index: int) -> QAccessibleInterface | None:  # type: ignore[override]
        count = len(self._readable.shown_messages())
        if index == count:
            return QAccessible.queryAccessibleInterface(self._view.viewport())
        if not 0 <= index < count:
            return None
        if index not in self._items:
            self._items[index] = MessageInterface(self._view, self._readable, index)
            QAccessible.registerAccessibleInterface(self._items[index])
        return self._items[index]

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        found = (index for index, item in self._items.items() if item is child)
        return next(found, len(self._readable.shown_messages()))


class MessageInterface(QAccessibleInterface):
    """One message: its name is its full text, its description says who, when and how it ended."""

    def __init__(self, view: QWidget, readable: Readable, row: int) -> None:
        super().__init__()
        self._view = view
        self._readable = readable
        self._row = row

    def isValid(self) -> bool:
        return self._message() is not None

    def object(self) -> QObject | None:  # type: ignore[override]
        return None

    def parent(self) -> QAccessibleInterface:
        return QAccessible.queryAccessibleInterface(self._view)

    def childCount(self) -> int:
        return 0

    def child(self, _index: int) -> QAccessibleInterface | None:  # type: ignore[override]
        return None

    def childAt(self, _x: int, _y: int) -> QAccessibleInterface | None:  # type: ignore[override]
        return None

    def indexOfChild(self, _child: QAccessibleInterface) -> int:
        return -1

    def rect(self) -> QRect:
        return self._readable.message_rect(self._row)

    def role(self) -> QAccessible.Role:
        return QAccessible.Role.ListItem

    def setText(self, _kind: QAccessible.Text, _text: str) -> None:
        return

    def text(self, kind: QAccessible.Text) -> str:
        message = self._message()
        if message is None:
            return ""
        if kind == QAccessible.Text.Name:
            return message.text or (message.problem.sentence if message.problem else "")
        if kind != QAccessible.Text.Description:
            return ""
        return describe_message(message, self._readable.waiting_word(self._row))

    def state(self) -> QAccessible.State:
        return QAccessible.State()

    def _message(self) -> Message | None:
        messages = self._readable.shown_messages()
        return messages[self._row] if self._row < len(messages) else None


def describe_message(message: Message, waiting: str = "") -> str:
    """Author, time and status, for a person who listens; `waiting` says why nothing was sent for it yet."""
    author = "You" if message.role is Role.USER else message.author
    moment = message.created_at.astimezone().strftime("%H:%M")
    return f"{author}, {moment}, {waiting or _STATUS[message.status]}"
