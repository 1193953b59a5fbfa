"""Markdown to blocks: pure values that a view can lay out. markdown-it is imported at the first parse."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

MAX_LINE = 2_000
CODE_LINES = 24


class BlockKind(Enum):
    """What a block is."""

    PARAGRAPH = auto()
    HEADING = auto()
    CODE = auto()
    TABLE = auto()
    RULE = auto()


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of text in one style. `link` is the target of a link, as written."""

    text: str
    bold: bool = False
    italic: bool = False
    strike: bool = False
    code: bool = False
    link: str = ""


Spans = tuple[Span, ...]
Blocks = tuple["Block", ...]


@dataclass(frozen=True, slots=True)
class Block:
    """One thing to lay out.

    `indent` counts list levels, `quote` quote bars, `marker` stands before a list item's first block. A long code
    block comes in slices: `is_first` and `is_last` say where it begins and ends, `is_cut` that the slice ends
    inside a line.
    """

    kind: BlockKind
    spans: Spans = ()
    level: int = 0
    indent: int = 0
    quote: int = 0
    marker: str = ""
    language: str = ""
    rows: tuple[tuple[Spans, ...], ...] = ()
    aligns: tuple[str, ...] = ()
    is_first: bool = True
    is_last: bool = True
    is_cut: bool = False

    @property
    def text(self) -> str:
        """The block's text without style."""
        if self.kind is BlockKind.TABLE:
            return "\n".join("\t".join("".join(s.text for s in cell) for cell in row) for row in self.rows)
        return "".join(span.text for span in self.spans)


@dataclass(frozen=True, slots=True)
class Group:
    """What stands at the top level of a text: a list, a quote, a paragraph. `line` is where it begins, from 0."""

    line: int
    blocks: list[Block]


def parse_groups(source: str) -> list[Group]:
    """A text that is not too long, in groups."""
    reader = _Reader()
    groups: list[Group] = []
    for line, tokens in _top_level(_parser().parse(source)):
        groups.append(Group(line, list(reader.blocks(tokens))))
    if not groups and source.strip():
        return [Group(0, list(parse_plain(source)))]  # nothing but definitions of links
    return groups


def parse_plain(source: str) -> Blocks:
    """A text as it is written, line by line."""
    lines = source.splitlines()
    pieces = (line[place : place + MAX_LINE] for line in lines for place in range(0, max(1, len(line)), MAX_LINE))
    return tuple(Block(BlockKind.PARAGRAPH, (Span(piece),)) for piece in pieces if piece.strip())


