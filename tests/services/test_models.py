"""Models: what is set up, what it offers, and to whom a key goes."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from desktop.domain.address import parse_address
from desktop.domain.errors import BadReply, KeyMissing, ModelNotFound, Offline
from desktop.domain.model import ModelRef
from desktop.domain.secrets import KeySource
from desktop.domain.service import Habits, Prefill, Service, Wire
from desktop.services.providers.declarations import GUIDE
from desktop.services.suite import Services, open_services
from tests.support.fault_server import FaultServer
from tests.support.wires import framing, ollama, openai

pytestmark = pytest.mark.anyio

CANARY = "sk-canary"


@pytest.fixture
def acme(fault_server: FaultServer) -> Service:
    """A service that needs a key."""
    address = parse_address(f"{fault_server.url}/v1")
    return Service("acme", "Acme", Wire.CHAT_COMPLETIONS, address, needs_key=True, key_variables=("ACME_KEY",))


@pytest.fixture
def stopped_server() -> Iterator[FaultServer]:
    with FaultServer() as server:
        server.stop()
        yield server


def keys(server: FaultServer) -> list[str | None]:
    return [request.headers.get("authorization") for request in server.requests]


async def test_at_first_there_is_the_guide_alone(services: Services) -> None:
    assert await services.models.services() == (GUIDE,)
    (listed,) = await services.models.list()
    assert [model.ref for model in listed.models] == [await services.models.default_model()]
    assert await services.models.service_of(listed.models[0].ref) == GUIDE


async def test_a_service_that_is_set_up_is_there_at_the_next_start(
    services: Services, data_dir: Path, acme: Service
) -> None:
    await services.models.save_service(acme)
    await services.models.save_service(replace(acme, name="Acme Inc."))
    again = await open_services(data_dir, {})
    assert await again.models.services() == (GUIDE, replace(acme, name="Acme Inc."))
    await again.models.remove_service("acme")
    assert await again.models.services() == (GUIDE,)
    with pytest.raises(ModelNotFound, match="Choose another model"):
        await again.models.service_of(ModelRef("acme", "echo"))
    await again.close()


async def test_a_service_that_fails_does_not_hide_the_others(
    services: Services, fault_server: FaultServer, stopped_server: FaultServer
) -> None:
    gone = Service("gone", "Gone", Wire.OLLAMA, parse_address(stopped_server.url))
    here = Service("here", "Here", Wire.OLLAMA, parse_address(fault_server.url))
    for service in (gone, here):
        await services.models.save_service(service)
    fault_server.queue(ollama.TAGS, ollama.models("b", "a"))
    guide, failed, listed = await services.models.list()
    assert (guide.service, guide.problem) == (GUIDE, None)
    assert failed.problem is not None
    assert (failed.problem.kind, failed.models) == (Offline.__name__, ())
    assert [model.ref for model in listed.models] == [ModelRef("here", "b"), ModelRef("here", "a")]


@pytest.mark.parametrize("answer", [{"hello": "world"}, {"data": {}}, [], "models"])
async def test_an_answer_that_lists_no_models_is_a_bad_reply(
    services: Services, fault_server: FaultServer, acme: Service, answer: object
) -> None:
    fault_server.queue(openai.MODELS, framing.answer(200, answer))
    with pytest.raises(BadReply):
        await services.models.test(acme, CANARY)


async def test_a_service_is_tried_with_the_key_that_is_typed_or_the_one_it_has(
    services: Services, fault_server: FaultServer, acme: Service
) -> None:
    with pytest.raises(KeyMissing):
        await services.models.test(acme, None)
    await services.models.test(acme, "typed")
    await services.models.save_service(acme)
    services.secrets.remember("acme", CANARY)
    await services.models.test(acme, None)
    assert keys(fault_server) == ["Bearer typed", f"Bearer {CANARY}"]
    assert await services.models.key_source("acme") is KeySource.MEMORY
    assert await services.models.key_source("nobody") is None


async def test_a_key_does_not_follow_its_service_to_another_host(
    services: Services, fault_server: FaultServer, acme: Service
) -> None:
    await services.models.save_service(acme)
    services.secrets.remember("acme", CANARY)
    moved = replace(acme, address=parse_address(f"{fault_server.url.replace('127.0.0.1', 'localhost')}/v1"))
    with pytest.raises(KeyMissing):
        await services.models.test(moved, None)
    await services.models.save_service(replace(acme, name="The same place"))
    assert await services.models.key_source("acme") is KeySource.MEMORY
    await services.models.save_service(moved)
    assert await services.models.key_source("acme") is None
    assert fault_server.requests == []


async def test_a_key_in_the_environment_is_used(data_dir: Path, fault_server: FaultServer, acme: Service) -> None:
    services = await open_services(data_dir, {"ACME_KEY": f" {CANARY}\n"})
    await services.models.save_service(acme)
    assert await services.models.key_source("acme") is KeySource.ENVIRONMENT
    await services.models.test(acme, None)
    assert keys(fault_server) == [f"Bearer {CANARY}"]
    assert CANARY.encode() not in (data_dir / "parley.db").read_bytes()
    await services.close()


async def test_the_habits_of_a_service_are_kept(services: Services, acme: Service) -> None:
    habits = Habits("api-key", (("x-title", "Parley"),), "api-version=v1", Prefill.PREFIX, ("one",), versioned=False)
    usual = replace(acme, id="usual")
    odd = replace(acme, prefills=True, habits=habits)
    for service in (odd, usual):
        await services.models.save_service(service)
    assert await services.models.services() == (GUIDE, odd, usual)


async def test_a_service_known_by_name_has_the_habits_of_today(services: Services) -> None:
    mistral = next(one for one in await services.models.declared() if one.id == "mistral")
    await services.models.save_service(replace(mistral, prefills=False, habits=Habits()))
    old_wire = Service("openai", "OpenAI", Wire.CHAT_COMPLETIONS, parse_address("https://api.openai.com"))
    await services.models.save_service(old_wire)
    elsewhere = Service("custom-1", "Ollama elsewhere", Wire.OLLAMA, parse_address("http://nas.local:11434"))
    await services.models.save_service(elsewhere)
    assert await services.models.services() == (GUIDE, mistral, old_wire, replace(elsewhere, prefills=True))


async def test_where_no_models_are_listed_the_known_ones_are_offered(services: Services, acme: Service) -> None:
    known = replace(acme, habits=Habits(models=("sonar", "sonar-pro")))
    assert [one.ref.name for one in await services.models.test(known, CANARY)] == ["sonar", "sonar-pro"]
    with pytest.raises(KeyMissing):
        await services.models.test(known, None)


@pytest.mark.parametrize("wire", [Wire.RESPONSES, Wire.ANTHROPIC, Wire.GEMINI])
async def test_a_service_on_any_wire_lists_its_models(
    services: Services, fault_server: FaultServer, wire: Wire
) -> None:
    service = Service("it", "It", wire, parse_address(fault_server.url), needs_key=True)
    assert [one.ref for one in await services.models.test(service, CANARY)] == [ModelRef("it", "echo")]


async def test_what_is_known_of_a_model_is_asked_of_its_service(
    services: Services, fault_server: FaultServer, acme: Service
) -> None:
    services.models.adopt(Service("here", "Here", Wire.OLLAMA, parse_address(fault_server.url)))
    fault_server.queue(ollama.SHOW, ollama.shown("completion", "vision", context=8192))
    known = await services.models.detail(ModelRef("here", "qwen3"))
    assert (known.context_window, known.capabilities) == (8192, frozenset({"completion", "vision"}))
    assert fault_server.to(ollama.SHOW)[0].json() == {"model": "qwen3"}
    services.models.adopt(replace(acme, needs_key=False))
    fault_server.queue(openai.MODELS, framing.answer(200, {"data": [{"id": "echo", "context_length": 99}]}))
    assert (await services.models.detail(ModelRef("acme", "echo"))).context_window == 99
    assert (await services.models.detail(ModelRef("acme", "other"))).context_window is None
