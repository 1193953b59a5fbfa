from PySide6.QtGui import QColor, QImage

from desktop.domain.settings import Theme as Choice
from desktop.paths import resource
from desktop.ui.icons import Icons
from desktop.ui.theme import Theme


def test_every_icon_draws_in_the_colour_it_is_asked_for(theme: Theme) -> None:
    icons = Icons(theme)
    names = [path.stem for path in resource("icons").glob("*.svg")]
    assert len(names) >= 20
    for name in names:
        assert _draws_in(theme.color("accent"), icons.pixmap(name, "accent").toImage()), name


def test_an_icon_follows_the_theme(theme: Theme) -> None:
    icons = Icons(theme)
    light = icons.pixmap("plus", "accent").toImage()
    theme.choose(Choice.DARK)
    dark = icons.pixmap("plus", "accent").toImage()
    assert _draws_in(theme.color("accent"), dark)
    assert not _draws_in(theme.color("accent"), light)


def _draws_in(color: QColor, image: QImage) -> bool:
    """Whether the most solid pixel has this colour, give or take what premultiplied alpha rounds away."""
    pixels = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
    strongest = max(pixels, key=lambda pixel: pixel.alpha())
    pairs = zip(strongest.getRgb()[:3], color.getRgb()[:3], strict=True)  # type: ignore[index]
    return strongest.alpha() > 0 and all(abs(one - other) <= 2 for one, other in pairs)
