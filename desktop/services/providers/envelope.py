"""The envelope of a call: its URL, and the headers that say who is asking."""

import re
from dataclasses import dataclass

from desktop.domain.address import Address, without_version
from desktop.domain.service import Service
from desktop.services.providers import payload
from desktop.services.providers.wire import Call

AUTHORIZATION = "Authorization"

_VERSION = re.compile(r"/v\d+(alpha|beta)?\d*(/|$)")


@dataclass(frozen=True, slots=True)
class Envelope:
    """How one wire addresses its calls.

    Args:
        version: the segment with which its paths begin, such as `v1`; empty for none.
        others: segments that people may write at the end of a base URL all the same; they are dropped.
        key_header: the header that bears the key; `Authorization` bears it as `Bearer`.
        headers: what the wire wants said with every call.
    """

    version: str = "v1"
    others: tuple[str, ...] = ()
    key_header: str = AUTHORIZATION
    headers: tuple[tuple[str, str], ...] = ()

    def get(self, service: Service, key: str | None, path: str) -> Call:
        """A call without a body."""
        return Call("GET", self._url(service, path), self._headers(service, key))

    def post(self, service: Service, key: str | None, path: str, body: object) -> Call:
        """A call with a JSON body."""
        return Call("POST", self._url(service, path), self._headers(service, key), payload.render(body))

    def _url(self, service: Service, path: str) -> str:
        url = self._root(service).joined(path)
        return f"{url}{'&' if '?' in url else '?'}{service.habits.query}" if service.habits.query else url

    def _root(self, service: Service) -> Address:
        """The base address with the version in it exactly once, or as it is where it names another, such as `/v4`."""
        assert service.address is not None
        bare = without_version(service.address, *filter(None, (self.version, *self.others)))
        unchanged = bare == service.address
        if not self.version or not service.habits.versioned or (unchanged and _VERSION.search(bare.path)):
            return bare
        return Address(bare.scheme, bare.host, bare.port, f"{bare.path}/{self.version}")

    def _headers(self, service: Service, key: str | None) -> dict[str, str]:
        headers = {"Content-Type": "application/json", **dict(self.headers), **dict(service.habits.headers)}
        if key:
            name = service.habits.key_header or self.key_header
            headers[name] = f"Bearer {key}" if name == AUTHORIZATION else key
        return headers
