"""The theme: which tokens hold now, and telling everybody when they change."""

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from desktop.domain.settings import Theme as ThemeChoice
from desktop.ui.stylesheet import render_stylesheet
from desktop.ui.tokens import DARK, LETTERINGS, LIGHT, FontRole, Tokens

_SCHEMES = {ThemeChoice.LIGHT: Qt.ColorScheme.Light, ThemeChoice.DARK: Qt.ColorScheme.Dark}


class Theme(QObject):
    """Gives the application its colours and fonts, following the system live unless told otherwise.

    Args:
        app: gets style, palette, font and stylesheet.
        choice: light, dark, or what the system says.
    """

    changed = Signal()

    def __init__(self, app: QApplication, choice: ThemeChoice = ThemeChoice.SYSTEM) -> None:
        super().__init__()
        self._app = app
        self._choice = choice
        self._fonts: dict[FontRole, QFont] = {}
        app.setStyle("Fusion")
        hints = app.styleHints()
        hints.colorSchemeChanged.connect(self._refresh)
        hints.accessibility().contrastPreferenceChanged.connect(self._refresh)
        self._ask_system()
        self._tokens = self._current()
        self._apply()

    @property
    def tokens(self) -> Tokens:
        """The tokens that hold now."""
        return self._tokens

    def choose(self, choice: ThemeChoice) -> None:
        """Take light, dark, or whatever the system says, from now on."""
        if choice is self._choice:
            return
        self._choice = choice
        self._ask_system()
        self._refresh()

    def font(self, role: FontRole) -> QFont:
        """The font of one kind of text; the family is the system's own."""
        if role not in self._fonts:
            self._fonts[role] = _make_font(role)
        return QFont(self._fonts[role])

    def line_height(self, role: FontRole) -> int:
        """The distance of two base lines, in pixels."""
        lettering = LETTERINGS[role]
        return round(lettering.px * lettering.line)

    def color(self, name: str) -> QColor:
        """The token of this name as a colour."""
        return QColor(getattr(self._tokens, name))

    def _ask_system(self) -> None:
        """Have window frames and native dialogs follow the choice too, where the platform can."""
        hints = self._app.styleHints()
        if self._choice in _SCHEMES:
            hints.setColorScheme(_SCHEMES[self._choice])
        else:
            hints.unsetColorScheme()

    def _current(self) -> Tokens:
        hints = self._app.styleHints()
        wanted = _SCHEMES.get(self._choice, hints.colorScheme())
        tokens = DARK if wanted is Qt.ColorScheme.Dark else LIGHT
        contrast = hints.accessibility().contrastPreference()
        return tokens.with_high_contrast() if contrast is Qt.ContrastPreference.HighContrast else tokens

    def _refresh(self) -> None:
        current = self._current()
        if current == self._tokens:
            return
        self._tokens = current
        self._apply()
        self.changed.emit()

    def _apply(self) -> None:
        self._app.setPalette(_make_palette(self._tokens))
        self._app.setFont(self.font("ui"))
        self._app.setStyleSheet(render_stylesheet(self._tokens))


def _make_font(role: FontRole) -> QFont:
    lettering = LETTERINGS[role]
    kind = QFontDatabase.SystemFont.FixedFont if lettering.mono else QFontDatabase.SystemFont.GeneralFont
    font = QFont(QFontDatabase.systemFont(kind))
    font.setPixelSize(lettering.px)
    font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, lettering.px * lettering.spacing)
    font.setWeight(QFont.Weight(lettering.weight))
    return font


def _make_palette(tokens: Tokens) -> QPalette:
    roles = {
        QPalette.ColorRole.Window: tokens.page,
        QPalette.ColorRole.Base: tokens.page,
        QPalette.ColorRole.AlternateBase: tokens.sidebar,
        QPalette.ColorRole.Button: tokens.page,
        QPalette.ColorRole.WindowText: tokens.text,
        QPalette.ColorRole.Text: tokens.text,
        QPalette.ColorRole.ButtonText: tokens.text,
        QPalette.ColorRole.PlaceholderText: tokens.faint,
        QPalette.ColorRole.Highlight: tokens.accent,
        QPalette.ColorRole.HighlightedText: tokens.on_accent,
        QPalette.ColorRole.Link: tokens.accent,
        QPalette.ColorRole.Accent: tokens.accent,
        QPalette.ColorRole.ToolTipBase: tokens.text,
        QPalette.ColorRole.ToolTipText: tokens.page,
        QPalette.ColorRole.Mid: tokens.hairline,
    }
    palette = QPalette()
    for role, color in roles.items():
        palette.setColor(role, QColor(color))
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText, QPalette.ColorRole.WindowText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(tokens.faint))
    return palette
