"""A code tile."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from desktop.ui.conversation.highlighter import Highlighter
from desktop.ui.conversation.markdown import Block, Span
from desktop.ui.conversation.text_box import TextBox
from desktop.ui.conversation.tiles.quote_bars import inset_of, paint_bars
from desktop.ui.conversation.tiles.tile import Tile
from desktop.ui.theme import Theme
from desktop.ui.tokens import SIZES


class CodeTile(Tile):
    """Up to 24 lines of a code block; the first slice carries the header, the last the rounded foot."""

    def __init__(
        self, block: Block, theme: Theme, highlighter: Highlighter, below: int, quote_below: int, *, closed: bool
    ) -> None:
        super().__init__(block.text, below if block.is_last else 0)
        self._block = block
        self._theme = theme
        self._highlighter = highlighter
        self._quote_below = quote_below
        self._closed = closed
        self._tinted = False
        self._width = 0.0
        self._box = TextBox(block.spans, theme, "code")
        self._name = TextBox((Span(block.language or "text"),), theme, "meta", color="dim")

    @property
    def has_header(self) -> bool:
        """Whether the block begins here, with its language and its Copy button."""
        return self._block.is_first

    @property
    def whole_text(self) -> str:
        """The text with the line end that divides it from the next slice."""
        return self.text if self._block.is_last or self._block.is_cut else f"{self.text}\n"

    @property
    def _top(self) -> float:
        return SIZES.code_header + SIZES.code_pad if self.has_header else 0

    def _lay_out(self, width: float) -> float:
        self._width = width
        self._box.lay_out(max(SIZES.list_indent, width - inset_of(self._block) - 2 * SIZES.code_side))
        self._name.lay_out(width)
        return self._top + self._box.height + (SIZES.code_pad if self._block.is_last else 0)

    def paint(self, painter: QPainter, place: QPointF, selected: tuple[int, int] | None) -> None:
        side = QRectF(place.x(), place.y(), self._width, self.height)
        card = side.adjusted(inset_of(self._block), 0, 0, 0)
        paint_bars(painter, self._theme, self._block, side, self.below, self._quote_below)
        self._paint_card(painter, card)
        if self.has_header:
            line = card.top() + SIZES.code_header - 0.5
            painter.drawLine(QPointF(card.left(), line), QPointF(card.right(), line))
            middle = (SIZES.code_header - self._name.height) / 2
            self._name.paint(painter, card.topLeft() + QPointF(SIZES.code_header_side, middle))
        if self._closed and not self._tinted:
            tints = self._highlighter.tints(self._block.language, self.text, self._theme.tokens)
            if tints is not None:
                self._tinted = True
                self._box.tint(tints)
        self._box.paint(painter, card.topLeft() + QPointF(SIZES.code_side, self._top), selected)

    def position_at(self, x: float, y: float) -> int:
        return self._box.position_at(x - inset_of(self._block) - SIZES.code_side, y - self._top)

    def _paint_card(self, painter: QPainter, card: QRectF) -> None:
        """The ground with its border; slices of one block join without a seam."""
        radius = SIZES.radius_code
        whole = card.adjusted(0.5, 0.5, -0.5, -0.5)
        if not self.has_header:
            whole.setTop(card.top() - 2 * radius)
        if not self._block.is_last:
            whole.setBottom(card.bottom() + 2 * radius)
        painter.save()
        painter.setClipRect(card, Qt.ClipOperation.IntersectClip)
        painter.setPen(QPen(self._theme.color("hairline"), 1))
        painter.setBrush(self._theme.color("code_ground"))
        painter.drawRoundedRect(whole, radius, radius)
        painter.restore()
        painter.setPen(QPen(self._theme.color("hairline"), 1))
