"""Keys, kept by a real Secret Service; each test is a process of its own, as Parley is."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.secret_service import SecretService, private_environment
from tests.support.secrets_client import Report

CANARY = "sk-canary-5b1d0e"
FROM_ENVIRONMENT = {"ACME_API_KEY": "sk-from-environment"}
LIMIT_S = 3.0
PAUSE_LIMIT_S = 0.5


@pytest.fixture(scope="module")
def secret_service() -> Iterator[SecretService]:
    with SecretService() as service:
        yield service


@pytest.fixture
def keyring(secret_service: SecretService) -> Iterator[dict[str, str]]:
    """The environment of a process that reaches the keyring; no key is left in it."""
    yield secret_service.environment
    follow(secret_service.environment, "delete")


@pytest.fixture
def no_bus(tmp_path: Path) -> dict[str, str]:
    return private_environment(tmp_path)


def follow(environment: dict[str, str], *steps: str) -> Report:
    """Let a new process do the steps; the key is never where it must not be, and the loop never stands."""
    ended = subprocess.run(
        [sys.executable, "-m", "tests.support.secrets_client"],
        input=json.dumps(steps),
        env=environment,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    report = Report(**json.loads(ended.stdout))
    assert CANARY not in report.shown
    assert report.longest_pause_s < PAUSE_LIMIT_S
    assert max(report.seconds) < LIMIT_S
    return report


def test_a_key_is_kept_found_by_a_later_start_and_deleted(keyring: dict[str, str]) -> None:
    report = follow(keyring, "find", "source", f"set {CANARY}", "find", "source", "status", "sentence")
    assert report.answers[:-1] == [None, None, "keyring", CANARY, "keyring", "keyring"]
    sentence = report.answers[-1]
    assert sentence is not None
    assert "keyring" in sentence
    assert CANARY not in sentence
    assert follow(keyring, "find", "delete", "find", "delete").answers == [CANARY, None, None, None]
    assert follow(keyring, "find").answers == [None]


def test_whitespace_around_a_key_is_dropped(keyring: dict[str, str], no_bus: dict[str, str]) -> None:
    pasted = f"set \t {CANARY}\r\n"
    assert follow(keyring, pasted, "find").answers == ["keyring", CANARY]
    assert follow(no_bus, pasted, "find").answers == ["memory", CANARY]
    assert follow(no_bus | {"ACME_API_KEY": f" {CANARY}\n"}, "find").answers == [CANARY]


@pytest.mark.parametrize("backend", ["keyring.backends.null.Keyring", "keyring.backends.fail.Keyring", "no.such.Thing"])
def test_no_variable_turns_the_keyring_off(keyring: dict[str, str], backend: str) -> None:
    environment = keyring | {"PYTHON_KEYRING_BACKEND": backend}
    assert follow(environment, f"set {CANARY}", "find", "status").answers == ["keyring", CANARY, "keyring"]
    assert follow(keyring, "find").answers == [CANARY]


def test_a_keyring_that_says_nothing_holds_nobody_up(secret_service: SecretService, keyring: dict[str, str]) -> None:
    follow(keyring, f"set {CANARY}")
    secret_service.freeze()
    try:
        began = time.monotonic()
        report = follow(keyring, "status", "sentence", "find", "set sk-for-now", "find", "source", "delete", "find")
        took_s = time.monotonic() - began
        first = follow(keyring | FROM_ENVIRONMENT, "find")
    finally:
        secret_service.thaw()
    status, sentence, *others = report.answers
    assert status == "memory"
    assert sentence is not None
    assert "memory" in sentence
    assert others == [None, "memory", "sk-for-now", "memory", None, None]
    assert took_s < LIMIT_S + 2  # only the first question is waited for, and a stuck thread does not keep a process
    assert first.answers == ["sk-from-environment"]
    assert follow(keyring, "find").answers == [CANARY]


def test_without_a_bus_keys_stay_in_memory_and_the_status_says_so(no_bus: dict[str, str]) -> None:
    report = follow(no_bus, "status", "sentence", f"set {CANARY}", "find", "source", "sentence", "delete", "find")
    status, sentence, kept_in, found, source, later, *gone = report.answers
    assert (status, kept_in, found, source, gone) == ("memory", "memory", CANARY, "memory", [None, None])
    assert sentence == later
    assert sentence is not None
    assert "memory" in sentence
    assert "No system keyring" in sentence
    assert follow(no_bus, "find").answers == [None]


def test_a_key_in_the_environment_is_read_and_not_stored(keyring: dict[str, str]) -> None:
    report = follow(keyring | FROM_ENVIRONMENT, "find", "source")
    assert report.answers == ["sk-from-environment", "environment"]
    assert follow(keyring, "find", "source").answers == [None, None]


def test_a_stored_key_goes_before_the_environment(keyring: dict[str, str]) -> None:
    report = follow(keyring | FROM_ENVIRONMENT, f"set {CANARY}", "find", "source", "delete", "find")
    assert report.answers == ["keyring", CANARY, "keyring", None, "sk-from-environment"]
