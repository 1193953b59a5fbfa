"""Links: opened through one function, and only where a person clicked."""

from urllib.parse import urlsplit

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

_SCHEMES = frozenset({"http", "https", "mailto"})


def is_openable(target: str) -> bool:
    """Whether a link leads where a browser or mail program may be sent."""
    try:
        parts = urlsplit(target)
    except ValueError:
        return False
    return parts.scheme.lower() in _SCHEMES and (bool(parts.hostname) or parts.scheme.lower() == "mailto")


def describe_link(target: str) -> str:
    """The true destination, for a person: the host first, as it is dialled."""
    parts = urlsplit(target)
    if not parts.hostname:
        return target
    try:
        host = parts.hostname.encode("idna").decode("ascii")
    except UnicodeError:
        host = parts.hostname
    return f"{host} — {target}" if host not in target else target


def open_link(target: str) -> None:
    """Open a link in the system's own program; anything but http, https and mailto is left alone."""
    if is_openable(target):
        QDesktopServices.openUrl(QUrl(target, QUrl.ParsingMode.StrictMode))
