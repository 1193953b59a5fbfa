"""Quote bars, and how far quotes and lists move a block in."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter

from desktop.ui.conversation.markdown import Block
from desktop.ui.theme import Theme
from desktop.ui.tokens import SIZES


def inset_of(block: Block) -> float:
    """How far a block is moved in, in pixels."""
    return float(block.quote * SIZES.quote_indent + block.indent * SIZES.list_indent)


def paint_bars(
    painter: QPainter, theme: Theme, block: Block, side: QRectF, gap: int, quote_below: int, *, mirrored: bool = False
) -> None:
    """Paint a bar for each quote around a block.

    Args:
        side: where the tile is.
        gap: pixels to the next tile, which the bars of a quote that goes on cross.
        quote_below: how many quotes go on.
        mirrored: whether the bars stand at the right.
    """
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("hairline"))
    for level in range(block.quote):
        moved = level * SIZES.quote_indent
        left = side.right() - moved - SIZES.quote_bar if mirrored else side.left() + moved
        height = side.height() + (gap if level < quote_below else 0)
        painter.drawRect(QRectF(left, side.top(), SIZES.quote_bar, height))
