"""Conversations: created, read, changed and thrown away, each change told to whoever listens."""

import msgspec

from desktop.domain.conversation import UNTITLED, Conversation
from desktop.domain.events import ConversationChanged, ConversationRemoved
from desktop.domain.message import Message, MessageStatus, Role
from desktop.domain.model import ModelRef
from desktop.services.clock import now_micros
from desktop.services.feed import Feed
from desktop.services.models import ModelService
from desktop.services.replies import LiveReplies
from desktop.services.store.conversations import ConversationStore
from desktop.services.store.drafts import DraftStore
from desktop.services.store.messages import MessageStore


class ConversationService:
    """Everything about conversations except answering them."""

    def __init__(
        self,
        store: ConversationStore,
        messages: MessageStore,
        drafts: DraftStore,
        models: ModelService,
        replies: LiveReplies,
        feed: Feed,
    ) -> None:
        self._store = store
        self._messages = messages
        self._drafts = drafts
        self._models = models
        self._replies = replies
        self._feed = feed

    async def list(self) -> tuple[Conversation, ...]:
        """All that are not in the trash, newest first."""
        return await self._store.list()

    async def search(self, text: str) -> tuple[Conversation, ...]:
        """Those whose title or messages contain a text, newest first."""
        return await self._store.list(containing=text.strip())

    async def create(self, model: ModelRef | None = None) -> Conversation:
        """A new conversation with a model, or with the default one."""
        conversation = await self._store.create(model or await self._models.default_model())
        self._feed.publish(ConversationChanged(conversation))
        return conversation

    async def messages(self, conversation_id: int) -> tuple[Message, ...]:
        """The path that is shown, without its root; a running reply has its text up to this very moment."""
        path = await self._messages.path(conversation_id)
        if any(message.status is MessageStatus.PENDING and message.id not in self._replies for message in path):
            path = await self._messages.path(conversation_id)  # a reply ended while the path was being read
        return tuple(self._replies.present(message) for message in path if message.role is not Role.SYSTEM)

    async def show_version(self, message_id: int, step: int) -> tuple[Message, ...]:
        """Show another version of a message; returns the new path."""
        return await self.messages(await self._messages.show_sibling(message_id, step))

    async def rename(self, conversation_id: int, title: str) -> Conversation:
        """Give a conversation another title; an empty one makes it untitled."""
        return await self._change(conversation_id, title=" ".join(title.split()) or UNTITLED)

    async def set_pinned(self, conversation_id: int, pinned: bool) -> Conversation:  # noqa: FBT001
        """Keep a conversation at the top, or no longer."""
        return await self._change(conversation_id, pinned=pinned)

    async def set_model(self, conversation_id: int, model: ModelRef) -> Conversation:
        """Let another model answer from now on."""
        return await self._change(conversation_id, service=model.service_id, model=model.name)

    async def set_fallbacks(self, conversation_id: int, models: tuple[ModelRef, ...]) -> Conversation:
        """Let these models be asked, in order, where the conversation's own does not answer."""
        return await self._change(conversation_id, fallbacks=msgspec.json.encode(models).decode())

    async def delete(self, conversation_id: int) -> None:
        """Move a conversation to the trash."""
        await self._store.change(conversation_id, deleted_at=now_micros())
        self._feed.publish(ConversationRemoved(conversation_id))

    async def restore(self, conversation_id: int) -> Conversation:
        """Take a conversation out of the trash."""
        return await self._change(conversation_id, deleted_at=None)

    async def load_draft(self, conversation_id: int | None) -> str:
        """What was typed and not sent; None is the new chat."""
        return await self._drafts.load(conversation_id)

    async def save_draft(self, conversation_id: int | None, text: str) -> None:
        """Keep what was typed and not sent."""
        await self._drafts.save(conversation_id, text)

    async def _change(self, conversation_id: int, **values: object) -> Conversation:
        conversation = await self._store.change(conversation_id, **values)
        self._feed.publish(ConversationChanged(conversation))
        return conversation
