from pathlib import Path

import pytest

from desktop.domain.errors import ParleyError
from desktop.ui.composer.text_file import LIMIT_BYTES, read_text_file, render_text_file

pytestmark = pytest.mark.anyio


async def test_a_file_becomes_a_fenced_block_under_its_name(tmp_path: Path) -> None:
    path = tmp_path / "häß lich.py"
    path.write_text("print('é')\n", encoding="utf-8")
    assert await read_text_file(path) == "häß lich.py\n```py\nprint('é')\n```\n"


def test_nothing_in_the_file_can_close_the_fence() -> None:
    assert render_text_file("a.md", "````\ncode\n````").startswith("a.md\n`````md\n")


@pytest.mark.parametrize("content", [b"x" * (LIMIT_BYTES + 1), b"\xff\xfe\x00", b"PK\x03\x04\x00\x00"])
async def test_what_is_no_small_text_file_is_refused_with_a_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "thing.txt"
    path.write_bytes(content)
    with pytest.raises(ParleyError, match=r"“thing\.txt”"):
        await read_text_file(path)


async def test_a_missing_file_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(ParleyError, match=r"“gone\.txt” cannot be read"):
        await read_text_file(tmp_path / "gone.txt")
