"""The window that Ollama is told to make."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from desktop.domain.address import parse_address
from desktop.domain.message import Role
from desktop.domain.model import ModelRef
from desktop.domain.request import PromptMessage
from desktop.domain.service import Service, Wire
from desktop.services.suite import Services, open_services
from desktop.services.windows import ROOM_FOR_REPLY, SMALLEST, Windows, estimate
from tests.services.test_second_chances import answer
from tests.support.fault_server import FaultServer
from tests.support.wires import ollama

pytestmark = pytest.mark.anyio

MODEL = ModelRef("here", "m")


@pytest.fixture
def here(fault_server: FaultServer) -> Service:
    return Service("here", "Here", Wire.OLLAMA, parse_address(fault_server.url))


@pytest.fixture
async def services(data_dir: Path, here: Service) -> AsyncIterator[Services]:
    opened = await open_services(data_dir, {})
    opened.models.adopt(here)
    yield opened
    await opened.close()


def said(tokens: int) -> tuple[PromptMessage, ...]:
    return (PromptMessage(Role.USER, "字" * tokens),)


async def test_it_grows_with_the_chat_up_to_what_the_model_can_and_never_shrinks(
    services: Services, fault_server: FaultServer, here: Service
) -> None:
    fault_server.usually(ollama.SHOW, ollama.shown("completion", context=30_000))
    windows = Windows(services.models)
    assert await windows.fit(here, MODEL, said(10)) == SMALLEST
    assert await windows.fit(here, MODEL, said(SMALLEST - ROOM_FOR_REPLY + 1)) == 2 * SMALLEST
    assert await windows.fit(here, MODEL, said(10)) == 2 * SMALLEST
    assert await windows.fit(here, MODEL, said(100_000)) == 30_000
    assert len(fault_server.to(ollama.SHOW)) == 1


async def test_where_nobody_knows_the_model_s_own_limit_the_server_keeps_it(
    services: Services, fault_server: FaultServer, here: Service
) -> None:
    fault_server.usually(ollama.SHOW, ollama.error(404, "no such model"))
    windows = Windows(services.models)
    assert await windows.fit(here, MODEL, said(10)) == SMALLEST
    assert fault_server.requests == []  # a short chat needs no more
    assert await windows.fit(here, MODEL, said(3 * SMALLEST)) == 4 * SMALLEST


async def test_other_wires_have_no_such_word(services: Services) -> None:
    other = Service("other", "Other", Wire.CHAT_COMPLETIONS, parse_address("http://127.0.0.1:1"))
    assert await Windows(services.models).fit(other, ModelRef("other", "m"), said(10)) is None


async def test_a_turn_asks_for_it(services: Services, fault_server: FaultServer) -> None:
    fault_server.usually(ollama.SHOW, ollama.shown("completion", context=30_000))
    conversation = await services.conversations.create(MODEL)
    await answer(services, conversation)
    asked = fault_server.to(ollama.CHAT)[0].json()
    assert asked["options"]["num_ctx"] == SMALLEST
    assert (asked["truncate"], asked["shift"]) == (False, False)


@pytest.mark.parametrize(("text", "tokens"), [("", 0), ("five words are here now", 9), ("日本語", 3)])
def test_estimates(text: str, tokens: int) -> None:
    assert estimate(text) == tokens
