"""What the window shows when the data cannot be opened."""

from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.ui.theme import Theme
from desktop.ui.tokens import SIZES
from desktop.ui.widgets.button import make_button
from desktop.ui.widgets.label import make_label


class FailurePage(QWidget):
    """Says what is wrong with the data, and touches nothing."""

    quitWanted = Signal()

    def __init__(self, sentence: str, detail: str, folder: Path, theme: Theme) -> None:
        super().__init__()
        self.setAccessibleName("Parley cannot open its data")
        selectable = Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        words = (
            make_label("Parley cannot open its data", theme.font("hero"), wrap=True),
            make_label(sentence, theme.font("body"), wrap=True),
            make_label(detail, theme.font("code"), "dim", wrap=True),
            make_label(f"{folder}\nNothing in it was changed.", theme.font("small"), "dim", wrap=True),
        )
        open_folder = make_button("Open folder")
        quit_button = make_button("Quit", "primary")
        open_folder.clicked.connect(lambda _checked=False: _open(folder))
        quit_button.clicked.connect(lambda _checked=False: self.quitWanted.emit())
        buttons = QHBoxLayout()
        buttons.addWidget(open_folder)
        buttons.addWidget(quit_button)
        buttons.addStretch(1)
        page = QWidget()
        page.setMaximumWidth(SIZES.hero)
        column = QVBoxLayout(page)
        column.setSpacing(SIZES.gap_wide)
        for label in words:
            label.setTextInteractionFlags(selectable)
            label.setVisible(bool(label.text()))
            column.addWidget(label)
        column.addLayout(buttons)
        around = QVBoxLayout(self)
        around.addStretch(1)
        around.addWidget(page)
        around.addStretch(2)
        around.setAlignment(page, Qt.AlignmentFlag.AlignHCenter)


def _open(folder: Path) -> None:
    nearest = next((one for one in (folder, *folder.parents) if one.is_dir()), folder)
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(nearest)))
