"""A turn being run: from the first request to the stored ending."""

import asyncio
import logging
from dataclasses import dataclass, replace

from desktop.domain.chunk import Channel, Chunk
from desktop.domain.errors import Problem, ProviderError, StoreError, Unknown
from desktop.domain.events import ConversationChanged, PhaseChanged, ReplyFinished, ReplyGrew
from desktop.domain.request import Request, render_history
from desktop.domain.turn import REPLY_STATUS, Turn, TurnState
from desktop.services.clock import now_micros
from desktop.services.feed import Feed
from desktop.services.models import ModelService
from desktop.services.providers.provider import Provider
from desktop.services.providers.wire import Finish, Progress, ProviderEvent
from desktop.services.replies import LiveReply
from desktop.services.retry import RetryPolicy
from desktop.services.store.attempts import AttemptEnd, AttemptStore
from desktop.services.store.messages import MessageStore
from desktop.services.store.turns import Ending, TurnStore

log = logging.getLogger(__name__)

SAVE_EVERY_S = 0.1
SAVE_AGAIN_S = 1.0


@dataclass(frozen=True, slots=True)
class TurnStores:
    """Where a run reads the history and keeps what it does."""

    turns: TurnStore
    attempts: AttemptStore
    messages: MessageStore


class TurnRun:
    """Answers one turn; whatever happens, what arrived is stored and the turn ends in one final state.

    Args:
        reply: where the chunks go; others may look at it meanwhile.
    """

    def __init__(
        self, turn: Turn, reply: LiveReply, stores: TurnStores, models: ModelService, policy: RetryPolicy, feed: Feed
    ) -> None:
        self._turn = turn
        self._reply = reply
        self._stores = stores
        self._models = models
        self._policy = policy
        self._feed = feed
        self._state = TurnState.QUEUED
        self._attempts = 0
        self._first_token_at: int | None = None
        self._reasoning_since: float | None = None
        self._reasoning_s: float | None = None
        self._dirty = asyncio.Event()
        self._cancelled = False
        self._stopped = False
        self._ending_told = False

    async def run(self) -> None:
        """Run the turn to its end."""
        saving = asyncio.create_task(self._save_steadily())
        try:
            ending = await self._ending()
        finally:
            saving.cancel()
        await self._finish(ending)

    def announce(self, state: TurnState, attempt: int = 0, wait_s: float | None = None) -> None:
        """Tell the phase the turn is in."""
        self._state = state
        number = attempt or max(self._attempts, 1)
        allowed = self._policy.max_retries + 1
        self._feed.publish(
            PhaseChanged(self._turn.conversation_id, self._turn.reply_id, state, number, allowed, wait_s)
        )

    def cancel(self, task: "asyncio.Task[None]", *, stopped: bool) -> None:
        """End the task that runs this turn; once only, because its ending must not be cancelled.

        Closing also ends the wait for a disk that takes nothing.
        """
        if not self._cancelled or (self._ending_told and not stopped):
            self._cancelled, self._stopped = True, stopped
            task.cancel()

    async def abandon(self) -> None:
        """End a turn that was stopped before it began."""
        if not self._ending_told:
            await self._finish(Ending(TurnState.STOPPED if self._stopped else TurnState.INTERRUPTED))

    async def _ending(self) -> Ending:
        try:
            finish = await self._answer()
        except asyncio.CancelledError:
            # Only stopping and closing cancel a run, and both want it to store its ending.
            state = TurnState.STOPPED if self._stopped else TurnState.INTERRUPTED
            return Ending(state, reasoning_s=self._thought_s())
        except (ProviderError, StoreError) as error:
            return self._failed(error.problem)
        except Exception:
            log.exception("turn %s failed", self._turn.id)
            return self._failed(Unknown("Something went wrong inside Parley. The log has the details.").problem)
        return Ending(TurnState.DONE, finish.reason, reasoning_s=self._thought_s())

    def _failed(self, problem: Problem) -> Ending:
        state = TurnState.FAILED if self._reply.is_empty else TurnState.INTERRUPTED
        return Ending(state, problem=problem, reasoning_s=self._thought_s())

    async def _answer(self) -> Finish:
        self.announce(TurnState.CONNECTING)
        await self._stores.turns.enter(self._turn.id, TurnState.CONNECTING)
        service = await self._models.service_of(self._turn.model)
        provider = await self._models.provider_of(service)
        provider.check()
        path = await self._stores.messages.path_to(self._turn.user_message_id)
        request = Request(self._turn.model.name, render_history(path))
        host = service.address.host if service.address else ""
        async for attempt in self._policy.attempts(lambda: self._reply.is_empty, self._wait):
            with attempt:
                return await self._attempt(provider, request, service.id, host)
        raise AssertionError("a retry iteration ends by returning or raising")

    async def _attempt(self, provider: Provider, request: Request, service_id: str, host: str) -> Finish:
        self._attempts += 1
        attempt_id = await self._stores.attempts.begin(self._turn.id, self._attempts, service_id, host)
        try:
            finish = await provider.reply(request, self._on_event, attempt_id)
        except ProviderError as error:
            end = AttemptEnd("failed", error.status, type(error).__name__, self._first_token_at)
            await self._end_attempt(attempt_id, end)
            raise
        except asyncio.CancelledError:
            await self._end_attempt(attempt_id, AttemptEnd("stopped", first_token_at=self._first_token_at))
            raise
        await self._end_attempt(attempt_id, AttemptEnd("done", 200, None, self._first_token_at, finish.usage))
        return finish

    async def _end_attempt(self, attempt_id: int, end: AttemptEnd) -> None:
        """Note how a request ended; a disk that takes nothing makes a good reply no bad one."""
        try:
            await self._stores.attempts.end(attempt_id, end)
        except StoreError as error:
            log.warning("the end of a request could not be saved: %s", error.detail)

    async def _wait(self, next_attempt: int, pause_s: float) -> None:
        self.announce(TurnState.WAITING, next_attempt, pause_s)

    def _on_event(self, event: ProviderEvent) -> None:
        if isinstance(event, Chunk):
            self._on_chunk(event)
        elif isinstance(event, Progress) and event.state is not self._state:
            self.announce(event.state)

    def _on_chunk(self, chunk: Chunk) -> None:
        if self._first_token_at is None:
            self._first_token_at = now_micros()
        state = TurnState.WRITING if chunk.channel is Channel.TEXT else TurnState.THINKING
        if state is not self._state:
            self._on_writing(state)
        offset = self._reply.add(chunk)
        self._feed.publish(ReplyGrew(self._turn.conversation_id, self._turn.reply_id, chunk, offset))
        self._dirty.set()

    def _on_writing(self, state: TurnState) -> None:
        if state is TurnState.THINKING and self._reasoning_since is None:
            self._reasoning_since = asyncio.get_running_loop().time()
        if state is TurnState.WRITING:
            self._reasoning_s = self._thought_s()
        self.announce(state)

    def _thought_s(self) -> float | None:
        if self._reasoning_s is not None or self._reasoning_since is None:
            return self._reasoning_s
        return asyncio.get_running_loop().time() - self._reasoning_since

    async def _save_steadily(self) -> None:
        """Store what arrived a tenth of a second after it did, so that a crash costs less than 250 ms of text."""
        while True:
            await self._dirty.wait()
            self._dirty.clear()
            await asyncio.sleep(SAVE_EVERY_S)
            chunks = self._reply.take_unsaved()
            try:
                await self._stores.turns.append(self._turn.reply_id, chunks)
            except StoreError as error:
                log.warning("a reply could not be saved yet: %s", error.detail)
                self._reply.give_back(chunks)
                self._dirty.set()
                await asyncio.sleep(SAVE_AGAIN_S)

    async def _finish(self, ending: Ending) -> None:
        """Store the ending; where the disk takes nothing, say so, and try again until it does or Parley closes."""
        chunks = self._reply.take_unsaved()
        while True:
            try:
                reply, conversation = await self._stores.turns.finish(self._turn, chunks, ending)
            except StoreError as error:
                if not self._ending_told:
                    await self._tell_unsaved(error)
                await asyncio.sleep(SAVE_AGAIN_S)
            else:
                break
        self._feed.publish(ReplyFinished(self._turn.conversation_id, reply, ending.state, self._attempts))
        self._feed.publish(ConversationChanged(conversation))

    async def _tell_unsaved(self, error: StoreError) -> None:
        """End the turn for whoever listens, with the text that only memory holds."""
        log.warning("the end of a reply could not be saved yet: %s", error.detail)
        self._ending_told = True
        stored = (await self._stores.messages.path_to(self._turn.reply_id))[-1]
        text, reasoning = self._reply.text(Channel.TEXT), self._reply.text(Channel.REASONING)
        failed = self._failed(error.problem)
        reply = replace(
            stored, text=text, reasoning=reasoning, status=REPLY_STATUS[failed.state], problem=failed.problem
        )
        self._feed.publish(ReplyFinished(self._turn.conversation_id, reply, failed.state, self._attempts))
