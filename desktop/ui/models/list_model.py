"""The rows of the model picker."""

from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from desktop.domain.model import Model, ModelRef, ServiceModels
from desktop.ui.models.view_model import ModelsViewModel

AnyIndex = QModelIndex | QPersistentModelIndex

EntryRole = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True)
class Entry:
    """One row: a service's heading, a model, or a note in place of models."""

    text: str
    model: Model | None = None
    heading: bool = False


class ModelListModel(QAbstractListModel):
    """Services as headings, their models below, or one line that says why there are none."""

    def __init__(self, view_model: ModelsViewModel) -> None:
        super().__init__()
        self._view_model = view_model
        self._filter = ""
        self._entries: list[Entry] = []
        view_model.changed.connect(self.refresh)
        self.refresh()

    def filter(self, text: str) -> None:
        """Show only models whose name or service contains the text."""
        self._filter = text.strip().casefold()
        self.refresh()

    def refresh(self) -> None:
        """Take the rows from the view-model again."""
        self.beginResetModel()
        found = [entry for listed in self._view_model.listed for entry in self._entries_of(listed)]
        self._entries = found or ([Entry("Nothing found")] if self._filter else [])
        self.endResetModel()

    def row_of(self, model: ModelRef | None) -> QModelIndex:
        """The row of this model, else of the first one there is."""
        rows = [row for row, entry in enumerate(self._entries) if entry.model is not None]
        exact = [row for row in rows if self._ref(row) == model]
        return self.index((exact or rows)[0]) if rows else QModelIndex()

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._entries)

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        if not index.isValid() or self._entries[index.row()].model is None:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        entry = self._entries[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return entry.text
        return entry if role == EntryRole else None

    def _ref(self, row: int) -> ModelRef | None:
        model = self._entries[row].model
        return None if model is None else model.ref

    def _entries_of(self, listed: ServiceModels) -> list[Entry]:
        service = listed.service
        heading = Entry(f"{service.name} · {service.destination}", heading=True)
        models = [one for one in listed.models if self._filter in f"{one.ref.name} {service.name}".casefold()]
        if models:
            return [heading, *(Entry(one.ref.name, one) for one in models)]
        if self._filter:
            return []
        if listed.problem is not None:
            return [heading, Entry(listed.problem.sentence)]
        return [heading, Entry("Looking…" if self._view_model.looking else "No models here yet.")]
