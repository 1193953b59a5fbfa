"""The queue strip: what can be done with a message that waits behind another."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop.ui.composer.message_edit import MessageEdit
from desktop.ui.conversation.waiting import Waiting
from desktop.ui.theme import Theme
from desktop.ui.tokens import SIZES
from desktop.ui.widgets.button import make_button
from desktop.ui.widgets.label import make_label

EDIT_LIMIT = 200


class QueueStrip(QWidget):
    """One quiet line below a bubble; Edit opens a field in its place."""

    edited = Signal(str)
    moveWanted = Signal(bool)  # later?
    takeBackWanted = Signal()
    resized = Signal()

    def __init__(self, waiting: Waiting, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._waiting = waiting
        self.setAccessibleName("Queued message")
        self._edit = self._button("Edit")
        self._earlier = self._button("Send earlier")
        self._later = self._button("Send later")
        self._take_back = self._button("Take back")
        self.buttons = (self._edit, self._earlier, self._later, self._take_back)
        self._line = self._make_line(theme)
        self._field = MessageEdit(theme)
        self._field.setAccessibleName("Queued message")
        self._field.set_limit(EDIT_LIMIT)
        self._editor = self._make_editor()
        self._editor.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._line)
        column.addWidget(self._editor)
        self._connect()
        self.show_waiting(waiting)

    @property
    def unsaved(self) -> str:
        """What is written in the field and not saved; empty while nothing is edited."""
        text = self._field.toPlainText().strip()
        return text if self._editor.isVisibleTo(self) and text != self._waiting.text else ""

    def show_waiting(self, waiting: Waiting) -> None:
        """Take the message, and its place in the queue, as they are now."""
        self._waiting = waiting
        moves = waiting.can_go_earlier or waiting.can_go_later
        for button, possible in ((self._earlier, waiting.can_go_earlier), (self._later, waiting.can_go_later)):
            button.setVisible(moves)
            button.setEnabled(possible)
        for button in self.buttons:
            button.setAccessibleDescription(waiting.text[:80])

    def height_at(self, _width: int) -> int:
        """How high it is at a width."""
        return self.sizeHint().height()

    def start_editing(self) -> None:
        """Let the person change the message."""
        self._field.setPlainText(self._waiting.text)
        self._field.moveCursor(self._field.textCursor().MoveOperation.End)
        self._show_editor(shown=True)
        self._field.setFocus()

    def event(self, event: QEvent) -> bool:
        escape = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
        if escape and event.type() is QEvent.Type.ShortcutOverride and self._editor.isVisible():
            event.accept()  # else it would stop the reply
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._editor.isVisible():
            self._stop_editing()
        else:
            super().keyPressEvent(event)

    def _make_line(self, theme: Theme) -> QWidget:
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SIZES.gap_wide)
        row.addStretch(1)
        row.addWidget(make_label("Queued", theme.font("meta"), "dim"))
        for button in self.buttons:
            row.addWidget(button)
        return line

    def _make_editor(self) -> QWidget:
        editor = QFrame()
        editor.setProperty("kind", "card")
        self._save = make_button("Save", "primary")
        self._cancel = make_button("Cancel", "quiet")
        buttons = QHBoxLayout()
        buttons.setSpacing(SIZES.gap)
        buttons.addStretch(1)
        buttons.addWidget(self._cancel)
        buttons.addWidget(self._save)
        column = QVBoxLayout(editor)
        column.setContentsMargins(SIZES.bubble_side, SIZES.gap_row, SIZES.gap_row, SIZES.gap_row)
        column.setSpacing(SIZES.gap_row)
        column.addWidget(self._field)
        column.addLayout(buttons)
        return editor

    def _connect(self) -> None:
        self._edit.clicked.connect(lambda _checked=False: self.start_editing())
        self._earlier.clicked.connect(lambda _checked=False: self.moveWanted.emit(False))
        self._later.clicked.connect(lambda _checked=False: self.moveWanted.emit(True))
        self._take_back.clicked.connect(lambda _checked=False: self.takeBackWanted.emit())
        self._save.clicked.connect(lambda _checked=False: self._on_save())
        self._cancel.clicked.connect(lambda _checked=False: self._stop_editing())
        self._field.submitted.connect(self._on_save)
        self._field.textChanged.connect(self._on_text)

    def _on_text(self) -> None:
        self._save.setEnabled(bool(self._field.toPlainText().strip()))
        self._editor.adjustSize()
        self.resized.emit()

    def _on_save(self) -> None:
        text = self._field.toPlainText().strip()
        if not text:
            return
        changed = text != self._waiting.text
        self._stop_editing()
        if changed:
            self.edited.emit(text)

    def _stop_editing(self) -> None:
        self._show_editor(shown=False)
        self._edit.setFocus()

    def _show_editor(self, *, shown: bool) -> None:
        self._editor.setVisible(shown)
        self._line.setVisible(not shown)
        self.resized.emit()

    def _button(self, text: str) -> QPushButton:
        button = make_button(text, "link")
        button.setProperty("tone", "dim")
        return button
