"""A person sets Parley up: takes what was found here, adds a service with its key."""

from pathlib import Path

from tests.support.desktop_session import DesktopSession
from tests.support.fault_server import FaultServer
from tests.support.parley import Parley, stored
from tests.support.secret_service import SecretService
from tests.support.wires import ollama, openai

CANARY = "sk-canary-7f3a91"


def test_an_ollama_that_runs_here_is_offered_and_used(
    desktop_session: DesktopSession, fault_server: FaultServer, data_dir: Path
) -> None:
    fault_server.usually(ollama.TAGS, ollama.models("qwen3:8b", "gemma3:12b"))
    with Parley({**desktop_session.environment, "OLLAMA_HOST": fault_server.url}, data_dir) as parley:
        parley.reader.press("Use qwen3:8b")
        parley.reader.wait_for("label", "qwen3:8b answers · Local")
        parley.send("Good morning")
        assert parley.wait_for_status("complete").name == "You said: Good morning"
        parley.quit()
    assert fault_server.to(ollama.CHAT)[0].json()["model"] == "qwen3:8b"
    assert stored(data_dir)[0][1].author == "qwen3:8b"


def test_a_service_is_added_with_its_key_which_is_kept_in_the_keyring_only(
    desktop_session: DesktopSession, fault_server: FaultServer, data_dir: Path
) -> None:
    with SecretService(desktop_session.session):
        with Parley(desktop_session.environment, data_dir) as parley:
            _add_service(parley, fault_server.url)
            parley.quit()
        with Parley(desktop_session.environment, data_dir) as parley:  # the key is found again
            parley.reader.press("Model")
            parley.reader.wait_until(lambda: _model(parley), "the model")
            parley.reader.choose("Models", _model(parley))
            parley.reader.press_key("Return")
            parley.send("Good morning")
            assert parley.wait_for_status("complete").name == "You said: Good morning"
            parley.quit()
    assert fault_server.to(openai.CHAT)[0].headers["authorization"] == f"Bearer {CANARY}"
    kept = [path for path in data_dir.rglob("*") if path.is_file() and CANARY.encode() in path.read_bytes()]
    assert kept == []


def _add_service(parley: Parley, url: str) -> None:
    reader = parley.reader
    reader.press("Settings")
    reader.wait_for("window", "Parley settings")
    reader.choose("Pages", "Services")
    reader.focus("button", "Add service")
    for key in ("space", "Up", "Up", "Return"):  # a menu is read by its keys only: the last but one of its entries
        reader.press_key(key)
    reader.wait_for("text", "Name")
    reader.set_text("Name", "Acme")
    reader.set_text("Base URL", url)
    reader.set_text("Key", CANARY)
    reader.press("Test")
    reader.wait_until(lambda: any("1 model" in name for name in reader.names("label")), "what the test says")
    reader.press("Save")
    reader.wait_until(lambda: any("Acme" in item.name for item in reader.list_items("Services")), "the service")


def _model(parley: Parley) -> str:
    return next((item.name for item in parley.reader.list_items("Models") if "echo" in item.name), "")
