"""Newline-delimited JSON: bytes in, whole lines out, split at LF only; a byte order mark at the start is skipped.

A web page that came instead, with status 200, is one payload.
"""

import codecs

from desktop.domain.errors import BadReply
from desktop.services.providers import payload

MAX_LINE_CHARS = 1_000_000


class NdjsonDecoder:
    """Takes bytes in pieces of any size and gives each complete line that is not blank, in order."""

    def __init__(self) -> None:
        self._decode = codecs.getincrementaldecoder("utf-8-sig")("replace").decode
        self._pieces: list[str] = []
        self._size = 0
        self._started = self._is_page = False

    def feed(self, piece: bytes) -> list[str]:
        """The lines that this piece completes.

        Raises:
            BadReply: one line is over a million characters.
        """
        text = self._decode(piece)
        if not self._started and (opening := text.lstrip()):
            self._started, self._is_page = True, opening.startswith("<")
        head, *rest = [text] if self._is_page else text.split("\n")
        self._keep(head)
        lines = []
        for start in rest:
            lines.append("".join(self._pieces))
            self._pieces, self._size = [], 0
            self._keep(start)
        return [line for line in lines if line.strip()]

    def finish(self) -> list[str]:
        """The last line, where the stream did not end with a line break; one that is cut off is nothing."""
        last = "".join(self._pieces)
        self._pieces, self._size = [], 0
        return [last] if self._is_page or payload.is_json(last) else []

    def _keep(self, text: str) -> None:
        self._pieces.append(text)
        self._size += len(text)
        if self._size > MAX_LINE_CHARS:
            raise BadReply("The service sent a line of over a million characters. The rest was not read.")
