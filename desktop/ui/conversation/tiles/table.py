"""A table tile."""

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPen

from desktop.ui.conversation.markdown import Block, Spans
from desktop.ui.conversation.text_box import TextBox
from desktop.ui.conversation.tiles.quote_bars import inset_of
from desktop.ui.conversation.tiles.tile import Tile
from desktop.ui.theme import Theme
from desktop.ui.tokens import SIZES

_ALIGNS = {
    "center": Qt.AlignmentFlag.AlignHCenter,
    "right": Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute,
}


class TableTile(Tile):
    """A table with hairlines below its rows; columns share the width where it does not suffice."""

    def __init__(self, block: Block, theme: Theme, below: int) -> None:
        super().__init__(block.text, below)
        self._theme = theme
        self._inset = inset_of(block)
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
            left = self._inset
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
            left = self._inset
            for box, width in zip(row, self._widths, strict=False):
                if top <= y < top + height and left <= x < left + width:
                    return box.link_at(x - left, y - top - SIZES.cell_pad)
                left += width + SIZES.cell_side
            top += height
        return ""


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
