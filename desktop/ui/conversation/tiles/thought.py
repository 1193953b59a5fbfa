"""Thought tiles: the line that folds and unfolds the thinking, and the thinking itself."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from desktop.ui.conversation.markdown import Span
from desktop.ui.conversation.text_box import TextBox
from desktop.ui.conversation.tiles.tile import Tile
from desktop.ui.theme import Theme
from desktop.ui.tokens import SIZES

STROKE = 1.3


class ThoughtLineTile(Tile):
    """How long the model thought, behind a chevron that says whether more can be seen."""

    def __init__(self, text: str, theme: Theme, below: int, *, unfolded: bool) -> None:
        super().__init__(text, below)
        self._theme = theme
        self._unfolded = unfolded
        self._box = TextBox((Span(text),), theme, "small", color="dim")

    def _lay_out(self, width: float) -> float:
        self._box.lay_out(max(SIZES.icon, width - thought_inset()))
        return self._box.height

    def paint(self, painter: QPainter, place: QPointF, selected: tuple[int, int] | None) -> None:
        middle = place + QPointF(SIZES.icon / 2, self._theme.line_height("small") / 2)
        long, short = SIZES.unit, SIZES.unit / 2
        corners = [(-short, -long), (short, 0), (-short, long)]
        painter.setBrush(Qt.BrushStyle.NoBrush)
        cap, join = Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
        painter.setPen(QPen(self._theme.color("dim"), STROKE, Qt.PenStyle.SolidLine, cap, join))
        turned = [QPointF(y, x) if self._unfolded else QPointF(x, y) for x, y in corners]
        painter.drawPolyline(QPolygonF([middle + corner for corner in turned]))
        self._box.paint(painter, place + QPointF(thought_inset(), 0), selected)


class ThoughtTile(Tile):
    """A piece of the thinking, beside a hairline; pieces join without a seam."""

    def __init__(self, text: str, theme: Theme, below: int) -> None:
        super().__init__(text, below)
        self._theme = theme
        self._box = TextBox((Span(text),), theme, "small", color="dim")

    def _lay_out(self, width: float) -> float:
        self._box.lay_out(max(SIZES.icon, width - thought_inset()))
        return self._box.height

    def paint(self, painter: QPainter, place: QPointF, selected: tuple[int, int] | None) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("hairline"))
        painter.drawRect(QRectF(place.x() + SIZES.icon / 2, place.y(), 1, self.height))
        self._box.paint(painter, place + QPointF(thought_inset(), 0), selected)

    def position_at(self, x: float, y: float) -> int:
        return self._box.position_at(x - thought_inset(), y)


def thought_inset() -> float:
    """Where thinking begins, right of its chevron and hairline."""
    return SIZES.icon + SIZES.author_gap
