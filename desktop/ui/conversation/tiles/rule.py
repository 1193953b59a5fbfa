"""A rule tile."""

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter, QPen

from desktop.ui.conversation.tiles.tile import Tile
from desktop.ui.theme import Theme
from desktop.ui.tokens import SIZES


class RuleTile(Tile):
    """A hairline across the column."""

    def __init__(self, theme: Theme, below: int) -> None:
        super().__init__("", below)
        self._theme = theme
        self._width = 0.0

    def _lay_out(self, width: float) -> float:
        self._width = width
        return SIZES.rule

    def paint(self, painter: QPainter, place: QPointF, selected: tuple[int, int] | None) -> None:  # noqa: ARG002
        painter.setPen(QPen(self._theme.color("hairline"), 1))
        middle = place.y() + SIZES.rule // 2 + 0.5
        painter.drawLine(QPointF(place.x(), middle), QPointF(place.x() + self._width, middle))
