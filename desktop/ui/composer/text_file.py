"""Text files that become part of a message."""

import asyncio
import re
from pathlib import Path

from desktop.domain.errors import ParleyError

LIMIT_BYTES = 200_000

ENDINGS = (
    *(
        "txt",
        "md",
        "rst",
        "tex",
        "log",
        "csv",
        "tsv",
        "json",
        "yaml",
        "yml",
        "toml",
        "ini",
        "cfg",
        "xml",
        "html",
        "css",
    ),
    *("py", "pyi", "js", "ts", "jsx", "tsx", "rs", "go", "java", "kt", "c", "h", "cpp", "hpp", "cs", "rb", "php"),
    *("swift", "sh", "sql", "r", "lua", "pl", "diff", "patch"),
)


async def read_text_file(path: Path) -> str:
    """The file as a fenced block under its name, read beside the Qt thread.

    Raises:
        ParleyError: it cannot be read, is larger than 200 kB or is not UTF-8 text.
    """
    return render_text_file(path.name, await asyncio.to_thread(_read, path))


def render_text_file(name: str, text: str) -> str:
    """A file's text as a fenced block that nothing inside it can close."""
    longest = max((len(run) for run in re.findall(r"`{3,}", text)), default=2)
    fence = "`" * (longest + 1)
    ending = Path(name).suffix.removeprefix(".").lower()
    return f"{name}\n{fence}{ending}\n{text.rstrip()}\n{fence}\n"


def _read(path: Path) -> str:
    try:
        with path.open("rb") as file:
            raw = file.read(LIMIT_BYTES + 1)
    except OSError as error:
        raise ParleyError(f"“{path.name}” cannot be read: {error.strerror or error}.") from error
    if len(raw) > LIMIT_BYTES:
        raise ParleyError(f"“{path.name}” is too large: text files up to {LIMIT_BYTES // 1000} kB can be attached.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ParleyError(f"“{path.name}” is not a text file in UTF-8.") from error
    if "\0" in text:
        raise ParleyError(f"“{path.name}” is not a text file.")
    return text
