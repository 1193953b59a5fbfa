"""What keeps hostile Markdown from taking long or vanishing: beyond these limits it is read as what it says."""

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, table
from markdown_it.rules_inline import StateInline

MAX_BRACKETS = 1_000
MAX_CELLS = 2_000
MAX_DEPTH = 16


def limit_markdown(parser: MarkdownIt) -> MarkdownIt:
    """Give a parser limits on links, table cells and nesting; returns the same parser."""
    parser.inline.ruler.before("link", "many_brackets", _many_brackets)
    parser.block.ruler.before("table", "deep", _deep)
    parser.block.ruler.at("table", _table, {"alt": ["paragraph", "reference"]})
    return parser


def _many_brackets(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - called by the parser
    """Each bracket may begin a link, which must be looked for: after so many, brackets are only brackets."""
    if state.src[state.pos] not in "[!":
        return False
    state.env["brackets"] = count = state.env.get("brackets", 0) + 1
    if count <= MAX_BRACKETS:
        return False
    if not silent:
        state.pending += state.src[state.pos]
    state.pos += 1
    return True


def _deep(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001 - called by the parser
    """The parser drops what is nested too deeply: shown as it is written instead."""
    if state.level < MAX_DEPTH:
        return False
    if not silent:
        state.line = end
        state.push("paragraph_open", "p", 1).map = [start, end]
        token = state.push("inline", "", 0)
        token.content, token.map, token.children = state.getLines(start, end, 0, False).strip(), [start, end], []
        state.push("paragraph_close", "p", -1)
    return True


def _table(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001 - called by the parser
    """A table of very many cells, given or implied, is shown as preformatted text."""
    if not table(state, start, end, True):
        return False
    last = next((line for line in range(start, end) if state.isEmpty(line)), end)
    columns = state.getLines(start + 1, start + 2, 0, False).count("|") + 1
    if columns * (last - start) <= MAX_CELLS:
        return table(state, start, end, silent)
    if not silent:
        state.line = last
        token = state.push("code_block", "code", 0)
        token.content, token.map = state.getLines(start, last, state.blkIndent, True), [start, last]
    return True
