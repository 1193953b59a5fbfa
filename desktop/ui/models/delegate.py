"""How a row of the model picker is painted."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from desktop.ui.models.list_model import Entry, EntryRole
from desktop.ui.theme import Theme
from desktop.ui.tokens import SIZES
from desktop.ui.widgets.label import elide

AnyIndex = QModelIndex | QPersistentModelIndex


class ModelDelegate(QStyledItemDelegate):
    """Paints headings, models with the room they have for text, and notes."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, _option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        entry = index.data(EntryRole)
        return QSize(0, SIZES.heading if isinstance(entry, Entry) and entry.heading else SIZES.row)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        entry = index.data(EntryRole)
        if not isinstance(entry, Entry):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        if entry.model is not None and state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.color("selection"))
            painter.drawRoundedRect(rect, SIZES.radius_row, SIZES.radius_row)
        place = rect.adjusted(SIZES.gap_row, SIZES.gap_row if entry.heading else 0, -SIZES.gap_row, 0)
        if entry.model is not None and entry.model.context_window:
            self._paint_room(painter, place, entry.model.context_window)
        painter.setFont(self._theme.font("section" if entry.heading else "ui" if entry.model else "meta"))
        painter.setPen(self._theme.color("text" if entry.model else "dim"))
        text = elide(entry.text, painter.fontMetrics(), place.width())
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, text)
        painter.restore()

    def _paint_room(self, painter: QPainter, place: QRect, tokens: int) -> None:
        painter.setFont(self._theme.font("meta"))
        painter.setPen(self._theme.color("dim"))
        text = f"{round(tokens / 1024)}k" if tokens >= 1024 else str(tokens)
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, text)
        place.setRight(place.right() - painter.fontMetrics().horizontalAdvance(text) - SIZES.gap)
