"""How a row of the sidebar is painted."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QLineEdit, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from desktop.domain.conversation import Conversation
from desktop.ui.sidebar.list_model import ConversationRole, MarkRole
from desktop.ui.sidebar.view_model import Mark
from desktop.ui.theme import Theme
from desktop.ui.tokens import SIZES
from desktop.ui.widgets.label import elide

AnyIndex = QModelIndex | QPersistentModelIndex


class ConversationDelegate(QStyledItemDelegate):
    """Paints headings, titles and marks; edits a title in place."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, _option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        is_row = isinstance(index.data(ConversationRole), Conversation)
        return QSize(0, SIZES.row if is_row else SIZES.heading)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect: QRect = option.rect
        if isinstance(index.data(ConversationRole), Conversation):
            state: QStyle.StateFlag = option.state
            self._paint_ground(painter, rect, state)
            self._paint_row(painter, rect, index)
        else:
            self._paint_heading(painter, rect, str(index.data()))
        painter.restore()

    def createEditor(self, parent: QWidget, _option: QStyleOptionViewItem, _index: AnyIndex) -> QWidget:
        editor = QLineEdit(parent)
        editor.setAccessibleName("Title")
        editor.setFont(self._theme.font("ui"))
        return editor

    def _paint_heading(self, painter: QPainter, rect: QRect, text: str) -> None:
        painter.setFont(self._theme.font("section"))
        painter.setPen(self._theme.color("dim"))
        place = rect.adjusted(SIZES.gap_row, SIZES.gap, -SIZES.gap_row, 0)
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_ground(self, painter: QPainter, rect: QRect, state: QStyle.StateFlag) -> None:
        selected = bool(state & QStyle.StateFlag.State_Selected)
        if selected or state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.color("selection" if selected else "hover"))
            painter.drawRoundedRect(rect, SIZES.radius_row, SIZES.radius_row)
        by_keyboard = QStyle.StateFlag.State_HasFocus | QStyle.StateFlag.State_KeyboardFocusChange
        if state & by_keyboard == by_keyboard:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self._theme.color("accent"), 2))
            painter.drawRoundedRect(QRectF(rect).adjusted(1, 1, -1, -1), SIZES.radius_row, SIZES.radius_row)

    def _paint_row(self, painter: QPainter, rect: QRect, index: AnyIndex) -> None:
        mark = index.data(MarkRole)
        place = rect.adjusted(SIZES.gap_row, 0, -SIZES.gap_row, 0)
        if mark is not Mark.NONE:
            self._paint_mark(painter, place, mark)
            place.setRight(place.right() - SIZES.dot - SIZES.gap)
        font = self._theme.font("ui_strong" if mark is Mark.UNSEEN else "ui")
        painter.setFont(font)
        painter.setPen(self._theme.color("text"))
        title = elide(str(index.data()), painter.fontMetrics(), place.width())
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, title)

    def _paint_mark(self, painter: QPainter, place: QRect, mark: Mark) -> None:
        radius = SIZES.dot / 2
        center = QPointF(place.right() + 1 - radius, place.center().y() + 0.5)
        if mark is Mark.ARRIVING:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.color("accent"))
        else:
            radius -= 0.75
            painter.setPen(QPen(self._theme.color("accent"), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(center, radius, radius)
