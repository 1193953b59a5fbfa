"""The settings window's first page."""

from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from desktop.domain.model import ModelRef
from desktop.domain.settings import declarations
from desktop.ui.icons import Icons
from desktop.ui.models.view_model import ModelsViewModel
from desktop.ui.preferences import Preferences
from desktop.ui.settings.network_page import NETWORK
from desktop.ui.settings.setting_form import SettingForm
from desktop.ui.theme import Theme
from desktop.ui.tokens import SIZES
from desktop.ui.widgets.choice_box import ChoiceBox
from desktop.ui.widgets.label import make_label

_MODEL_PARTS = frozenset({"default_service", "default_model"})


class GeneralPage(QWidget):
    """Default model, and every setting that has no page of its own; each change holds at once."""

    def __init__(self, preferences: Preferences, models: ModelsViewModel, theme: Theme, icons: Icons) -> None:
        super().__init__()
        self._preferences = preferences
        self._models = models
        self._default = ChoiceBox(icons)
        self._default.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._default.setMinimumContentsLength(28)
        about = make_label("The model that answers a new chat.", theme.font("meta"), "dim", wrap=True)
        form = SettingForm({one.name for one in declarations()} - NETWORK - _MODEL_PARTS, preferences, theme, icons)
        form.add_setting("Default model", self._default, about, row=0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SIZES.gap_wide)
        column.addWidget(make_label("General", theme.font("title")))
        column.addLayout(form)
        column.addStretch(1)
        self._default.activated.connect(lambda _row: self._take_default())
        models.changed.connect(self._fill_default)
        preferences.changed.connect(self._fill_default)
        self._fill_default()

    def _fill_default(self) -> None:
        current = self._preferences.default_model
        refs = [model.ref for listed in self._models.listed for model in listed.models]
        self._default.clear()
        for ref in refs if current in refs else [current, *refs]:
            words = self._models.destination(ref)
            where = words.words if words else "not set up" if self._models.is_lost(ref) else ""
            self._default.addItem(f"{ref.name} · {where}" if where else ref.name, ref)
            if ref == current:
                self._default.setCurrentIndex(self._default.count() - 1)

    def _take_default(self) -> None:
        chosen = self._default.currentData()
        if isinstance(chosen, ModelRef):
            self._preferences.choose_default(chosen)
