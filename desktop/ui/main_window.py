"""Parley's window."""

import asyncio
import contextlib
import logging
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QMainWindow, QSplitter, QStackedWidget

from desktop.domain.conversation import Conversation
from desktop.domain.errors import ParleyError
from desktop.domain.secrets import KeySource
from desktop.ui.actions import Action, Actions
from desktop.ui.chat_page import ChatPage
from desktop.ui.icons import Icons
from desktop.ui.models.view_model import ModelsViewModel
from desktop.ui.preferences import Preferences
from desktop.ui.sidebar.view import Sidebar
from desktop.ui.sidebar.view_model import SidebarViewModel
from desktop.ui.tasks import SURPRISE, Tasks
from desktop.ui.theme import Theme
from desktop.ui.tokens import SIZES
from desktop.ui.transcript import last_reply, render_transcript
from desktop.ui.widgets.copied import COPIED
from desktop.ui.window_state import WindowState

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.bridge import Bridge
    from desktop.domain.message import Message
    from desktop.ui.settings.window import SettingsWindow

FLUSH_LIMIT_S = 0.5

_log = logging.getLogger(__name__)


class MainWindow(QMainWindow):
    """Sidebar on the left, one conversation on the right; comes up empty and fills itself once told to `load`.

    Args:
        bridge: leads to the services.
        theme: colours and fonts.
        state: what the window remembered, None the first time.
        data_dir: named when the data cannot be opened.
    """

    stateChanged = Signal()  # another conversation is open: worth remembering now, in case of a crash
    closed = Signal()  # once unsaved drafts are stored: the services may stop now

    def __init__(self, bridge: "Bridge", theme: Theme, state: WindowState | None, data_dir: Path) -> None:
        super().__init__()
        self._bridge = bridge
        self._theme = theme
        self._data_dir = data_dir
        self._before = state or WindowState()
        self._closing = False
        self._target: int | None = None
        self._settings: SettingsWindow | None = None
        self.setWindowTitle("Parley")
        self.setAccessibleName("Parley")
        self.tasks = Tasks()
        self._preferences = Preferences(bridge, self.tasks)
        self._models = ModelsViewModel(bridge, self.tasks)
        self._conversations = SidebarViewModel(bridge, self.tasks)
        self._icons = Icons(theme)
        self._sidebar = Sidebar(self._conversations, theme, self._icons)
        self._page = ChatPage(bridge, self.tasks, self._preferences, self._models, theme, self._icons)
        self._actions = Actions(self, self._declare())
        self._actions["stop"].setEnabled(False)
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._stack = QStackedWidget()
        self._lay_out()
        self._restore(self._before)
        self._connect()

    def load(self) -> None:
        """Fill the window; call once, after the first paint, with the loop running."""
        self.tasks.start(self._load())

    def open_conversation(self, conversation_id: int | None) -> None:
        """Open a conversation, or the new chat."""
        self._page.open(self._conversations.find(conversation_id))
        self._page.composer.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def open_settings(self) -> None:
        """Show the settings."""
        self._settings_window().open_page()

    def state(self) -> WindowState:
        """What to remember for the next start."""
        place = self.normalGeometry() if self.isMaximized() else self.geometry()
        shown, sizes = self._sidebar.isVisibleTo(self), self._splitter.sizes()
        opened = self._page.conversation
        return WindowState(
            x=place.x(),
            y=place.y(),
            width=place.width(),
            height=place.height(),
            maximized=self.isMaximized(),
            sidebar_width=sizes[0] + 1 if shown and sizes[0] else self._before.sidebar_width,
            sidebar_shown=shown,
            conversation_id=None if opened is None else opened.id,
            theme=self._preferences.settings.theme,
        )

    def closeEvent(self, event: QCloseEvent) -> None:
        event.accept()
        if not self._closing:
            self._closing = True
            self.tasks.start(self._finish())

    def _declare(self) -> tuple[Action, ...]:
        sidebar, page = self._sidebar, self._page
        nth = tuple(
            Action(f"open-{n}", f"Conversation {n}", f"Ctrl+{n}", partial(self._open_nth, n), listed=n == 1)
            for n in range(1, 10)
        )
        return (
            Action("new", "New chat", "Ctrl+N", lambda: self.open_conversation(None)),
            Action("search", "Search conversations", "Ctrl+K", self._focus_search),
            Action("composer", "Write a message", "Ctrl+L", page.composer.edit.setFocus),
            Action("stop", "Stop the reply", "Esc", page.stop),
            Action("copy-reply", "Copy last reply", "Ctrl+Shift+C", lambda: self._copy(last_reply)),
            Action("copy", "Copy conversation", "", lambda: self._copy(render_transcript)),
            Action("previous", "Previous message", "Alt+Up", lambda: page.step_message(-1)),
            Action("next", "Next message", "Alt+Down", lambda: page.step_message(1)),
            Action("details", "What was sent", "Ctrl+I", page.show_details),
            Action("fallbacks", "If it does not answer…", "", lambda: self._on_target(self._open_fallbacks)),
            Action("rename", "Rename", "F2", self._rename),
            Action("pin", "Pin", "", lambda: self._on_target(self._conversations.toggle_pin)),
            Action("delete", "Delete", "Del", lambda: self._on_target(self._conversations.delete), sidebar.list),
            Action("undo", "Undo delete", "Ctrl+Z", self._conversations.undo),
            Action("sidebar", "Show or hide the sidebar", "Ctrl+B", self._toggle_sidebar),
            Action("settings", "Settings", "Ctrl+,", self.open_settings),
            Action("quit", "Quit", "Ctrl+Q", self.close),
            *nth,
        )

    def _lay_out(self) -> None:
        self._splitter.setHandleWidth(1)
        self._splitter.addWidget(self._sidebar)
        self._splitter.addWidget(self._page)
        self._splitter.setCollapsible(1, False)
        self._splitter.setStretchFactor(1, 1)
        self._stack.addWidget(self._splitter)
        self.setCentralWidget(self._stack)
        self.setMinimumSize(SIZES.window_min_width, SIZES.window_min_height)

    def _restore(self, state: WindowState) -> None:
        self.resize(state.width, state.height)
        if state.x is not None and state.y is not None:
            place = QRect(state.x, state.y, state.width, state.height)
            screen = QGuiApplication.screenAt(place.center())
            if screen is not None:
                self.setGeometry(place.intersected(screen.availableGeometry()))
        if state.maximized:
            self.setWindowState(Qt.WindowState.WindowMaximized)
        self._splitter.setSizes([state.sidebar_width - 1, state.width - state.sidebar_width])
        self._show_sidebar(shown=state.sidebar_shown)
        if state.conversation_id is not None:
            self._page.expect(state.conversation_id)

    def _connect(self) -> None:
        sidebar, page, conversations = self._sidebar, self._page, self._conversations
        self.tasks.failed.connect(page.notice.say)
        self._preferences.changed.connect(lambda: self._theme.choose(self._preferences.settings.theme))
        self._splitter.splitterMoved.connect(self._on_splitter)
        sidebar.newChatWanted.connect(self._actions["new"].trigger)
        sidebar.chosen.connect(self.open_conversation)
        sidebar.settingsWanted.connect(self.open_settings)
        sidebar.menuWanted.connect(self._open_menu)
        conversations.removed.connect(self._on_removed)
        conversations.deleted.connect(self._on_deleted)
        conversations.restored.connect(self._on_restored)
        page.opened.connect(conversations.select)
        page.opened.connect(self.stateChanged)
        page.busyChanged.connect(self._actions["stop"].setEnabled)
        page.addServiceWanted.connect(lambda: self._settings_window().open_adding())
        page.servicesWanted.connect(lambda service_id: self._settings_window().open_service(service_id))
        page.header.sidebarWanted.connect(self._toggle_sidebar)
        page.header.menuWanted.connect(lambda place: self._open_menu(None, place))
        page.header.title.edited.connect(self._rename_opened)

    async def _load(self) -> None:
        try:
            await self._preferences.load()
        except Exception as error:  # noqa: BLE001 - whatever kept the services from opening, the person must see it
            self._fail(error)
            return
        self._theme.choose(self._preferences.settings.theme)
        await self._models.load()
        await self._conversations.load()
        if not self._page.ready:
            self.open_conversation(self._before.conversation_id)
        await self._warn_of_missing_keyring()

    async def _warn_of_missing_keyring(self) -> None:
        """Say that keys will be forgotten, where there is a service whose key could be."""
        known = await self._bridge.run(lambda services: services.models.services())
        if not any(one.needs_key for one in known):
            return
        status = await self._bridge.run(lambda services: services.secrets.status())
        if status.kept_in is KeySource.MEMORY:
            self._page.banner.say(status.sentence)

    async def _finish(self) -> None:
        with contextlib.suppress(TimeoutError, ParleyError):
            async with asyncio.timeout(FLUSH_LIMIT_S):
                await self._page.finish()
        self.closed.emit()

    def _fail(self, error: Exception) -> None:
        from desktop.ui.failure import FailurePage  # noqa: PLC0415 - seldom needed, never before the first paint

        known = isinstance(error, ParleyError)
        if not known:
            _log.error("The services could not be opened", exc_info=error)
        sentence = error.sentence if isinstance(error, ParleyError) else SURPRISE
        detail = error.detail if isinstance(error, ParleyError) else repr(error)
        page = FailurePage(sentence, detail, self._data_dir, self._theme)
        page.quitWanted.connect(self.close)
        for action in self.actions():
            action.setEnabled(action is self._actions["quit"])
        self._stack.addWidget(page)
        self._stack.setCurrentWidget(page)

    def _settings_window(self) -> "SettingsWindow":
        if self._settings is None:
            from desktop.ui.connections.log_view_model import (  # noqa: PLC0415 - not before it is wanted
                ConnectionLogViewModel,
            )
            from desktop.ui.settings.contents import SettingsContents  # noqa: PLC0415 - not before it is wanted
            from desktop.ui.settings.view_model import ServicesViewModel  # noqa: PLC0415 - not before it is wanted
            from desktop.ui.settings.window import SettingsWindow  # noqa: PLC0415 - not before it is wanted

            services = ServicesViewModel(self._bridge, self.tasks)
            services.saved.connect(lambda _service_id: self._on_services())
            log = ConnectionLogViewModel(self._bridge, self.tasks)
            contents = SettingsContents(self._preferences, self._models, services, log)
            self._settings = SettingsWindow(contents, self._actions, self._theme, self._icons, self)
        return self._settings

    def _on_services(self) -> None:
        """Services were changed: know them at once, and their models once they have answered."""
        self.tasks.start(self._models.load())
        self._models.refresh()

    def _on_target(self, act: "Callable[[int], object]") -> None:
        """Do something with the conversation of the menu, else of the list's cursor, else the open one."""
        opened = self._page.conversation
        here = self._sidebar.list.current_id if self._sidebar.list.hasFocus() else None
        target = self._target or here or (None if opened is None else opened.id)
        if target is not None:
            act(target)

    def _rename(self) -> None:
        if self._sidebar.isVisible():
            self._on_target(self._sidebar.list.edit_title)
        else:
            self._page.header.title.start_editing()

    def _rename_opened(self, title: str) -> None:
        if self._page.conversation is not None:
            self._conversations.rename(self._page.conversation.id, title)

    def _open_fallbacks(self, conversation_id: int) -> None:
        from desktop.ui.models.fallbacks import FallbacksDialog  # noqa: PLC0415 - not before it is wanted

        target = self._conversations.find(conversation_id)
        if target is None:
            return
        model = target.model or self._preferences.default_model
        dialog = FallbacksDialog(self._models, model, target.fallbacks, self._theme, self._icons, self)
        dialog.changed.connect(lambda models: self._conversations.set_fallbacks(conversation_id, models))
        dialog.open()

    def _copy(self, render: "Callable[[tuple[Message, ...]], str]") -> None:
        self._on_target(lambda one: self.tasks.start(self._copy_messages(one, render)))

    async def _copy_messages(self, conversation_id: int, render: "Callable[[tuple[Message, ...]], str]") -> None:
        text = render(await self._bridge.run(lambda services: services.conversations.messages(conversation_id)))
        if text:
            QGuiApplication.clipboard().setText(text)
            self._page.composer.flash(COPIED)

    def _open_menu(self, conversation_id: int | None, place: QPoint) -> None:
        opened = self._page.conversation
        target = self._conversations.find(conversation_id) or opened
        if target is None:
            return
        self._target = target.id
        self._actions["pin"].setText("Unpin" if target.pinned else "Pin")
        menu = self._actions.menu(self, "rename", "pin", "copy", "fallbacks", "", "delete")
        menu.aboutToHide.connect(lambda: QTimer.singleShot(0, self._forget_target))  # the choice comes after hiding
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(place)

    def _forget_target(self) -> None:
        self._target = None

    def _open_nth(self, n: int) -> None:
        rows = self._conversations.rows()
        if n <= len(rows):
            self.open_conversation(rows[n - 1].id)

    def _focus_search(self) -> None:
        self._show_sidebar(shown=True)
        self._sidebar.focus_search()

    def _on_removed(self, conversation_id: int) -> None:
        opened = self._page.conversation
        if opened is not None and opened.id == conversation_id:
            self.open_conversation(None)

    def _on_deleted(self, conversation: Conversation) -> None:
        self._page.notice.say(_deletion(conversation), "Undo", self._conversations.undo)

    def _on_restored(self, conversation: Conversation) -> None:
        self._page.notice.take_back(_deletion(conversation))
        self.open_conversation(conversation.id)

    def _toggle_sidebar(self) -> None:
        before = QApplication.focusWidget()
        self._show_sidebar(shown=not self._sidebar.isVisibleTo(self))
        if before is not None and not before.isVisible():
            self._page.composer.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_sidebar(self, *, shown: bool) -> None:
        self._sidebar.setVisible(shown)
        self._page.header.show_sidebar_button(shown=not shown)

    def _on_splitter(self, place: int, _handle: int) -> None:
        if place == 0:  # dragged shut: come back at the width it had
            self._splitter.setSizes([self._before.sidebar_width - 1, self.width() - self._before.sidebar_width])
            self._show_sidebar(shown=False)


def _deletion(conversation: Conversation) -> str:
    return f"“{conversation.title}” was deleted."
