"""A turn being run: from the first request to the stored ending."""

import asyncio
import contextlib
import logging
from dataclasses import replace

from desktop.domain.address import Reach
from desktop.domain.chunk import Channel, Chunk
from desktop.domain.continuation import render_continuation
from desktop.domain.errors import NotFound, Problem, ProviderError, StoreError, Unknown
from desktop.domain.events import ConversationChanged, PhaseChanged, ReplyFinished, ReplyGrew
from desktop.domain.message import Message
from desktop.domain.model import ModelRef
from desktop.domain.request import Options, Request, render_history
from desktop.domain.service import Service
from desktop.domain.settings import limited
from desktop.domain.turn import REPLY_STATUS, Turn, TurnState
from desktop.services.clock import now_micros
from desktop.services.providers.provider import Provider
from desktop.services.providers.wire import Finish, Progress, ProviderEvent
from desktop.services.replies import LiveReply
from desktop.services.reply_saver import SAVE_AGAIN_S, ReplySaver
from desktop.services.retry import RetryPolicy
from desktop.services.store.attempts import AttemptEnd
from desktop.services.store.turns import Ending
from desktop.services.turn_share import TurnOrder, TurnShare

log = logging.getLogger(__name__)

TRIES_BEFORE_FALLBACK = 2
_DISTANCE = {Reach.BUILT_IN: 0, Reach.LOCAL: 1, Reach.NETWORK: 2, Reach.CLOUD: 3}


class _ElsewhereError(Exception):
    """A person chose another model while the turn was waiting."""


