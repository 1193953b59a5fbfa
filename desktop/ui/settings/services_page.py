"""The settings window's page of services."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QMenu, QVBoxLayout, QWidget

from desktop.domain.service import Service, Wire
from desktop.ui.accessibility import follow_selection
from desktop.ui.settings.service_form import ServiceForm
from desktop.ui.settings.view_model import ServicesViewModel, new_service
from desktop.ui.theme import Theme
from desktop.ui.tokens import SIZES
from desktop.ui.widgets.button import make_button
from desktop.ui.widgets.label import make_label

ServiceRole = Qt.ItemDataRole.UserRole

_WIRES = (
    ("Anthropic", Wire.ANTHROPIC),
    ("Gemini", Wire.GEMINI),
    ("OpenAI Responses", Wire.RESPONSES),
    ("OpenAI-compatible", Wire.CHAT_COMPLETIONS),
    ("Ollama", Wire.OLLAMA),
)


class ServicesPage(QWidget):
    """All services that are set up, and a form for the chosen one."""

    def __init__(self, view_model: ServicesViewModel, theme: Theme) -> None:
        super().__init__()
        self._view_model = view_model
        self._wanted = ""
        self._adding = False
        self._list = QListWidget()
        self._list.setAccessibleName("Services")
        self._list.setProperty("kind", "boxed")
        self._add = make_button("Add service")
        self._menu = QMenu(self)
        self._add.setMenu(self._menu)
        self._form = ServiceForm(view_model, theme)
        self._form.hide()  # until there is a service to show
        top = QHBoxLayout()
        top.addWidget(make_label("Services", theme.font("title")))
        top.addStretch(1)
        top.addWidget(self._add)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SIZES.gap_wide)
        column.addLayout(top)
        column.addWidget(self._list)
        column.addWidget(self._form)
        column.addStretch(1)
        self._menu.aboutToShow.connect(self._fill_menu)
        follow_selection(self._list)
        self._list.currentItemChanged.connect(lambda item, _before: self._show(item))
        view_model.changed.connect(self._refresh)
        view_model.saved.connect(self._expect)
        view_model.removed.connect(self._on_removed)
        self._refresh()

    def start_adding(self) -> None:
        """Go to the first service that can be added and needs a key, now or when the list has arrived."""
        service = next((one for one in self._view_model.addable() if one.needs_key), None)
        self._adding = service is None and not self._view_model.declared
        if service is not None:
            self._edit_new(service)

    def show_service(self, service_id: str) -> None:
        """Choose a service, now or when the list has arrived."""
        self._wanted = service_id
        self._refresh()

    def _on_removed(self, service_id: str) -> None:
        if self._form.service_id == service_id:
            self._list.setCurrentRow(-1)
            self._form.hide()
            self._list.setFocus()

    def _expect(self, service_id: str) -> None:
        self._wanted = service_id

    def _refresh(self) -> None:
        row = self._list.currentRow()
        shown = self._list.item(row).data(ServiceRole).id if row >= 0 else ""
        listed = tuple(self._list.item(row).data(ServiceRole) for row in range(self._list.count()))
        if listed != self._view_model.services:
            self._fill_list()
        self._choose(self._wanted or shown)
        if self._adding:
            self.start_adding()

    def _fill_list(self) -> None:
        self._list.blockSignals(True)
        self._list.clear()
        for service in self._view_model.services:
            item = QListWidgetItem(f"{service.name} · {service.destination}")
            item.setData(ServiceRole, service)
            item.setSizeHint(QSize(0, SIZES.row))
            self._list.addItem(item)
        self._list.blockSignals(False)
        self._list.setFixedHeight(min(max(self._list.count(), 2), 5) * SIZES.row + SIZES.unit)

    def _choose(self, service_id: str) -> None:
        rows = range(self._list.count())
        row = next((row for row in rows if self._list.item(row).data(ServiceRole).id == service_id), None)
        if row is not None:
            self._wanted = ""
            self._list.setCurrentRow(row)

    def _show(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self._show_form(item.data(ServiceRole))

    def _show_form(self, service: Service) -> None:
        self._form.show_service(service)
        self._form.show()

    def _fill_menu(self) -> None:
        self._menu.clear()
        for service in self._view_model.addable():
            self._menu.addAction(service.name).triggered.connect(
                lambda _checked=False, chosen=service: self._edit_new(chosen)
            )
        self._menu.addSeparator()
        for name, wire in _WIRES:
            self._menu.addAction(f"{name} address…").triggered.connect(
                lambda _checked=False, chosen=wire: self._edit_new(new_service(chosen))
            )

    def _edit_new(self, service: Service) -> None:
        self._list.setCurrentRow(-1)
        self._show_form(service)
        self._form.focus_key()
