"""The settings window's list of shortcuts, derived from the actions."""

from PySide6.QtWidgets import QFormLayout, QVBoxLayout, QWidget

from desktop.ui.actions import Actions
from desktop.ui.theme import Theme
from desktop.ui.tokens import SIZES
from desktop.ui.widgets.label import make_label


class ShortcutsPage(QWidget):
    """Says which keys do what."""

    def __init__(self, actions: Actions, theme: Theme) -> None:
        super().__init__()
        form = QFormLayout()
        form.setVerticalSpacing(SIZES.gap)
        form.setHorizontalSpacing(2 * SIZES.gap_page)
        for action in actions:
            keys = make_label(action.shortcut.replace("+", " "), theme.font("small"), "dim")
            form.addRow(make_label(action.text, theme.font("ui")), keys)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SIZES.gap_wide)
        column.addWidget(make_label("Shortcuts", theme.font("title")))
        column.addLayout(form)
        column.addStretch(1)
