"""Tiles: the small pieces a message is painted from, each laid out by itself and only when it is seen."""

from abc import ABC, abstractmethod

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen

from desktop.ui.conversation.highlighter import Highlighter
from desktop.ui.conversation.markdown import Block, BlockKind, Span, Spans
from desktop.ui.conversation.text_box import TextBox
from desktop.ui.theme import Theme
from desktop.ui.tokens import SIZES, FontRole

LETTER = 7.4  # usual width of a letter of body text, for estimates
HEADINGS: dict[int, FontRole] = {1: "heading1", 2: "heading2", 3: "heading3"}


class Tile(ABC):
    """One piece of a message. Its height is an estimate until it is laid out."""

    def __init__(self, text: str, below: int) -> None:
        self.text = text
        self.below = below
        self.height = 0.0
        self.is_laid_out = False

    def estimate(self, width: float) -> None:
        """Guess the height at a width, in pixels, and forget the layout."""
        lines = sum(1 + int(len(line) * LETTER // max(width, 1.0)) for line in self.text.split("\n"))
        self.height = lines * SIZES.line_estimate
        self.is_laid_out = False

    def lay_out(self, width: float) -> None:
        """Find the true height at a width."""
        self.height = self._lay_out(width)
        self.is_laid_out = True

    @abstractmethod
    def _lay_out(self, width: float) -> float: ...

    @abstractmethod
    def paint(self, painter: QPainter, place: QPointF, selected: tuple[int, int] | None) -> None:
        """Paint with the top left corner at a place; `selected` is a range of `text`."""

    def position_at(self, x: float, y: float) -> int:  # noqa: ARG002 - most tiles with text have a finer answer
        """The index in `text` nearest to a point."""
        return 0 if y < self.height / 2 else len(self.text)

    def link_at(self, x: float, y: float) -> str:  # noqa: ARG002
        """The target of the link under a point."""
        return ""


class TextTile(Tile):
    """A paragraph, heading or list item, with its quote bars and marker."""

    def __init__(self, block: Block, theme: Theme, below: int) -> None:
        super().__init__(block.text, below)
        heading = block.kind is BlockKind.HEADING
        role: FontRole = HEADINGS.get(block.level, "heading3") if heading else "body"
        self._theme = theme
        self._block = block
        self._box = TextBox(block.spans, theme, role, bold=heading, color="dim" if block.quote else "text")
        self._marker = TextBox((Span(block.marker),), theme, "body", color="dim") if block.marker else None

    @property
    def _inset(self) -> float:
        return self._block.quote * SIZES.quote_indent + self._block.indent * SIZES.list_indent

    def _lay_out(self, width: float) -> float:
        self._box.lay_out(max(SIZES.list_indent, width - self._inset))
        if self._marker is not None:
            self._marker.lay_out(SIZES.list_indent * 2)
        return self._box.height

    def paint(self, painter: QPainter, place: QPointF, selected: tuple[int, int] | None) -> None:
        _paint_bars(painter, self._theme, self._block.quote, QRectF(place.x(), place.y(), 1, self.height + self.below))
        if self._marker is not None:
            right = self._inset - SIZES.marker_gap - self._marker.natural_width
            self._marker.paint(painter, place + QPointF(right, 0))
        self._box.paint(painter, place + QPointF(self._inset, 0), selected)

    def position_at(self, x: float, y: float) -> int:
        return self._box.position_at(x - self._inset, y)

    def link_at(self, x: float, y: float) -> str:
        return self._box.link_at(x - self._inset, y)


class CodeTile(Tile):
    """Up to 24 lines of a code block; the first slice carries the header, the last the rounded foot."""

    def __init__(self, block: Block, theme: Theme, highlighter: Highlighter, below: int, *, closed: bool) -> None:
        super().__init__(block.text, below if block.part == block.parts - 1 else 0)
        self._block = block
        self._theme = theme
        self._highlighter = highlighter
        self._closed = closed
        self._tinted = False
        self._width = 0.0
        self._box = TextBox(block.spans, theme, "code")
        self._name = TextBox((Span(block.language or "text"),), theme, "meta", color="dim")

    @property
    def has_header(self) -> bool:
        """Whether the block begins here, with its language and its Copy button."""
        return self._block.part == 0

    @property
    def _inset(self) -> float:
        return self._block.quote * SIZES.quote_indent + self._block.indent * SIZES.list_indent

    @property
    def _top(self) -> float:
        return SIZES.code_header + SIZES.code_pad if self.has_header else 0

    def _lay_out(self, width: float) -> float:
        self._width = width
        self._box.lay_out(max(SIZES.list_indent, width - self._inset - 2 * SIZES.code_side))
        self._name.lay_out(width)
        last = self._block.part == self._block.parts - 1
        return self._top + self._box.height + (SIZES.code_pad if last else 0)

    def paint(self, painter: QPainter, place: QPointF, selected: tuple[int, int] | None) -> None:
        card = QRectF(place.x() + self._inset, place.y(), self._width - self._inset, self.height)
        _paint_bars(painter, self._theme, self._block.quote, QRectF(place.x(), place.y(), 1, self.height + self.below))
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
        return self._box.position_at(x - self._inset - SIZES.code_side, y - self._top)

    def _paint_card(self, painter: QPainter, card: QRectF) -> None:
        """The ground with its border; slices of one block join without a seam."""
        radius = SIZES.radius_code
        whole = card.adjusted(0.5, 0.5, -0.5, -0.5)
        if not self.has_header:
            whole.setTop(card.top() - 2 * radius)
        if self._block.part < self._block.parts - 1:
            whole.setBottom(card.bottom() + 2 * radius)
        painter.save()
        painter.setClipRect(card, Qt.ClipOperation.IntersectClip)
        painter.setPen(QPen(self._theme.color("hairline"), 1))
        painter.setBrush(self._theme.color("code_ground"))
        painter.drawRoundedRect(whole, radius, radius)
        painter.restore()
        painter.setPen(QPen(self._theme.color("hairline"), 1))


class TableTile(Tile):
    """A table with hairlines below its rows; columns share the width where it does not suffice."""

    def __init__(self, block: Block, theme: Theme, below: int) -> None:
        super().__init__(block.text, below)
        self._theme = theme
        self._inset = block.quote * SIZES.quote_indent + block.indent * SIZES.list_indent
        self._aligns = [_ALIGNS.get(align, Qt.AlignmentFlag.AlignLeft) for align in block.aligns]
        self._rows = [[self._cell(cell, head=number == 0) for cell in row] for number, row in enumerate(block.rows)]
        self._widths: list[float] = []
        self._heights: list[float] = []

    def _cell(self, spans: Spans, *, head: bool) -> TextBox:
        return TextBox(spans, self._theme, "ui", bold=head)

    def _lay_out(self, width: float) -> float:
        for row in self._rows:
            for box in row:
                box.align(Qt.AlignmentFlag.AlignLeft)
                box.lay_out(SIZES.column * 4)
        columns = len(self._aligns)
        natural = [max((r[c].natural_width for r in self._rows if c < len(r)), default=0) + 1 for c in range(columns)]
        room = width - self._inset - SIZES.cell_side * columns
        self._widths = _share(natural, room)
        self._heights = []
        for row in self._rows:
            for box, column, align in zip(row, self._widths, self._aligns, strict=False):
                box.align(align)
                box.lay_out(column)
            self._heights.append(max((box.height for box in row), default=0) + 2 * SIZES.cell_pad + 1)
        return sum(self._heights)

    def paint(self, painter: QPainter, place: QPointF, selected: tuple[int, int] | None) -> None:
        start = 0
        top = place.y()
        right = place.x() + self._inset + sum(self._widths) + SIZES.cell_side * len(self._widths)
        for row, height in zip(self._rows, self._heights, strict=True):
            left = place.x() + self._inset
            for box, width in zip(row, self._widths, strict=False):
                range_ = None if selected is None else _inside(selected, start, len(box.text))
                box.paint(painter, QPointF(left, top + SIZES.cell_pad), range_)
                left += width + SIZES.cell_side
                start += len(box.text) + 1
            top += height
            painter.setPen(QPen(self._theme.color("hairline"), 1))
            painter.drawLine(QPointF(place.x() + self._inset, top - 0.5), QPointF(right, top - 0.5))

    def position_at(self, x: float, y: float) -> int:
        start = 0
        top = 0.0
        for number, (row, height) in enumerate(zip(self._rows, self._heights, strict=True)):
            left = float(self._inset)
            for column, (box, width) in enumerate(zip(row, self._widths, strict=False)):
                in_row = y < top + height or number == len(self._rows) - 1
                if in_row and (x < left + width + SIZES.cell_side or column == len(row) - 1):
                    return start + box.position_at(x - left, y - top - SIZES.cell_pad)
                left += width + SIZES.cell_side
                start += len(box.text) + 1
            top += height
        return start

    def link_at(self, x: float, y: float) -> str:
        top = 0.0
        for row, height in zip(self._rows, self._heights, strict=True):
            left = float(self._inset)
            for box, width in zip(row, self._widths, strict=False):
                if top <= y < top + height and left <= x < left + width:
                    return box.link_at(x - left, y - top - SIZES.cell_pad)
                left += width + SIZES.cell_side
            top += height
        return ""


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

    def _lay_out(self, width: float) -> float:
        most = min(SIZES.bubble, width) - 2 * SIZES.bubble_side
        self._box.lay_out(most)
        only = self._first and self._last
        inner = min(most, self._box.natural_width + 1) if only else most
        self._wide = inner + 2 * SIZES.bubble_side
        self._left = width - self._wide
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


class LineTile(Tile):
    """One quiet line: who speaks, how it ended."""

    def __init__(self, text: str, theme: Theme, role: FontRole, below: int, color: str = "dim") -> None:
        super().__init__(text, below)
        self._box = TextBox((Span(text),), theme, role, color=color)

    def _lay_out(self, width: float) -> float:
        self._box.lay_out(width)
        return self._box.height

    def paint(self, painter: QPainter, place: QPointF, selected: tuple[int, int] | None) -> None:
        self._box.paint(painter, place, selected)

    def position_at(self, x: float, y: float) -> int:
        return self._box.position_at(x, y)


_ALIGNS = {"center": Qt.AlignmentFlag.AlignHCenter, "right": Qt.AlignmentFlag.AlignRight}


def _paint_bars(painter: QPainter, theme: Theme, quote: int, side: QRectF) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("hairline"))
    for level in range(quote):
        left = side.left() + level * SIZES.quote_indent
        painter.drawRect(QRectF(left, side.top(), SIZES.quote_bar, side.height()))


def _share(natural: list[float], room: float) -> list[float]:
    """Widths that fit: narrow columns keep theirs, wide ones share what is left."""
    widths, left, count = list(natural), room, len(natural)
    for number in sorted(range(len(natural)), key=lambda n: natural[n]):
        widths[number] = min(natural[number], max(left / count, SIZES.cell_min))
        left -= widths[number]
        count -= 1
    return widths


def _inside(selected: tuple[int, int], start: int, length: int) -> tuple[int, int]:
    return max(0, selected[0] - start), min(length, selected[1] - start)
