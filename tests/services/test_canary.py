"""A key is found nowhere: not in the log at debug, not in the database, not in an error, not in anything's repr."""

import logging
import sys
import traceback
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

from desktop.domain.address import parse_address
from desktop.domain.errors import ProviderError
from desktop.domain.events import ReplyFinished
from desktop.domain.model import ModelRef
from desktop.domain.service import Service, Wire
from desktop.domain.settings import LogLevel, Settings
from desktop.services.log import Log
from desktop.services.suite import Services, open_services
from tests.support.fault_server import FaultServer
from tests.support.plan import Close, Plan
from tests.support.wires import framing, ollama, openai

pytestmark = pytest.mark.anyio

CANARY = "Xq7+canary/in=a.mine"
"""Nothing about it looks like a key."""

FAULTS: tuple[Plan, ...] = (
    framing.raw(401, f'{{"error": {{"message": "no such key: {CANARY}"}}}}'.encode()),
    framing.raw(400, b"x" * 280 + CANARY.encode() + b"x" * 50),
    framing.raw(302, b"", {"Location": f"https://elsewhere.test/?key={CANARY}"}),
    framing.raw(200, CANARY.encode()),
    framing.raw(200, b"x" * 290 + CANARY.encode()),
    (Close(),),
)


@pytest.fixture
def log() -> Iterator[Log]:
    level = logging.getLogger("desktop").level
    made = Log()
    made._screen.setStream(sys.stderr)
    made.start()
    yield made
    made.close()
    logging.getLogger("desktop").setLevel(level)


async def fail(services: Services, service: Service) -> str:
    """Fail in every way; returns all that was said."""
    said = []
    for _ in FAULTS:
        try:
            await services.models.test(service, None)
        except ProviderError as error:
            said += [*traceback.format_exception(error), repr(error), repr(error.problem), *map(repr, chain(error))]
    events = services.feed.subscribe()
    for _ in FAULTS:
        conversation = await services.conversations.create(ModelRef(service.id, "echo"))
        await services.turns.send(conversation.id, "hi", uuid4().hex)
        async for event in events:
            said.append(repr(event))
            if isinstance(event, ReplyFinished):
                break
    return "\n".join(said)


def where_it_is(data_dir: Path) -> list[str]:
    files = [path for path in data_dir.rglob("*") if path.is_file()]
    assert {path.name for path in files} >= {"parley.db", "parley.log"}
    return [path.name for path in files if CANARY[:5].encode() in path.read_bytes()]


def chain(error: BaseException) -> Iterator[BaseException]:
    """An error and all it came of."""
    for cause in (error.__cause__, error.__context__):
        if cause is not None:
            yield cause
            yield from chain(cause)


@pytest.mark.parametrize("wire", [Wire.OLLAMA, Wire.CHAT_COMPLETIONS])
async def test_a_key_is_found_nowhere(
    data_dir: Path, fault_server: FaultServer, log: Log, capfd: pytest.CaptureFixture[str], wire: Wire
) -> None:
    services = await open_services(data_dir, {}, log)
    log.open(data_dir)
    chosen = replace(Settings(), log_level=LogLevel.DEBUG, log_text=True, max_retries=0)
    await services.settings.save(chosen)
    service = Service("it", "It", wire, parse_address(fault_server.url), needs_key=True)
    services.models.adopt(service)
    services.secrets.remember("it", CANARY)
    for path in (ollama.CHAT, ollama.TAGS) if wire is Wire.OLLAMA else (openai.CHAT, openai.MODELS):
        fault_server.queue(path, *FAULTS)
    said = await fail(services, service)
    logging.getLogger("desktop").debug("%r %r %r", services, services.http, services.secrets)
    said += f"{services!r} {vars(services.http)!r} {await services.connections.list()!r}"
    sent = [await services.connections.sent(one.id) for one in await services.connections.list()]
    await services.close()
    log.close()
    assert len(fault_server.requests) == 2 * len(FAULTS)
    assert all(request.headers["authorization"] == f"Bearer {CANARY}" for request in fault_server.requests)
    assert None not in sent
    screen = capfd.readouterr()
    assert CANARY[:5] not in said + screen.out + screen.err + repr(sent)
    assert where_it_is(data_dir) == []
    assert '"hi"' in (data_dir / "logs" / "parley.log").read_text("utf-8")  # the text was to be logged


async def test_without_being_asked_to_the_log_holds_no_word_of_a_chat(
    data_dir: Path, fault_server: FaultServer, log: Log
) -> None:
    services = await open_services(data_dir, {}, log)
    log.open(data_dir)
    await services.settings.save(replace(Settings(), log_level=LogLevel.DEBUG, max_retries=0))
    services.models.adopt(Service("it", "It", Wire.OLLAMA, parse_address(fault_server.url)))
    fault_server.queue(ollama.CHAT, ollama.reply(["my secret answer"]), framing.raw(500, b"{}"))
    events = services.feed.subscribe()
    for _ in range(2):
        conversation = await services.conversations.create(ModelRef("it", "echo"))
        await services.turns.send(conversation.id, "my secret question", uuid4().hex)
        async for event in events:
            if isinstance(event, ReplyFinished):
                break
    await services.close()
    log.close()
    text = (data_dir / "logs" / "parley.log").read_text("utf-8")
    assert "was answered with 200" in text
    assert "secret" not in text
