"""The rounded ground of the composer."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from desktop.ui.theme import Theme
from desktop.ui.tokens import SIZES

SHADOW_DROP = 2


class ComposerCard(QWidget):
    """Paints a rounded card with a faint shadow inside its own margins; holds the focus ring of the field."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._ringed = False
        theme.changed.connect(self.update)

    def set_ringed(self, *, ringed: bool) -> None:
        """Show or take away the focus ring."""
        self._ringed = ringed
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        reach = SIZES.shadow_reach
        card = QRectF(self.rect()).adjusted(reach, reach, -reach, -reach)
        self._paint_shadow(painter, card)
        painter.setBrush(self._theme.color("page"))
        painter.setPen(QPen(self._theme.color("faint" if self._ringed else "hairline"), 1))
        painter.drawRoundedRect(card.adjusted(0.5, 0.5, -0.5, -0.5), SIZES.radius_composer, SIZES.radius_composer)

    def _paint_shadow(self, painter: QPainter, card: QRectF) -> None:
        shadow = QColor(self._theme.tokens.shadow)
        strongest, reach = shadow.alphaF(), SIZES.shadow_reach - SHADOW_DROP
        painter.setPen(Qt.PenStyle.NoPen)
        for step in range(reach, 0, -1):
            shadow.setAlphaF(strongest * 1.6 / reach * (1 - step / (reach + 1)))
            painter.setBrush(shadow)
            radius = SIZES.radius_composer + step
            painter.drawRoundedRect(card.adjusted(-step, -step, step, step).translated(0, SHADOW_DROP), radius, radius)
