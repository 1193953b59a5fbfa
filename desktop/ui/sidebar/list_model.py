"""The sidebar's rows as Qt wants them."""

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from desktop.domain.conversation import Conversation
from desktop.ui.sidebar.view_model import Mark, SidebarViewModel

AnyIndex = QModelIndex | QPersistentModelIndex

ConversationRole = Qt.ItemDataRole.UserRole
MarkRole = Qt.ItemDataRole.UserRole + 1


class ConversationListModel(QAbstractListModel):
    """Headings and conversations in one list; headings cannot be chosen."""

    renamed = Signal(int, str)

    def __init__(self, view_model: SidebarViewModel) -> None:
        super().__init__()
        self._view_model = view_model
        self._rows: list[str | Conversation] = []
        view_model.changed.connect(self._refresh)
        self._refresh()

    def row_of(self, conversation_id: int | None) -> QModelIndex:
        """Where a conversation stands; an invalid index when it does not."""
        for row, entry in enumerate(self._rows):
            if isinstance(entry, Conversation) and entry.id == conversation_id:
                return self.index(row)
        return QModelIndex()

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._rows)

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        if not index.isValid() or isinstance(self._rows[index.row()], str):
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEditable

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        entry = self._rows[index.row()]
        if isinstance(entry, str):
            return entry if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole) else None
        return self._data_of(entry, role)

    def setData(self, index: AnyIndex, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        entry = self._rows[index.row()] if index.isValid() else None
        if role != Qt.ItemDataRole.EditRole or not isinstance(entry, Conversation):
            return False
        self.renamed.emit(entry.id, str(value))
        return True

    def _data_of(self, conversation: Conversation, role: int) -> object:
        mark = self._view_model.mark(conversation.id)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return conversation.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{conversation.title}, {mark.value}" if mark is not Mark.NONE else conversation.title
        if role == ConversationRole:
            return conversation
        return mark if role == MarkRole else None

    def _refresh(self) -> None:
        rows: list[str | Conversation] = []
        for group in self._view_model.groups():
            rows.append(group.heading)
            rows.extend(group.conversations)
        same_places = [_key(one) for one in rows] == [_key(one) for one in self._rows]
        if same_places and rows:
            self._rows = rows  # no reset, so that a title being edited stays open
            self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
            return
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()


def _key(entry: str | Conversation) -> str | int:
    return entry if isinstance(entry, str) else entry.id
