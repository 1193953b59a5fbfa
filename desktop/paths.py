"""Where things are: the person's data directory and Parley's own resources."""

import os
from pathlib import Path

from platformdirs import user_data_path

DATA_DIR_VARIABLE = "PARLEY_DATA_DIR"


def data_dir(override: str | None = None) -> Path:
    """The directory of the person's data: the override, else `PARLEY_DATA_DIR`, else the platform's own place."""
    chosen = override or os.environ.get(DATA_DIR_VARIABLE)
    return Path(chosen).expanduser().absolute() if chosen else user_data_path("parley", appauthor=False)


def resource(*parts: str) -> Path:
    """A file or folder of `resources/`, from a checkout, a wheel or a bundle."""
    package = Path(__file__).parent
    inside = package / "resources"
    return (inside if inside.is_dir() else package.parent / "resources").joinpath(*parts)
