"""A text tile."""

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from desktop.ui.conversation.markdown import Block, BlockKind, Span
from desktop.ui.conversation.text_box import TextBox
from desktop.ui.conversation.tiles.quote_bars import inset_of, paint_bars
from desktop.ui.conversation.tiles.tile import Tile
from desktop.ui.theme import Theme
from desktop.ui.tokens import SIZES, FontRole

HEADINGS: dict[int, FontRole] = {1: "heading1", 2: "heading2", 3: "heading3"}


class TextTile(Tile):
    """A paragraph, heading or list item, with its quote bars and marker; mirrored where it reads right to left.

    Args:
        quote_below: how many quote bars go on in the tile below.
    """

    def __init__(self, block: Block, theme: Theme, below: int, quote_below: int = 0) -> None:
        super().__init__(block.text, below)
        heading = block.kind is BlockKind.HEADING
        role: FontRole = HEADINGS.get(block.level, "heading3") if heading else "body"
        self._theme = theme
        self._block = block
        self._quote_below = quote_below
        self._width = 0.0
        self._box = TextBox(block.spans, theme, role, bold=heading, color="dim" if block.quote else "text")
        self._marker = TextBox((Span(block.marker),), theme, "body", color="dim") if block.marker else None

    @property
    def _left(self) -> float:
        return 0.0 if self._box.is_rtl else inset_of(self._block)

    def _lay_out(self, width: float) -> float:
        self._width = width
        self._box.lay_out(max(SIZES.list_indent, width - inset_of(self._block)))
        if self._marker is not None:
            self._marker.lay_out(SIZES.column)
        return max(self._box.height, self._theme.line_height("body"))

    def paint(self, painter: QPainter, place: QPointF, selected: tuple[int, int] | None) -> None:
        side = QRectF(place.x(), place.y(), self._width, self.height)
        paint_bars(painter, self._theme, self._block, side, self.below, self._quote_below, mirrored=self._box.is_rtl)
        if self._marker is not None:
            inset, wide = inset_of(self._block) - SIZES.marker_gap, self._marker.natural_width
            left = self._width - inset if self._box.is_rtl else inset - wide
            self._marker.paint(painter, place + QPointF(left, 0))
        self._box.paint(painter, place + QPointF(self._left, 0), selected)

    def position_at(self, x: float, y: float) -> int:
        return self._box.position_at(x - self._left, y)

    def link_at(self, x: float, y: float) -> str:
        return self._box.link_at(x - self._left, y)
