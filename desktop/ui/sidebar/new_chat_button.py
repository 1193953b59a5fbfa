"""The button at the top of the sidebar."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton

from desktop.ui.icons import Icons
from desktop.ui.theme import Theme
from desktop.ui.tokens import SIZES
from desktop.ui.widgets.label import make_label


class NewChatButton(QPushButton):
    """Says `New chat` and which keys do the same."""

    def __init__(self, theme: Theme, icons: Icons, keys: str) -> None:
        super().__init__()
        self.setProperty("kind", "outline")
        self.setAccessibleName("New chat")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setFixedHeight(SIZES.button_new)
        picture = QLabel()
        picture.setFixedSize(QSize(SIZES.icon, SIZES.icon))
        row = QHBoxLayout(self)
        row.setContentsMargins(SIZES.gap_row + 1, 0, SIZES.gap_row + 1, 0)
        row.setSpacing(SIZES.gap)
        row.addWidget(picture)
        row.addWidget(make_label("New chat", theme.font("ui_medium")))
        row.addStretch(1)
        row.addWidget(make_label(keys, theme.font("hint"), "faint"))
        icons.follow(self, lambda: picture.setPixmap(icons.pixmap("plus", "text")))
