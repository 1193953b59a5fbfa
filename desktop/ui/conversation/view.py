"""The conversation view: one canvas that paints what is seen of the messages."""

from dataclasses import replace
from html import escape

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QAccessibleInterface,
    QContextMenuEvent,
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QToolTip

from desktop.domain.message import Message, MessageStatus, Role
from desktop.ui.accessibility import announce
from desktop.ui.conversation.accessibility import ConversationInterface
from desktop.ui.conversation.articles import Anchor, Articles
from desktop.ui.conversation.canvas_widgets import CanvasWidgets
from desktop.ui.conversation.highlighter import Highlighter
from desktop.ui.conversation.links import describe_link, is_openable, open_link
from desktop.ui.conversation.message_menu import MessageMenu
from desktop.ui.conversation.reply_facts import facts_text
from desktop.ui.conversation.selected_text import SelectedText
from desktop.ui.conversation.selection import Spot
from desktop.ui.conversation.view_model import ConversationViewModel
from desktop.ui.theme import Theme
from desktop.ui.tokens import SIZES

PASSES = 8
ANNOUNCED = 1_000
SCROLL_STEP = 40

_BY_TAB = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)


class ConversationView(QAbstractScrollArea):
    """Shows the open conversation; follows a growing reply only while its end is in sight."""

    detailsWanted = Signal(int)  # id of a reply of which somebody wants to see what was sent
    copied = Signal()  # something went to the clipboard
    editLost = Signal(str)  # what somebody was writing for a message that was sent meanwhile

    def __init__(self, view_model: ConversationViewModel, theme: Theme) -> None:
        super().__init__()
        self._view_model = view_model
        self._theme = theme
        self._highlighter = Highlighter()
        self._articles = Articles(theme, self._highlighter)
        self._anchor = Anchor()
        self._first_id = 0
        self._following = True
        self._settling = False
        self._selected = SelectedText(self._articles)
        self._focused = -1
        self._hovered = -1
        canvas = self.viewport()
        self._widgets = CanvasWidgets(canvas, view_model, self._articles, theme)
        self.setAccessibleName("Conversation")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalScrollBar().setSingleStep(SCROLL_STEP)
        canvas.setMouseTracking(True)
        canvas.setCursor(Qt.CursorShape.IBeamCursor)
        self._connect()

    def finish(self) -> None:
        """Stop working behind the window; call once it is closed."""
        self._highlighter.close()

    def make_accessible(self) -> QAccessibleInterface:
        """See AccessibleFactory."""
        return ConversationInterface(self, self)

    def shown_messages(self) -> list[Message]:
        """See Readable."""
        return self._view_model.messages

    def waiting_word(self, row: int) -> str:
        """See Readable."""
        waiting = self._view_model.waiting.get(self._view_model.messages[row].id)
        return waiting.standing if waiting else ""

    def message_rect(self, row: int) -> QRect:
        """See Readable."""
        if row >= len(self._articles):
            return QRect()
        corner = self.viewport().mapToGlobal(self._corner(row))
        return QRect(corner.x(), corner.y(), round(self._column()), round(self._articles[row].height))

    def show_details(self) -> None:
        """Ask for what was sent for the message that has the focus, else for the last reply."""
        shown = self._view_model.messages
        wanted = shown[self._focused : self._focused + 1] if self._focused >= 0 else []
        reply = next((one for one in (*wanted, *reversed(shown)) if one.role is Role.ASSISTANT), None)
        if reply is not None:
            self.detailsWanted.emit(reply.id)

    def step_message(self, step: int) -> None:
        """Put the focus on the message that many rows further, at first on the last one."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._focus_message(self._focused + step)

    def _connect(self) -> None:
        model = self._view_model
        model.messagesReset.connect(self._on_reset)
        model.messageAdded.connect(self._on_added)
        model.messageChanged.connect(self._on_changed)
        model.replyGrew.connect(self._on_changed)
        model.replyFinished.connect(self._on_finished)
        model.phaseChanged.connect(self._settle)
        model.waitingChanged.connect(self._on_waiting)
        self._theme.changed.connect(self._on_theme)
        self._highlighter.ready.connect(self.viewport().update)
        self._widgets.changed.connect(self._settle)
        self._widgets.strips.editLost.connect(self.editLost)
        self._widgets.actions.copyWanted.connect(self._copy_message)
        self._widgets.actions.detailsWanted.connect(self.detailsWanted)
        self._widgets.more.clicked.connect(self.go_to_end)

    # What the view-model says

    def _on_reset(self) -> None:
        self._highlighter.warm_up()
        messages = self._view_model.messages
        first_id = messages[0].id if messages else 0
        stays = first_id == self._first_id  # another version of a message here, or another order of those that wait
        anchored, focused = (self._id_at(row) if stays else 0 for row in (self._anchor.row, self._focused))
        self._first_id = first_id
        self._selected.clear()
        self._hovered = -1
        self._widgets.overlays.clear()
        self._articles.reset(messages)
        row, self._focused = self._articles.row_of(anchored), self._articles.row_of(focused)
        if row >= 0:
            self._anchor = replace(self._anchor, row=row)
        self._following = self._following or not stays or self._anchor.row >= len(messages)
        self._on_waiting()

    def _id_at(self, row: int) -> int:
        return self._articles[row].message.id if 0 <= row < len(self._articles) else 0

    def _on_waiting(self) -> None:
        """Show which turns wait, each with what can be done about it."""
        waiting = self._view_model.waiting
        for article in self._articles:
            article.set_waiting(waiting=article.message.id in waiting)
        self._widgets.strips.refresh()
        self._articles.measure()
        self._settle()

    def _on_added(self, row: int) -> None:
        message = self._view_model.messages[row]
        if message.role is Role.USER:
            self._following = True
        self._articles.add(message)
        self._settle()
        if QAccessible.isActive():
            self._tell_of(row, QAccessible.Event.ObjectCreated)

    def _on_changed(self, row: int) -> None:
        self._articles[row].set_message(self._view_model.messages[row])
        self._articles.measure()
        self._settle()

    def _on_finished(self, row: int) -> None:
        message = self._view_model.messages[row]
        words = message.text or (message.problem.sentence if message.problem else "")
        announce(self, f"{message.author}: {words[:ANNOUNCED]}")

    def _tell_of(self, row: int, event: QAccessible.Event) -> None:
        item = QAccessible.queryAccessibleInterface(self).child(row)
        if item is not None:
            QAccessible.updateAccessibility(QAccessibleEvent(item, event))

    def _on_theme(self) -> None:
        self._articles.restyle()
        self._settle()

    # Where things are

    def _column(self) -> float:
        return float(max(1, min(SIZES.column, self.viewport().width() - 2 * SIZES.gap_page)))

    def _left(self) -> float:
        """The column stands in the middle of the page, above the composer, with or without a scroll bar."""
        free = self.viewport().width() - self._column()
        return float(min((self.width() - self._column()) // 2, free))

    def _corner(self, row: int) -> QPoint:
        return QPoint(round(self._left()), round(self._articles.top(row) - self.verticalScrollBar().value()))

    def _settle(self) -> None:
        """Lay out what is seen and keep it in its place, however heights turn out; then paint once."""
        if self._settling or not self.viewport().width():
            return
        self._settling = True
        bar, height = self.verticalScrollBar(), self.viewport().height()
        for _ in range(PASSES):
            bar.setPageStep(height)
            bar.setRange(0, max(0, round(self._articles.height - height)))
            bar.setValue(bar.maximum() if self._following else round(self._articles.height_at(self._anchor)))
            if not self._lay_out_seen(bar.value(), bar.value() + height):
                break
        self._settling = False
        self._place_widgets()
        self.viewport().update()

    def _lay_out_seen(self, top: int, bottom: int) -> bool:
        changed = False
        for row in self._articles.rows_between(top, bottom):
            changed = self._widgets.measure(self._articles[row], self._column()) or changed
        if changed:
            self._articles.measure()
        return self._articles.lay_out(top, bottom) or changed

    def _place_widgets(self) -> None:
        top = self.verticalScrollBar().value()
        rows = self._articles.rows_between(top, top + self.viewport().height())
        self._widgets.place(rows, self._corner, self._column())
        self._widgets.place_more(shown=not self._following and self._view_model.busy)
        self._place_actions()

    def _place_actions(self) -> None:
        self._widgets.place_actions((self._focused, self._hovered), self._corner, self._column())

    # Scrolling

    def scrollContentsBy(self, _dx: int, _dy: int) -> None:
        if self._settling:
            return
        bar = self.verticalScrollBar()
        self._following = bar.value() >= bar.maximum()
        self._hold_top()
        self._settle()

    def _hold_top(self) -> None:
        if len(self._articles):
            top = self.verticalScrollBar().value()
            self._anchor = self._articles.anchor(top, top + self.viewport().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._hold_top()
        self._anchor = self._articles.set_width(self._column(), self._anchor)
        self._settle()

    def _go_to_start(self) -> None:
        self._following, self._anchor = self.verticalScrollBar().maximum() == 0, Anchor(below=-float(SIZES.gap_page))
        self._settle()

    def go_to_end(self) -> None:
        """Show the end, and follow what is added to it."""
        self._following = True
        self._settle()

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        top = self.verticalScrollBar().value()
        clip = event.rect()
        for row in self._articles.rows_between(top + clip.top(), top + clip.bottom()):
            article, corner = self._articles[row], self._corner(row)
            above = float(clip.top() - corner.y())
            article.paint(painter, QPointF(corner), above, above + clip.height(), self._selected.ranges(row))
            if article.has_footer and article.message.status is not MessageStatus.FAILED:
                self._paint_facts(painter, row, corner)
            if row == self._focused and self._has_focus():
                self._paint_ring(painter, row, corner)

    def _paint_facts(self, painter: QPainter, row: int, corner: QPoint) -> None:
        article = self._articles[row]
        place = QRectF(corner.x(), corner.y() + article.footer_top, self._column(), SIZES.footer)
        painter.setFont(self._theme.font("meta"))
        painter.setPen(self._theme.color("dim"))
        align = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(place, align, facts_text(article.message.facts))

    def _has_focus(self) -> bool:
        """Whether the keyboard works here, on a button on the canvas too."""
        focused = QApplication.focusWidget()
        return focused is not None and (focused is self or self.isAncestorOf(focused))

    def _paint_ring(self, painter: QPainter, row: int, corner: QPoint) -> None:
        height = self._articles[row].height - SIZES.message_gap
        ring = QRectF(corner.x(), corner.y(), self._column(), height).adjusted(-7.5, -5.5, 7.5, 5.5)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self._theme.color("accent"), 2))
        painter.drawRoundedRect(ring, SIZES.radius_row, SIZES.radius_row)

    # The mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and len(self._articles):
            spot = self._spot_at(event.position())
            extend = event.modifiers() & Qt.KeyboardModifier.ShiftModifier and self._selected.is_begun
            (self._selected.reach if extend else self._selected.begin)(spot)
            self.viewport().update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton and self._selected.is_begun:
            self._selected.reach(self._spot_at(event.position()))
            self._scroll_towards(event.position().y())
            self.viewport().update()
        elif not event.buttons():
            self._hover(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self._selected.is_begun and self._selected.is_empty:
            self._click(event.position())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if len(self._articles):
            self._selected.take_word(self._spot_at(event.position()))
            self.viewport().update()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if not len(self._articles):
            return
        by_key = event.reason() is QContextMenuEvent.Reason.Keyboard and self._focused >= 0
        row = self._focused if by_key else self._spot_at(QPointF(event.pos())).row
        menu = MessageMenu(self._view_model, self._widgets.strips, self)
        if not self._selected.is_empty:
            menu.add("Copy", self._copy_selection)
        menu.fill(row, self._copy_message, self.detailsWanted.emit)
        if not menu.isEmpty():
            menu.popup(self.viewport().mapToGlobal(self._corner(row)) if by_key else event.globalPos())

    def _spot_at(self, place: QPointF) -> Spot:
        return self._articles.spot_at(place.x() - self._left(), place.y() + self.verticalScrollBar().value())

    def _link_at(self, place: QPointF) -> str:
        return self._articles.link_at(place.x() - self._left(), place.y() + self.verticalScrollBar().value())

    def _hover(self, place: QPointF) -> None:
        link = self._link_at(place)
        shape = Qt.CursorShape.PointingHandCursor if link else Qt.CursorShape.IBeamCursor
        self.viewport().setCursor(shape)
        if link and is_openable(link):
            where = self.viewport().mapToGlobal(place.toPoint())
            QToolTip.showText(where, _plain(describe_link(link)), self.viewport())
        row = self._articles.row_at(place.y() + self.verticalScrollBar().value())
        if row != self._hovered:
            self._hovered = row
            self._place_actions()

    def _click(self, place: QPointF) -> None:
        if link := self._link_at(place):
            open_link(link)
            return
        spot = self._spot_at(place)
        if spot.tile == self._articles[spot.row].thought_number:
            self._fold(spot.row)

    def _fold(self, row: int) -> None:
        self._following = False
        self._articles[row].toggle_thought()
        self._articles.measure()
        self._settle()

    def _scroll_towards(self, y: float) -> None:
        bar = self.verticalScrollBar()
        if y < 0:
            bar.setValue(bar.value() - SCROLL_STEP)
        elif y > self.viewport().height():
            bar.setValue(bar.value() + SCROLL_STEP)

    # The keyboard

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() in _BY_TAB and self._focused < 0:
            self._focused = len(self._articles) - 1
            self._place_actions()
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self._copy_selection()
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self._select_all()
        elif event.key() == Qt.Key.Key_Home:
            self._go_to_start()
        elif event.key() == Qt.Key.Key_End:
            self.go_to_end()
        elif event.key() == Qt.Key.Key_Space and 0 <= self._focused < len(self._articles):
            if self._articles[self._focused].thought_number >= 0:
                self._fold(self._focused)
        else:
            super().keyPressEvent(event)

    def _focus_message(self, row: int) -> None:
        if not len(self._articles):
            return
        self._focused = len(self._articles) - 1 if self._focused < 0 else min(max(row, 0), len(self._articles) - 1)
        self._following, self._anchor = False, Anchor(self._focused, below=-float(SIZES.gap_page))
        self._settle()
        if QAccessible.isActive():
            self._tell_of(self._focused, QAccessible.Event.Focus)

    def _select_all(self) -> None:
        self._selected.take_all()
        self.viewport().update()

    # Copying

    def _copy_selection(self) -> None:
        if self._selected.is_empty:
            if 0 <= self._focused < len(self._view_model.messages):
                self._copy_message(self._view_model.messages[self._focused].id)
        elif found := self._selected.text():
            QGuiApplication.clipboard().setText(found)
            self.copied.emit()

    def _copy_message(self, message_id: int) -> None:
        """The message's Markdown, as it is stored."""
        text = next((message.text for message in self._view_model.messages if message.id == message_id), "")
        QGuiApplication.clipboard().setText(text)
        self.copied.emit()


def _plain(text: str) -> str:
    """Text as a tool tip shows it unread: Qt would take markup for rich text, and asks for some to read entities."""
    return f"<span>{escape(text)}</span>"
