"""Unsent text, kept for each conversation."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.ui.tasks import Tasks

if TYPE_CHECKING:
    from desktop.bridge import Bridge

SAVE_PAUSE_MS = 700


class Drafts(QObject):
    """Saves what is typed within a second, and brings it back with its conversation.

    The new chat, which is not stored yet, has the key None.
    """

    loaded = Signal(str)  # the draft of the conversation just switched to

    def __init__(self, bridge: "Bridge", tasks: Tasks) -> None:
        super().__init__()
        self._bridge = bridge
        self._tasks = tasks
        self._key: int | None = None
        self._texts: dict[int | None, str] = {}
        self._unsaved: dict[int | None, str] = {}
        self._pause = QTimer(self, singleShot=True, interval=SAVE_PAUSE_MS)
        self._pause.timeout.connect(self._save_now)

    @property
    def key(self) -> int | None:
        """The conversation that is being written to."""
        return self._key

    def expect(self, key: int) -> None:
        """Take what is typed from the start for this conversation, which is about to be opened."""
        self._key = key

    def switch(self, key: int | None) -> None:
        """Save what was typed so far and bring back what was typed for another conversation."""
        self._save_now()
        self._key = key
        self.loaded.emit(self._texts.get(key, ""))
        if key not in self._texts:
            self._tasks.start(self._load(key))

    def adopt(self, key: int) -> None:
        """Go on under another key: the new chat became a stored conversation."""
        text = self._texts.get(self._key, "")
        self._put("")
        self._key = key
        self._put(text)
        self._save_now()

    def edit(self, text: str) -> None:
        """Remember what is typed; an emptied field is saved at once."""
        if text == self._texts.get(self._key):
            return
        self._put(text)
        if not text:
            self._save_now()
        elif not self._pause.isActive():
            self._pause.start()

    def add(self, key: int, text: str) -> None:
        """Put a text below the draft of a conversation that is not open now."""
        self._tasks.start(self._add(key, text))

    async def flush(self) -> None:
        """Save whatever is not saved yet, and wait until it is."""
        self._pause.stop()
        unsaved, self._unsaved = self._unsaved, {}
        for key, text in unsaved.items():
            await self._save(key, text)

    def _put(self, text: str) -> None:
        self._texts[self._key] = text
        self._unsaved[self._key] = text

    def _save_now(self) -> None:
        if self._unsaved:
            self._tasks.start(self.flush())

    async def _save(self, key: int | None, text: str) -> None:
        await self._bridge.run(lambda services: services.conversations.save_draft(key, text))

    async def _add(self, key: int, text: str) -> None:
        if key not in self._texts:
            await self._load(key)
        known = self._texts[key].strip()
        self._texts[key] = self._unsaved[key] = f"{known}\n\n{text}" if known else text
        if key == self._key:
            self.loaded.emit(self._texts[key])
        self._save_now()

    async def _load(self, key: int | None) -> None:
        text = await self._bridge.run(lambda services: services.conversations.load_draft(key))
        if key in self._texts:
            return  # something was typed meanwhile
        self._texts[key] = text
        if key == self._key and text:
            self.loaded.emit(text)
