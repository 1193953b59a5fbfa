"""`parley doctor`: what can be told about this computer, and no secret of it."""

from tests.cli.conftest import CommandLine, Ended
from tests.support.fault_server import FaultServer
from tests.support.wires import ollama

CANARY = "sk-canary"


def told(ended: Ended, name: str) -> list[str]:
    """What stands behind a name."""
    return [line[21:] for line in ended.output.split("\n") if line[:20].rstrip() == name]


def test_it_tells_what_is_here_and_no_key(parley: CommandLine, fault_server: FaultServer) -> None:
    fault_server.queue(ollama.TAGS, ollama.models("a", "b"))
    ended = parley.run("doctor", OLLAMA_HOST=fault_server.url, OPENAI_API_KEY=CANARY, MISTRAL_API_KEY="")
    assert (ended.status, ended.notes) == (0, "")
    assert told(ended, "Data") == [str(parley.data_dir)]
    assert told(ended, "Database") == ["0 conversations"]
    assert told(ended, "Service") == ["Parley guide · Built in"]
    assert "memory" in told(ended, "Keys")[0]
    found = told(ended, "Found")
    assert f"Ollama at {fault_server.url}, 2 models" in found
    assert "OPENAI_API_KEY is set" in found
    assert "MISTRAL_API_KEY is set" not in found
    assert CANARY not in ended.output
    assert {"Parley", "Python", "SQLite", "httpx", "pyside6-essentials", "Display"} <= {
        line[:20].rstrip() for line in ended.output.split("\n")
    }


def test_data_that_cannot_be_used_is_said_and_left_alone(parley: CommandLine) -> None:
    parley.data_dir.mkdir()
    database = parley.data_dir / "parley.db"
    database.write_bytes(b"no database " * 1000)
    ended = parley.run("doctor")
    assert (ended.status, ended.notes) == (1, "")
    assert "damaged or is not a Parley database" in told(ended, "Database")[0]
    assert database.read_bytes() == b"no database " * 1000
    asked = parley.run("ask", "--wire", "guide", "--json", "hi")
    assert asked.status == 1
    assert asked.finished["error"]["kind"] == "DatabaseDamaged"
