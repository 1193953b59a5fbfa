"""`parley ask`: one question, one durable turn, printed as it arrives."""

import argparse
import asyncio
import contextlib
import os
import signal
from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import uuid4

from desktop.cli.printer import Printer
from desktop.domain.address import parse_address
from desktop.domain.errors import BadRequest, KeyMissing, ModelNotFound
from desktop.domain.events import Event, PhaseChanged, ReplyFinished, ReplyGrew
from desktop.domain.model import ModelRef
from desktop.domain.service import Service, Wire
from desktop.domain.turn import TurnState

if TYPE_CHECKING:
    from desktop.services.feed import Subscription
    from desktop.services.suite import Services

STOPPED_BY_SIGNAL = 130

_USUAL = {"ollama": "ollama", "openai": "openai"}
_WIRES = {"ollama": Wire.OLLAMA, "openai": Wire.CHAT_COMPLETIONS}
_PORTS = {"ollama": 11434, "openai": None}


async def ask(services: "Services", arguments: argparse.Namespace, printer: Printer) -> int:
    """Ask and print; Ctrl+C stops, and what had arrived is kept and printed.

    Returns:
        The exit status: 0 complete, 130 stopped, 1 anything else.

    Raises:
        ParleyError: the question could not even be stored.
    """
    if not arguments.prompt.strip():
        raise BadRequest("There is nothing to ask: the question is empty.")
    await _apply_limits(services, arguments)
    conversation = await services.conversations.create(await _model(services, arguments))
    events = services.feed.subscribe()
    stop = asyncio.create_task(_stop_on_signal(services, conversation.id))
    try:
        turn = await services.turns.send(conversation.id, arguments.prompt, uuid4().hex)
        state = await _print_turn(events, turn.reply_id, printer)
    except BrokenPipeError:
        await services.turns.stop(conversation.id)
        raise
    finally:
        stop.cancel()
    return {TurnState.DONE: 0, TurnState.STOPPED: STOPPED_BY_SIGNAL}.get(state, 1)


async def _print_turn(events: "Subscription", reply_id: int, printer: Printer) -> TurnState:
    async for event in events:
        _print_event(event, reply_id, printer)
        if isinstance(event, ReplyFinished) and event.reply.id == reply_id:
            return event.state
    raise AssertionError("a subscription does not end")


def _print_event(event: Event, reply_id: int, printer: Printer) -> None:
    match event:
        case PhaseChanged(reply_id=about, state=state) if about == reply_id:
            printer.phase(state)
        case ReplyGrew(reply_id=about, chunk=chunk) if about == reply_id:
            printer.chunk(chunk)
        case ReplyFinished(reply=reply) if reply.id == reply_id:
            printer.finished(event)


async def _apply_limits(services: "Services", arguments: argparse.Namespace) -> None:
    services.turns.limit_waits()
    if arguments.max_retries is not None:
        settings = await services.settings.load()
        services.settings.override(replace(settings, max_retries=arguments.max_retries))
    if arguments.request_timeout is not None:
        services.models.limit_silence(arguments.request_timeout)


async def _model(services: "Services", arguments: argparse.Namespace) -> ModelRef:
    """The model that is meant; its service is known for this session."""
    (guide, *_) = await services.models.services()
    default = await services.models.default_model()
    asks_default = arguments.wire is None and arguments.base_url is None
    if arguments.wire == "guide" or (asks_default and default.service_id == guide.id):
        return _guide(guide, arguments)
    if asks_default:
        return ModelRef(default.service_id, arguments.model or default.name)
    wire = arguments.wire or "openai"
    service = await _service(services, arguments, wire)
    services.models.adopt(service)
    if arguments.model:
        return ModelRef(service.id, arguments.model)
    models = await services.models.test(service, None)
    if not models:
        raise ModelNotFound(f"{service.name} offers no model. Name one with --model.")
    return models[0].ref


def _guide(guide: Service, arguments: argparse.Namespace) -> ModelRef:
    if arguments.base_url:
        raise BadRequest("The guide is built in: it has no address. Leave --base-url out, or name another --wire.")
    if arguments.model not in (None, guide.name):
        raise ModelNotFound(f"The built-in guide is no model called {arguments.model}. Say where it is with --wire.")
    return ModelRef(guide.id, guide.name)


async def _service(services: "Services", arguments: argparse.Namespace, wire: str) -> Service:
    usual = next(one for one in await services.models.declared() if one.id == _USUAL[wire])
    if arguments.base_url:
        address = parse_address(arguments.base_url, default_port=_PORTS[wire])
        needs_key = arguments.key_env is not None
        service = Service(f"{wire}@{address}", "The server", _WIRES[wire], address, needs_key)
    else:
        service = replace(usual, wire=_WIRES[wire])
    if arguments.key_env:
        key = os.environ.get(arguments.key_env, "").strip()
        if not key:
            raise KeyMissing(f"The environment variable {arguments.key_env} holds no key.")
        services.secrets.remember(service.id, key)
    return service


async def _stop_on_signal(services: "Services", conversation_id: int) -> None:
    signalled = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # Windows has no handlers on loops
            loop.add_signal_handler(number, signalled.set)
    await signalled.wait()
    await services.turns.stop(conversation_id)
