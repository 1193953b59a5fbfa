"""Turns: asked for once, run in order, stopped at once."""

import asyncio

from desktop.domain.conversation import Conversation
from desktop.domain.errors import BreakerOpen, NotFound, Problem, StreamInterrupted
from desktop.domain.events import ConversationChanged, PathChanged, PhaseChanged, TurnBegan
from desktop.domain.message import Message
from desktop.domain.model import ModelRef
from desktop.domain.turn import Turn, TurnState
from desktop.services.instance import Instance
from desktop.services.lane import Lane
from desktop.services.replies import LiveReplies
from desktop.services.retry import LONGEST_WAIT_S
from desktop.services.settings import SettingsService
from desktop.services.store.conversations import ConversationStore
from desktop.services.store.turns import BegunTurn
from desktop.services.turn_run import TurnRun
from desktop.services.turn_share import TurnOrder, TurnShare

PATIENT_S = 3600.0


class TurnService:
    """Runs turns, one at a time in each conversation, in the order in which they were asked for.

    Args:
        instance: this process; turns of dead ones are looked after.
    """

    def __init__(
        self,
        share: TurnShare,
        conversations: ConversationStore,
        settings: SettingsService,
        replies: LiveReplies,
        instance: Instance,
    ) -> None:
        self._share = share
        self._conversations = conversations
        self._settings = settings
        self._replies = replies
        self._instance = instance
        self._longest_wait_s = PATIENT_S
        self._lanes: dict[int, Lane] = {}
        self._running: dict[asyncio.Task[None], TurnRun] = {}
        self._held: dict[int, Turn] = {}

    async def look_after(self) -> int:
        """End the turns whose process died while they ran, and find those that were never sent; call once at start.

        Returns:
            How many were ended.
        """
        problem = Problem(
            StreamInterrupted.__name__,
            "Parley ended while this reply was being written. What had arrived is kept.",
            steps=StreamInterrupted.steps,
        )
        ended = await self._share.stores.turns.interrupt_orphans(self._instance.is_alive, problem)
        held = await self._share.stores.queue.held(self._instance.is_alive)
        self._held = {turn.reply_id: turn for turn in held}
        return ended

    async def send(self, conversation_id: int, text: str, token: str) -> Turn:
        """Store a message and begin to answer it; sending with the same token again is the same turn.

        Raises:
            NotFound: the conversation is gone.
            StoreError: nothing was stored and nothing will be sent.
        """
        model = await self._model_of(conversation_id)
        return await self._start(await self._share.stores.turns.begin(conversation_id, _storable(text), token, model))

    async def regenerate(self, reply_id: int, token: str) -> Turn:
        """Answer the same message once more, beside the reply there is.

        Raises:
            NotFound: the reply is gone.
            StoreError: nothing was stored and nothing will be sent.
        """
        return await self._answer_again(reply_id, token, going_on=False)

    async def go_on(self, reply_id: int, token: str) -> Turn:
        """Let a reply that broke off go on from its last words, beside the reply there is.

        Raises:
            NotFound: the reply is gone.
            StoreError: nothing was stored and nothing will be sent.
        """
        return await self._answer_again(reply_id, token, going_on=True)

    async def stop(self, conversation_id: int) -> None:
        """Stop what runs or waits in a conversation; the text so far is kept. Returns when all is stored."""
        here = [task for task, run in self._running.items() if run.turn.conversation_id == conversation_id]
        await self._cancel(here, stopped=True)

    async def wake(self, reply_id: int, model: ModelRef | None = None) -> None:
        """Try again now what waits to be tried again, with another model if one is given."""
        for run in self._running.values():
            if run.turn.reply_id == reply_id:
                run.wake(model)

    async def phases(self, conversation_id: int) -> tuple[PhaseChanged, ...]:
        """Where the turns of a conversation are that are not final, those held back included."""
        here = (run for run in self._running.values() if run.turn.conversation_id == conversation_id)
        running = (run.phase for run in here if run.phase is not None)
        held = (turn for turn in self._held.values() if turn.conversation_id == conversation_id)
        return (*running, *(PhaseChanged(t.conversation_id, t.reply_id, TurnState.QUEUED, held=True) for t in held))

    async def release(self, reply_id: int) -> None:
        """Send what was queued when an earlier Parley ended.

        Raises:
            NotFound: it was sent or taken back meanwhile.
        """
        turn = self._held.pop(reply_id, None)
        if turn is None:
            raise NotFound("This message has been sent already.")
        await self._share.stores.queue.claim(turn.id, self._instance.is_alive)
        reply = (await self._share.stores.messages.path_to(reply_id))[-1]
        conversation = await self._conversations.load(turn.conversation_id)
        await self._run(turn, reply, await self._order(conversation))

    async def edit(self, reply_id: int, text: str) -> None:
        """Give a message that waits another text.

        Raises:
            NotFound: it does not wait any more.
        """
        self._tell(await self._share.stores.queue.edit(reply_id, _storable(text)))

    async def withdraw(self, reply_id: int) -> str:
        """Take a message back that waits; returns its text.

        Raises:
            NotFound: it does not wait any more.
        """
        conversation_id, text = await self._share.stores.queue.withdraw(reply_id)
        self._held.pop(reply_id, None)
        for task, run in list(self._running.items()):
            if run.turn.reply_id == reply_id:
                run.forget(task)
                await asyncio.wait({task})
        self._tell(conversation_id)
        return text

    async def move(self, reply_id: int, *, later: bool) -> None:
        """Let a message that waits change places with the one that waits after it, or before it."""
        lane = next((lane for lane in self._lanes.values() if reply_id in lane.waiting), None)
        if lane is None:
            return
        place = lane.waiting.index(reply_id) - (not later)
        if 0 <= place < len(lane.waiting) - 1:
            first, second = lane.waiting[place : place + 2]
            conversation_id = await self._share.stores.queue.swap(first, second)
            lane.swap(first, second)
            self._tell(conversation_id)

    def limit_waits(self) -> None:
        """Let no service make us wait longer than 30 s, in this session: nobody is there to say otherwise."""
        self._longest_wait_s = LONGEST_WAIT_S

    async def close(self) -> None:
        """Interrupt what runs; the text so far is kept."""
        await self._cancel(list(self._running), stopped=False)

    async def _answer_again(self, reply_id: int, token: str, *, going_on: bool) -> Turn:
        reply = (await self._share.stores.messages.path_to(reply_id))[-1]
        model = await self._model_of(reply.conversation_id)
        insist = reply.problem is not None and reply.problem.kind == BreakerOpen.__name__
        begun = await self._share.stores.turns.begin_again(reply_id, token, model, going_on=going_on)
        return await self._start(begun, insist=insist)

    async def _model_of(self, conversation_id: int) -> ModelRef:
        conversation = await self._conversations.load(conversation_id)
        return conversation.model or await self._share.models.default_model()

    async def _order(self, conversation: Conversation, *, insist: bool = False) -> TurnOrder:
        settings = await self._settings.load()
        return TurnOrder(settings, self._longest_wait_s, conversation.fallbacks, insist)

    async def _start(self, begun: BegunTurn, *, insist: bool = False) -> Turn:
        turn, share = begun.turn, self._share
        if not begun.is_new:
            return turn
        share.feed.publish(TurnBegan(turn.conversation_id, turn.id, begun.user_message, begun.reply))
        share.feed.publish(ConversationChanged(begun.conversation))
        await self._run(turn, begun.reply, await self._order(begun.conversation, insist=insist))
        return turn

    async def _run(self, turn: Turn, reply: Message, order: TurnOrder) -> None:
        run = TurnRun(turn, self._replies.begin(reply), order, self._share)
        task = asyncio.create_task(self._in_lane(run))
        self._running[task] = run
        task.add_done_callback(self._running.pop)
        await asyncio.sleep(0)  # a task cancelled before its first step would never store its ending

    async def _in_lane(self, run: TurnRun) -> None:
        turn = run.turn
        lane = self._lanes.setdefault(turn.conversation_id, Lane())
        run.announce(TurnState.QUEUED)
        try:
            await lane.enter(turn.reply_id)
            try:
                await run.run()
            finally:
                lane.leave()
        except asyncio.CancelledError:
            await run.abandon()
        finally:
            self._replies.end(turn.reply_id)
            if lane.is_idle:
                self._lanes.pop(turn.conversation_id, None)

    def _tell(self, conversation_id: int) -> None:
        self._share.feed.publish(PathChanged(conversation_id))

    async def _cancel(self, tasks: "list[asyncio.Task[None]]", *, stopped: bool) -> None:
        for task in tasks:
            self._running[task].cancel(task, stopped=stopped)
        if tasks:
            await asyncio.wait(tasks)


def _storable(text: str) -> str:
    """Text that SQLite takes: lone surrogates become question marks."""
    return text.encode("utf-8", "replace").decode("utf-8")
