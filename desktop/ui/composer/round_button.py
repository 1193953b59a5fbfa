"""The round button at the end of the composer."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton

from desktop.ui.icons import Icons
from desktop.ui.theme import Theme
from desktop.ui.tokens import SIZES

STOP_EDGE = 7


class RoundButton(QAbstractButton):
    """A filled disc with an arrow (`Send`) or a square (`Stop`)."""

    def __init__(self, name: str, theme: Theme, icons: Icons) -> None:
        super().__init__()
        self._theme = theme
        self._icons = icons
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setFixedSize(SIZES.send, SIZES.send)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(SIZES.send, SIZES.send)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("accent" if self.isEnabled() else "accent_off"))
        disc = QRectF(self.rect())
        painter.drawEllipse(disc)
        if self.accessibleName() == "Stop":
            square = QRectF(0, 0, STOP_EDGE, STOP_EDGE)
            square.moveCenter(disc.center())
            painter.setBrush(self._theme.color("on_accent"))
            painter.drawRoundedRect(square, 1.5, 1.5)
        else:
            corner = (SIZES.send - SIZES.icon) / 2
            painter.drawPixmap(QPointF(corner, corner), self._icons.pixmap("arrow-up", "on_accent"))
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self._theme.color("text"), 2))
            painter.drawEllipse(disc.adjusted(1, 1, -1, -1))
