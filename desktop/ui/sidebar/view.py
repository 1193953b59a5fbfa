"""The sidebar."""

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from desktop.ui.icons import Icons
from desktop.ui.sidebar.list_view import ConversationList
from desktop.ui.sidebar.new_chat_button import NewChatButton
from desktop.ui.sidebar.view_model import SidebarViewModel
from desktop.ui.theme import Theme
from desktop.ui.tokens import SIZES
from desktop.ui.widgets.button import make_icon_button
from desktop.ui.widgets.label import make_label


class Sidebar(QWidget):
    """New chat, search, all conversations, and the way to the settings."""

    newChatWanted = Signal()
    chosen = Signal(int)
    settingsWanted = Signal()
    menuWanted = Signal(int, QPoint)

    def __init__(self, view_model: SidebarViewModel, theme: Theme, icons: Icons) -> None:
        super().__init__()
        self._view_model = view_model
        self._theme = theme
        self.setProperty("kind", "sidebar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumWidth(SIZES.sidebar_min)
        self.setMaximumWidth(SIZES.sidebar_max)
        self.list = ConversationList(view_model, theme)
        new_chat = NewChatButton(theme, icons, "Ctrl N")
        column = QVBoxLayout(self)
        column.setContentsMargins(SIZES.sidebar_pad, SIZES.gap_row + 2, SIZES.sidebar_pad, SIZES.gap_row)
        column.setSpacing(0)
        column.addWidget(new_chat)
        column.addSpacing(SIZES.gap)
        column.addWidget(self._make_search())
        column.addWidget(self.list, 1)
        column.addWidget(_hairline())
        column.addWidget(self._make_foot(icons))
        new_chat.clicked.connect(lambda _checked=False: self.newChatWanted.emit())
        self.list.chosen.connect(self.chosen)
        self.list.menuWanted.connect(self.menuWanted)

    def focus_search(self) -> None:
        """Put the cursor into the search field."""
        self._search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._search.selectAll()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._search and isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            return self._on_search_key(event.key())
        return super().eventFilter(watched, event)

    def _make_search(self) -> QLineEdit:
        self._search = QLineEdit()
        self._search.setProperty("kind", "bare")
        self._search.setAccessibleName("Search")
        self._search.setPlaceholderText("Search")
        self._search.setFixedHeight(SIZES.field)
        self._search.textChanged.connect(self._view_model.search)
        self._search.installEventFilter(self)
        keys = make_label("Ctrl K", self._theme.font("hint"), "faint")
        row = QHBoxLayout(self._search)
        row.setContentsMargins(0, 0, SIZES.gap_row, SIZES.unit)
        row.addStretch(1)
        row.addWidget(keys)
        self._search.textChanged.connect(lambda text: keys.setVisible(not text))
        return self._search

    def _make_foot(self, icons: Icons) -> QWidget:
        foot = QWidget()
        settings = make_icon_button("Settings", SIZES.button_icon)
        icons.dress(settings, "settings")
        settings.clicked.connect(lambda _checked=False: self.settingsWanted.emit())
        row = QHBoxLayout(foot)
        row.setContentsMargins(SIZES.gap, SIZES.unit, SIZES.unit // 2, 0)
        row.addWidget(make_label("Personal", self._theme.font("small")))
        row.addStretch(1)
        row.addWidget(settings)
        return foot

    def _on_search_key(self, key: int) -> bool:
        """Down goes into the list, Enter opens the first hit, Esc ends the search."""
        if key == Qt.Key.Key_Escape and self._search.text():
            self._search.clear()
            return True
        if key == Qt.Key.Key_Down:
            self.list.setFocus(Qt.FocusReason.TabFocusReason)
            return True
        rows = self._view_model.rows()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._search.text() and rows:
            self.chosen.emit(rows[0].id)
            return True
        return False


def _hairline() -> QFrame:
    line = QFrame()
    line.setProperty("kind", "hairline")
    line.setFixedHeight(1)
    return line