class TurnRun:
    """Answers one turn; whatever happens, what arrived is stored and the turn ends in one final state.

    Args:
        reply: where the chunks go; others may look at it meanwhile.
    """

    def __init__(self, turn: Turn, reply: LiveReply, order: TurnOrder, share: TurnShare) -> None:
        self._turn = turn
        self._reply = reply
        self._saver = ReplySaver(reply, share.stores.turns)
        self._order = order
        self._allowed = order.settings.max_retries + 1
        self._stores = share.stores
        self._models = share.models
        self._windows = share.windows
        self._slots = share.slots
        self._breaker = share.breaker
        self._feed = share.feed
        self._phase = PhaseChanged(turn.conversation_id, turn.reply_id, TurnState.QUEUED)
        self._attempts = 0
        self._model = turn.model
        self._elsewhere: ModelRef | None = None
        self._failure: ProviderError | None = None
        self._notice = ""
        self._woken = asyncio.Event()
        self._first_token_at: int | None = None
        self._reasoning_since: float | None = None
        self._reasoning_s: float | None = None
        self._cancelled = False
        self._stopped = False
        self._ending_told = False
        self._is_gone = False
        self._is_final = False

    @property
    def turn(self) -> Turn:
        """The turn that is run."""
        return self._turn

    @property
    def phase(self) -> PhaseChanged | None:
        """Where the turn is now, as it was told last; None once it is final."""
        return None if self._is_final else self._phase

    async def run(self) -> None:
        """Run the turn to its end."""
        self._saver.start()
        try:
            ending = await self._ending()
        finally:
            await self._saver.stop()
        if not self._is_gone:
            await self._finish(ending)

    def announce(self, state: TurnState, attempt: int = 0, wait_s: float | None = None) -> None:
        """Tell the phase the turn is in."""
        number = attempt or max(self._attempts, 1)
        why = self._failure.sentence if self._failure and state is TurnState.WAITING else ""
        self._phase = replace(
            self._phase, state=state, attempt=number, attempts_allowed=self._allowed, wait_s=wait_s, why=why
        )
        self._feed.publish(self._phase)

    def cancel(self, task: "asyncio.Task[None]", *, stopped: bool) -> None:
        """End the task that runs this turn; once only, because its ending must not be cancelled.

        Closing also ends the wait for a disk that takes nothing.
        """
        if not self._cancelled or (self._ending_told and not stopped):
            self._cancelled, self._stopped = True, stopped
            task.cancel()

    def forget(self, task: "asyncio.Task[None]") -> None:
        """End the task of a turn that was taken back before it began: nothing of it is left to be stored."""
        self._cancelled = self._is_gone = True
        task.cancel()

    def wake(self, model: ModelRef | None = None) -> None:
        """End a wait before its time; `model` takes over from the one that failed."""
        if self._phase.state is TurnState.WAITING:
            self._elsewhere = model
            self._woken.set()

    async def abandon(self) -> None:
        """End a turn that was stopped before it began."""
        if not self._ending_told and not self._is_gone:
            await self._finish(Ending(TurnState.STOPPED if self._stopped else TurnState.INTERRUPTED))

    async def _ending(self) -> Ending:
        try:
            finish = await self._answer()
        except asyncio.CancelledError:
            # Only stopping and closing cancel a run, and both want it to store its ending.
            waited_for = self._failure if self._phase.state is TurnState.WAITING else None
            problem = waited_for.problem if waited_for else None
            ending = Ending(TurnState.STOPPED if self._stopped else TurnState.INTERRUPTED, problem=problem)
        except (ProviderError, StoreError) as error:
            ending = self._failed(error.problem)
        except Exception:
            log.exception("turn %s failed", self._turn.id)
            ending = self._failed(Unknown("Something went wrong inside Parley. The log has the details.").problem)
        else:
            ending = Ending(TurnState.DONE, finish.reason)
            if self._reply.is_empty:
                self._notice = " ".join(filter(None, (self._notice, "The service sent no text.")))
        author = "" if self._model == self._turn.model else self._model.name
        return replace(ending, reasoning_s=self._thought_s(), author=author, notice=self._notice)

    def _failed(self, problem: Problem) -> Ending:
        nothing = self._reply.is_empty and not self._reply.beginning.text
        return Ending(TurnState.FAILED if nothing else TurnState.INTERRUPTED, problem=problem)

    async def _answer(self) -> Finish:
        """Ask the turn's model and, where it does not answer, its fallbacks; never more tries than are allowed."""
        self.announce(TurnState.CONNECTING)
        if not await self._stores.turns.enter(self._turn.id, TurnState.CONNECTING):
            self._is_gone = True  # taken back at the last moment
            raise asyncio.CancelledError
        path = await self._stores.messages.path_to(self._turn.user_message_id)
        candidates = [self._turn.model, *await self._allowed_fallbacks()]
        while True:
            self._model = candidates.pop(0)
            try:
                return await self._ask(path, others=len(candidates))
            except _ElsewhereError:
                assert self._elsewhere is not None
                candidates, self._notice = [self._elsewhere], ""
            except ProviderError as error:
                if not candidates or not self._reply.is_empty or self._tries_left() < 1:
                    raise
                self._notice = f"{self._model.name} did not answer ({error.sentence}) {candidates[0].name} stood in."

    async def _ask(self, path: tuple[Message, ...], others: int) -> Finish:
        """Ask one model, as often as the policy lets it.

        Args:
            others: how many models could stand in; some tries are left for them.
        """
        service = await self._models.service_of(self._model)
        self._breaker.check(service, self._model, insist=self._order.insist)
        provider = await self._models.provider_of(service)
        provider.check()
        messages = render_continuation(render_history(path), self._reply.beginning.text, prefill=service.prefills)
        window = await self._windows.fit(service, self._model, messages)
        request = Request(self._model.name, messages, Options(context_window=window))
        settings = limited(self._order.settings, service.limits)
        self._allowed = settings.max_retries + 1
        tries = max(1, self._tries_left())
        if others:
            tries = max(1, min(TRIES_BEFORE_FALLBACK, tries - others))
        policy = RetryPolicy(tries - 1, settings.retry_delay_s, self._order.longest_wait_s)
        async for attempt in policy.attempts(lambda _error: self._reply.is_empty, self._wait):
            with attempt:
                return await self._attempt(provider, request, service)
        raise AssertionError("a retry iteration ends by returning or raising")

    def _tries_left(self) -> int:
        return self._allowed - self._attempts

    async def _allowed_fallbacks(self) -> list[ModelRef]:
        """The fallbacks that are set up and reach no farther than the turn's own model; what is unclear is left out."""
        if not self._order.fallbacks:
            return []
        farthest = _DISTANCE[(await self._models.service_of(self._turn.model)).reach]
        allowed = []
        for model in self._order.fallbacks:
            with contextlib.suppress(ProviderError):
                if _DISTANCE[await self._models.reach_of(model)] <= farthest:
                    allowed.append(model)
        return allowed

    async def _attempt(self, provider: Provider, request: Request, service: Service) -> Finish:
        settings = self._order.settings
        limit = settings.concurrent_local if service.reach is Reach.LOCAL else settings.concurrent_cloud
        async with self._slots.take(service.id, limit, lambda: self.announce(TurnState.QUEUED)):
            if self._phase.state is not TurnState.CONNECTING:
                self.announce(TurnState.CONNECTING)
            try:
                finish = await self._noted_attempt(provider, request, service)
            except ProviderError as error:
                self._breaker.note_failure(service, self._model, error)
                self._failure = error
                raise
        self._breaker.note_success(self._model)
        return finish

    async def _noted_attempt(self, provider: Provider, request: Request, service: Service) -> Finish:
        """One request, with its row in the ledger."""
        self._attempts += 1
        host = service.address.host if service.address else ""
        attempt_id = await self._stores.attempts.begin(self._turn.id, self._attempts, service.id, host)
        try:
            finish = await provider.reply(request, self._on_event, attempt_id)
        except ProviderError as error:
            state = "ambiguous" if error.ambiguous else "failed"
            end = AttemptEnd(state, error.status, type(error).__name__, self._first_token_at)
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
        """Let a pause pass, unless a person ends it."""
        self._woken.clear()
        self.announce(TurnState.WAITING, next_attempt, pause_s)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(pause_s):
                await self._woken.wait()
        if self._elsewhere is not None:
            raise _ElsewhereError

    def _on_event(self, event: ProviderEvent) -> None:
        if isinstance(event, Chunk):
            self._on_chunk(event)
        elif isinstance(event, Progress) and event.state is not self._phase.state:
            self.announce(event.state)

    def _on_chunk(self, chunk: Chunk) -> None:
        if self._first_token_at is None:
            self._first_token_at = now_micros()
        state = TurnState.THINKING if chunk.channel is Channel.REASONING else TurnState.WRITING
        if state is not self._phase.state:
            self._on_writing(state)
        offset = self._reply.add(chunk)
        self._feed.publish(ReplyGrew(self._turn.conversation_id, self._turn.reply_id, chunk, offset))
        self._saver.note()

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
            except NotFound:
                return  # taken back by another Parley over the same data
            else:
                break
        self._is_final = True
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
