"""Links: opened through one function, and only where a person clicked."""

import re

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

_SCHEMES = frozenset({"http", "https", "mailto"})


def is_openable(target: str) -> bool:
    """Whether a link leads where a browser or mail program may be sent."""
    url = QUrl(target, QUrl.ParsingMode.StrictMode)
    return url.isValid() and url.scheme() in _SCHEMES and (bool(url.host()) or url.scheme() == "mailto")


def describe_link(target: str) -> str:
    """The true destination, for a person: the host as it is dialled first, wherever else in the link a name stands."""
    host = QUrl(target, QUrl.ParsingMode.StrictMode).host(QUrl.ComponentFormattingOption.FullyEncoded)
    seen = re.split(r"[/?#:]", target.partition("//")[2], maxsplit=1)[0]
    return target if host == seen.lower() else f"{host} — {target}"


def open_link(target: str) -> None:
    """Open a link in the system's own program; anything but http, https and mailto is left alone."""
    if is_openable(target):
        QDesktopServices.openUrl(QUrl(target, QUrl.ParsingMode.StrictMode))
