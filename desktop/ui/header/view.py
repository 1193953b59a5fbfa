"""The line above a conversation."""

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from desktop.ui.header.model_chip import ModelChip
from desktop.ui.header.title import Title
from desktop.ui.icons import Icons
from desktop.ui.theme import Theme
from desktop.ui.tokens import SIZES
from desktop.ui.widgets.button import make_icon_button

_INSET = (SIZES.button_icon - SIZES.icon) // 2


class Header(QWidget):
    """Title, model with the place its messages go, and a menu."""

    sidebarWanted = Signal()
    pickerWanted = Signal()
    menuWanted = Signal(QPoint)

    def __init__(self, theme: Theme, icons: Icons) -> None:
        super().__init__()
        self._theme = theme
        self.setFixedHeight(SIZES.header)
        self.title = Title(theme)
        self.chip = ModelChip(theme)
        self._sidebar = self._make_button("Show sidebar", "panel-left", icons)
        self._more = self._make_button("More", "ellipsis", icons)
        self._row = row = QHBoxLayout(self)
        row.setSpacing(SIZES.gap + SIZES.unit)
        row.addWidget(self._sidebar)
        row.addWidget(self.title, 1)
        right = QHBoxLayout()
        right.setSpacing(SIZES.gap + SIZES.unit - _INSET)
        right.addWidget(self.chip)
        right.addWidget(self._more)
        row.addLayout(right)
        self._sidebar.clicked.connect(lambda _checked=False: self.sidebarWanted.emit())
        self.chip.clicked.connect(lambda _checked=False: self.pickerWanted.emit())
        self._more.clicked.connect(lambda _checked=False: self.menuWanted.emit(self._menu_place()))
        self.show_sidebar_button(shown=False)
        self.show_menu_button(shown=False)
        theme.changed.connect(self.update)

    def show_sidebar_button(self, *, shown: bool) -> None:
        """Offer to bring the sidebar back while it is hidden."""
        self._sidebar.setVisible(shown)

    def show_menu_button(self, *, shown: bool) -> None:
        """Offer the menu only where a conversation is open."""
        self._more.setVisible(shown)
        edge = SIZES.header_pad - (_INSET if shown else 0)  # the icon ends where otherwise the chip does
        self._row.setContentsMargins(SIZES.header_pad, 0, edge, 1)

    def picker_corner(self) -> QPoint:
        """Where the model picker's top right corner belongs, on the screen."""
        return self.chip.mapToGlobal(QPoint(self.chip.width(), self.chip.height() + SIZES.unit))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(0, self.height() - 1, self.width(), 1, self._theme.color("hairline"))

    def _menu_place(self) -> QPoint:
        return self._more.mapToGlobal(QPoint(0, self._more.height()))

    def _make_button(self, name: str, icon: str, icons: Icons) -> QToolButton:
        button = make_icon_button(name, SIZES.button_icon)
        button.setCursor(Qt.CursorShape.ArrowCursor)
        icons.dress(button, icon)
        return button
