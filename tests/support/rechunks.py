"""One reply's bytes cut in any way, and what a wire's decoder and parser make of the pieces."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from desktop.domain.chunk import Channel, Chunk
from desktop.services.providers.wire import Finish
from tests.support.dialects import Dialect

PIECES = ("Hello ", "wörld 🙂", "\u2028\u0085", "日本語のテキスト", "\r\n\n", "a\ud83d\ude42b", '"\\{}[]:data: ', "end")
REASONING = ("let ", "me sée ", "🤔\n\n")


class Read(NamedTuple):
    """What was read: the chunks in their order, and how the reply ended."""

    chunks: list[Chunk]
    finish: Finish | None

    def text(self) -> str:
        """What was said."""
        return "".join(one.text for one in self.chunks if one.channel is Channel.TEXT)


def stream(dialect: Dialect, repeat: int = 8) -> bytes:
    """The body of a long reply with everything that is hard to cut."""
    return b"".join(dialect.payloads(PIECES * repeat, reasoning=REASONING * repeat))


def read(dialect: Dialect, pieces: Iterable[bytes]) -> Read:
    """Read a body that arrives in pieces, as a provider does."""
    decoder, parser = dialect.protocol.decoder(), dialect.protocol.reply_parser()
    chunks: list[Chunk] = []
    for piece in pieces:
        for payload in decoder.feed(piece):
            if not parser.is_over:
                chunks += parser.parse(payload)
    for payload in decoder.finish():
        if not parser.is_over:
            chunks += parser.parse(payload)
    return Read(chunks, parser.finish)


def cut(body: bytes, widths: bytes) -> Iterator[bytes]:
    """The body in as many pieces as there are `widths`, which say how wide each is; the last is the rest."""
    start, widest = 0, max(1, 19 * len(body) // (10 * len(widths)))
    for width in widths:
        end = start + width % widest + 1
        yield body[start:end]
        start = end
    yield body[start:]
