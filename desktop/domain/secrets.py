"""Where keys are kept, as far as the window needs to know."""

from dataclasses import dataclass
from enum import StrEnum


class KeySource(StrEnum):
    """Where a key was found."""

    KEYRING = "keyring"
    MEMORY = "memory"
    ENVIRONMENT = "environment"


@dataclass(frozen=True, slots=True)
class SecretsStatus:
    """Where new keys go, and a sentence about it for a person."""

    kept_in: KeySource
    sentence: str
