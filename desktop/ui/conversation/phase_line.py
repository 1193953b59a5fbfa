"""The phase line: one quiet line that always says what is happening, and what can be done about a wait."""

from PySide6.QtCore import QPointF, QRectF, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleInterface, QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAccessibleWidget, QPushButton, QWidget

from desktop.domain.events import PhaseChanged
from desktop.domain.turn import TurnState
from desktop.ui.accessibility import announce
from desktop.ui.conversation.phase_text import phase_text
from desktop.ui.conversation.view_model import ConversationViewModel
from desktop.ui.theme import Theme
from desktop.ui.tokens import SIZES
from desktop.ui.widgets.button import make_button
from desktop.ui.widgets.label import elide

TICK_MS = 200
LONG_WAIT_S = 30.0
INSET = SIZES.dot + SIZES.gap + 1


class PhaseLine(QWidget):
    """Says the phase of the reply that is on its way; while it waits to be tried again, with buttons beside it."""

    def __init__(self, view_model: ConversationViewModel, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._view_model = view_model
        self._theme = theme
        self._said: PhaseChanged | None = None
        self._text_width = 0
        self._why_width = 0
        self.text = ""
        self.setAccessibleName("Phase")
        self._retry = self._button("Retry now")
        self._other = self._button("Other model")
        self._retry.clicked.connect(lambda _checked=False: self._on_retry())
        self._other.clicked.connect(lambda _checked=False: self._on_other())
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
            self._said, self.text = None, ""
            self.setAccessibleDescription("")
            return
        if not self._ticker.isActive():
            self._ticker.start()
        text = phase_text(phase, self._view_model.phase_s)
        if phase != self._said:
            self._said = phase
            self._offer(phase, text)
        described = _with_why(text, phase.why)
        if described != self.accessibleDescription():
            self.text = text
            self.setAccessibleDescription(described)
            self.setToolTip(phase.why)
            self.update()

    def height_at(self, width: int) -> int:
        """How high it is at a width: the buttons go below the text where they do not fit beside it."""
        line = self._theme.line_height("small")
        shown = self._shown_buttons()
        if not shown:
            return line
        own = shown[0].sizeHint().height()
        return line + own if self._beside(shown) > width else max(line, own)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_buttons()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("accent"))
        painter.drawEllipse(QPointF(SIZES.dot / 2 + 0.5, self._line() / 2), SIZES.dot / 2, SIZES.dot / 2)
        painter.setPen(self._theme.color("dim"))
        painter.setFont(self._theme.font("small"))
        rest = QRectF(INSET, 0, self._text_room(), self._line())
        words = elide(
            _with_why(self.text, self._said.why if self._said else ""), painter.fontMetrics(), self._text_room()
        )
        painter.drawText(rest, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, words)

    def _offer(self, phase: PhaseChanged, text: str) -> None:
        """Show what can be done about a wait, beside the longest text of it, so that nothing moves while it counts."""
        waits, is_long = phase.state is TurnState.WAITING, (phase.wait_s or 0.0) > LONG_WAIT_S
        self._retry.setVisible(waits)
        self._other.setVisible(waits and is_long)
        metrics = QFontMetrics(self._theme.font("small"))
        self._text_width = metrics.horizontalAdvance(text)
        self._why_width = metrics.horizontalAdvance(_with_why(text, phase.why)) - self._text_width
        self._place_buttons()
        if waits and is_long:
            announce(self, _with_why(text, phase.why))

    def _shown_buttons(self) -> list[QPushButton]:
        return [button for button in (self._retry, self._other) if not button.isHidden()]

    def _beside(self, shown: list[QPushButton]) -> int:
        """How wide text and buttons are on one line, without the reason, which can be shortened."""
        return INSET + self._text_width + sum(SIZES.gap_wide + button.sizeHint().width() for button in shown)

    def _line(self) -> int:
        """The height of the line with the text."""
        shown = self._shown_buttons()
        fits = not shown or self._beside(shown) <= self.width()
        return self.height() if fits else self._theme.line_height("small")

    def _text_room(self) -> int:
        """How wide the text may be."""
        shown = self._shown_buttons()
        if self._beside(shown) > self.width():
            return self.width() - INSET
        return self.width() - (self._beside(shown) - self._text_width)

    def _place_buttons(self) -> None:
        shown, line = self._shown_buttons(), self._line()
        below = line < self.height()
        beside = INSET + min(self._text_width + self._why_width, self._text_room()) + SIZES.gap_wide
        left = INSET if below else beside
        for button in shown:
            size = button.sizeHint()
            button.setGeometry(left, line if below else 0, size.width(), size.height())
            left += size.width() + SIZES.gap_wide

    def _on_retry(self) -> None:
        if self._said is not None:
            self._view_model.wake(self._said.reply_id)

    def _on_other(self) -> None:
        if self._said is not None:
            self._view_model.otherModelWanted.emit(self._said.reply_id)

    def _button(self, text: str) -> QPushButton:
        button = make_button(text, "link")
        button.setParent(self)
        button.hide()
        return button


def _with_why(text: str, why: str) -> str:
    return f"{text} · {why}" if why else text
