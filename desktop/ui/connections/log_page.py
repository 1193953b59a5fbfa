"""The settings window's page of connections."""

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.ui.connections.columns import LOG
from desktop.ui.connections.log_view_model import ConnectionLogViewModel
from desktop.ui.connections.table import AttemptTable
from desktop.ui.theme import Theme
from desktop.ui.tokens import SIZES
from desktop.ui.widgets.button import make_button
from desktop.ui.widgets.label import make_label

WHAT_IT_IS = (
    "Every request that left Parley, newest first. Nothing else is sent: no telemetry, no look for updates. "
    "What was sent for a reply is shown by Details below it."
)
NOTHING = "Nothing has been sent so far."


class ConnectionsPage(QWidget):
    """Lists who was asked, when and why; older requests come while one scrolls."""

    def __init__(self, view_model: ConnectionLogViewModel, theme: Theme) -> None:
        super().__init__()
        self._view_model = view_model
        self._table = AttemptTable(LOG, theme, "Connections")
        self._nothing = make_label(NOTHING, theme.font("small"), "dim")
        again = make_button("Look again")
        top = QHBoxLayout()
        top.addWidget(make_label("Connections", theme.font("title")))
        top.addStretch(1)
        top.addWidget(again)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SIZES.gap_wide)
        column.addLayout(top)
        column.addWidget(make_label(WHAT_IT_IS, theme.font("meta"), "dim", wrap=True))
        column.addWidget(self._nothing)
        column.addWidget(self._table, 1)
        again.clicked.connect(lambda _checked=False: view_model.refresh())
        self._table.rows.moreWanted.connect(view_model.load_more)
        view_model.changed.connect(self._refresh)
        self._refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._view_model.refresh()

    def _refresh(self) -> None:
        attempts = self._view_model.attempts
        self._nothing.setVisible(not attempts)
        self._table.rows.show_attempts(attempts, can_grow=self._view_model.has_more)
