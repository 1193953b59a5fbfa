"""A tile: one piece of a message."""

from abc import ABC, abstractmethod

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter

from desktop.ui.tokens import SIZES

LETTER = 7.4  # usual width of a letter of body text, for estimates


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
