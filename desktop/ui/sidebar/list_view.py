"""The list of conversations as a widget."""

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QFrame, QListView

from desktop.domain.conversation import Conversation
from desktop.ui.accessibility import follow_selection
from desktop.ui.sidebar.delegate import ConversationDelegate
from desktop.ui.sidebar.list_model import ConversationListModel, ConversationRole
from desktop.ui.sidebar.view_model import SidebarViewModel
from desktop.ui.theme import Theme


class ConversationList(QListView):
    """Shows the conversations, keeps the open one selected, and edits titles in place."""

    chosen = Signal(int)
    menuWanted = Signal(int, QPoint)  # conversation id, place on the screen

    def __init__(self, view_model: SidebarViewModel, theme: Theme) -> None:
        super().__init__()
        self._view_model = view_model
        self._entries = ConversationListModel(view_model)
        self.setAccessibleName("Conversations")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setItemDelegate(ConversationDelegate(theme, self))
        self.setModel(self._entries)
        self._entries.renamed.connect(view_model.rename)
        self._entries.modelReset.connect(self._show_selected)
        self.clicked.connect(lambda _index: self._choose())
        self.activated.connect(lambda _index: self._choose())
        follow_selection(self, self._choose)
        self.customContextMenuRequested.connect(self._on_menu)
        theme.changed.connect(self.viewport().update)
        view_model.selectedChanged.connect(self._show_selected)

    def edit_title(self, conversation_id: int) -> None:
        """Let the person change a title in its row."""
        index = self._entries.row_of(conversation_id)
        if index.isValid():
            self.scrollTo(index)
            self.setCurrentIndex(index)
            self.edit(index)

    @property
    def current_id(self) -> int | None:
        """The conversation under the keyboard's cursor."""
        found = self.currentIndex().data(ConversationRole)
        return found.id if isinstance(found, Conversation) else None

    def _choose(self) -> None:
        if self.current_id is not None:
            self.chosen.emit(self.current_id)

    def _show_selected(self) -> None:
        self.setCurrentIndex(self._entries.row_of(self._view_model.selected))

    def _on_menu(self, place: QPoint) -> None:
        found = self.indexAt(place).data(ConversationRole)
        if isinstance(found, Conversation):
            self.menuWanted.emit(found.id, self.viewport().mapToGlobal(place))
