"""Markdown that grows at its end: what is closed is parsed once and never again."""

from desktop.ui.conversation.markdown import Block
from desktop.ui.conversation.markdown_pieces import (
    MAX_FORMATTED,
    MAX_PARSED,
    Piece,
    has_definitions,
    parse_head,
    parse_markdown,
    parse_tail,
)


class GrowingMarkdown:
    """The blocks of a text that only grows.

    Blocks before the last top-level one cannot be changed by later text and keep their place; only the rest is
    parsed again. A link whose target is defined elsewhere is found by `finish`.
    """

    def __init__(self) -> None:
        self._parsed = 0
        self._opener = ""
        self._closed: list[Block] = []
        self.blocks: list[Block] = []

    def grow(self, source: str) -> int:
        """Take the longer text; returns the index of the first block that may have changed.

        Args:
            source: all of the text, beginning with all of the text before.
        """
        first = len(self._closed)
        while len(source) - self._parsed > MAX_PARSED:
            self._close(parse_head(source[self._parsed : self._parsed + MAX_PARSED], self._opener))
        tail = parse_tail(source[self._parsed :], self._opener)
        self._close(tail)
        self.blocks = [*self._closed, *tail.open]
        return first

    def finish(self, source: str) -> int:
        """Take the final text; returns the index of the first block that may have changed.

        The text is read again as one only where that can make a difference.
        """
        if len(source) <= MAX_FORMATTED and not has_definitions(source):
            return self.grow(source)
        final = list(parse_markdown(source))
        first = next(
            (n for n, (old, new) in enumerate(zip(self.blocks, final, strict=False)) if old != new),
            min(len(self.blocks), len(final)),
        )
        self.blocks = final
        return first

    def _close(self, piece: Piece) -> None:
        self._closed.extend(piece.closed)
        self._parsed += piece.size
        self._opener = piece.opener
