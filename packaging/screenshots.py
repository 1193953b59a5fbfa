"""Take the pictures of the window: light and dark, 1x and 2x, wide and narrow, with what people meet there.

Every picture is of the real window over real services; only the model server is a stand-in. All pictures go to
`build/screenshots/`, those that the README shows to `docs/pictures/` as well.
"""

import asyncio
import functools
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from console import BUILD, ROOT
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from sqlalchemy import Connection, Update, update
from turn_scenes import answer_turn, take_turn_pictures

from desktop import app
from desktop.bridge import Bridge
from desktop.domain.address import parse_address
from desktop.domain.conversation import Conversation
from desktop.domain.errors import KeyRejected
from desktop.domain.model import ModelRef
from desktop.domain.service import Service, Wire
from desktop.domain.settings import Theme as ThemeChoice
from desktop.services.clock import now, to_micros
from desktop.services.store.tables import conversations
from desktop.services.suite import Services
from desktop.ui.conversation.view import ConversationView
from desktop.ui.main_window import MainWindow
from desktop.ui.theme import Theme
from tests.support.desktop_session import DesktopSession
from tests.support.fault_server import FaultServer
from tests.support.plan import Plan, Stall, Step, Wait
from tests.support.received import Received
from tests.support.secret_service import SecretService
from tests.support.wires import framing, ollama

PICTURES = BUILD / "screenshots"
README_PICTURES = ("conversation-light.png", "conversation-dark.png")
MODEL = "qwen3:8b"
MODELS = (MODEL, "gemma3:12b", "llama3.2:3b", "nomic-embed-text")
SCREEN, WIDE, NARROW = (2600, 1700), (1280, 820), (720, 600)
SETTLE_S = 0.5

TITLES = (  # title, days ago, pinned
    ("Birthday speech for Grandma", 6, False),
    ("Why is my NAS slow over Wi-Fi?", 5, False),
    ("Cover letter, second draft", 4, False),
    ("SQL window functions explained", 3, False),
    ("周末菜单 🍲", 0, False),
    ("Übersetzung Mietvertrag", 0, False),
    ("Home server notes", 2, True),
    ("Thesis outline, chapter 3", 1, True),
)
TITLE = "Retry policy for a flaky API"
QUESTION = "When should I retry a failed request, and how long should I wait?"
NEXT_QUESTION = "And if the stream breaks half way?"
THINKING = "The person asks for a policy. What can succeed next time? What must never be sent twice?"
REPLY = """\
Retry only what can succeed next time: a lost connection, `429`, and most `5xx`. Back off with jitter, and let the \
server’s own `Retry-After` win:

```python
async for attempt in AsyncRetrying(
    wait=wait_random_exponential(multiplier=0.5, max=30),
    stop=stop_after_attempt(5),
):  # never after the first byte has arrived
```

| Status | Retry? | Wait |
|---|---|---|
| 401, 403 | no | fix the key |
| 429 | yes | Retry-After, else back off |
| 503 | yes | 0.5 s × 2ⁿ, jittered |
"""
EVERYTHING = """\
# Headings, lists and quotes

A paragraph with **bold**, *italic*, ~~struck~~ words, `code` and [a link](https://example.org/path).

1. First, with a long line that has to be wrapped because it does not fit into the column that is read comfortably
2. Second
   - nested, deeper
     - and deeper
   > a quote in a list

> A quote of two paragraphs,
>
> > with another quote inside.

## 日本語、中文、한국어 🙂

吾輩は猫である。名前はまだ無い。どこで生れたかとんと見当がつかぬ。 周末做什么菜好呢？ 안녕하세요.

### العربية و עברית

- مرحبا بكم في بارلي، هذا سطر طويل يقرأ من اليمين إلى اليسار ويجب أن يبدأ عند الحافة اليمنى.
- שלום עולם

---

![A diagram](https://images.example.org/a.png) and <b>raw HTML</b> stay what they are.

| left | centre | right |
|:---|:---:|---:|
| a | b | 1 |
| a longer cell that wraps when the window is narrow enough | bb | 22,000 |

```
plain text without a language
```
"""


def answer(request: Received) -> Plan:
    """What the stand-in says: it waits for ever where a picture of waiting is wanted."""
    if (scene := answer_turn(request)) is not None:
        return scene
    last = request.json()["messages"][-1]["content"]
    if last == NEXT_QUESTION:
        return (Stall(),)
    text = EVERYTHING if last == "Show me everything" else REPLY
    lines = ollama.lines(re.findall(r"\S*\s*", text), reasoning=[THINKING], usage=(3214, 612), model=MODEL)
    head, *rest = framing.stream(ollama.MEDIA_TYPE, lines)
    return (Wait(0.3), head, rest[0], Wait(2.2), *_paced(rest[1:]))


def _paced(steps: list[Step]) -> Plan:
    return tuple(one for step in steps for one in (step, Wait(0.005)))


ROUTES = {
    **ollama.ROUTES,
    ollama.CHAT: answer,
    ollama.TAGS: lambda _request: ollama.models(*MODELS),
    ollama.LOADED: lambda _request: ollama.loaded(MODEL),
}


