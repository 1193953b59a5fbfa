"""A quiet line that says something and can be put away."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QFrame, QHBoxLayout

from desktop.ui.accessibility import announce
from desktop.ui.tokens import SIZES
from desktop.ui.widgets.button import make_button
from desktop.ui.widgets.label import make_label


class NoticeBar(QFrame):
    """Says one sentence at a time, with at most one thing to do about it; never in the way."""

    def __init__(self, font: QFont, name: str) -> None:
        super().__init__()
        self.setProperty("kind", "notice")
        self.setAccessibleName(name)
        self._text = make_label("", font, wrap=True)
        self._action = make_button("", "link")
        self._dismiss = make_button("Dismiss", "link")
        self._handler: Callable[[], None] | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(SIZES.header_pad, SIZES.unit, SIZES.header_pad, SIZES.unit)
        row.setSpacing(SIZES.gap_wide)
        row.addWidget(self._text, 1)
        row.addWidget(self._action, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._dismiss, 0, Qt.AlignmentFlag.AlignTop)
        self._action.clicked.connect(self._on_action)
        self._dismiss.clicked.connect(self.hide)
        self.hide()

    def say(self, sentence: str, action: str = "", handler: Callable[[], None] | None = None) -> None:
        """Show a sentence, and a button when there is something to do."""
        self._text.setText(sentence)
        self._action.setText(action)
        self._action.setVisible(bool(action))
        self._handler = handler
        self.show()
        announce(self, sentence)

    def take_back(self, sentence: str) -> None:
        """Stop saying a sentence that holds no longer; another one stays."""
        if sentence == self.sentence:
            self.hide()

    @property
    def sentence(self) -> str:
        """What the bar says."""
        return self._text.text()

    def _on_action(self) -> None:
        self.hide()
        if self._handler is not None:
            self._handler()
