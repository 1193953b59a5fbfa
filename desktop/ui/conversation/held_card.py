"""The held card: a message that an earlier Parley did not send, and what can be done with it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from desktop.ui.conversation.waiting import Waiting
from desktop.ui.theme import Theme
from desktop.ui.tokens import SIZES
from desktop.ui.widgets.button import make_button
from desktop.ui.widgets.label import make_label

SENTENCE = "Parley ended before this was sent. Nothing has left this computer."


class HeldCard(QFrame):
    """Asks whether a message shall be sent after all."""

    releaseWanted = Signal()
    takeBackWanted = Signal()

    def __init__(self, waiting: Waiting, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self.setAccessibleName("Not sent")
        self.setAccessibleDescription(SENTENCE)
        send, take_back = make_button("Send", "primary"), make_button("Take back", "outline")
        send.setAccessibleName("Send held message")
        self.buttons = (send, take_back)
        for button in self.buttons:
            button.setAccessibleDescription(waiting.text[:80])
        row = QHBoxLayout()
        row.setSpacing(SIZES.gap)
        row.addWidget(send)
        row.addWidget(take_back)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(SIZES.radius_bubble, SIZES.code_side, SIZES.radius_bubble, SIZES.code_side)
        column.setSpacing(SIZES.gap_row)
        column.addWidget(make_label(SENTENCE, theme.font("ui"), wrap=True))
        column.addLayout(row)
        send.clicked.connect(lambda _checked=False: self.releaseWanted.emit())
        take_back.clicked.connect(lambda _checked=False: self.takeBackWanted.emit())

    def height_at(self, width: int) -> int:
        """How high it is at a width."""
        return self.heightForWidth(width)
