"""Secrets go to the real thing and come back."""

import subprocess
import sys

import pytest

from tests.support.desktop_session import DesktopSession
from tests.support.secret_service import SecretService

PROGRAM = """
import sys
from keyring.backends.SecretService import Keyring
keyring = Keyring()
before = keyring.get_password("tests", "me")
keyring.set_password("tests", "me", sys.argv[1])
print(before, keyring.get_password("tests", "me"))
"""


def keep(environment: dict[str, str], secret: str, limit_s: float = 30) -> str:
    """What was kept before, and what is now."""
    command = [sys.executable, "-c", PROGRAM, secret]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=limit_s, check=True)
    return done.stdout.strip()


def test_a_secret_outlives_its_process_and_a_frozen_keyring_answers_later(secret_service: SecretService) -> None:
    assert keep(secret_service.environment, "s3cret") == "None s3cret"
    secret_service.freeze()
    with pytest.raises(subprocess.TimeoutExpired):
        keep(secret_service.environment, "lost", limit_s=1)
    secret_service.thaw()
    assert keep(secret_service.environment, "another").endswith("another")


def test_a_keyring_joins_a_desktop(desktop_session: DesktopSession) -> None:
    with SecretService(desktop_session.session) as service:
        assert service.environment is desktop_session.environment
        assert keep(service.environment, "on the desktop") == "None on the desktop"
