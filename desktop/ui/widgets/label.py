"""Labels that show text as it is."""

from typing import Literal

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy

Tone = Literal["", "dim", "faint", "error", "good"]


def make_label(text: str, font: QFont, tone: Tone = "", *, wrap: bool = False) -> QLabel:
    """A label of plain text."""
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setFont(font)
    label.setWordWrap(wrap)
    if tone:
        label.setProperty("tone", tone)
    return label


def set_tone(label: QLabel, tone: Tone) -> None:
    """Change a label's tone after it was shown."""
    label.setProperty("tone", tone)
    label.style().unpolish(label)
    label.style().polish(label)


class ElidedLabel(QLabel):
    """One line of plain text that ends in an ellipsis where there is no room."""

    def __init__(self, font: QFont) -> None:
        super().__init__()
        self.setFont(font)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) + 1, super().sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        text = elide(self.text(), self.fontMetrics(), self.width())
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)


def elide(text: str, metrics: QFontMetrics, width: int) -> str:
    """The text, shortened to this many pixels; line breaks become spaces."""
    return metrics.elidedText(" ".join(text.split()), Qt.TextElideMode.ElideRight, width)
