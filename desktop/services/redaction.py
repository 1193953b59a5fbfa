"""Redaction: what keeps keys out of whatever is written down or shown."""

import re
import threading
from collections.abc import Iterable
from urllib.parse import quote

from desktop.domain.secrets import MASK

SHORTEST = 8
"""Local servers take keys such as `ollama`; masking words like that would blot out ordinary text."""

SHORTEST_CUT = 4
CUT = "…"

_SECRET_HEADER = re.compile(r"auth|(?<!idempotency-)key|token|secret|cookie|password", re.IGNORECASE)
_NAMED = re.compile(
    r"""(
        \b(?:bearer|basic)\s+(?=[\w+/=.~-]{16})
        | (?:api[-_\s]?key|(?<=[?&])key|token|secret|passwor[dt]|passwd|authorization|cookie)["']?\s*[=:]\s*["']?
          (?:bearer\s+|basic\s+)?
    )
    [^\s"'&,;)}\]]{6,}""",
    re.IGNORECASE | re.VERBOSE,
)
_SHAPED = re.compile(
    r"""\b(?:
        (?:sk|pk|rk|csk|xai|pplx|nvapi|key)-[\w-]{6,}
        | (?:gsk|hf|fw|r8|tgp_v1|gh[a-z]|github_pat)_\w{12,}
        | AIza[\w-]{20,}
        | eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]*
    )
    | (?<=://)[^\s/@:]+:[^\s/@]+(?=@)""",
    re.VERBOSE,
)


class Redactor:
    """Knows every key that was handed out, and what keys look like. Any thread may ask it."""

    def __init__(self) -> None:
        self._secrets: set[str] = set()
        self._known: re.Pattern[str] | None = None
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        return f"Redactor({len(self._secrets)} secrets)"

    def remember(self, secret: str) -> None:
        """Mask this secret from now on, also where it is quoted for a URL."""
        secret = secret.strip()
        if len(secret) < SHORTEST or secret in self._secrets:
            return
        with self._lock:
            self._secrets |= {secret, quote(secret, safe="")}
            longest_first = sorted(self._secrets, key=len, reverse=True)
            self._known = re.compile("|".join(map(re.escape, longest_first)))

    def mask(self, text: str) -> str:
        """A text without the secrets that are known, and without the beginning of one where it was cut off."""
        if self._known is None:
            return text
        text = self._known.sub(MASK, text)
        return self._without_cut(text) if text.endswith(CUT) else text

    def redact(self, text: str) -> str:
        """A text without the secrets that are known and without all that looks like one."""
        return _SHAPED.sub(MASK, _NAMED.sub(rf"\1{MASK}", self.mask(text)))

    def mask_headers(self, headers: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        """Headers without their secrets, which are known from now on."""
        return tuple((name, self._masked_header(name, value)) for name, value in headers)

    def _without_cut(self, text: str) -> str:
        beginning = text.removesuffix(CUT)
        for secret in self._secrets:
            for length in range(len(secret) - 1, SHORTEST_CUT - 1, -1):
                if beginning.endswith(secret[:length]):
                    return f"{beginning[:-length]}{MASK}{CUT}"
        return text

    def _masked_header(self, name: str, value: str) -> str:
        if not _SECRET_HEADER.search(name):
            return self.mask(value)
        scheme, space, secret = value.rpartition(" ")
        self.remember(secret)
        return f"{scheme}{space}{MASK}"
