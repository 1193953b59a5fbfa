"""The strips and cards below messages that wait."""

from itertools import pairwise

from PySide6.QtCore import QObject, QPoint, QSize, Signal
from PySide6.QtWidgets import QWidget

from desktop.ui.conversation.held_card import HeldCard
from desktop.ui.conversation.queue_strip import QueueStrip
from desktop.ui.conversation.view_model import ConversationViewModel
from desktop.ui.conversation.waiting import Standing, Waiting
from desktop.ui.theme import Theme
from desktop.ui.tokens import SIZES

LIFT = SIZES.message_gap - SIZES.author_gap  # a strip stands nearer to its bubble than the next message does


class QueueStrips(QObject):
    """One real widget for each waiting turn, kept as long as it waits, so that focus and half an edit survive."""

    changed = Signal()
    editLost = Signal(str)  # what somebody was writing when the message was sent meanwhile

    def __init__(self, canvas: QWidget, view_model: ConversationViewModel, theme: Theme) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._view_model = view_model
        self._theme = theme
        self._strips: dict[int, QueueStrip | HeldCard] = {}

    def refresh(self) -> None:
        """Have a widget for each turn that waits now, and none for others."""
        waiting = self._view_model.waiting
        for reply_id, strip in list(self._strips.items()):
            one = waiting.get(reply_id)
            if one is None or isinstance(strip, HeldCard) != (one.standing is Standing.HELD):
                self._drop(reply_id)
        for reply_id, one in waiting.items():
            known = self._strips.get(reply_id)
            if known is None:
                self._strips[reply_id] = self._make_card(one) if one.standing is Standing.HELD else self._make(one)
            elif isinstance(known, QueueStrip):
                known.show_waiting(one)
        self._put_in_order([self._strips[reply_id] for reply_id in waiting])

    def height(self, reply_id: int, width: float) -> float:
        """The room that a turn's widget needs below the gap that is there anyway."""
        strip = self._strips.get(reply_id)
        return max(0.0, strip.height_at(round(width)) - LIFT) if strip else 0.0

    def place(self, corners: dict[int, QPoint], width: float) -> None:
        """Put the widgets where their messages are seen, given the top left corners of the replies' articles."""
        for reply_id, strip in self._strips.items():
            corner = corners.get(reply_id)
            if corner is not None:
                strip.move(corner - QPoint(0, LIFT))
                strip.setFixedSize(QSize(round(width), strip.height_at(round(width))))
            strip.setVisible(corner is not None)

    def edit(self, reply_id: int) -> None:
        """Open the field for a message."""
        strip = self._strips.get(reply_id)
        if isinstance(strip, QueueStrip):
            strip.start_editing()

    def _put_in_order(self, strips: list[QueueStrip | HeldCard]) -> None:
        """Have Tab and screen readers meet the widgets in the order in which they are seen."""
        stops = [button for strip in strips for button in strip.buttons]
        for strip in strips:
            strip.raise_()
        for before, after in pairwise(stops):
            QWidget.setTabOrder(before, after)

    def _make(self, waiting: Waiting) -> QueueStrip:
        strip, model, reply_id = QueueStrip(waiting, self._theme, self._canvas), self._view_model, waiting.reply_id
        strip.edited.connect(lambda text: model.edit_waiting(reply_id, text))
        strip.moveWanted.connect(lambda later: model.move_waiting(reply_id, later=later))
        strip.takeBackWanted.connect(lambda: model.take_back(reply_id))
        strip.resized.connect(self.changed)
        return strip

    def _make_card(self, waiting: Waiting) -> HeldCard:
        card, model, reply_id = HeldCard(waiting, self._theme, self._canvas), self._view_model, waiting.reply_id
        card.releaseWanted.connect(lambda: model.release(reply_id))
        card.takeBackWanted.connect(lambda: model.take_back(reply_id))
        return card

    def _drop(self, reply_id: int) -> None:
        strip = self._strips.pop(reply_id)
        if isinstance(strip, QueueStrip) and strip.unsaved:
            self.editLost.emit(strip.unsaved)
        strip.hide()  # now: deleting it must wait for the loop
        strip.deleteLater()
