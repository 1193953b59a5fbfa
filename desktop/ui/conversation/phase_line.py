"""The phase line: one quiet line that always says what is happening."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleInterface, QPainter, QPaintEvent
from PySide6.QtWidgets import QAccessibleWidget, QWidget

from desktop.ui.conversation.phase_text import phase_text
from desktop.ui.conversation.view_model import ConversationViewModel
from desktop.ui.theme import Theme
from desktop.ui.tokens import SIZES

TICK_MS = 200


class PhaseLine(QWidget):
    """Says the phase of the reply that is on its way; hidden when there is none."""

    def __init__(self, view_model: ConversationViewModel, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._view_model = view_model
        self._theme = theme
        self.text = ""
        self.setAccessibleName("Phase")
        self._ticker = QTimer(self, interval=TICK_MS)
        self._ticker.timeout.connect(self.refresh)
        view_model.phaseChanged.connect(self.refresh)
        theme.changed.connect(self.update)
        self.hide()

    def make_accessible(self) -> QAccessibleInterface:
        """See AccessibleFactory."""
        return QAccessibleWidget(self, QAccessible.Role.StatusBar, "Phase")

    def refresh(self) -> None:
        """Say what is happening now."""
        phase = self._view_model.phase
        if phase is None:
            self._ticker.stop()
            self.text = ""
            return
        if not self._ticker.isActive():
            self._ticker.start()
        text = phase_text(phase, self._view_model.phase_s)
        if text != self.text:
            self.text = text
            self.setAccessibleDescription(text)
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(SIZES.column, self._theme.line_height("small"))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("accent"))
        painter.drawEllipse(QPointF(SIZES.dot / 2 + 0.5, self.height() / 2), SIZES.dot / 2, SIZES.dot / 2)
        painter.setPen(self._theme.color("dim"))
        painter.setFont(self._theme.font("small"))
        rest = QRectF(self.rect()).adjusted(SIZES.dot + SIZES.gap + 1, 0, 0, 0)
        painter.drawText(rest, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, self.text)
