"""The error card: what went wrong in place of the missing text, and what can be done."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from desktop.domain.errors import NextStep, Problem
from desktop.ui.theme import Theme
from desktop.ui.tokens import SIZES
from desktop.ui.widgets.button import make_button
from desktop.ui.widgets.label import make_label

_WORDS = {
    NextStep.RETRY: "Retry",
    NextStep.CONTINUE: "Continue",
    NextStep.ADD_KEY: "Add key",
    NextStep.CHOOSE_MODEL: "Choose another model",
    NextStep.CHECK_SETTINGS: "Check settings",
}


class ErrorCard(QFrame):
    """Says what happened, in a sentence and in the service's own words, with a button for each next step."""

    stepChosen = Signal(object)  # NextStep
    resized = Signal()

    def __init__(self, problem: Problem, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.problem = problem
        self.setProperty("kind", "card")
        self.setAccessibleName("Problem")
        self.setAccessibleDescription(problem.sentence)
        self._sentence = make_label(problem.sentence, theme.font("ui"), wrap=True)
        self._detail = make_label(_details(problem), theme.font("small"), "dim", wrap=True)
        self._detail.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._detail.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(SIZES.radius_bubble, SIZES.code_side, SIZES.radius_bubble, SIZES.code_side)
        column.setSpacing(SIZES.gap_row)
        column.addWidget(self._sentence)
        column.addWidget(self._detail)
        column.addLayout(self._buttons())

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(SIZES.gap)
        for number, step in enumerate(self.problem.steps):
            button = make_button(_WORDS[step], "primary" if number == 0 else "outline")
            button.clicked.connect(lambda _checked=False, step=step: self.stepChosen.emit(step))
            row.addWidget(button)
        if self._detail.text():
            details = make_button("Show details", "quiet")
            details.clicked.connect(self._show_details)
            row.addWidget(details)
            self._details = details
        row.addStretch(1)
        return row

    def _show_details(self) -> None:
        shown = self._detail.isHidden()
        self._detail.setVisible(shown)
        self._details.setText("Hide details" if shown else "Show details")
        self.resized.emit()


def _details(problem: Problem) -> str:
    """The service's own words, and its own name for the request."""
    request = f"Request {problem.request_id}" if problem.request_id else ""
    return "\n\n".join(part for part in (problem.detail, request) if part)
