"""The settings window's page of plain settings, derived from their declarations."""

from enum import StrEnum

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QFormLayout, QVBoxLayout, QWidget

from desktop.domain.model import ModelRef
from desktop.domain.settings import Declaration, declarations
from desktop.ui.icons import Icons
from desktop.ui.models.view_model import ModelsViewModel
from desktop.ui.preferences import Preferences
from desktop.ui.theme import Theme
from desktop.ui.tokens import SIZES
from desktop.ui.widgets.choice_box import ChoiceBox
from desktop.ui.widgets.label import make_label
from desktop.ui.widgets.number_field import NumberField

_LIMITS = {"max_retries": (0, 20), "retry_delay_s": (0.1, 30.0), "request_timeout_s": (5.0, 3600.0)}
_WORDS = {"ctrl+enter": "Ctrl+Enter"}
_MODEL_PARTS = ("default_service", "default_model")


class GeneralPage(QWidget):
    """Default model, theme, send key, retries and time limit; each change holds at once."""

    def __init__(self, preferences: Preferences, models: ModelsViewModel, theme: Theme, icons: Icons) -> None:
        super().__init__()
        self._preferences = preferences
        self._models = models
        self._theme = theme
        self._icons = icons
        self._form = QFormLayout()
        self._form.setVerticalSpacing(SIZES.gap_wide)
        self._form.setHorizontalSpacing(SIZES.gap_page)
        self._default = ChoiceBox(self._icons)
        self._default.setAccessibleName("Default model")
        self._default.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._default.setMinimumContentsLength(28)
        self._add_row("Default model", "The model that answers a new chat.", self._default)
        for declared in declarations():
            if declared.name not in _MODEL_PARTS:
                self._add_row(declared.label, declared.help, self._make_field(declared))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SIZES.gap_wide)
        column.addWidget(make_label("General", theme.font("title")))
        column.addLayout(self._form)
        column.addStretch(1)
        self._default.activated.connect(lambda _row: self._take_default())
        models.changed.connect(self._fill_default)
        preferences.changed.connect(self._fill_default)
        self._fill_default()

    def _add_row(self, label: str, help_text: str, field: QWidget) -> None:
        field.setAccessibleName(label)
        field.setAccessibleDescription(help_text)
        name = make_label(label, self._theme.font("ui"))
        name.setBuddy(field)
        name.setFixedHeight(SIZES.field)
        field.setFixedHeight(SIZES.field)
        words = QVBoxLayout()
        words.setSpacing(SIZES.unit)
        if isinstance(field, NumberField):
            words.addWidget(field, 0, Qt.AlignmentFlag.AlignLeft)
        else:
            words.addWidget(field)
        words.addWidget(make_label(help_text, self._theme.font("meta"), "dim", wrap=True))
        self._form.addRow(name, words)

    def _make_field(self, declared: Declaration) -> QWidget:
        value = getattr(self._preferences.settings, declared.name)
        if isinstance(value, StrEnum):
            return self._make_choice(declared.name, value)
        field = NumberField(value, *_LIMITS[declared.name])
        field.setFixedWidth(SIZES.number_field)
        field.changed.connect(lambda number: self._preferences.change(**{declared.name: number}))
        return field

    def _make_choice(self, name: str, value: StrEnum) -> ChoiceBox:
        box = ChoiceBox(self._icons)
        for member in type(value):
            box.addItem(_WORDS.get(member.value, member.value.capitalize()), member)
        box.setCurrentIndex(list(type(value)).index(value))
        members = list(type(value))
        box.activated.connect(lambda row: self._preferences.change(**{name: members[row]}))
        return box

    def _fill_default(self) -> None:
        current = self._preferences.default_model
        refs = [model.ref for listed in self._models.listed for model in listed.models]
        self._default.clear()
        for ref in refs if current in refs else [current, *refs]:
            words = self._models.destination(ref)
            self._default.addItem(f"{ref.name} · {words.words}" if words else ref.name, ref)
            if ref == current:
                self._default.setCurrentIndex(self._default.count() - 1)

    def _take_default(self) -> None:
        chosen = self._default.currentData()
        if isinstance(chosen, ModelRef):
            self._preferences.choose_default(chosen)
