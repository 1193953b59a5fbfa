"""A box from which one of a few things is chosen."""

from PySide6.QtGui import QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox

from desktop.ui.icons import Icons
from desktop.ui.tokens import SIZES


class ChoiceBox(QComboBox):
    """A combo box with a tinted arrow, which the wheel does not change in passing."""

    def __init__(self, icons: Icons) -> None:
        super().__init__()
        self._icons = icons

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        place = self.rect().right() - SIZES.icon - SIZES.gap
        QPainter(self).drawPixmap(place, (self.height() - SIZES.icon) // 2, self._icons.pixmap("chevron-down"))

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()
