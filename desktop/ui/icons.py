"""Line icons, tinted by the theme."""

from collections.abc import Callable

from PySide6.QtCore import QByteArray, QObject, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton

from desktop.paths import resource
from desktop.ui.theme import Theme
from desktop.ui.tokens import SIZES


class Icons:
    """Draws each icon once per colour, size and screen density, the first time somebody needs it."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self._drawn: dict[tuple[str, str, int, float], QPixmap] = {}

    def pixmap(self, name: str, tint: str = "dim", px: int = SIZES.icon) -> QPixmap:
        """The icon as sharp pixels for the densest screen.

        Args:
            name: the file's name in `resources/icons`, without its ending.
            tint: the colour's name in the tokens.
            px: edge length in device-independent pixels.
        """
        color = self._theme.color(tint).name(QColor.NameFormat.HexRgb)
        app = QGuiApplication.instance()
        ratio = app.devicePixelRatio() if isinstance(app, QGuiApplication) else 1.0
        key = (name, color, px, ratio)
        if key not in self._drawn:
            self._drawn[key] = _draw(name, color, px, ratio)
        return self._drawn[key]

    def icon(self, name: str, tint: str = "dim", px: int = SIZES.icon) -> QIcon:
        """The icon for a menu or a button."""
        return QIcon(self.pixmap(name, tint, px))

    def dress(self, button: QAbstractButton, name: str, tint: str = "dim", px: int = SIZES.icon) -> None:
        """Give a button its icon, now and after each change of theme."""
        button.setIconSize(QSize(px, px))
        self.follow(button, lambda: button.setIcon(self.icon(name, tint, px)))

    def follow(self, owner: QAbstractButton, draw: Callable[[], None]) -> None:
        """Call `draw` now and after each change of theme, as long as `owner` lives."""
        draw()
        self._theme.changed.connect(_Follower(owner, draw).draw)


class _Follower(QObject):
    """Belongs to what it draws for, so that Qt cuts the connection when that goes."""

    def __init__(self, owner: QObject, draw: Callable[[], None]) -> None:
        super().__init__(owner)
        self._draw = draw

    def draw(self) -> None:
        self._draw()


def _draw(name: str, color: str, px: int, ratio: float) -> QPixmap:
    source = resource("icons", f"{name}.svg").read_text(encoding="utf-8").replace("currentColor", color)
    pixmap = QPixmap(QSize(round(px * ratio), round(px * ratio)))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    QSvgRenderer(QByteArray(source.encode())).render(painter, QRectF(0, 0, px, px))
    painter.end()
    return pixmap
