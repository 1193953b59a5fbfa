"""The button that says which model answers, and where the data goes."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from desktop.ui.theme import Theme
from desktop.ui.tokens import SIZES
from desktop.ui.widgets.label import elide

NAME_LIMIT = 260
DOT = 9


class ModelChip(QAbstractButton):
    """Shows a model's name and, always with a word, where messages to it go."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._words = ""
        self._stays = True
        self.setAccessibleName("Model")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setFixedHeight(SIZES.chip)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def show_model(self, name: str, words: str, *, stays: bool) -> None:
        """Show a model.

        Args:
            name: the model's.
            words: where messages go, such as `Cloud · api.openai.com`; empty while unknown.
            stays: whether they stay on this computer.
        """
        self.setText(name)
        self._words, self._stays = words, stays
        self.setAccessibleDescription(f"{name}, {words}" if words else name)
        self.setToolTip(self.accessibleDescription())
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        name = min(self._metrics("small").horizontalAdvance(self.text()), NAME_LIMIT)
        return QSize(name + self._badge_width() + 2 * SIZES.gap_row + 4, SIZES.chip)

    def minimumSizeHint(self) -> QSize:
        return QSize(min(self._badge_width() + 80, self.sizeHint().width()), SIZES.chip)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter)
        place = self.rect().adjusted(SIZES.gap_row + 1, 0, -SIZES.gap_row - 1, 0)
        room = place.width() - self._badge_width()
        name = elide(self.text(), self._metrics("small"), room)
        painter.setFont(self._theme.font("small"))
        painter.setPen(self._theme.color("text"))
        painter.drawText(place.adjusted(0, 0, 0, -1), Qt.AlignmentFlag.AlignVCenter, name)
        if self._words:
            self._paint_badge(painter, place.left() + self._metrics("small").horizontalAdvance(name) + SIZES.gap - 1)

    def _paint_ground(self, painter: QPainter) -> None:
        width = 2 if self.hasFocus() else 1
        edge = width / 2
        painter.setPen(QPen(self._theme.color("accent" if self.hasFocus() else "hairline"), width))
        painter.setBrush(self._theme.color("hover" if self.underMouse() or self.isDown() else "page"))
        outline = QRectF(self.rect()).adjusted(edge, edge, -edge, -edge)
        painter.drawRoundedRect(outline, outline.height() / 2, outline.height() / 2)

    def _paint_badge(self, painter: QPainter, left: int) -> None:
        color = self._theme.color("local" if self._stays else "cloud")
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawEllipse(QPointF(left + DOT / 2, self.height() / 2), DOT / 2, DOT / 2)
        painter.setFont(self._theme.font("badge"))
        painter.setPen(color)
        place = self.rect().adjusted(left + DOT + 3, 0, -SIZES.gap, -1)
        painter.drawText(
            place, Qt.AlignmentFlag.AlignVCenter, elide(self._words, self._metrics("badge"), place.width())
        )

    def _badge_width(self) -> int:
        if not self._words:
            return 0
        return SIZES.gap - 1 + DOT + 3 + self._metrics("badge").horizontalAdvance(self._words)

    def _metrics(self, role: str) -> QFontMetrics:
        return QFontMetrics(self._theme.font("badge" if role == "badge" else "small"))
