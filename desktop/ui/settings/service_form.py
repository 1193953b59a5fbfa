"""The form for one service."""

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from desktop.domain.service import Service, Wire
from desktop.ui.accessibility import announce
from desktop.ui.settings.view_model import Edited, Outcome, ServicesViewModel
from desktop.ui.theme import Theme
from desktop.ui.tokens import SIZES
from desktop.ui.widgets.button import make_button
from desktop.ui.widgets.label import make_label, set_tone

COUNTED_AFTER_S = 2

_EXAMPLES = {
    Wire.OLLAMA: "http://127.0.0.1:11434",
    Wire.CHAT_COMPLETIONS: "https://api.example.com/v1",
    Wire.RESPONSES: "https://api.example.com/v1",
    Wire.ANTHROPIC: "https://api.example.com",
    Wire.GEMINI: "https://api.example.com",
}


class ServiceForm(QWidget):
    """Edits one service; a key can be written but is never shown again."""

    def __init__(self, view_model: ServicesViewModel, theme: Theme) -> None:
        super().__init__()
        self._view_model = view_model
        self._service: Service | None = None
        self._asked_s = 0
        self._name = _make_field("Name")
        self._address = _make_field("Base URL")
        self._key = _make_field("Key")
        self._key.setEchoMode(QLineEdit.EchoMode.Password)
        self._key_line = make_label("", theme.font("meta"), "dim", wrap=True)
        self._kept_line = make_label("", theme.font("meta"), "dim", wrap=True)
        self._result = make_label("", theme.font("small"), wrap=True)
        self._detail = make_label("", theme.font("meta"), "dim", wrap=True)
        self._guide_line = make_label("The guide is part of Parley: no address, no key.", theme.font("small"), "dim")
        self._test = make_button("Test")
        self._save = make_button("Save", "primary")
        self._forget = make_button("Forget key", "link")
        self._remove = make_button("Remove", "link")
        self._sure_line = make_label("", theme.font("small"), wrap=True)
        self._sure = make_button("Yes, remove")
        self._keep = make_button("Keep")
        self._second = QTimer(self, interval=1000)
        self._lay_out()
        self._connect()

    @property
    def service_id(self) -> str:
        """The service that is shown, empty while none is."""
        return "" if self._service is None else self._service.id

    def show_service(self, service: Service) -> None:
        """Show a service as it is set up."""
        self._end_test()
        self._service = service
        self._name.setText(service.name)
        self._address.setText("" if service.address is None else str(service.address))
        self._address.setPlaceholderText(_EXAMPLES.get(service.wire, ""))
        self._key.clear()
        self._say("")
        self._ask_whether_sure(asked=False)
        own = service.wire is not Wire.GUIDE
        self._fields.setVisible(own)
        self._guide_line.setVisible(not own)
        self._refresh()

    def focus_key(self) -> None:
        """Put the cursor where the next thing is to be written."""
        (self._key if self._address.text() else self._address).setFocus()

    def _lay_out(self) -> None:
        self._fields = QWidget()
        form = QFormLayout(self._fields)
        form.setContentsMargins(0, 0, 0, 0)
        form.setVerticalSpacing(SIZES.gap)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for field in (self._name, self._address, self._key):
            label = make_label(field.accessibleName(), self._result.font())
            label.setBuddy(field)
            form.addRow(label, field)
        form.addRow("", _below_each_other(self._key_line, self._kept_line))
        self._buttons = _beside_each_other(self._test, self._save, self._forget, self._remove)
        self._question = _beside_each_other(self._sure_line, self._sure, self._keep)
        form.addRow("", self._buttons)
        form.addRow("", self._question)
        form.addRow("", _below_each_other(self._result, self._detail))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._guide_line)
        column.addWidget(self._fields)

    def _connect(self) -> None:
        self._test.clicked.connect(lambda _checked=False: self._begin_test())
        self._save.clicked.connect(lambda _checked=False: self._with_edited(self._view_model.save))
        self._forget.clicked.connect(lambda _checked=False: self._with_service(self._view_model.forget_key))
        self._remove.clicked.connect(lambda _checked=False: self._ask_whether_sure(asked=True))
        self._keep.clicked.connect(lambda _checked=False: self._ask_whether_sure(asked=False))
        self._sure.clicked.connect(lambda _checked=False: self._with_service(self._view_model.remove))
        self._second.timeout.connect(self._count)
        self._view_model.changed.connect(self._refresh)
        self._view_model.tested.connect(self._show_outcome)
        self._view_model.saved.connect(lambda _service_id: self._key.clear())

    def _refresh(self) -> None:
        if self._service is None:
            return
        self._key_line.setText(self._view_model.key_line(self._service))
        status = self._view_model.status
        self._kept_line.setText("" if status is None else status.sentence)
        self._forget.setVisible(self._view_model.has_own_key(self._service))
        self._remove.setVisible(any(one.id == self._service.id for one in self._view_model.services))

    def _ask_whether_sure(self, *, asked: bool) -> None:
        """Ask in place before a service is removed, since its key cannot be brought back."""
        had_focus = any(button.hasFocus() for button in (self._remove, self._sure, self._keep))
        if asked and self._service is not None:
            key = " and its key" if self._view_model.has_own_key(self._service) else ""
            self._sure_line.setText(f"Remove {self._service.name}{key}?")
            announce(self, self._sure_line.text())
        self._buttons.setVisible(not asked)
        self._question.setVisible(asked)
        if had_focus:
            (self._keep if asked else self._remove).setFocus()

    def _begin_test(self) -> None:
        self._asked_s = 0
        self._test.setEnabled(False)
        self._second.start()
        self._say("Asking…")
        announce(self, "Asking…")
        self._with_edited(self._view_model.test)

    def _count(self) -> None:
        self._asked_s += 1
        if self._asked_s >= COUNTED_AFTER_S:
            self._say(f"Asking… {self._asked_s} s")

    def _end_test(self) -> None:
        self._second.stop()
        self._test.setEnabled(True)

    def _show_outcome(self, outcome: Outcome) -> None:
        if outcome.service_id != self.service_id:
            return
        self._end_test()
        self._say(outcome.sentence, outcome.detail)
        set_tone(self._result, "good" if outcome.good else "error")
        announce(self, outcome.sentence)

    def _say(self, sentence: str, detail: str = "") -> None:
        self._result.setText(sentence)
        self._detail.setText(detail)
        self._detail.setVisible(bool(detail))
        set_tone(self._result, "dim")

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


def _below_each_other(*labels: QLabel) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(0)
    for label in labels:
        column.addWidget(label)
    return column


def _beside_each_other(*widgets: QLabel | QPushButton) -> QWidget:
    line = QWidget()
    row = QHBoxLayout(line)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(SIZES.gap)
    for widget in widgets:
        row.addWidget(widget)
    row.addStretch(1)
    return line
