"""One card of a new chat."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout

from desktop.ui.first_run.view_model import Offer
from desktop.ui.icons import Icons
from desktop.ui.theme import Theme
from desktop.ui.tokens import SIZES
from desktop.ui.widgets.button import make_button
from desktop.ui.widgets.label import elide, make_label

BUTTON_LIMIT = 220


class OfferCard(QFrame):
    """Shows an offer with its one button."""

    taken = Signal(object)  # Offer

    def __init__(self, offer: Offer, theme: Theme, icons: Icons) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        picture = QLabel()
        picture.setFixedSize(QSize(SIZES.icon_card, SIZES.icon_card))
        picture.setPixmap(icons.pixmap(offer.icon, offer.tone, SIZES.icon_card))
        button = make_button("", "primary" if offer.primary else "outline")
        button.setText(elide(offer.button, button.fontMetrics(), BUTTON_LIMIT))
        button.setAccessibleName(offer.button)
        button.setAccessibleDescription(f"{offer.title}. {offer.text}")
        button.clicked.connect(lambda _checked=False: self.taken.emit(offer))
        title = make_label(offer.title, theme.font("ui_strong"))
        title.setMinimumHeight(theme.line_height("ui"))
        text = make_label(offer.text, theme.font("small"), "dim", wrap=True)
        text.setMinimumHeight(theme.line_height("small"))
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(title)
        words.addWidget(text)
        row = QHBoxLayout(self)
        row.setContentsMargins(SIZES.icon, SIZES.gap_wide, SIZES.icon, SIZES.gap_wide)
        row.setSpacing(SIZES.gap_wide)
        row.addWidget(picture, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(words, 1)
        row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
