"""Addresses of services, as people write them, and where they lead."""

from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import SplitResult, urlsplit

from desktop.domain.errors import BadAddress

_ANY_HOSTS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - recognised in order to dial loopback instead


class Reach(StrEnum):
    """How far a message travels before a model reads it."""

    BUILT_IN = "built in"
    LOCAL = "local"
    NETWORK = "network"
    CLOUD = "cloud"


@dataclass(frozen=True, slots=True)
class Address:
    """A service's base address: scheme, host, port and path without a trailing slash."""

    scheme: str
    host: str
    port: int | None
    path: str = ""

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port is None else f":{self.port}"
        return f"{self.scheme}://{host}{port}{self.path}"

    @property
    def reach(self) -> Reach:
        """How far this address is from here."""
        return reach_of(self.host)

    @property
    def origin(self) -> tuple[str, str, int]:
        """Scheme, host and port: who reads what is sent here."""
        return self.scheme, self.host, self.port or (443 if self.scheme == "https" else 80)

    def joined(self, path: str) -> str:
        """The full URL of a path below this address."""
        return f"{self}{path}"


def reach_of(host: str) -> Reach:
    """Loopback is local, private ranges and `.local` names are the network, all else the cloud."""
    if host == "localhost" or host.endswith(".localhost"):
        return Reach.LOCAL
    ip = _as_ip(host)
    if ip is None:
        nearby = host.endswith((".local", ".lan", ".home.arpa")) or "." not in host
        return Reach.NETWORK if nearby else Reach.CLOUD
    if ip.is_loopback:
        return Reach.LOCAL
    return Reach.NETWORK if ip.is_private or ip.is_link_local else Reach.CLOUD


def parse_address(text: str, *, default_port: int | None = None) -> Address:
    """Read an address as people write it: scheme optional (http on loopback and private hosts), slash tolerated.

    Args:
        text: such as `localhost:11434`, `https://api.example.com/v1/`.
        default_port: the port meant when neither scheme nor port was written.

    Raises:
        BadAddress: the text is no http(s) address; the sentence says what to write instead.
    """
    cleaned = text.strip()
    if "://" in cleaned:
        parts = _split(cleaned, text)
    else:
        parts = _split(f"http://{cleaned}", text)
        if _build(parts, None, text).reach is Reach.CLOUD:
            parts = parts._replace(scheme="https")
        elif parts.port is None and default_port is not None:
            return _build(parts, default_port, text)
    return _build(parts, parts.port, text)


def without_version(address: Address, *versions: str) -> Address:
    """Drop any run of trailing version segments such as `/v1/v1`, so that a wire can add its own once."""
    path = address.path
    while path.endswith(tuple(f"/{version}" for version in versions)):
        path = path.rpartition("/")[0]
    return Address(address.scheme, address.host, address.port, path)


def _split(url: str, written: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises on a port that is no number
    except ValueError as error:
        raise BadAddress(written) from error
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.query:
        raise BadAddress(written)
    return parts


def _build(parts: SplitResult, port: int | None, written: str) -> Address:
    host = (parts.hostname or "").lower()
    if any(character.isspace() for character in host):
        raise BadAddress(written)
    return Address(parts.scheme, _ANY_HOSTS.get(host, host), port, parts.path.rstrip("/"))


def _as_ip(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None
