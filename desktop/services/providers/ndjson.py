"""Newline-delimited JSON: bytes in, whole lines out, split at LF only."""

import codecs

from desktop.domain.errors import BadReply

MAX_LINE_CHARS = 1_000_000


class NdjsonDecoder:
    """Takes bytes in pieces of any size and gives each complete line that is not blank, in order."""

    def __init__(self) -> None:
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._pieces: list[str] = []
        self._size = 0

    def feed(self, piece: bytes) -> list[str]:
        """The lines that this piece completes.

        Raises:
            BadReply: one line is over a million characters.
        """
        head, *rest = self._decode(piece).split("\n")
        self._keep(head)
        lines = []
        for text in rest:
            lines.append("".join(self._pieces))
            self._pieces, self._size = [], 0
            self._keep(text)
        return [line for line in lines if line.strip()]

    def finish(self) -> list[str]:
        """The last line, where the stream did not end with a line break."""
        last = "".join(self._pieces)
        self._pieces, self._size = [], 0
        return [last] if last.strip() else []

    def _keep(self, text: str) -> None:
        self._pieces.append(text)
        self._size += len(text)
        if self._size > MAX_LINE_CHARS:
            raise BadReply("The service sent a line of over a million characters. The rest was not read.")
