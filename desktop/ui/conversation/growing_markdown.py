"""Markdown that grows at its end: what is closed is parsed once and never again."""

from desktop.ui.conversation.markdown import Block, parse_markdown, parse_tail


class GrowingMarkdown:
    """The blocks of a text that only grows.

    Blocks before the last top-level one cannot be changed by later text and keep their place; only the rest is
    parsed again. A link whose target is defined further down is found by `finish`.
    """

    def __init__(self) -> None:
        self._parsed = 0
        self._closed: list[Block] = []
        self.blocks: list[Block] = []

    def grow(self, source: str) -> int:
        """Take the longer text; returns the index of the first block that may have changed.

        Args:
            source: all of the text, beginning with all of the text before.
        """
        first = len(self._closed)
        if not source:
            return first
        tail = source[self._parsed :]
        blocks, closed = parse_tail(tail)
        if closed:
            kept = parse_tail(tail[:closed])[0]
            self._closed.extend(kept)
            self._parsed += closed
            blocks = blocks[len(kept) :] if blocks[: len(kept)] == kept else parse_tail(tail[closed:])[0]
        self.blocks = [*self._closed, *blocks]
        return first

    def finish(self, source: str) -> int:
        """Take the final text and read it as one; returns the index of the first block that changed."""
        final = list(parse_markdown(source))
        first = next(
            (n for n, (old, new) in enumerate(zip(self.blocks, final, strict=False)) if old != new),
            min(len(self.blocks), len(final)),
        )
        self.blocks = final
        return first
