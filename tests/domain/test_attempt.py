"""What was sent, as a command that sends it again."""

import shutil
import subprocess

import pytest

from desktop.domain.attempt import SentRequest, curl
from desktop.domain.secrets import MASK
from tests.support.fault_server import FaultServer

CANARY = "sk-canary"
BODY = '{"text": "it\'s \\"so\\" — $HOME `id` \\\\ !! %s 🙂",\n "mask": "%s"}'.replace("%s", MASK).encode()


def test_pasted_into_a_shell_it_sends_the_same_with_the_key_from_the_environment(fault_server: FaultServer) -> None:
    bash, program = shutil.which("bash"), shutil.which("curl")
    if bash is None or program is None:
        pytest.skip("needs bash and curl")
    sent = SentRequest(
        "POST",
        f"{fault_server.url}/a'b?q=[1]&key={MASK}",
        (
            ("Host", "elsewhere.test"),
            ("Content-Length", "1"),
            ("Content-Type", "application/json"),
            ("Authorization", f"Bearer {MASK}"),
            ("x-empty", ""),
            ("x-quote", "it's $HOME"),
        ),
        BODY * 20_000,  # far more than one argument may hold
    )
    command = curl(sent)
    assert MASK not in command.partition("|\n")[2]
    own = {"PATH": "/usr/bin:/bin", "API_KEY": CANARY}
    subprocess.run([bash], input=command, encoding="utf-8", check=True, env=own, timeout=20)
    (got,) = fault_server.requests
    assert (got.method, got.path, got.query, got.body) == ("POST", "/a'b", f"q=[1]&key={CANARY}", sent.body)
    assert got.headers["authorization"] == f"Bearer {CANARY}"
    assert got.headers["x-quote"] == "it's $HOME"
    assert got.headers["x-empty"] == ""
    assert got.headers["content-type"] == "application/json"
    assert got.headers["host"] != "elsewhere.test"


def test_without_a_body_nothing_is_piped() -> None:
    command = curl(SentRequest("GET", "http://h/models", (("x-api-key", MASK),)))
    assert command.splitlines() == [
        "curl --silent --show-error --no-buffer --globoff --request GET 'http://h/models' \\",
        "  --header 'x-api-key: '\"$API_KEY\"''",
    ]
    assert "body" not in repr(SentRequest("GET", "http://h", (), b"secret"))


def test_a_body_of_no_stated_type_gets_none_from_curl() -> None:
    assert "--header 'Content-Type:'" in curl(SentRequest("POST", "http://h", (), b"x"))
