"""Discovery: who is on this computer; nobody else is asked."""

import pytest

from desktop.domain.discovery import FoundKey, FoundServer
from desktop.domain.service import Service
from desktop.services.discovery import DiscoveryService
from desktop.services.providers.declarations import CLOUD, LOCAL
from desktop.services.secrets import SecretStore
from desktop.services.suite import Services
from tests.support.fault_server import FaultServer
from tests.support.plan import Close, Plan, Send, Stall
from tests.support.wires import framing, ollama

pytestmark = pytest.mark.anyio

CANARY = "sk-canary"


def discovery(services: Services, environment: dict[str, str]) -> DiscoveryService:
    return DiscoveryService(services.models, SecretStore(1, environment), environment)


async def found_ollama(services: Services, host: str) -> FoundServer | None:
    """Other ports belong to whatever else runs on this computer."""
    found = await discovery(services, {"OLLAMA_HOST": host}).look()
    return next((one for one in found.servers if one.service.id == "ollama"), None)


def cloud(service_id: str) -> Service:
    return next(one for one in CLOUD if one.id == service_id)


@pytest.mark.parametrize(
    "form",
    [
        "127.0.0.1:{port}",
        "0.0.0.0:{port}",
        ":{port}",
        "http://127.0.0.1:{port}",
        "http://0.0.0.0:{port}/",
        ' "127.0.0.1:{port}" ',
    ],
)
async def test_ollama_is_found_where_its_own_variable_says(
    services: Services, fault_server: FaultServer, form: str
) -> None:
    fault_server.queue(ollama.TAGS, ollama.models("qwen3:8b", "gemma3:1b"))
    port = fault_server.url.rpartition(":")[2]
    found = await found_ollama(services, form.format(port=port))
    assert found is not None
    assert str(found.service.address).endswith(f":{port}")
    assert [model.ref.name for model in found.models] == ["qwen3:8b", "gemma3:1b"]
    assert [(one.method, one.path) for one in fault_server.requests] == [("GET", ollama.TAGS)]
    assert "authorization" not in fault_server.requests[0].headers


@pytest.mark.parametrize("host", ["192.0.2.1:11434", "http://gpu.example.com", "nas.local", "not an address", ""])
async def test_what_the_variable_says_of_other_computers_is_not_followed(services: Services, host: str) -> None:
    places = {one.address for one in discovery(services, {"OLLAMA_HOST": host})._candidates()}
    assert places == {one.address for one in LOCAL}
    await found_ollama(services, host)  # a connection that leaves this computer fails the test


@pytest.mark.parametrize(
    "answer",
    [
        framing.raw(200, b"<html><title>My printer</title></html>", {"Content-Type": "text/html"}),
        framing.raw(404, b"nothing here"),
        framing.raw(401, b""),
        framing.answer(200, {"hello": "world"}),
        framing.answer(200, {"models": "many"}),
        framing.answer(200, ["a", "b"]),
        (Send(b"SSH-2.0-OpenSSH_9.2\r\n"), Close()),
        (Stall(),),
    ],
    ids=["page", "404", "401", "other object", "no list", "list", "SSH", "silence"],
)
async def test_a_port_where_something_else_answers_is_no_server(
    services: Services, fault_server: FaultServer, answer: Plan
) -> None:
    fault_server.queue(ollama.TAGS, answer)
    assert await found_ollama(services, fault_server.url) is None
    assert len(fault_server.requests) == 1
    fault_server.wait_for(lambda: fault_server.open_connections == 0)


async def test_a_server_without_models_is_a_server(services: Services, fault_server: FaultServer) -> None:
    fault_server.queue(ollama.TAGS, ollama.models(), framing.answer(200, {"models": None}))
    for _ in range(2):
        found = await found_ollama(services, fault_server.url)
        assert found is not None
        assert found.models == ()


async def test_keys_in_the_environment_are_named_and_never_shown(services: Services) -> None:
    environment = {"MISTRAL_API_KEY": CANARY, "OPENAI_API_KEY": "", "XAI_API_KEY": "  ", "MY_API_KEY": CANARY}
    found = await discovery(services, environment).look()
    assert found.keys == (FoundKey(cloud("mistral"), "MISTRAL_API_KEY"),)
    assert CANARY not in repr(found)
