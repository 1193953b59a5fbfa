"""The list from which a model is chosen."""

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLineEdit, QListView, QVBoxLayout, QWidget

from desktop.domain.model import ModelRef
from desktop.ui.accessibility import follow_selection
from desktop.ui.icons import Icons
from desktop.ui.models.delegate import ModelDelegate
from desktop.ui.models.list_model import Entry, EntryRole, ModelListModel
from desktop.ui.models.view_model import ModelsViewModel
from desktop.ui.theme import Theme
from desktop.ui.tokens import SIZES
from desktop.ui.widgets.button import make_button, make_icon_button

_LIST_KEYS = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
_ELSEWHERE = (QEvent.Type.MouseButtonPress, QEvent.Type.FocusIn)
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class ModelPicker(QFrame):
    """Lies over the page below the model chip; typing filters, arrows move, Enter chooses.

    Closes with Esc and with whatever is done elsewhere. No popup window: those are hidden from screen readers.

    Args:
        opener: the button that opens it, and closes it again.
        page: what it lies over.
    """

    chosen = Signal(object)  # ModelRef, for this conversation
    madeDefault = Signal(object)  # ModelRef, for new chats
    settingsWanted = Signal()

    def __init__(self, view_model: ModelsViewModel, theme: Theme, icons: Icons, opener: QWidget, page: QWidget) -> None:
        super().__init__(page)
        self._opener = opener
        self._page = page
        self._view_model = view_model
        self._current: ModelRef | None = None
        self._entries = ModelListModel(view_model)
        self.setProperty("kind", "popup")
        self.setAccessibleName("Models")
        self.hide()
        self._filter = QLineEdit()
        self._filter.setPlaceholderText("Find a model")
        self._filter.setAccessibleName("Find a model")
        self._list = QListView()
        self._list.setAccessibleName("Models")
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setMouseTracking(True)
        self._list.setItemDelegate(ModelDelegate(theme, self._list))
        self._list.setModel(self._entries)
        self._refresh = make_icon_button("Look again", SIZES.button_icon)
        icons.dress(self._refresh, "refresh-cw")
        self._default = make_button("", "link")
        self._settings = make_button("Services…", "link")
        self._lay_out()
        self._connect()

    def open_at(self, corner: QPoint, current: ModelRef | None, text: str = "") -> None:
        """Open with this top right corner, as large as fits.

        Args:
            corner: on the page.
            current: the model to start from.
            text: what to filter by at first.
        """
        self._filter.setText(text)
        self._entries.filter(text)
        self._current = current
        self._show_current()
        page = self._page.size()
        width, height = min(SIZES.picker_width, page.width()), min(SIZES.picker_height, page.height() - corner.y())
        self.setGeometry(max(0, corner.x() - width), corner.y(), width, height)
        self.show()
        self.raise_()
        self._watch(elsewhere=True)
        self._filter.setFocus()
        self._view_model.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        self._watch(elsewhere=False)
        super().hideEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close()
            self._opener.setFocus(Qt.FocusReason.PopupFocusReason)
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _ELSEWHERE and isinstance(watched, QWidget) and not self._is_ours(watched):
            self.close()
            return False
        if watched is self._filter and isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            if event.key() in _LIST_KEYS:
                QApplication.sendEvent(self._list, event)
                return True
            if event.key() in _ENTER:
                self._choose()
                return True
        return super().eventFilter(watched, event)

    def _watch(self, *, elsewhere: bool) -> None:
        application = QApplication.instance()
        assert application is not None
        if elsewhere:
            application.installEventFilter(self)
        else:
            application.removeEventFilter(self)

    def _is_ours(self, widget: QWidget) -> bool:
        return widget in (self, self._opener) or self.isAncestorOf(widget)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(SIZES.unit)
        top.addWidget(self._filter, 1)
        top.addWidget(self._refresh)
        bottom = QHBoxLayout()
        bottom.addWidget(self._default)
        bottom.addStretch(1)
        bottom.addWidget(self._settings)
        column = QVBoxLayout(self)
        column.setContentsMargins(SIZES.gap_row, SIZES.gap_row, SIZES.gap_row, SIZES.gap)
        column.setSpacing(SIZES.unit)
        column.addLayout(top)
        column.addWidget(self._list, 1)
        column.addLayout(bottom)

    def _connect(self) -> None:
        self._filter.installEventFilter(self)
        self._filter.textChanged.connect(self._entries.filter)
        self._entries.modelAboutToBeReset.connect(self._remember)
        self._entries.modelReset.connect(self._show_current)
        follow_selection(self._list, self._choose)
        self._list.clicked.connect(lambda _index: self._choose())
        self._list.selectionModel().currentChanged.connect(lambda _now, _before: self._name_default())
        self._refresh.clicked.connect(lambda _checked=False: self._view_model.refresh())
        self._default.clicked.connect(lambda _checked=False: self._make_default())
        self._settings.clicked.connect(lambda _checked=False: self._leave_for_settings())

    def _show_current(self) -> None:
        index = self._entries.row_of(self._current)
        self._list.setCurrentIndex(index)
        self._list.scrollTo(index)
        self._name_default()

    def _remember(self) -> None:
        self._current = self._highlighted() or self._current

    def _highlighted(self) -> ModelRef | None:
        entry = self._list.currentIndex().data(EntryRole)
        return entry.model.ref if isinstance(entry, Entry) and entry.model is not None else None

    def _name_default(self) -> None:
        self._default.setText("Use for new chats")
        self._default.setEnabled(self._highlighted() is not None)

    def _choose(self) -> None:
        model = self._highlighted()
        if model is not None:
            self.close()
            self.chosen.emit(model)

    def _make_default(self) -> None:
        model = self._highlighted()
        if model is not None:
            self.close()
            self.madeDefault.emit(model)

    def _leave_for_settings(self) -> None:
        self.close()
        self.settingsWanted.emit()
