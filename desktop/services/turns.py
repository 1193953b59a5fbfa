"""Turns: asked for once, run in order, stopped at once."""

import asyncio

from desktop.domain.errors import Problem, StreamInterrupted
from desktop.domain.events import ConversationChanged, TurnBegan
from desktop.domain.model import ModelRef
from desktop.domain.turn import Turn, TurnState
from desktop.services.feed import Feed
from desktop.services.instance import Instance
from desktop.services.models import ModelService
from desktop.services.replies import LiveReplies
from desktop.services.retry import RetryPolicy
from desktop.services.settings import SettingsService
from desktop.services.store.conversations import ConversationStore
from desktop.services.store.turns import BegunTurn
from desktop.services.turn_run import TurnRun, TurnStores


class TurnService:
    """Runs turns, one at a time in each conversation, in the order in which they were asked for."""

    def __init__(
        self,
        stores: TurnStores,
        conversations: ConversationStore,
        models: ModelService,
        settings: SettingsService,
        replies: LiveReplies,
        feed: Feed,
    ) -> None:
        self._stores = stores
        self._conversations = conversations
        self._models = models
        self._settings = settings
        self._replies = replies
        self._feed = feed
        self._lanes: dict[int, asyncio.Lock] = {}
        self._running: dict[asyncio.Task[None], TurnRun] = {}
        self._conversation_of: dict[asyncio.Task[None], int] = {}

    async def send(self, conversation_id: int, text: str, token: str) -> Turn:
        """Store a message and begin to answer it; sending with the same token again is the same turn.

        Raises:
            NotFound: the conversation is gone.
            StoreError: nothing was stored and nothing will be sent.
        """
        storable = text.encode("utf-8", "replace").decode("utf-8")
        model = await self._model_of(conversation_id)
        return await self._start(await self._stores.turns.begin(conversation_id, storable, token, model))

    async def regenerate(self, reply_id: int, token: str) -> Turn:
        """Answer the same message once more, beside the reply there is.

        Raises:
            NotFound: the reply is gone.
            StoreError: nothing was stored and nothing will be sent.
        """
        reply = (await self._stores.messages.path_to(reply_id))[-1]
        model = await self._model_of(reply.conversation_id)
        return await self._start(await self._stores.turns.begin_again(reply_id, token, model))

    async def stop(self, conversation_id: int) -> None:
        """Stop what runs or waits in a conversation; the text so far is kept. Returns when all is stored."""
        await self._cancel(
            [task for task, place in self._conversation_of.items() if place == conversation_id], stopped=True
        )

    async def interrupt_orphans(self, instance: Instance) -> int:
        """End the turns whose process died; returns how many there were."""
        problem = Problem(
            StreamInterrupted.__name__,
            "Parley ended while this reply was being written. What had arrived is kept.",
            steps=StreamInterrupted.steps,
        )
        return await self._stores.turns.interrupt_orphans(instance.is_alive, problem)

    async def close(self) -> None:
        """Interrupt what runs; the text so far is kept."""
        await self._cancel(list(self._running), stopped=False)

    async def _model_of(self, conversation_id: int) -> ModelRef:
        conversation = await self._conversations.load(conversation_id)
        return conversation.model or await self._models.default_model()

    async def _start(self, begun: BegunTurn) -> Turn:
        turn = begun.turn
        if not begun.is_new:
            return turn
        settings = await self._settings.load()
        policy = RetryPolicy(settings.max_retries, settings.retry_delay_s)
        reply = self._replies.begin(turn.reply_id)
        run = TurnRun(turn, reply, self._stores, self._models, policy, self._feed)
        self._feed.publish(TurnBegan(turn.conversation_id, turn.id, begun.user_message, begun.reply))
        self._feed.publish(ConversationChanged(begun.conversation))
        task = asyncio.create_task(self._in_lane(turn, run))
        self._running[task] = run
        self._conversation_of[task] = turn.conversation_id
        task.add_done_callback(self._forget)
        await asyncio.sleep(0)  # a task cancelled before its first step would never store its ending
        return turn

    async def _in_lane(self, turn: Turn, run: TurnRun) -> None:
        lane = self._lanes.setdefault(turn.conversation_id, asyncio.Lock())
        run.announce(TurnState.QUEUED)
        try:
            async with lane:
                await run.run()
        except asyncio.CancelledError:
            await run.abandon()
        finally:
            self._replies.end(turn.reply_id)

    def _forget(self, task: "asyncio.Task[None]") -> None:
        self._running.pop(task, None)
        self._conversation_of.pop(task, None)

    async def _cancel(self, tasks: "list[asyncio.Task[None]]", *, stopped: bool) -> None:
        for task in tasks:
            self._running[task].cancel(task, stopped=stopped)
        if tasks:
            await asyncio.wait(tasks)
