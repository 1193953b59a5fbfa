"""What a new chat shows before anything is said."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from desktop.ui.first_run.card import OfferCard
from desktop.ui.first_run.view_model import FirstRunViewModel
from desktop.ui.icons import Icons
from desktop.ui.theme import Theme
from desktop.ui.tokens import SIZES
from desktop.ui.widgets.button import make_button
from desktop.ui.widgets.label import make_label

WELCOME = ("Whom would you like to talk to?", "Nothing leaves this computer until you choose a service that does.")
LOOKING = "Looking for models on this computer…"


class FirstRunView(QScrollArea):
    """All offers as cards until a model was chosen; after that a calm line, with the cards within reach."""

    def __init__(self, view_model: FirstRunViewModel, theme: Theme, icons: Icons) -> None:
        super().__init__()
        self._view_model = view_model
        self._theme = theme
        self._icons = icons
        self._greeting = ""
        self._cards_wanted = False
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._title = make_label("", theme.font("hero"), wrap=True)
        self._line = make_label("", theme.font("body"), "dim", wrap=True)
        self._looking = make_label(LOOKING, theme.font("small"), "dim")
        self._more = make_button("Other models and services…", "link")
        self._cards = QWidget()
        self._lay_out()
        self._more.clicked.connect(lambda _checked=False: self._show_cards())
        view_model.changed.connect(self._refresh)
        theme.changed.connect(self._refresh)
        self._refresh()

    def greet(self, line: str) -> None:
        """Show a calm line instead of the cards; an empty one shows the cards.

        Args:
            line: who answers, and where the data goes.
        """
        if line != self._greeting:
            self._greeting = line
            self._cards_wanted = False
            self._refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        view = self.viewport().size()
        self._page.setFixedWidth(min(SIZES.hero + 2 * SIZES.header_pad, view.width()))
        top = min(SIZES.hero_top, round(view.height() * SIZES.hero_share))
        self._column.setContentsMargins(SIZES.header_pad, top, SIZES.header_pad, SIZES.header_pad)

    def _lay_out(self) -> None:
        self._title.setMinimumHeight(self._theme.line_height("hero"))
        self._line.setMinimumHeight(self._theme.line_height("ui"))
        self._page = QWidget()
        self._column = QVBoxLayout(self._page)
        self._column.setSpacing(0)
        self._column.addWidget(self._title)
        self._column.addSpacing(SIZES.gap - 1)
        self._column.addWidget(self._line)
        self._column.addSpacing(SIZES.gap_page + SIZES.unit)
        self._column.addWidget(self._looking)
        self._column.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)
        self._column.addWidget(self._cards)
        self._column.addStretch(1)
        ground = QWidget()
        around = QVBoxLayout(ground)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(self._page)
        around.setAlignment(self._page, Qt.AlignmentFlag.AlignHCenter)
        self.setWidget(ground)

    def _show_cards(self) -> None:
        self._cards_wanted = True
        self._view_model.look_once()
        self._refresh()

    def _refresh(self) -> None:
        calm = bool(self._greeting)
        title, line = ("What shall we talk about?", self._greeting) if calm else WELCOME
        self._title.setText(title)
        self._line.setText(line)
        show_cards = self._cards_wanted or not calm
        self._looking.setVisible(show_cards and self._view_model.looking)
        self._more.setVisible(not show_cards)
        self._fill_cards(shown=show_cards)

    def _fill_cards(self, *, shown: bool) -> None:
        fresh = QWidget()
        column = QVBoxLayout(fresh)
        column.setContentsMargins(0, SIZES.gap if self._view_model.looking else 0, 0, 0)
        column.setSpacing(SIZES.gap_row)
        if shown:
            for offer in self._view_model.offers():
                card = OfferCard(offer, self._theme, self._icons)
                card.taken.connect(self._view_model.take)
                column.addWidget(card)
        self._column.replaceWidget(self._cards, fresh)
        self._cards.hide()
        self._cards.deleteLater()
        self._cards = fresh
        fresh.show()
