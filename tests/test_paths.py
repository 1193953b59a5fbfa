"""Where things are."""

from pathlib import Path

import pytest

from desktop.paths import data_dir, resource


def test_the_data_directory_is_the_nearest_choice(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("PARLEY_DATA_DIR", raising=False)
    assert data_dir().name == "parley"
    monkeypatch.setenv("PARLEY_DATA_DIR", "~/mine")
    assert data_dir() == tmp_path / "mine"
    assert data_dir("") == tmp_path / "mine"
    assert data_dir(str(tmp_path / "here")) == tmp_path / "here"
    monkeypatch.chdir(tmp_path)
    assert data_dir("relative") == tmp_path / "relative"


def test_resources_are_found_from_here() -> None:
    assert resource("manual").is_dir()
    assert resource() == resource("manual").parent