@cache
def _parser() -> "MarkdownIt":
    from markdown_it import MarkdownIt  # noqa: PLC0415 - must not delay the first paint

    from desktop.ui.conversation.markdown_limits import limit_markdown  # noqa: PLC0415

    return limit_markdown(MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"]))


def _top_level(tokens: "Sequence[Token]") -> "Iterator[tuple[int, list[Token]]]":
    """The line in which each top-level thing begins, and its tokens."""
    line = 0
    run: list[Token] = []
    for token in tokens:
        if token.level == 0 and token.nesting >= 0:
            if run:
                yield line, run
            line, run = token.map[0] if token.map else line, []
        run.append(token)
    if run:
        yield line, run


class _Reader:
    """Turns tokens into blocks, one group after the other."""

    def __init__(self) -> None:
        self._indent = 0
        self._quote = 0
        self._marker = ""
        self._numbers: list[int | None] = []

    def blocks(self, found: "Iterable[Token]") -> Iterator[Block]:  # noqa: C901 - one case for each kind of token
        """The blocks of some tokens, in order."""
        tokens = iter(found)
        for token in tokens:
            match token.type:
                case "bullet_list_open" | "ordered_list_open":
                    start = token.attrGet("start")
                    self._numbers.append(
                        None if token.type.startswith("bullet") else int(1 if start is None else start)
                    )
                    self._indent += 1
                case "bullet_list_close" | "ordered_list_close":
                    self._numbers.pop()
                    self._indent -= 1
                case "list_item_open":
                    self._marker = self._next_marker()
                case "list_item_close" if self._marker:
                    yield self._place(Block(BlockKind.PARAGRAPH))
                case "blockquote_open":
                    self._quote += 1
                case "blockquote_close":
                    self._quote -= 1
                case "heading_open":
                    spans = _spans(next(tokens).children or ())
                    yield self._place(Block(BlockKind.HEADING, spans, level=int(token.tag[1])))
                case "inline":
                    yield from map(self._place, _paragraph(_spans(token.children or ())))
                case "fence" | "code_block":
                    yield from map(self._place, _code(token.content, token.info))
                case "hr":
                    yield self._place(Block(BlockKind.RULE))
                case "table_open":
                    yield self._place(_table(tokens))

    def _next_marker(self) -> str:
        number = self._numbers[-1]
        if number is None:
            return "•" if self._indent % 2 else "◦"
        self._numbers[-1] = number + 1
        return f"{number}."

    def _place(self, block: Block) -> Block:
        marker, self._marker = self._marker, ""
        return replace(block, indent=self._indent, quote=self._quote, marker=marker)


def _paragraph(spans: Spans) -> Iterator[Block]:
    """One paragraph, in slices if it is so long that laying it out at once would be felt."""
    run: list[Span] = []
    size = 0
    for span in spans:
        for place in range(0, max(1, len(span.text)), MAX_LINE):
            piece = replace(span, text=span.text[place : place + MAX_LINE])
            if run and size + len(piece.text) > MAX_LINE:
                yield Block(BlockKind.PARAGRAPH, tuple(run))
                run, size = [], 0
            run.append(piece)
            size += len(piece.text)
    yield Block(BlockKind.PARAGRAPH, tuple(run))


def _code(content: str, info: str) -> Iterator[Block]:
    slices = list(_code_slices(content.removesuffix("\n").split("\n")))
    language = info.split(maxsplit=1)[0] if info.split() else ""
    for number, (text, cut) in enumerate(slices):
        first, last = number == 0, number == len(slices) - 1
        yield Block(BlockKind.CODE, (Span(text),), language=language, is_first=first, is_last=last, is_cut=cut)


def _code_slices(lines: list[str]) -> Iterator[tuple[str, bool]]:
    """Code that lays out fast, and whether it ends inside a line, as very long lines make it."""
    run: list[str] = []
    for line in lines:
        if run and (len(run) == CODE_LINES or len(line) > MAX_LINE):
            yield "\n".join(run), False
            run = []
        while len(line) > MAX_LINE:
            yield line[:MAX_LINE], True
            line = line[MAX_LINE:]  # noqa: PLW2901 - what is left of it
        run.append(line)
    yield "\n".join(run), False


def _table(tokens: "Iterator[Token]") -> Block:
    rows: list[list[Spans]] = []
    aligns: list[str] = []
    for token in tokens:
        match token.type:
            case "table_close":
                break
            case "tr_open":
                rows.append([])
            case "th_open":
                style = str(token.attrGet("style") or "")
                aligns.append(style.rpartition(":")[2] or "left")
            case "inline":
                rows[-1].append(_spans(token.children or ()))
    return Block(BlockKind.TABLE, rows=tuple(tuple(row) for row in rows), aligns=tuple(aligns))


def _spans(tokens: "Iterable[Token]") -> Spans:  # noqa: C901 - one case for each kind of token
    spans: list[Span] = []
    style = Span("")
    for token in tokens:
        match token.type:
            case "strong_open" | "strong_close":
                style = replace(style, bold=token.nesting == 1)
            case "em_open" | "em_close":
                style = replace(style, italic=token.nesting == 1)
            case "s_open" | "s_close":
                style = replace(style, strike=token.nesting == 1)
            case "link_open":
                style = replace(style, link=str(token.attrGet("href") or ""))
            case "link_close":
                style = replace(style, link="")
            case "softbreak":
                spans.append(replace(style, text=" "))
            case "hardbreak":
                spans.append(replace(style, text="\u2028"))
            case "code_inline":
                spans.append(replace(style, text=token.content, code=True))
            case "image":
                spans.append(replace(style, text=_image_chip(token), code=True))
            case _ if token.content:
                spans.append(replace(style, text=token.content))
    return tuple(spans)


def _image_chip(token: "Token") -> str:
    """What stands in for an image, which is never fetched: its description and where it lies."""
    try:
        host = urlsplit(str(token.attrGet("src") or "")).hostname or "unknown place"
    except ValueError:
        host = "unknown place"
    return f"image: {token.content} ({host})" if token.content else f"image ({host})"
