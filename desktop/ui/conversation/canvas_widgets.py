"""All the real widgets on the canvas, each where its message is."""

from collections.abc import Callable, Iterable
from itertools import chain

from PySide6.QtCore import QObject, QPoint, QRect, QSize, Signal
from PySide6.QtWidgets import QWidget

from desktop.ui.conversation.action_bar import ActionBar
from desktop.ui.conversation.article import Article
from desktop.ui.conversation.articles import Articles
from desktop.ui.conversation.overlays import Overlays
from desktop.ui.conversation.phase_line import PhaseLine
from desktop.ui.conversation.queue_strips import QueueStrips
from desktop.ui.conversation.view_model import ConversationViewModel
from desktop.ui.icons import Icons
from desktop.ui.theme import Theme
from desktop.ui.tokens import SIZES
from desktop.ui.widgets.button import make_button

Corner = Callable[[int], QPoint]
"""The top left corner of a row's article, on the canvas."""


class CanvasWidgets(QObject):
    """Cards, strips, phase line, action bar and the way back down; the articles leave them room."""

    changed = Signal()

    def __init__(self, canvas: QWidget, view_model: ConversationViewModel, articles: Articles, theme: Theme) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._view_model = view_model
        self._articles = articles
        self._phase_line = PhaseLine(view_model, theme, canvas)
        self.actions = ActionBar(theme, Icons(theme), canvas)
        self.overlays = Overlays(canvas, theme)
        self.strips = QueueStrips(canvas, view_model, theme)
        self.more = make_button("↓ New text")
        self.more.setParent(canvas)
        self.more.hide()
        self.overlays.changed.connect(self.changed)
        self.overlays.stepChosen.connect(view_model.take_step)
        self.strips.changed.connect(self.changed)
        self.actions.regenerateWanted.connect(view_model.regenerate)
        self.actions.continueWanted.connect(view_model.go_on)
        self.actions.versionWanted.connect(view_model.show_version)

    def measure(self, article: Article, width: float) -> bool:
        """Leave an article the room that its widgets need below its text; True if that changed."""
        height = self._height(article, width)
        changed = height != article.card_height
        article.card_height = height
        return changed

    def place(self, rows: range, corner: Corner, width: float) -> None:
        """Put everything where it belongs; `rows` are those that are seen."""
        seen = [(self._articles[row], corner(row)) for row in rows]
        self.overlays.place(seen, width)
        self.strips.place({one.message.id: place for one, place in seen if one.is_waiting}, width)
        self._place_phase_line(corner, width)

    def place_actions(self, wanted: Iterable[int], corner: Corner, width: float) -> None:
        """Give the action bar to the first of some rows with something to do, else to the last row with a footer."""
        asked = (n for n in wanted if 0 <= n < len(self._articles) and self._articles[n].has_actions)
        last = (n for n in range(len(self._articles) - 1, -1, -1) if self._articles[n].has_footer)
        row = next(chain(asked, last), -1)
        if row < 0:
            self.actions.hide()
            return
        article = self._articles[row]
        self.actions.show_message(article.message)
        self.actions.move(corner(row) + self._actions_place(article, width))
        self.actions.show()

    def place_more(self, *, shown: bool) -> None:
        """Offer the way back down, or not."""
        size, canvas = self.more.sizeHint(), self._canvas.size()
        left, top = (canvas.width() - size.width()) // 2, canvas.height() - size.height() - SIZES.gap
        self.more.setGeometry(QRect(QPoint(left, top), size))
        self.more.raise_()
        self.more.setVisible(shown)

    def _actions_place(self, article: Article, width: float) -> QPoint:
        """In the footer of a reply; left of a bubble, or below it where there is no room."""
        bar = self.actions.size()
        if article.has_footer:
            drop = round(article.footer_top) + (SIZES.footer - bar.height()) // 2
            return QPoint(-(SIZES.button_icon - SIZES.icon) // 2, drop)
        left = round(article.bubble_left) - bar.width() - SIZES.unit
        if left < 0:
            return QPoint(round(width) - bar.width(), round(article.card_top) + (SIZES.message_gap - bar.height()) // 2)
        return QPoint(left, SIZES.unit)

    def _height(self, article: Article, width: float) -> float:
        if article.is_waiting:
            return self.strips.height(article.message.id, width)
        phase = self._view_model.phase
        if phase is not None and phase.reply_id == article.message.id:
            return float(self._phase_line.height_at(round(width)) + _gap(article))
        return self.overlays.height(article, width)

    def _place_phase_line(self, corner: Corner, width: float) -> None:
        phase = self._view_model.phase
        row = -1 if phase is None else self._articles.row_of(phase.reply_id)
        if row < 0:
            self._phase_line.hide()
            return
        article = self._articles[row]
        place = corner(row) + QPoint(0, round(article.card_top) + _gap(article))
        self._phase_line.setGeometry(QRect(place, QSize(round(width), self._phase_line.height_at(round(width)))))
        self._phase_line.show()


def _gap(article: Article) -> int:
    """What lies between the text and the phase line."""
    return SIZES.gap if article.message.text else 0
