"""A form of plain settings, derived from their declarations."""

from collections.abc import Iterable, Sequence
from enum import StrEnum

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFormLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from desktop.domain.errors import BadAddress
from desktop.domain.proxy import parse_proxy
from desktop.domain.settings import declarations
from desktop.ui.icons import Icons
from desktop.ui.preferences import Preferences
from desktop.ui.theme import Theme
from desktop.ui.tokens import SIZES
from desktop.ui.widgets.choice_box import ChoiceBox
from desktop.ui.widgets.label import make_label, set_tone
from desktop.ui.widgets.number_field import NumberField

_LIMITS = {
    "max_retries": (0, 20),
    "retry_delay_s": (0.1, 30.0),
    "request_timeout_s": (5.0, 3600.0),
    "total_timeout_s": (0.0, 86_400.0),
    "concurrent_cloud": (1, 32),
    "concurrent_local": (1, 16),
}
_ANY_NUMBER = (0.0, 1_000_000.0)
_WORDS = {"ctrl+enter": "Ctrl+Enter"}
_CHECKS = {"proxy": parse_proxy}


class SettingForm(QFormLayout):
    """One field for each setting, each change holding at once.

    Args:
        names: the settings, as `Settings` names them; their order is that of their declarations.
    """

    def __init__(self, names: Iterable[str], preferences: Preferences, theme: Theme, icons: Icons) -> None:
        super().__init__()
        self._preferences = preferences
        self._theme = theme
        self._icons = icons
        self.setVerticalSpacing(SIZES.gap_wide)
        self.setHorizontalSpacing(SIZES.gap_page)
        self.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        wanted = set(names)
        for declared in declarations():
            if declared.name in wanted:
                help_line = make_label(declared.help, theme.font("meta"), "dim", wrap=True)
                self.add_setting(declared.label, self._make_field(declared.name, help_line), help_line)

    def add_setting(self, label: str, field: QWidget, help_line: QLabel, row: int = -1) -> None:
        """Add a row, at the end or elsewhere: a label, its field, and below it what it is for."""
        field.setAccessibleName(label)
        field.setAccessibleDescription(help_line.text())
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
        words.addWidget(help_line)
        self.insertRow(row, name, words)

    def _make_field(self, name: str, help_line: QLabel) -> QWidget:
        value = getattr(self._preferences.settings, name)
        if isinstance(value, StrEnum):
            return self._make_choice(name, list(type(value)))
        if isinstance(value, bool):
            return self._make_choice(name, (False, True))
        if isinstance(value, str):
            return self._make_text(name, value, help_line)
        field = NumberField(value, *_LIMITS.get(name, _ANY_NUMBER))
        field.setFixedWidth(SIZES.number_field)
        field.changed.connect(lambda number: self._preferences.change(**{name: number}))
        return field

    def _make_choice(self, name: str, values: Sequence[object]) -> ChoiceBox:
        box = ChoiceBox(self._icons)
        for value in values:
            box.addItem(_word(value))
        box.setCurrentIndex(values.index(getattr(self._preferences.settings, name)))
        box.activated.connect(lambda row: self._preferences.change(**{name: values[row]}))
        return box

    def _make_text(self, name: str, value: str, help_line: QLabel) -> QLineEdit:
        field = QLineEdit(value)
        help_text = help_line.text()

        def take() -> None:
            try:
                text = _CHECKS.get(name, str.strip)(field.text())
            except BadAddress as error:
                help_line.setText(error.sentence)
                set_tone(help_line, "error")
                return
            help_line.setText(help_text)
            set_tone(help_line, "dim")
            field.setText(text)
            self._preferences.change(**{name: text})

        field.editingFinished.connect(take)
        return field


def _word(value: object) -> str:
    """A value that can be chosen, in a word."""
    if isinstance(value, bool):
        return "On" if value else "Off"
    return _WORDS.get(str(value), str(value).capitalize())
