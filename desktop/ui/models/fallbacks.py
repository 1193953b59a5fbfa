"""The models that stand in where a conversation's own does not answer."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QComboBox, QDialog, QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from desktop.domain.model import ModelRef
from desktop.ui.accessibility import follow_selection
from desktop.ui.icons import Icons
from desktop.ui.models.view_model import ModelsViewModel
from desktop.ui.theme import Theme
from desktop.ui.tokens import SIZES
from desktop.ui.widgets.button import make_button
from desktop.ui.widgets.choice_box import ChoiceBox
from desktop.ui.widgets.label import make_label

RULE = (
    "Asked in this order, with the whole conversation. A local model never goes to the cloud by itself: only models "
    "that reach no farther than {name} are asked."
)
TOO_FAR = "not asked: goes farther"

_ModelRole = Qt.ItemDataRole.UserRole


class FallbacksDialog(QDialog):
    """An ordered list of models, empty at first; each change holds at once.

    Args:
        model: the conversation's own.
        chosen: what stands in now.
    """

    changed = Signal(object)  # tuple[ModelRef, ...]

    def __init__(
        self,
        models: ModelsViewModel,
        model: ModelRef,
        chosen: tuple[ModelRef, ...],
        theme: Theme,
        icons: Icons,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._models = models
        self._model = model
        self._chosen = list(chosen)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("If it does not answer — Parley")
        self.setAccessibleName("If it does not answer")
        self.resize(SIZES.fallbacks_width, SIZES.fallbacks_height)
        self._list = QListWidget()
        self._list.setAccessibleName("Models that stand in")
        self._list.setProperty("kind", "boxed")
        self._nothing = make_label("No model stands in.", theme.font("small"), "dim")
        self._offer = ChoiceBox(icons)
        self._offer.setAccessibleName("Model to add")
        self._offer.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._add = make_button("Add")
        self._earlier = make_button("Move up")
        self._later = make_button("Move down")
        self._remove = make_button("Remove")
        self._close = make_button("Done", "primary")
        self._lay_out(theme)
        self._connect()
        self._fill(0)
        self._fill_offer()
        models.refresh()

    def _lay_out(self, theme: Theme) -> None:
        adding, buttons = QHBoxLayout(), QHBoxLayout()
        for row in (adding, buttons):
            row.setSpacing(SIZES.gap)
        adding.addWidget(self._offer, 1)
        adding.addWidget(self._add)
        for button in (self._earlier, self._later, self._remove):
            buttons.addWidget(button)
        buttons.addStretch(1)
        buttons.addWidget(self._close)
        column = QVBoxLayout(self)
        column.setContentsMargins(SIZES.gap_page, SIZES.gap_page, SIZES.gap_page, SIZES.gap_page)
        column.setSpacing(SIZES.gap_wide)
        column.addWidget(make_label(f"If {self._model.name} does not answer", theme.font("title"), wrap=True))
        column.addWidget(make_label(RULE.format(name=self._model.name), theme.font("meta"), "dim", wrap=True))
        column.addLayout(adding)
        column.addWidget(self._nothing)
        column.addWidget(self._list, 1)
        column.addLayout(buttons)

    def _connect(self) -> None:
        self._models.changed.connect(self._fill_offer)
        self._add.clicked.connect(lambda _checked=False: self._on_add())
        self._remove.clicked.connect(lambda _checked=False: self._on_remove())
        self._earlier.clicked.connect(lambda _checked=False: self._on_move(-1))
        self._later.clicked.connect(lambda _checked=False: self._on_move(1))
        self._close.clicked.connect(self.close)
        self._list.currentRowChanged.connect(lambda _row: self._show_buttons())
        follow_selection(self._list)

    def _fill(self, row: int) -> None:
        self._list.clear()
        for ref in self._chosen:
            item = QListWidgetItem(self._words(ref))
            item.setData(_ModelRole, ref)
            item.setSizeHint(QSize(0, SIZES.row))
            self._list.addItem(item)
        self._list.setCurrentRow(min(row, len(self._chosen) - 1))
        self._nothing.setVisible(not self._chosen)
        self._list.setVisible(bool(self._chosen))
        self._show_buttons()

    def _fill_offer(self) -> None:
        current = self._offer.currentData()
        self._offer.clear()
        refs = [model.ref for listed in self._models.listed for model in listed.models]
        for ref in refs:
            if ref != self._model and ref not in self._chosen and self._models.can_stand_in(ref, self._model):
                self._offer.addItem(self._words(ref), ref)
                if ref == current:
                    self._offer.setCurrentIndex(self._offer.count() - 1)
        self._add.setEnabled(self._offer.count() > 0)
        self._fill(max(self._list.currentRow(), 0))

    def _words(self, ref: ModelRef) -> str:
        where = self._models.destination(ref)
        parts = [ref.name, where.words if where else "", "" if self._models.can_stand_in(ref, self._model) else TOO_FAR]
        return " · ".join(part for part in parts if part)

    def _show_buttons(self) -> None:
        row = self._list.currentRow()
        self._remove.setEnabled(row >= 0)
        self._earlier.setEnabled(row > 0)
        self._later.setEnabled(0 <= row < len(self._chosen) - 1)

    def _on_add(self) -> None:
        ref = self._offer.currentData()
        if isinstance(ref, ModelRef):
            self._chosen.append(ref)
            self._tell(len(self._chosen) - 1)

    def _on_remove(self) -> None:
        row = self._list.currentRow()
        if row >= 0:
            del self._chosen[row]
            self._tell(row)

    def _on_move(self, step: int) -> None:
        row = self._list.currentRow()
        if 0 <= row + step < len(self._chosen):
            self._chosen.insert(row + step, self._chosen.pop(row))
            self._tell(row + step)

    def _tell(self, row: int) -> None:
        self._fill(row)
        self._fill_offer()
        self.changed.emit(tuple(self._chosen))
