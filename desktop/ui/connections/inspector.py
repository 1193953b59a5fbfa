"""The window that shows what was sent for a reply."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QTextOption
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from desktop.ui.accessibility import announce
from desktop.ui.connections.columns import OF_REPLY
from desktop.ui.connections.inspector_view_model import InspectorViewModel
from desktop.ui.connections.table import AttemptTable
from desktop.ui.theme import Theme
from desktop.ui.tokens import SIZES
from desktop.ui.widgets.button import make_button
from desktop.ui.widgets.label import make_label


class Inspector(QDialog):
    """Lists the requests of a reply and shows one as it was sent, keys masked; never blocks the main window."""

    def __init__(self, view_model: InspectorViewModel, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self._view_model = view_model
        self._is_fresh = False
        self.setWindowTitle("What was sent — Parley")
        self.setAccessibleName("What was sent")
        self.resize(SIZES.inspector_width, SIZES.inspector_height)
        self._table = AttemptTable(OF_REPLY, theme, "Requests")
        self._text = _make_text(theme)
        self._done = make_label("", theme.font("meta"), "dim")
        self._curl = make_button("Copy as curl")
        self._body = make_button("Copy body")
        self._again = make_button("Look again", "quiet")
        self._close = make_button("Close", "primary")
        self._lay_out(theme)
        self._connect()
        self._refresh()

    def inspect(self, reply_id: int) -> None:
        """Show the requests of a reply."""
        self._done.clear()
        self._view_model.load(reply_id)
        self.show()
        self.raise_()
        self.activateWindow()
        self._is_fresh = True

    def _lay_out(self, theme: Theme) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(SIZES.gap)
        for button in (self._curl, self._body, self._again):
            buttons.addWidget(button)
        buttons.addWidget(self._done)
        buttons.addStretch(1)
        buttons.addWidget(self._close)
        column = QVBoxLayout(self)
        column.setContentsMargins(SIZES.gap_page, SIZES.gap_page, SIZES.gap_page, SIZES.gap_page)
        column.setSpacing(SIZES.gap_wide)
        column.addWidget(make_label("What was sent", theme.font("title")))
        column.addWidget(self._table)
        column.addWidget(self._text, 1)
        column.addLayout(buttons)

    def _connect(self) -> None:
        model = self._view_model
        model.changed.connect(self._refresh)
        model.copied.connect(self._on_copied)
        self._table.selectionModel().currentRowChanged.connect(lambda now, _before: model.choose(now.row()))
        self._curl.clicked.connect(lambda _checked=False: model.copy_curl())
        self._body.clicked.connect(lambda _checked=False: model.copy_body())
        self._again.clicked.connect(lambda _checked=False: model.refresh())
        self._close.clicked.connect(self.close)

    def _refresh(self) -> None:
        model = self._view_model
        self._table.rows.show_attempts(model.attempts)
        self._table.setVisible(bool(model.attempts))
        shown = min(max(len(model.attempts), 1), 5)
        self._table.setFixedHeight(SIZES.table_header + shown * SIZES.table_row + SIZES.unit)
        if model.row >= 0 and model.row != self._table.currentIndex().row():
            self._table.selectRow(model.row)
        if self._is_fresh and model.attempts:
            self._is_fresh = False
            self._table.setFocus()
        if model.text != self._text.toPlainText():
            self._text.setPlainText(model.text)
        for button in (self._curl, self._body):
            button.setEnabled(model.can_copy)

    def _on_copied(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self._done.setText("Copied.")
        announce(self, "Copied.")


def _make_text(theme: Theme) -> QPlainTextEdit:
    """A field that shows plain text of any shape, long lines included."""
    field = QPlainTextEdit()
    field.setAccessibleName("Request")
    field.setProperty("kind", "code")
    field.setReadOnly(True)
    field.setTabChangesFocus(True)
    field.setFont(theme.font("code"))
    field.setWordWrapMode(QTextOption.WrapMode.WrapAnywhere)
    field.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    return field
