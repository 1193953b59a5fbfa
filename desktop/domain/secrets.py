"""Where keys are kept, as far as the window needs to know."""

from dataclasses import dataclass
from enum import StrEnum

MASK = "••••••••"
"""What stands where a secret stood. No URL and no header can hold these characters themselves."""


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
