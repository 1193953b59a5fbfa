"""The form for one service."""

from collections.abc import Callable

from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from desktop.domain.service import Service, Wire
from desktop.ui.accessibility import announce
from desktop.ui.settings.view_model import Edited, ServicesViewModel
from desktop.ui.theme import Theme
from desktop.ui.tokens import SIZES
from desktop.ui.widgets.button import make_button
from desktop.ui.widgets.label import make_label, set_tone

_EXAMPLES = {Wire.OLLAMA: "http://127.0.0.1:11434", Wire.CHAT_COMPLETIONS: "https://api.example.com/v1"}


class ServiceForm(QWidget):
    """Edits one service; a key can be written but is never shown again."""

    def __init__(self, view_model: ServicesViewModel, theme: Theme) -> None:
        super().__init__()
        self._view_model = view_model
        self._service: Service | None = None
        self._name = _make_field("Name")
        self._address = _make_field("Base URL")
        self._key = _make_field("Key")
        self._key.setEchoMode(QLineEdit.EchoMode.Password)
        self._key_line = make_label("", theme.font("meta"), "dim", wrap=True)
        self._kept_line = make_label("", theme.font("meta"), "dim", wrap=True)
        self._result = make_label("", theme.font("small"), wrap=True)
        self._guide_line = make_label("The guide is part of Parley: no address, no key.", theme.font("small"), "dim")
        self._test = make_button("Test")
        self._save = make_button("Save", "primary")
        self._forget = make_button("Forget key", "link")
        self._remove = make_button("Remove", "link")
        self._lay_out(theme)
        self._connect()

    def show_service(self, service: Service) -> None:
        """Show a service as it is set up."""
        self._service = service
        self._name.setText(service.name)
        self._address.setText("" if service.address is None else str(service.address))
        self._address.setPlaceholderText(_EXAMPLES.get(service.wire, ""))
        self._key.clear()
        self._result.clear()
        own = service.wire is not Wire.GUIDE
        self._fields.setVisible(own)
        self._guide_line.setVisible(not own)
        self._refresh()

    def focus_key(self) -> None:
        """Put the cursor where the next thing is to be written."""
        (self._key if self._address.text() else self._address).setFocus()

    def _lay_out(self, theme: Theme) -> None:
        self._fields = QWidget()
        form = QFormLayout(self._fields)
        form.setContentsMargins(0, 0, 0, 0)
        form.setVerticalSpacing(SIZES.gap)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for field in (self._name, self._address, self._key):
            label = make_label(field.accessibleName(), theme.font("small"))
            label.setBuddy(field)
            form.addRow(label, field)
        about_key = QVBoxLayout()
        about_key.setSpacing(0)
        about_key.addWidget(self._key_line)
        about_key.addWidget(self._kept_line)
        form.addRow("", about_key)
        buttons = QHBoxLayout()
        buttons.setSpacing(SIZES.gap)
        for button in (self._test, self._save, self._forget, self._remove):
            buttons.addWidget(button)
        buttons.addStretch(1)
        form.addRow("", buttons)
        form.addRow("", self._result)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._guide_line)
        column.addWidget(self._fields)
        column.addStretch(1)

    def _connect(self) -> None:
        self._test.clicked.connect(lambda _checked=False: self._with_edited(self._view_model.test))
        self._save.clicked.connect(lambda _checked=False: self._with_edited(self._view_model.save))
        self._forget.clicked.connect(lambda _checked=False: self._with_service(self._view_model.forget_key))
        self._remove.clicked.connect(lambda _checked=False: self._with_service(self._view_model.remove))
        self._view_model.changed.connect(self._refresh)
        self._view_model.tested.connect(self._show_result)
        self._view_model.saved.connect(lambda _service_id: self._key.clear())

    def _refresh(self) -> None:
        if self._service is None:
            return
        self._key_line.setText(self._view_model.key_line(self._service))
        status = self._view_model.status
        self._kept_line.setText("" if status is None else status.sentence)
        self._forget.setVisible(self._view_model.has_own_key(self._service))
        self._remove.setVisible(any(one.id == self._service.id for one in self._view_model.services))

    def _show_result(self, sentence: str, good: bool) -> None:  # noqa: FBT001 - a slot
        self._result.setText(sentence)
        set_tone(self._result, "good" if good else "error")
        announce(self, sentence)

    def _with_edited(self, act: Callable[[Edited], None]) -> None:
        if self._service is not None:
            act(Edited(self._service, self._name.text(), self._address.text(), self._key.text().strip()))

    def _with_service(self, act: Callable[[Service], None]) -> None:
        if self._service is not None:
            act(self._service)


def _make_field(name: str) -> QLineEdit:
    field = QLineEdit()
    field.setAccessibleName(name)
    return field
