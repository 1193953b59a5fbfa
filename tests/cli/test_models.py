"""`parley models`: what can be asked, and which service did not answer."""

import asyncio

from desktop.domain.address import parse_address
from desktop.domain.service import Service, Wire
from desktop.services.suite import open_services
from tests.cli.conftest import CommandLine
from tests.support.fault_server import FaultServer
from tests.support.wires import ollama, openai

CANARY = "sk-canary"


def set_up(parley: CommandLine, *services: Service) -> None:
    """What a person does in the settings window."""

    async def save() -> None:
        opened = await open_services(parley.data_dir, {})
        for service in services:
            await opened.models.save_service(service)
        await opened.close()

    asyncio.run(save())


def test_at_first_there_is_the_guide(parley: CommandLine) -> None:
    ended = parley.run("models")
    assert (ended.status, ended.output, ended.notes) == (0, "Parley guide (Built in)\n  Parley guide\n", "")


def test_models_stand_below_their_service_and_a_key_is_not_shown(
    parley: CommandLine, fault_server: FaultServer
) -> None:
    acme = Service(
        "acme", "Acme", Wire.CHAT_COMPLETIONS, parse_address(fault_server.url), needs_key=True, key_variables=("KEY",)
    )
    set_up(parley, Service("here", "Here", Wire.OLLAMA, parse_address(fault_server.url)), acme)
    fault_server.queue(ollama.TAGS, ollama.models("qwen3:8b", "gemma3:1b"))
    fault_server.queue(openai.MODELS, openai.models("acme-1"))
    ended = parley.run("models", KEY=CANARY)
    assert (ended.status, ended.notes) == (0, "")
    assert ended.output.split("\n")[2:] == ["Here (Local)", "  qwen3:8b", "  gemma3:1b", "Acme (Local)", "  acme-1", ""]
    assert fault_server.to(openai.MODELS)[0].headers["authorization"] == f"Bearer {CANARY}"


def test_a_service_that_does_not_answer_is_said_and_the_others_are_listed(
    parley: CommandLine, fault_server: FaultServer
) -> None:
    gone = Service("gone", "Gone", Wire.OLLAMA, parse_address("http://127.0.0.1:1"))
    set_up(parley, gone, Service("here", "Here", Wire.OLLAMA, parse_address(fault_server.url)))
    ended = parley.run("models")
    assert (ended.status, ended.notes) == (1, "")
    assert "  Gone could not be reached at 127.0.0.1:1." in ended.output
    assert ended.output.endswith("Here (Local)\n  echo\n")
