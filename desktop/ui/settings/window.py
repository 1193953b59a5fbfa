"""The settings window."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QScrollArea,
    QStackedWidget,
    QWidget,
)

from desktop.ui.accessibility import follow_selection
from desktop.ui.actions import Actions
from desktop.ui.connections.log_page import ConnectionsPage
from desktop.ui.icons import Icons
from desktop.ui.settings.contents import SettingsContents
from desktop.ui.settings.general_page import GeneralPage
from desktop.ui.settings.network_page import NetworkPage
from desktop.ui.settings.services_page import ServicesPage
from desktop.ui.settings.shortcuts_page import ShortcutsPage
from desktop.ui.theme import Theme
from desktop.ui.tokens import SIZES

GENERAL, SERVICES, NETWORK, CONNECTIONS, SHORTCUTS = "General", "Services", "Network", "Connections", "Shortcuts"


class SettingsWindow(QDialog):
    """All settings on a few pages; never blocks the main window."""

    def __init__(
        self,
        contents: SettingsContents,
        actions: Actions,
        theme: Theme,
        icons: Icons,
        parent: QWidget,
    ) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self._contents = contents
        self.setWindowTitle("Settings — Parley")
        self.setAccessibleName("Parley settings")
        self.resize(SIZES.settings_width, SIZES.settings_height)
        self._nav = QListWidget()
        self._nav.setAccessibleName("Pages")
        self._nav.setProperty("kind", "nav")
        self._nav.setFixedWidth(SIZES.settings_nav)
        self._pages = QStackedWidget()
        self._services_page = ServicesPage(contents.services, theme)
        self._add_page(GENERAL, GeneralPage(contents.preferences, contents.models, theme, icons))
        self._add_page(SERVICES, self._services_page)
        self._add_page(NETWORK, NetworkPage(contents.preferences, theme, icons))
        self._add_page(CONNECTIONS, ConnectionsPage(contents.connections, theme))
        self._add_page(SHORTCUTS, ShortcutsPage(actions, theme))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._nav)
        row.addWidget(self._pages, 1)
        follow_selection(self._nav)
        self._nav.currentRowChanged.connect(self._pages.setCurrentIndex)
        self._nav.setCurrentRow(0)

    def open_service(self, service_id: str) -> None:
        """Show the page of services with one of them chosen; an empty id chooses none."""
        self._services_page.show_service(service_id)
        self.open_page(SERVICES)

    def open_page(self, name: str = GENERAL) -> None:
        """Show a page."""
        found = self._nav.findItems(name, Qt.MatchFlag.MatchExactly)
        if found:
            self._nav.setCurrentItem(found[0])
        self._contents.services.refresh()
        self._contents.models.refresh()
        self.show()
        self.raise_()
        self.activateWindow()

    def open_adding(self) -> None:
        """Show the page of services with the form for a new one."""
        self.open_page(SERVICES)
        self._services_page.start_adding()

    def _add_page(self, name: str, page: QWidget) -> None:
        page.setContentsMargins(SIZES.gap_page, SIZES.gap_page, SIZES.gap_page, SIZES.gap_page)
        scroll = QScrollArea()
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(page)
        entry = QListWidgetItem(name, self._nav)
        entry.setSizeHint(QSize(0, SIZES.row))
        self._pages.addWidget(scroll)
