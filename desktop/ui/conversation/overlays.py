"""The real widgets that lie on the canvas where something can be pressed."""

from PySide6.QtCore import QObject, QPoint, QSize, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QToolButton, QWidget

from desktop.domain.errors import NextStep, Problem
from desktop.ui.conversation.article import Article
from desktop.ui.conversation.error_card import ErrorCard
from desktop.ui.conversation.next_steps import problem_of
from desktop.ui.conversation.tiles.code import CodeTile
from desktop.ui.theme import Theme
from desktop.ui.tokens import SIZES
from desktop.ui.widgets.copied import say_copied


class Overlays(QObject):
    """Error cards and Copy buttons of the articles that are seen; the others' are put away."""

    stepChosen = Signal(int, NextStep)  # message id, step
    changed = Signal()

    def __init__(self, canvas: QWidget, theme: Theme) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._theme = theme
        self._cards: dict[int, ErrorCard] = {}
        self._buttons: dict[tuple[int, int], QToolButton] = {}

    def height(self, article: Article, width: float) -> float:
        """The height of an article's error card, 0 if it has none."""
        problem = problem_of(article.message)
        if problem is None:
            return 0.0
        card = self._cards.get(article.message.id)
        if card is None or card.problem != problem:
            card = self._make_card(article.message.id, problem)
        card.setFixedWidth(round(width))
        return float(card.heightForWidth(round(width)) + _gap(article))

    def place(self, seen: list[tuple[Article, QPoint]], width: float) -> None:
        """Put the widgets where their articles are.

        Args:
            seen: the articles that are seen, with their top left corners on the canvas.
        """
        cards: set[int] = set()
        buttons: set[tuple[int, int]] = set()
        for article, corner in seen:
            if article.message.id in self._cards and article.card_height:
                cards.add(article.message.id)
                self._place_card(article, corner, width)
            for one in article.placed():
                on_canvas = -SIZES.code_header < corner.y() + one.top < self._canvas.height()
                if on_canvas and isinstance(one.tile, CodeTile) and one.tile.has_header and one.tile.is_laid_out:
                    key = (article.message.id, one.number)
                    buttons.add(key)
                    self._place_button(key, article, corner + QPoint(round(width), round(one.top)))
        for message_id in self._cards.keys() - cards:
            _put_away(self._cards.pop(message_id))
        for key in self._buttons.keys() - buttons:
            _put_away(self._buttons.pop(key))

    def clear(self) -> None:
        """Put everything away."""
        self.place([], 0)

    def _make_card(self, message_id: int, problem: Problem) -> ErrorCard:
        if (old := self._cards.pop(message_id, None)) is not None:
            _put_away(old)
        card = self._cards[message_id] = ErrorCard(problem, self._theme, self._canvas)
        card.stepChosen.connect(lambda step: self.stepChosen.emit(message_id, step))
        card.resized.connect(self.changed)
        return card

    def _place_card(self, article: Article, corner: QPoint, width: float) -> None:
        card, gap = self._cards[article.message.id], _gap(article)
        top = corner.y() + round(article.card_top) + gap
        card.setGeometry(corner.x(), top, round(width), round(article.card_height) - gap)
        card.show()

    def _place_button(self, key: tuple[int, int], article: Article, corner: QPoint) -> None:
        button = self._buttons.get(key)
        if button is None:
            button = self._buttons[key] = self._make_button(article, key[1])
        size = button.sizeHint()
        button.setGeometry(
            corner.x() - size.width() - SIZES.unit,
            corner.y() + (SIZES.code_header - size.height()) // 2,
            size.width(),
            size.height(),
        )
        button.show()

    def _make_button(self, article: Article, number: int) -> QToolButton:
        button = QToolButton(self._canvas)
        button.setProperty("kind", "icon")
        button.setProperty("tone", "dim")
        button.setText("Copy")
        button.setFont(self._theme.font("meta"))
        button.setAccessibleName("Copy code")
        button.setIconSize(QSize(0, 0))
        button.clicked.connect(lambda: _copy(article.code_at(number), button))
        return button


def _copy(text: str, button: QToolButton) -> None:
    QGuiApplication.clipboard().setText(text)
    say_copied(button)
    button.setGeometry(button.geometry().adjusted(button.width() - button.sizeHint().width(), 0, 0, 0))


def _gap(article: Article) -> int:
    """What lies between the text and the card."""
    return SIZES.paragraph_gap if article.message.text else 0


def _put_away(widget: QWidget) -> None:
    widget.hide()  # now: deleting it must wait for the loop
    widget.deleteLater()
