"""What all tests share: strictness, a place for data, and real peers that start when first asked for."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.desktop_session import DesktopSession
from tests.support.fault_server import FaultServer
from tests.support.llama_server import LlamaServer
from tests.support.secret_service import SecretService
from tests.support.tiny_model import tiny_model
from tests.support.wires import anthropic, gemini, ollama, openai, responses

pytest_plugins = ["tests.support.strictness"]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def fault_server() -> Iterator[FaultServer]:
    """Answers every wire with an echo until a test queues something else."""
    wires = (ollama, openai, responses, anthropic, gemini)
    routes = {path: route for wire in wires for path, route in wire.ROUTES.items()}
    with FaultServer(routes) as server:
        yield server


@pytest.fixture(scope="session")
def llama_server() -> Iterator[LlamaServer]:
    with LlamaServer(tiny_model()) as server:
        yield server


@pytest.fixture(scope="session")
def secret_service() -> Iterator[SecretService]:
    with SecretService() as service:
        yield service


@pytest.fixture(scope="session")
def desktop_session() -> Iterator[DesktopSession]:
    with DesktopSession() as session:
        yield session
