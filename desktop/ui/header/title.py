"""The title of the open conversation."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QLineEdit, QStackedWidget

from desktop.ui.theme import Theme
from desktop.ui.widgets.label import ElidedLabel


class Title(QStackedWidget):
    """Shows a title; a double click lets the person change it."""

    edited = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._editable = False
        self._label = ElidedLabel(theme.font("title"))
        self._field = QLineEdit()
        self._field.setFont(theme.font("title"))
        self._field.setAccessibleName("Title")
        self._field.setMaxLength(200)
        self._field.installEventFilter(self)
        self._field.editingFinished.connect(self._finish)
        self.addWidget(self._label)
        self.addWidget(self._field)

    def show_title(self, text: str, *, editable: bool) -> None:
        """Show a title; `editable` is False where there is nothing to rename yet."""
        self._editable = editable
        self._label.setText(text)
        self._label.setToolTip("Double-click to rename" if editable else "")
        self._label.updateGeometry()

    def start_editing(self) -> None:
        """Let the person change the title."""
        if self._editable:
            self._field.setText(self._label.text())
            self.setCurrentWidget(self._field)
            self._field.selectAll()
            self._field.setFocus()

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        self.start_editing()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        escape = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
        if watched is self._field and escape and event.type() is QEvent.Type.ShortcutOverride:
            event.accept()
            self.setCurrentWidget(self._label)
            return True
        return super().eventFilter(watched, event)

    def _finish(self) -> None:
        if self.currentWidget() is self._field:
            self.setCurrentWidget(self._label)
            self.edited.emit(self._field.text())
