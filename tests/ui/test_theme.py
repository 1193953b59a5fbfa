import re
from pathlib import Path

from PySide6.QtWidgets import QApplication

from desktop.domain.settings import Theme as Choice
from desktop.ui.theme import Theme
from desktop.ui.tokens import DARK, LIGHT

READ = ("text", "dim", "accent", "local", "cloud", "error", "keyword", "string", "function", "number", "comment")


def test_a_choice_takes_effect_at_once_and_is_told(app: QApplication, theme: Theme) -> None:
    told: list[str] = []
    theme.changed.connect(lambda: told.append(theme.tokens.page))
    theme.choose(Choice.DARK)
    assert told == [DARK.page]
    assert app.palette().window().color().name() == DARK.page
    theme.choose(Choice.LIGHT)
    assert told == [DARK.page, LIGHT.page]
    assert app.palette().window().color().name() == LIGHT.page


def test_text_that_must_be_read_has_enough_contrast() -> None:
    for tokens in (LIGHT, DARK):
        for name in READ:
            for ground in (tokens.page, tokens.sidebar, tokens.code_ground):
                assert _contrast(getattr(tokens, name), ground) >= 4.5, (name, ground)
        assert _contrast(tokens.text, tokens.selection) >= 4.5
        assert _contrast(tokens.on_accent, tokens.accent) >= 4.5


def test_high_contrast_leaves_nothing_faint() -> None:
    for tokens in (LIGHT.with_high_contrast(), DARK.with_high_contrast()):
        assert _contrast(tokens.faint, tokens.page) >= 7
        assert _contrast(tokens.dim, tokens.sidebar) >= 7


def test_no_colour_is_written_outside_the_tokens() -> None:
    sources = Path("desktop/ui").rglob("*.py")
    written = re.compile(r"""["']#[0-9a-fA-F]{3,8}["']""")
    assert [path for path in sources if path.name != "tokens.py" and written.search(path.read_text("utf-8"))] == []


def _contrast(one: str, other: str) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: str) -> float:
    parts = (int(color[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
