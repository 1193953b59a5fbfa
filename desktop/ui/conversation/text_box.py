"""A laid-out run of styled text."""

from collections.abc import Iterator
from dataclasses import dataclass
from unicodedata import bidirectional

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QTextCharFormat, QTextLayout, QTextOption
from PySide6.QtWidgets import QStyle

from desktop.ui.conversation.markdown import Spans
from desktop.ui.theme import Theme
from desktop.ui.tokens import SIZES, FontRole

CHIP_PAD = 5


@dataclass(frozen=True, slots=True)
class Tint:
    """A colour for a range of characters, counted as Python counts them."""

    start: int
    length: int
    color: str
    italic: bool = False


class TextBox:
    """Lays styled text out to a width and paints it; wraps anywhere where a word does not fit.

    Args:
        role: the lettering; its line height holds unless a fallback font needs more.
        color: the name of the text's colour in the tokens.
    """

    def __init__(
        self, spans: Spans, theme: Theme, role: FontRole, *, color: str = "text", bold: bool = False, wrap: bool = True
    ) -> None:
        self._theme = theme
        self._role: FontRole = role
        self._color = color
        self._bold = bold
        self._spans = spans
        self._wrap = wrap
        self._align = Qt.AlignmentFlag.AlignLeft
        self._tints: tuple[Tint, ...] = ()
        self.text = "".join(span.text for span in spans)
        self.width = 0.0
        self.height = 0.0
        self.natural_width = 0.0
        self._layout: QTextLayout | None = None
        self.is_rtl = role != "code" and _reads_right_to_left(self.text)
        self._utf16 = not self.text.isascii() and any(ord(character) > 0xFFFF for character in self.text)

    def align(self, align: Qt.AlignmentFlag) -> None:
        """How lines stand in the width; left is where reading begins."""
        self._align = align

    def tint(self, tints: tuple[Tint, ...]) -> None:
        """Colour ranges, such as highlighted code; lines stay as they are."""
        self._tints = tints
        if self._layout is not None:
            self.lay_out(self.width)  # with other formats Qt forgets its lines, and would paint nothing

    def lay_out(self, width: float) -> None:
        """Break the text into lines of at most this width, in pixels."""
        layout = self._layout = QTextLayout(self.text.replace("\n", "\u2028"), self._font())
        direction = Qt.LayoutDirection.RightToLeft if self.is_rtl else Qt.LayoutDirection.LeftToRight
        option = QTextOption(QStyle.visualAlignment(direction, self._align))
        option.setTextDirection(direction)
        option.setWrapMode(
            QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere if self._wrap else QTextOption.WrapMode.NoWrap
        )
        layout.setTextOption(option)
        layout.setCacheEnabled(True)
        layout.setFormats(self._formats())
        step, y, natural = self._theme.line_height(self._role), 0.0, 0.0
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width)
            height = max(step, line.height())
            line.setPosition(QPointF(0, y + (height - line.height()) / 2))
            y += height
            natural = max(natural, line.naturalTextWidth())
        layout.endLayout()
        self.width, self.height, self.natural_width = width, y, natural

    def paint(self, painter: QPainter, place: QPointF, selected: tuple[int, int] | None = None) -> None:
        """Paint with the top left corner at a place; `selected` is a range of characters."""
        assert self._layout is not None
        self._paint_chips(painter, place)
        painter.setPen(self._theme.color(self._color))
        ranges = []
        if selected is not None and selected[0] < selected[1]:
            one = QTextLayout.FormatRange()
            one.start = self._units(selected[0])
            one.length = self._units(selected[1]) - one.start
            one.format = QTextCharFormat()
            one.format.setBackground(self._theme.color("accent"))
            one.format.setForeground(self._theme.color("on_accent"))
            ranges.append(one)
        self._layout.draw(painter, place, ranges)

    def position_at(self, x: float, y: float) -> int:
        """The index of the character border nearest to a point."""
        assert self._layout is not None
        for number in range(self._layout.lineCount()):
            line = self._layout.lineAt(number)
            if y < line.y() + line.height() or number == self._layout.lineCount() - 1:
                return self._index(line.xToCursor(x))
        return 0

    def link_at(self, x: float, y: float) -> str:
        """The target of the link under a point, empty if there is none."""
        assert self._layout is not None
        if not any(span.link for span in self._spans):
            return ""
        for number in range(self._layout.lineCount()):
            line = self._layout.lineAt(number)
            if line.naturalTextRect().contains(x, y):
                unit = line.xToCursor(x, line.CursorPosition.CursorOnCharacter)
                return self._link_of(self._index(unit))
        return ""

    def _link_of(self, index: int) -> str:
        place = 0
        for span in self._spans:
            place += len(span.text)
            if index < place:
                return span.link
        return ""

    def _font(self) -> QFont:
        font = self._theme.font(self._role)
        if self._bold:
            font.setWeight(QFont.Weight.DemiBold)
        return font

    def _formats(self) -> list[QTextLayout.FormatRange]:
        ranges, place = [], 0
        for span in self._spans:
            length = len(span.text)
            if span.bold or span.italic or span.strike or span.code or span.link:
                made = QTextCharFormat()
                if span.code:
                    made.setFont(self._theme.font("code"))
                if span.bold:
                    made.setFontWeight(QFont.Weight.DemiBold)
                made.setFontItalic(span.italic)
                made.setFontStrikeOut(span.strike)
                if span.link:
                    made.setForeground(self._theme.color("accent"))
                    made.setFontUnderline(True)
                ranges.append(self._range(place, length, made))
            if span.code and length:
                ranges.extend(self._chip_room(place, length))
            place += length
        for tint in self._tints:
            made = QTextCharFormat()
            made.setForeground(QColor(tint.color))
            made.setFontItalic(tint.italic)
            ranges.append(self._range(tint.start, tint.length, made))
        return ranges

    def _chip_room(self, start: int, length: int) -> Iterator[QTextLayout.FormatRange]:
        """Room for the sides of a chip: letter spacing, which Qt adds after a character."""
        made = QTextCharFormat()
        made.setFontLetterSpacingType(QFont.SpacingType.AbsoluteSpacing)
        made.setFontLetterSpacing(CHIP_PAD)
        if start:
            yield self._range(start - 1, 1, made)
        if start + length < len(self.text):
            yield self._range(start + length - 1, 1, made)

    def _range(self, start: int, length: int, made: QTextCharFormat) -> QTextLayout.FormatRange:
        one = QTextLayout.FormatRange()
        one.start = self._units(start)
        one.length = self._units(start + length) - one.start
        one.format = made
        return one

    def _units(self, index: int) -> int:
        """Characters to UTF-16 units, in which Qt counts."""
        if not self._utf16:
            return index
        return len(self.text[:index].encode("utf-16-le", "surrogatepass")) // 2

    def _index(self, units: int) -> int:
        if not self._utf16:
            return units
        return len(self.text.encode("utf-16-le", "surrogatepass")[: units * 2].decode("utf-16-le", "ignore"))

    def _paint_chips(self, painter: QPainter, place: QPointF) -> None:
        """The ground of inline code, behind the text."""
        assert self._layout is not None
        start = 0
        painter.setPen(QPen(self._theme.color("hairline"), 1))
        painter.setBrush(self._theme.color("code_ground"))
        for span in self._spans:
            end = start + len(span.text)
            if span.code:
                for rect in self._rects(self._units(start), self._units(end)):
                    painter.drawRoundedRect(rect.translated(place), SIZES.radius_chip, SIZES.radius_chip)
            start = end

    def _rects(self, start: int, end: int) -> list[QRectF]:
        assert self._layout is not None
        rects = []
        for number in range(self._layout.lineCount()):
            line = self._layout.lineAt(number)
            first, last = max(start, line.textStart()), min(end, line.textStart() + line.textLength())
            if first < last:
                left, right = sorted((_x(line.cursorToX(first)), _x(line.cursorToX(last))))
                if last == end < self._units(len(self.text)):
                    right -= CHIP_PAD  # the room after the last character
                middle, half = line.y() + line.height() / 2, SIZES.chip_code / 2
                rects.append(QRectF(left - CHIP_PAD + 0.5, middle - half, right - left + 2 * CHIP_PAD - 1, 2 * half))
        return rects


def _reads_right_to_left(text: str) -> bool:
    """Whether the first character with a direction has that one: rule P2 of the Unicode Bidirectional Algorithm."""
    if text.isascii():
        return False
    return next((kind != "L" for kind in map(bidirectional, text) if kind in ("L", "R", "AL")), False)


def _x(found: "float | tuple[float, int] | object") -> float:
    """PySide gives the position alone or with the cursor it was asked for."""
    return float(found[0]) if isinstance(found, tuple) else float(str(found))
