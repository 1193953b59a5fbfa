"""A bubble tile."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath

from desktop.ui.conversation.markdown import Span
from desktop.ui.conversation.text_box import TextBox
from desktop.ui.conversation.tiles.tile import Tile
from desktop.ui.theme import Theme
from desktop.ui.tokens import SIZES


class BubbleTile(Tile):
    """A slice of a person's own words, in a soft bubble at the right."""

    def __init__(self, text: str, theme: Theme, below: int, *, first: bool, last: bool) -> None:
        super().__init__(text, below if last else 0)
        self._theme = theme
        self._first = first
        self._last = last
        self._box = TextBox((Span(text),), theme, "body")
        self._left = 0.0
        self._wide = 0.0

    @property
    def left(self) -> float:
        """Where the bubble begins, right of the column's edge."""
        return self._left

    def _lay_out(self, width: float) -> float:
        most = min(SIZES.bubble, width) - 2 * SIZES.bubble_side
        self._box.lay_out(most)
        only = self._first and self._last
        inner = min(most, self._box.natural_width + 1) if only else most
        self._wide = inner + 2 * SIZES.bubble_side
        self._left = width - self._wide
        if only and self._box.is_rtl:
            self._box.lay_out(inner)  # its lines begin at the right edge
        return self._box.height + SIZES.bubble_pad * (int(self._first) + int(self._last))

    def paint(self, painter: QPainter, place: QPointF, selected: tuple[int, int] | None) -> None:
        rect = QRectF(place.x() + self._left, place.y(), self._wide, self.height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("bubble"))
        painter.drawPath(self._shape(rect))
        top = SIZES.bubble_pad if self._first else 0
        self._box.paint(painter, rect.topLeft() + QPointF(SIZES.bubble_side, top), selected)

    def position_at(self, x: float, y: float) -> int:
        top = SIZES.bubble_pad if self._first else 0
        return self._box.position_at(x - self._left - SIZES.bubble_side, y - top)

    def _shape(self, rect: QRectF) -> QPainterPath:
        """Rounded at the outer ends of the bubble, with a small corner at the lower right."""
        big, small = SIZES.radius_bubble, SIZES.radius_bubble_tail
        upper, lower = (big if self._first else 0), (big if self._last else 0)
        tail = small if self._last else 0
        path = QPainterPath(QPointF(rect.left() + upper, rect.top()))
        path.lineTo(rect.right() - upper, rect.top())
        path.arcTo(QRectF(rect.right() - 2 * upper, rect.top(), 2 * upper, 2 * upper), 90, -90)
        path.lineTo(rect.right(), rect.bottom() - tail)
        path.arcTo(QRectF(rect.right() - 2 * tail, rect.bottom() - 2 * tail, 2 * tail, 2 * tail), 0, -90)
        path.lineTo(rect.left() + lower, rect.bottom())
        path.arcTo(QRectF(rect.left(), rect.bottom() - 2 * lower, 2 * lower, 2 * lower), 270, -90)
        path.lineTo(rect.left(), rect.top() + upper)
        path.arcTo(QRectF(rect.left(), rect.top(), 2 * upper, 2 * upper), 180, -90)
        return path
