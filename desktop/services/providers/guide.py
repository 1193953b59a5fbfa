"""The guide: answers questions about Parley from its manual, offline and without any model."""

import asyncio
import re
import sqlite3
from collections import deque
from collections.abc import Iterable
from pathlib import Path

from desktop.domain.attempt import Purpose
from desktop.domain.chunk import Chunk
from desktop.domain.errors import ProviderError
from desktop.domain.message import Role
from desktop.domain.model import Model, ModelRef
from desktop.domain.request import Request
from desktop.domain.turn import TurnState
from desktop.domain.usage import Usage
from desktop.services.providers.declarations import GUIDE
from desktop.services.providers.provider import Emit
from desktop.services.providers.wire import Finish, Progress

PAUSE_S = 0.012
_WORDS = re.compile(r"\S+\s*")
_SECTION = re.compile(r"^## +(.+)$", re.MULTILINE)

_STOP_WORDS = "a an and are be can do does for from how i in is it me my of on or the to what when with you your"

_HONEST = "I am Parley's built-in guide: I look things up in the manual, I am not an AI model.\n\n"


class Guide:
    """Streams the section of the manual that fits a question best, and says so when none does.

    Replies queued with `queue` come first, one for each request: a list of chunks and errors in order.

    Args:
        manual: the folder of the manual's Markdown pages.
        pause_s: seconds between two words.
    """

    def __init__(self, manual: Path, pause_s: float = PAUSE_S) -> None:
        self._manual = manual
        self._pause_s = pause_s
        self._index: sqlite3.Connection | None = None
        self._queued: deque[tuple[Chunk | ProviderError, ...]] = deque()

    def queue(self, steps: Iterable[Chunk | ProviderError]) -> None:
        """Let the next request be answered with these steps instead of the manual."""
        self._queued.append(tuple(steps))

    def check(self) -> None:
        """See Provider: the guide is always there."""

    async def models(self, _purpose: Purpose = Purpose.MODELS) -> tuple[Model, ...]:
        """See Provider: the guide itself."""
        return (Model(ModelRef(GUIDE.id, GUIDE.name)),)

    async def reply(self, request: Request, emit: Emit, _attempt_id: int) -> Finish:
        """See Provider."""
        emit(Progress(TurnState.READING))
        if self._queued:
            return await self._replay(self._queued.popleft(), emit)
        question = next((m.text for m in reversed(request.messages) if m.role is Role.USER), "")
        first = all(message.role is not Role.ASSISTANT for message in request.messages)
        answer = (_HONEST if first else "") + await asyncio.to_thread(self._answer, question)
        for word in _WORDS.findall(answer):
            emit(Chunk(word))
            await asyncio.sleep(self._pause_s)
        return Finish("stop", Usage())

    async def _replay(self, steps: tuple[Chunk | ProviderError, ...], emit: Emit) -> Finish:
        for step in steps:
            if isinstance(step, ProviderError):
                raise step
            emit(step)
            await asyncio.sleep(0)
        return Finish("stop")

    def _answer(self, question: str) -> str:
        words = [word for word in re.findall(r"\w+", question.lower()) if word not in _STOP_WORDS.split()]
        rows = self._search(words)
        if not rows:
            topics = "\n".join(f"- {title}" for (title,) in self._opened().execute("SELECT title FROM manual"))
            return f"I found nothing about that in the manual. These are the topics I know:\n\n{topics}\n"
        title, body = rows[0]
        more = [other for other, _ in rows[1:4]]
        also = f"\n\nSee also: {', '.join(f'*{other}*' for other in more)}." if more else ""
        return f"### {title}\n\n{body}{also}\n"

    def _search(self, words: list[str]) -> list[tuple[str, str]]:
        if not words:
            return []
        query = " OR ".join(f'"{word}"*' if len(word) > 3 else f'"{word}"' for word in words)
        ranked = "SELECT title, body FROM manual WHERE manual MATCH ? ORDER BY bm25(manual, 6.0, 3.0, 1.0) LIMIT 4"
        return list(self._opened().execute(ranked, (query,)))

    def _opened(self) -> sqlite3.Connection:
        if self._index is None:
            index = sqlite3.connect(":memory:", check_same_thread=False)
            index.execute("CREATE VIRTUAL TABLE manual USING fts5(title, keywords, body, tokenize='porter unicode61')")
            for page in sorted(self._manual.glob("*.md")):
                index.executemany("INSERT INTO manual VALUES (?, ?, ?)", parse_sections(page.read_text("utf-8")))
            self._index = index
        return self._index


def parse_sections(page: str) -> list[tuple[str, str, str]]:
    """Title, keywords and body of each `##` section; keywords stand in a comment `<!-- keywords: … -->`."""
    parts = _SECTION.split(page)[1:]
    sections = []
    for title, text in zip(parts[::2], parts[1::2], strict=True):
        found = re.search(r"<!-- keywords: (.*?) -->", text)
        body = re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL).strip()
        sections.append((title.strip(), found.group(1) if found else "", body))
    return sections
