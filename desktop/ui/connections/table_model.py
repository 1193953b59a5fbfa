"""The rows of a list of requests."""

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from desktop.domain.attempt import Attempt
from desktop.ui.connections.columns import Column

AnyIndex = QModelIndex | QPersistentModelIndex


class AttemptTableModel(QAbstractTableModel):
    """Requests, one a row; asks for more when the view comes to its end.

    Args:
        can_grow: whether more may be had by asking.
    """

    moreWanted = Signal()

    def __init__(self, columns: tuple[Column, ...], *, can_grow: bool = False) -> None:
        super().__init__()
        self._columns = columns
        self._attempts: tuple[Attempt, ...] = ()
        self._can_grow = can_grow

    def show_attempts(self, attempts: tuple[Attempt, ...], *, can_grow: bool = False) -> None:
        """Take these rows; those that are only longer than before are added to, so that nothing moves."""
        known = len(self._attempts)
        self._can_grow = can_grow
        if known and len(attempts) > known and attempts[:known] == self._attempts:
            self.beginInsertRows(QModelIndex(), known, len(attempts) - 1)
            self._attempts = attempts
            self.endInsertRows()
        elif attempts != self._attempts:
            self.beginResetModel()
            self._attempts = attempts
            self.endResetModel()

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._attempts)

    def columnCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._columns[section].title
        return self._align(section) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return self._columns[index.column()].text(self._attempts[index.row()])
        return self._align(index.column()) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def canFetchMore(self, parent: AnyIndex) -> bool:
        return not parent.isValid() and self._can_grow

    def fetchMore(self, parent: AnyIndex) -> None:
        if self.canFetchMore(parent):
            self._can_grow = False  # until it was told again
            self.moreWanted.emit()

    def _align(self, column: int) -> Qt.AlignmentFlag:
        side = Qt.AlignmentFlag.AlignRight if self._columns[column].is_number else Qt.AlignmentFlag.AlignLeft
        return side | Qt.AlignmentFlag.AlignVCenter
