"""The menu of one message."""

from collections.abc import Callable

from PySide6.QtWidgets import QMenu, QWidget

from desktop.domain.message import Message, MessageStatus, Role
from desktop.ui.conversation.next_steps import can_go_on
from desktop.ui.conversation.queue_strips import QueueStrips
from desktop.ui.conversation.view_model import ConversationViewModel
from desktop.ui.conversation.waiting import Standing, Waiting


class MessageMenu(QMenu):
    """Everything that can be done with a message, those that wait included; deletes itself once it is closed."""

    def __init__(self, view_model: ConversationViewModel, strips: QueueStrips, parent: QWidget) -> None:
        super().__init__(parent)
        self._view_model = view_model
        self._strips = strips
        self.aboutToHide.connect(self.deleteLater)

    def add(self, text: str, handler: Callable[[], object], *, enabled: bool = True) -> None:
        """One more entry."""
        action = self.addAction(text)
        action.setEnabled(enabled)
        action.triggered.connect(lambda _checked=False: handler())

    def fill(self, row: int, copy: Callable[[int], None], details: Callable[[int], None]) -> None:
        """The entries for the message in a row.

        Args:
            copy: copies a message, given its id.
            details: shows what was sent for a reply, given its id.
        """
        message, waiting = self._view_model.messages[row], self._view_model.waiting_at(row)
        if message.text:
            self.add("Copy message", lambda: copy(message.id))
        if waiting is not None:
            self._fill_waiting(waiting)
        elif message.role is Role.ASSISTANT:
            self._fill_reply(message, details)

    def _fill_reply(self, message: Message, details: Callable[[int], None]) -> None:
        model = self._view_model
        if message.status is not MessageStatus.PENDING:
            if can_go_on(message):
                self.add("Continue", lambda: model.go_on(message.id))
            self.add("Regenerate", lambda: model.regenerate(message.id))
        self.add("What was sent", lambda: details(message.id))

    def _fill_waiting(self, waiting: Waiting) -> None:
        model, reply_id = self._view_model, waiting.reply_id
        if waiting.standing is Standing.HELD:
            self.add("Send", lambda: model.release(reply_id))
        else:
            self.add("Edit", lambda: self._strips.edit(reply_id))
            earlier, later = waiting.can_go_earlier, waiting.can_go_later
            self.add("Send earlier", lambda: model.move_waiting(reply_id, later=False), enabled=earlier)
            self.add("Send later", lambda: model.move_waiting(reply_id, later=True), enabled=later)
        self.add("Take back", lambda: model.take_back(reply_id))
