"""Highlighting: Pygments by the fence's name, away from the Qt thread."""

from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor

from PySide6.QtCore import QObject, Signal

from desktop.ui.conversation.markdown_pieces import parse_markdown
from desktop.ui.conversation.text_box import Tint
from desktop.ui.tokens import Tokens

MAX_CODE = 20_000
KEPT = 500

Kinds = tuple[tuple[int, int, str], ...]


class Highlighter(QObject):
    """Finds which parts of code are what; answers at once from memory, else says later that it knows."""

    ready = Signal()
    _found = Signal(object, object)  # key, kinds

    def __init__(self) -> None:
        super().__init__()
        self._known: OrderedDict[tuple[str, str], Kinds] = OrderedDict()
        self._asked: set[tuple[str, str]] = set()
        self._worker = ThreadPoolExecutor(1, "parley-highlighter")
        self._found.connect(self._keep)  # emitted by the worker, so Qt queues it

    def tints(self, language: str, code: str, tokens: Tokens) -> tuple[Tint, ...] | None:
        """The colours of a piece of code, None as long as they are not known."""
        if not language or len(code) > MAX_CODE:
            return ()
        key = (language, code)
        if key not in self._known:
            if key not in self._asked:
                self._asked.add(key)
                self._worker.submit(self._find, key)
            return None
        self._known.move_to_end(key)
        return tuple(
            Tint(start, length, getattr(tokens, kind), italic=False) for start, length, kind in self._known[key]
        )

    def warm_up(self) -> None:
        """Import what the first reply needs, so that it need not be done when it comes."""
        self._worker.submit(parse_markdown, "warm *up*")

    def close(self) -> None:
        """Stop working; what waits is dropped."""
        self._worker.shutdown(wait=False, cancel_futures=True)

    def _find(self, key: tuple[str, str]) -> None:
        self._found.emit(key, _kinds(*key))

    def _keep(self, key: tuple[str, str], kinds: Kinds) -> None:
        self._known[key] = kinds
        self._asked.discard(key)
        while len(self._known) > KEPT:
            self._known.popitem(last=False)
        self.ready.emit()


def _kinds(language: str, code: str) -> Kinds:
    from pygments.lexers import get_lexer_by_name  # noqa: PLC0415 - must not delay the first paint
    from pygments.token import Token  # noqa: PLC0415
    from pygments.util import ClassNotFound  # noqa: PLC0415

    names = (
        (Token.Comment, "comment"),
        (Token.Keyword, "keyword"),
        (Token.Literal.String, "string"),
        (Token.Literal.Number, "number"),
        (Token.Name.Function, "function"),
        (Token.Name.Class, "function"),
        (Token.Name.Builtin, "function"),
        (Token.Name.Decorator, "function"),
        (Token.Name.Tag, "keyword"),
        (Token.Name.Attribute, "function"),
        (Token.Operator.Word, "keyword"),
    )
    try:
        lexer = get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return ()
    tokens = list(lexer.get_tokens(code))
    found, place = [], 0
    for (token, text), (_, after) in zip(tokens, [*tokens[1:], (Token, "")], strict=True):
        kind = next((name for parent, name in names if token in parent), "")
        if token is Token.Name and after.startswith("("):
            kind = "function"  # a call: lexers name only definitions
        if kind and text.strip():
            found.append((place, len(text), kind))
        place += len(text)
    return tuple(found)