async def take_pictures(folder: Path, choice: ThemeChoice, window: QWidget, bridge: Bridge, _theme: Theme) -> int:
    """Walk through the window and take its pictures; returns 0."""
    assert isinstance(window, MainWindow)
    take = functools.partial(_take, folder, choice)
    await bridge.run(lambda services: _seed(services, choice))
    await _wait_for_button(window, f"Use {MODEL}")
    await take(window, "first-run", WIDE)
    await take(window, "first-run", NARROW)
    (await _wait_for_button(window, f"Use {MODEL}")).click()
    await asyncio.sleep(SETTLE_S)
    await take(window, "new-chat", WIDE)
    asked = await bridge.run(lambda services: _ask(services, QUESTION, TITLE))
    window.open_conversation(asked.id)
    await asyncio.sleep(SETTLE_S)
    await bridge.run(lambda services: services.turns.send(asked.id, NEXT_QUESTION, "next"))
    await asyncio.sleep(2.2)
    await take(window, "conversation", WIDE)
    await take(window, "conversation", NARROW)
    await bridge.run(lambda services: services.turns.stop(asked.id))
    await take(window, "stopped", WIDE)
    shown = await bridge.run(lambda services: _ask(services, "Show me everything", "Everything"))
    window.open_conversation(shown.id)
    await take(window, "everything-end", WIDE)
    _view(window).verticalScrollBar().setValue(0)
    await take(window, "everything", WIDE)
    await take(window, "everything", NARROW)
    failed = await bridge.run(_fail)
    window.open_conversation(failed.id)
    await take(window, "error", WIDE)
    window.open_settings()
    await asyncio.sleep(SETTLE_S)
    settings = next(one for one in QApplication.topLevelWidgets() if one.accessibleName() == "Parley settings")
    await take(settings, "settings", (860, 600))
    settings.close()
    _press(window, "Model")
    await take(window, "picker", WIDE)
    _press(window, "Model")
    await take_turn_pictures(window, bridge, take)
    return 0


async def _seed(services: Services, choice: ThemeChoice) -> None:
    await services.settings.save(replace(await services.settings.load(), theme=choice))
    for title, days, pinned in TITLES:
        conversation = await services.conversations.create()
        await services.conversations.rename(conversation.id, title)
        await services.conversations.set_pinned(conversation.id, pinned)
        moment = to_micros(now() - timedelta(days=days))
        place = conversations.c.id == conversation.id
        aged = update(conversations).where(place).values(updated_at=moment)
        await services.database.write(functools.partial(_execute, aged))
        await services.conversations.set_pinned(conversation.id, pinned)  # tells the window of the moment


def _execute(statement: Update, connection: Connection) -> None:
    connection.execute(statement)


async def _ask(services: Services, question: str, title: str) -> Conversation:
    """Ask the stand-in, and wait for its reply."""
    conversation = await services.conversations.create(ModelRef("ollama", MODEL))
    await services.turns.send(conversation.id, question, question)
    while (await services.conversations.messages(conversation.id))[-1].status == "pending":  # noqa: ASYNC110
        await asyncio.sleep(0.05)
    return await services.conversations.rename(conversation.id, title)


async def _fail(services: Services) -> Conversation:
    """A reply that failed, in a service's own words."""
    services.guide.queue([KeyRejected("OpenAI did not accept the key. Check it in Settings.", "Incorrect API key")])
    await services.models.save_service(
        Service("openai", "OpenAI", Wire.CHAT_COMPLETIONS, parse_address("https://api.openai.com/v1"), needs_key=True)
    )
    conversation = await services.conversations.create(ModelRef("guide", "Parley guide"))
    await services.turns.send(conversation.id, "Summarise this contract in three sentences, please.", "failing")
    return await services.conversations.rename(conversation.id, "A key that does not fit")


async def _take(folder: Path, choice: ThemeChoice, window: QWidget, name: str, size: tuple[int, int]) -> None:
    window.resize(*size)
    await asyncio.sleep(SETTLE_S)
    ratio = "@2x" if window.devicePixelRatioF() > 1 else ""
    narrow = "-narrow" if size == NARROW else ""
    screen = window.screen()
    corner = window.mapToGlobal(window.rect().topLeft()) - screen.geometry().topLeft()
    image = screen.grabWindow(0, corner.x(), corner.y(), window.width(), window.height()).toImage()  # with its popups
    await asyncio.to_thread(image.save, str(folder / f"{name}{narrow}-{choice.value}{ratio}.png"))


async def _wait_for_button(window: QWidget, text: str) -> QAbstractButton:
    async with asyncio.timeout(10):
        while True:
            for button in window.findChildren(QAbstractButton):
                if button.text() == text:
                    return button
            await asyncio.sleep(0.05)


def _view(window: QWidget) -> ConversationView:
    return next(iter(window.findChildren(ConversationView)))


def _press(window: QWidget, name: str) -> None:
    next(button for button in window.findChildren(QAbstractButton) if button.accessibleName() == name).click()


def main() -> None:
    """Take all pictures, each theme and scale in a process of its own."""
    shutil.rmtree(PICTURES, ignore_errors=True)
    PICTURES.mkdir(parents=True)
    with DesktopSession(SCREEN) as desktop, SecretService(desktop.session), FaultServer(ROUTES) as server:
        for choice in (ThemeChoice.LIGHT, ThemeChoice.DARK):
            for scale in ("1", "2"):
                own = {"OLLAMA_HOST": server.url, "QT_SCALE_FACTOR": scale, "PYTHONPATH": str(ROOT)}
                command = [sys.executable, __file__, "--child", choice.value]
                subprocess.run(command, env={**desktop.environment, **own}, check=True)
    (ROOT / "docs" / "pictures").mkdir(exist_ok=True)
    for name in README_PICTURES:
        shutil.copy(PICTURES / name, ROOT / "docs" / "pictures" / name)


Guest = Callable[[QWidget, Bridge, Theme], Awaitable[int]]

if __name__ == "__main__":
    if "--child" in sys.argv:
        with tempfile.TemporaryDirectory() as fresh:
            guest: Guest = functools.partial(take_pictures, PICTURES, ThemeChoice(sys.argv[-1]))
            sys.exit(app.run_window(Path(fresh), guest))
    else:
        main()
