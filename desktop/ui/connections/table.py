"""A list of requests."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from desktop.ui.accessibility import follow_selection
from desktop.ui.connections.columns import Column
from desktop.ui.connections.table_model import AttemptTableModel
from desktop.ui.theme import Theme
from desktop.ui.tokens import SIZES


class AttemptTable(QTableView):
    """Shows requests in columns that share its width; what does not fit ends in an ellipsis and is a tool tip."""

    def __init__(self, columns: tuple[Column, ...], theme: Theme, name: str) -> None:
        super().__init__()
        self._columns = columns
        self.rows = AttemptTableModel(columns)
        self.setModel(self.rows)
        self.setAccessibleName(name)
        self.setProperty("kind", "boxed")
        self.setFont(theme.font("meta"))
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(SIZES.table_row)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setStretchLastSection(True)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setMinimumSectionSize(SIZES.icon)
        follow_selection(self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        room, shares = self.viewport().width(), sum(column.share for column in self._columns)
        for number, column in enumerate(self._columns):
            self.setColumnWidth(number, room * column.share // shares)
