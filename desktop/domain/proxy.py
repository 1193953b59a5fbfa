"""The proxy, as a person writes it."""

from urllib.parse import urlsplit

from desktop.domain.errors import BadAddress

SCHEMES = ("http", "https", "socks5")


def parse_proxy(text: str) -> str:
    """The proxy's URL, empty where there is none; `host:port` means http.

    Raises:
        BadAddress: the text is no proxy that Parley can use. One with a name and a password is not taken, because
            settings are no place for secrets.
    """
    cleaned = text.strip()
    if not cleaned:
        return ""
    url = cleaned if "://" in cleaned else f"http://{cleaned}"
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises on a port that is no number
    except ValueError as error:
        raise BadAddress(cleaned) from error
    bare = parts.path in ("", "/") and not (parts.query or parts.fragment or parts.username or parts.password)
    if parts.scheme not in SCHEMES or not parts.hostname or not bare or any(map(str.isspace, url)):
        raise BadAddress(cleaned)
    return url.rstrip("/")
