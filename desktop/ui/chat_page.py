"""The right side of the window: header, conversation or new chat, and composer."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from desktop.domain.conversation import UNTITLED, Conversation
from desktop.domain.errors import NextStep
from desktop.domain.events import ConversationChanged
from desktop.domain.model import ModelRef
from desktop.domain.service import Service
from desktop.domain.settings import Settings
from desktop.domain.turn import TurnState
from desktop.ui.composer.drafts import Drafts
from desktop.ui.composer.view import Composer
from desktop.ui.conversation.view import ConversationView
from desktop.ui.conversation.view_model import ConversationViewModel
from desktop.ui.first_run.view import FirstRunView
from desktop.ui.first_run.view_model import FirstRunViewModel
from desktop.ui.header.view import Header
from desktop.ui.icons import Icons
from desktop.ui.models.view_model import Destination, ModelsViewModel
from desktop.ui.preferences import Preferences
from desktop.ui.tasks import Tasks
from desktop.ui.theme import Theme
from desktop.ui.tokens import SIZES
from desktop.ui.widgets.copied import COPIED
from desktop.ui.widgets.notice_bar import NoticeBar

if TYPE_CHECKING:
    from desktop.bridge import Bridge
    from desktop.domain.events import Event
    from desktop.ui.connections.inspector import Inspector
    from desktop.ui.models.picker import ModelPicker

GUIDE = ModelRef(Settings().default_service, Settings().default_model)


class ChatPage(QWidget):
    """Shows one conversation, or a new chat, and says where its next message goes."""

    opened = Signal(object)  # int | None: the conversation that is open now
    busyChanged = Signal(bool)
    addServiceWanted = Signal()
    servicesWanted = Signal(str)  # service id

    def __init__(
        self,
        bridge: "Bridge",
        tasks: Tasks,
        preferences: Preferences,
        models: ModelsViewModel,
        theme: Theme,
        icons: Icons,
    ) -> None:
        super().__init__()
        self._bridge = bridge
        self._tasks = tasks
        self._preferences = preferences
        self._models = models
        self._theme = theme
        self._icons = icons
        self._conversation: Conversation | None = None
        self._picker: ModelPicker | None = None
        self._picks_for: int | None = None  # a reply that waits and shall be asked of another model
        self._inspector: Inspector | None = None
        self._ready = False
        self._view_model = ConversationViewModel(bridge, tasks)
        self._first_run = FirstRunViewModel(bridge, tasks)
        self.drafts = Drafts(bridge, tasks)
        self.header = Header(theme, icons)
        self.composer = Composer(self.drafts, tasks, theme, icons)
        self.notice = NoticeBar(theme.font("small"), "Notice")
        self.banner = NoticeBar(theme.font("small"), "Banner")
        self._conversation_view = ConversationView(self._view_model, theme)
        self._first_run_view = FirstRunView(self._first_run, theme, icons)
        self._middle = QStackedWidget()
        self._lay_out()
        self._connect()
        self._refresh()

    @property
    def conversation(self) -> Conversation | None:
        """The open conversation; None is the new chat."""
        return self._conversation

    @property
    def model(self) -> ModelRef:
        """The model that the next message goes to."""
        chosen = self._view_model.pending_model if self._conversation is None else self._conversation.model
        wanted = chosen or self._preferences.default_model
        return GUIDE if self._conversation is None and self._models.is_lost(wanted) else wanted

    @property
    def ready(self) -> bool:
        """Whether something was opened or sent already."""
        return self._ready

    def expect(self, conversation_id: int) -> None:
        """Show an empty page until the conversation that was open last time has been found."""
        self.drafts.expect(conversation_id)
        self._middle.setCurrentWidget(self._conversation_view)

    def open(self, conversation: Conversation | None) -> None:
        """Show a conversation, or the new chat."""
        self._ready = True
        self._conversation = conversation
        self._view_model.pending_model = None
        self._view_model.open(conversation)
        self.drafts.switch(None if conversation is None else conversation.id)
        self._middle.setCurrentWidget(self._first_run_view if conversation is None else self._conversation_view)
        self._on_busy(self._view_model.busy)
        self._refresh()
        self.opened.emit(None if conversation is None else conversation.id)

    async def finish(self) -> None:
        """Store what was sent and what was typed, and stop working; call once the window is closed."""
        self._conversation_view.finish()
        await self._view_model.finish()
        await self.drafts.flush()

    def stop(self) -> None:
        """Stop the reply that is on its way."""
        self._view_model.stop()

    def show_details(self) -> None:
        """Show what was sent for the reply that has the focus, else for the last one."""
        if self._middle.currentWidget() is self._conversation_view:
            self._conversation_view.show_details()

    def step_message(self, step: int) -> None:
        """Put the focus on the message before or after the one that has it."""
        if self._middle.currentWidget() is self._conversation_view:
            self._conversation_view.step_message(step)

    def open_picker(self, text: str = "") -> None:
        """Let the person choose a model, from those that contain a text."""
        self._picks_for = None
        self._open_picker(text)

    def _open_picker(self, text: str = "") -> None:
        if self._picker is None:
            from desktop.ui.models.picker import ModelPicker  # noqa: PLC0415 - not before it is wanted

            self._picker = ModelPicker(self._models, self._theme, self._icons, self.header.chip, self)
            self._picker.chosen.connect(self._choose_model)
            self._picker.madeDefault.connect(self._make_default)
            self._picker.settingsWanted.connect(lambda: self.servicesWanted.emit(""))
        if self._picker.isVisible():
            self._picker.close()
            return
        self._picker.open_at(self.mapFromGlobal(self.header.picker_corner()), self.model, text)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.composer.set_limit(round(self.height() * SIZES.composer_share))

    def _lay_out(self) -> None:
        self._middle.addWidget(self._first_run_view)
        self._middle.addWidget(self._conversation_view)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self.header, self.banner, self.notice):
            column.addWidget(widget)
        column.addWidget(self._middle, 1)
        column.addWidget(self.composer)

    def _connect(self) -> None:
        self._bridge.eventsArrived.connect(self._on_events)
        self._preferences.changed.connect(self._refresh)
        self._models.changed.connect(self._refresh)
        self._view_model.busyChanged.connect(self._on_busy)
        self._view_model.conversationChanged.connect(self._on_conversation)
        self._view_model.stepRequested.connect(self._on_step)
        self._view_model.otherModelWanted.connect(self._pick_for)
        self._view_model.textReturned.connect(self._take_text)
        self._conversation_view.detailsWanted.connect(self._inspect)
        self._conversation_view.editLost.connect(self.composer.give_back)
        self._conversation_view.copied.connect(lambda: self.composer.flash(COPIED))
        self._first_run.modelChosen.connect(self._take_offer)
        self._first_run.serviceAdded.connect(self._on_service_added)
        self._first_run.addServiceWanted.connect(self.addServiceWanted)
        self.header.pickerWanted.connect(self.open_picker)
        self.composer.submitted.connect(self._submit)
        self.composer.stopped.connect(self.stop)

    def _submit(self, text: str) -> None:
        if self._ready and self._conversation is None:
            self._view_model.pending_model = self.model
        self._ready = True
        self._middle.setCurrentWidget(self._conversation_view)
        self._conversation_view.go_to_end()  # also where the path is read anew
        self._view_model.send(text)

    def _on_busy(self, busy: bool) -> None:  # noqa: FBT001 - a slot
        self.composer.set_busy(busy=busy)
        self.busyChanged.emit(busy)

    def _on_conversation(self, conversation: Conversation | None) -> None:
        """The view-model created a conversation for the first message of a new chat."""
        if conversation is not None and self._conversation is None:
            self._conversation = conversation
            self.drafts.adopt(conversation.id)
            self._refresh()
            self.opened.emit(conversation.id)

    def _on_events(self, events: "list[Event]") -> None:
        for event in events:
            known = self._conversation
            if isinstance(event, ConversationChanged) and known is not None and event.conversation.id == known.id:
                self._conversation = event.conversation
                self._refresh()

    def _on_step(self, step: NextStep) -> None:
        if step is NextStep.CHOOSE_MODEL:
            self.open_picker()
        elif step in (NextStep.ADD_KEY, NextStep.CHECK_SETTINGS):
            self.servicesWanted.emit(self.model.service_id)

    def _pick_for(self, reply_id: int) -> None:
        """Let the person choose who answers a reply that waits to be tried again."""
        self._picks_for = reply_id
        self._open_picker()

    def _take_text(self, conversation_id: int, text: str) -> None:
        """Give a text that was taken back to the composer, or to the draft of the conversation it was for."""
        if self.drafts.key == conversation_id:
            self.composer.give_back(text)
        else:
            self.drafts.add(conversation_id, text)

    def _inspect(self, reply_id: int) -> None:
        if self._inspector is None:
            from desktop.ui.connections.inspector import Inspector  # noqa: PLC0415 - not before it is wanted
            from desktop.ui.connections.inspector_view_model import (  # noqa: PLC0415 - not before it is wanted
                InspectorViewModel,
            )

            self._inspector = Inspector(InspectorViewModel(self._bridge, self._tasks), self._theme, self.window())
        self._inspector.inspect(reply_id)

    def _choose_model(self, model: ModelRef) -> None:
        reply_id, self._picks_for = self._picks_for, None
        phase = self._view_model.phase
        if phase is not None and phase.reply_id == reply_id and phase.state is TurnState.WAITING:
            self._view_model.wake(phase.reply_id, model)
            self.composer.edit.setFocus()
            return
        if self._conversation is None:
            self._view_model.pending_model = model
        else:
            self._tasks.start(self._set_model(self._conversation.id, model))
        self._refresh()
        self.composer.edit.setFocus()

    def _make_default(self, model: ModelRef) -> None:
        self._preferences.choose_default(model)
        if self._conversation is None:
            self._view_model.pending_model = None
            self._refresh()

    def _take_offer(self, model: ModelRef) -> None:
        if model == GUIDE:
            self._view_model.pending_model = model
        else:
            self._make_default(model)
        self._refresh()
        self.composer.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_service_added(self, service: Service) -> None:
        self._tasks.start(self._models.load())
        if service.needs_key:
            self.open_picker(service.name)

    async def _set_model(self, conversation_id: int, model: ModelRef) -> None:
        await self._bridge.run(lambda services: services.conversations.set_model(conversation_id, model))

    def _refresh(self) -> None:
        model, conversation = self.model, self._conversation
        where = self._models.destination(model) or self._without_service(model)
        words, stays = where.words, where.stays
        self.header.chip.show_model(model.name, words, stays=stays)
        self.header.title.show_title(conversation.title if conversation else UNTITLED, editable=bool(conversation))
        self.header.show_menu_button(shown=conversation is not None)
        asks_guide = model == GUIDE and conversation is None
        self.composer.show_recipient("Ask the guide how to get started…" if asks_guide else f"Message {model.name}…")
        self.composer.use_send_key(self._preferences.settings.send_key)
        answers = f"{model.name} answers · {words}" if words else f"{model.name} answers"
        self._first_run_view.greet("" if model == GUIDE else answers)
        if self._ready and asks_guide:
            self._first_run.look_once()

    def _without_service(self, model: ModelRef) -> Destination:
        """What stands in place of a destination where none is known."""
        if self._models.is_lost(model):
            return Destination("Not set up", stays=False)
        return Destination("Built in" if model == GUIDE else "", stays=True)
