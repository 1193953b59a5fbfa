"""A line tile."""

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter

from desktop.ui.conversation.markdown import Span
from desktop.ui.conversation.text_box import TextBox
from desktop.ui.conversation.tiles.tile import Tile
from desktop.ui.theme import Theme
from desktop.ui.tokens import FontRole


class LineTile(Tile):
    """One quiet line: who speaks, how it ended.

    Args:
        above: pixels between the tile before and the text.
    """

    def __init__(self, text: str, theme: Theme, role: FontRole, *, above: int = 0, below: int = 0) -> None:
        super().__init__(text, below)
        self._above = above
        self._box = TextBox((Span(text),), theme, role, color="dim")

    def _lay_out(self, width: float) -> float:
        self._box.lay_out(width)
        return self._above + self._box.height

    def paint(self, painter: QPainter, place: QPointF, selected: tuple[int, int] | None) -> None:
        self._box.paint(painter, place + QPointF(0, self._above), selected)
