"""The dialects that a real llama.cpp server speaks beside its own."""

from collections.abc import AsyncIterator

import pytest

from desktop.domain.address import parse_address
from desktop.domain.chunk import Chunk
from desktop.domain.errors import ContextTooLong
from desktop.domain.message import Role
from desktop.domain.request import Options, PromptMessage, Request
from desktop.domain.service import Service, Wire
from desktop.services.providers.http import Http
from desktop.services.providers.http_provider import HttpProvider, Patience
from desktop.services.providers.protocols import anthropic, chat_completions, responses
from desktop.services.providers.wire import ProviderEvent, WireProtocol
from tests.support.llama_server import LlamaServer

pytestmark = pytest.mark.anyio

MESSAGES = (
    PromptMessage(Role.SYSTEM, "Be brief."),
    PromptMessage(Role.USER, "Say something"),
    PromptMessage(Role.ASSISTANT, "Something."),
    PromptMessage(Role.USER, "More"),
)
WIRES = [(Wire.CHAT_COMPLETIONS, chat_completions), (Wire.RESPONSES, responses), (Wire.ANTHROPIC, anthropic)]
each_wire = pytest.mark.parametrize(("wire", "protocol"), WIRES, ids=[wire for wire, _ in WIRES])


@pytest.fixture
async def http() -> AsyncIterator[Http]:
    made = Http()
    yield made
    await made.close()


def provider(server: LlamaServer, http: Http, wire: Wire, protocol: WireProtocol) -> HttpProvider:
    service = Service("llama", "llama.cpp", wire, parse_address(server.base_url))
    return HttpProvider(service, protocol, http, None, Patience(60, 60))


@each_wire
async def test_a_history_is_answered_and_counted(
    llama_server: LlamaServer, http: Http, wire: Wire, protocol: WireProtocol
) -> None:
    events: list[ProviderEvent] = []
    request = Request(llama_server.model, MESSAGES, Options(temperature=0.7, max_output_tokens=12))
    finish = await provider(llama_server, http, wire, protocol).reply(request, events.append, 1)
    assert "".join(one.text for one in events if isinstance(one, Chunk))
    assert finish.reason in ("stop", "length")
    assert finish.usage is not None
    assert finish.usage.input_tokens
    assert finish.usage.output_tokens


@each_wire
async def test_too_long_a_history_is_told_with_both_numbers(
    llama_server: LlamaServer, http: Http, wire: Wire, protocol: WireProtocol
) -> None:
    request = Request(llama_server.model, (PromptMessage(Role.USER, "much too long " * 2048),))
    with pytest.raises(ContextTooLong, match=r"has \d{4,} tokens, and 2048 fit"):
        await provider(llama_server, http, wire, protocol).reply(request, lambda _event: None, 1)


@each_wire
async def test_its_models_are_listed(llama_server: LlamaServer, http: Http, wire: Wire, protocol: WireProtocol) -> None:
    (model,) = await provider(llama_server, http, wire, protocol).models()
    assert model.ref.name == llama_server.model
