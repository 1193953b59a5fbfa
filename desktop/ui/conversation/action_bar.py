"""The action bar: real buttons at the footer of the current reply, or beside a person's own words."""

from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from desktop.domain.message import Message, Role
from desktop.ui.conversation.next_steps import can_go_on, problem_of
from desktop.ui.icons import Icons
from desktop.ui.theme import Theme
from desktop.ui.tokens import SIZES
from desktop.ui.widgets.button import make_button, make_icon_button
from desktop.ui.widgets.copied import MOMENT_MS
from desktop.ui.widgets.label import make_label


class ActionBar(QWidget):
    """Copy, regenerate, go on, see what was sent, and move between the versions of one reply."""

    copyWanted = Signal(int)  # message id
    regenerateWanted = Signal(int)
    detailsWanted = Signal(int)
    continueWanted = Signal(int)
    versionWanted = Signal(int, int)  # message id, step

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget) -> None:
        super().__init__(parent)
        self.message_id = 0
        self._copy = self._button("Copy message", "copy", icons)
        self._again = self._button("Regenerate", "refresh-cw", icons)
        self._details = self._button("Details", "info", icons)
        self._details.setToolTip("What was sent")
        self._go_on = make_button("Continue", "link")
        self._back = self._button("Previous version", "chevron-left", icons)
        self._forth = self._button("Next version", "chevron-right", icons)
        self._count = make_label("", theme.font("meta"), "dim")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for widget in (self._copy, self._again, self._details, self._back, self._count, self._forth, self._go_on):
            row.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
        row.insertSpacing(6, SIZES.gap)
        self._copy.clicked.connect(self._on_copy)
        self._again.clicked.connect(lambda: self.regenerateWanted.emit(self.message_id))
        self._details.clicked.connect(lambda: self.detailsWanted.emit(self.message_id))
        self._go_on.clicked.connect(lambda: self.continueWanted.emit(self.message_id))
        self._back.clicked.connect(lambda: self.versionWanted.emit(self.message_id, -1))
        self._forth.clicked.connect(lambda: self.versionWanted.emit(self.message_id, 1))
        self._moment = QTimer(self, singleShot=True, interval=MOMENT_MS)
        self._moment.timeout.connect(lambda: self._copy.setIcon(icons.icon("copy")))
        self._done = partial(icons.icon, "check", "accent")
        self.hide()

    def show_message(self, message: Message) -> None:
        """Serve this message from now on; going on is offered here where no card offers it."""
        self.message_id = message.id
        answers = message.role is Role.ASSISTANT
        several = answers and message.versions > 1
        for widget in (self._back, self._count, self._forth):
            widget.setVisible(several)
        self._copy.setVisible(bool(message.text))
        self._again.setVisible(answers)
        self._details.setVisible(answers)
        self._go_on.setVisible(answers and can_go_on(message) and problem_of(message) is None)
        self._count.setText(f"{message.version} / {message.versions}")
        self._back.setEnabled(message.version > 1)
        self._forth.setEnabled(message.version < message.versions)
        self.adjustSize()

    def _on_copy(self) -> None:
        """Copy, and show a check mark for a moment."""
        self._copy.setIcon(self._done())
        self._moment.start()
        self.copyWanted.emit(self.message_id)

    def _button(self, name: str, icon: str, icons: Icons) -> QToolButton:
        button = make_icon_button(name, SIZES.button_icon)
        icons.dress(button, icon)
        return button
