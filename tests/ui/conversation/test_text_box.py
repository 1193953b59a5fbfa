import time

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from desktop.ui.conversation.markdown import Span, Spans
from desktop.ui.conversation.text_box import TextBox, Tint
from desktop.ui.theme import Theme

ROCKET = "👩‍🚀"  # three characters, five UTF-16 units
HEBREW = "שלום עולם"


def _box(theme: Theme, *spans: Span, width: float = 400, wrap: bool = True) -> TextBox:
    made = TextBox(spans, theme, "body", wrap=wrap)
    made.lay_out(width)
    return made


def _draw(box: TextBox, selected: tuple[int, int] | None = None) -> QImage:
    image = QImage(420, max(1, int(box.height) + 1), QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    box.paint(painter, QPointF(10, 0), selected)
    painter.end()
    return image


def _columns(image: QImage, color: str) -> list[int]:
    """The columns in which a colour stands."""
    return [
        x for x in range(image.width()) if any(image.pixelColor(x, y).name() == color for y in range(image.height()))
    ]


def test_it_is_as_high_as_its_lines(theme: Theme) -> None:
    step = theme.line_height("body")
    assert _box(theme, Span("one")).height >= step
    assert _box(theme, Span("one\u2028two")).height >= 2 * step
    assert _box(theme, Span("word " * 100)).height > _box(theme, Span("word " * 100), width=800).height
    assert _box(theme, Span("")).height >= step


def test_a_long_unbroken_line_stays_within_its_width(theme: Theme) -> None:
    before = time.monotonic()
    box = _box(theme, Span("x" * 2_000))
    assert time.monotonic() - before < 10
    assert box.natural_width <= 400
    assert box.height > 10 * theme.line_height("body")


def test_without_wrapping_there_is_one_line(theme: Theme) -> None:
    box = _box(theme, Span("word " * 50), wrap=False)
    assert box.natural_width > 400
    assert box.height < 2 * theme.line_height("body")


def test_places_between_characters(theme: Theme) -> None:
    box = _box(theme, Span("abc"))
    assert box.position_at(-5, 5) == 0
    assert box.position_at(box.natural_width + 50, 5) == 3
    assert box.position_at(5, 1_000) == box.position_at(5, 5)
    assert sorted({box.position_at(x, 5) for x in range(40)}) == [0, 1, 2, 3]


@pytest.mark.parametrize("text", [f"a{ROCKET}b", f"{ROCKET}{ROCKET}", "𝒳𝒴z", f"{ROCKET} {HEBREW} x"])
def test_places_are_counted_in_characters_not_in_utf_16_units(text: str, theme: Theme) -> None:
    box = _box(theme, Span(text))
    found = {box.position_at(x, 5) for x in range(-5, 420)}
    assert min(found) == 0
    assert max(found) == len(text)


def test_a_place_is_never_inside_a_joined_emoji(theme: Theme) -> None:
    box = _box(theme, Span(f"a{ROCKET}b"))
    assert {box.position_at(x, 5) for x in range(100)} == {0, 1, 4, 5}


def test_what_is_selected_after_an_emoji_is_what_is_painted_so(theme: Theme) -> None:
    box = _box(theme, Span(f"{ROCKET}{ROCKET} word"))
    accent = theme.color("accent").name()
    assert _columns(_draw(box), accent) == []
    painted = _columns(_draw(box, (7, 11)), accent)
    assert painted
    assert box.position_at(painted[0] - 10, 5) == 7
    assert box.position_at(painted[-1] - 10 + 1, 5) == 11


def test_colours_after_an_emoji_are_where_they_belong(theme: Theme) -> None:
    box = _box(theme, Span(f"{ROCKET} ████ ████"))
    height = box.height
    box.tint((Tint(4, 4, "#ff0000"),))
    red = _columns(_draw(box), "#ff0000")
    assert {box.position_at(x - 10, 5) for x in red} == {4, 5, 6, 7, 8}
    assert _columns(_draw(box), theme.color("text").name())[-1] > red[-1]
    assert box.height == height


def test_a_link_is_found_under_its_own_letters_only(theme: Theme) -> None:
    box = _box(theme, Span(f"{ROCKET} see "), Span("here", link="https://x.example"), Span(" or not"))
    start, end = len(f"{ROCKET} see "), len(f"{ROCKET} see here")
    for x in range(int(box.natural_width)):
        index = box.position_at(x, 5)
        if start < index < end:
            assert box.link_at(x, 5) == "https://x.example"
        elif index < start or index > end:
            assert box.link_at(x, 5) == ""
    assert box.link_at(box.natural_width + 20, 5) == ""
    assert box.link_at(5, 500) == ""


def test_right_to_left_text_begins_at_the_right(theme: Theme) -> None:
    box = _box(theme, Span(HEBREW))
    assert box.is_rtl
    assert box.position_at(399, 5) == 0
    assert box.position_at(0, 5) == len(HEBREW)
    assert max(_columns(_draw(box), theme.color("text").name()), default=0) > 300


@pytest.mark.parametrize(
    ("text", "is_rtl"),
    [("abc שלום", False), ("… 12 שלום abc", True), ("مرحبا", True), ("123", False), ("", False), ("👍 ok", False)],
)
def test_the_first_letter_says_where_reading_begins(text: str, is_rtl: bool, theme: Theme) -> None:
    assert TextBox((Span(text),), theme, "body").is_rtl == is_rtl


def test_code_always_begins_at_the_left(theme: Theme) -> None:
    assert not TextBox((Span(HEBREW),), theme, "code").is_rtl


@pytest.mark.parametrize(
    ("align", "place"),
    [(Qt.AlignmentFlag.AlignLeft, 0), (Qt.AlignmentFlag.AlignHCenter, 180), (Qt.AlignmentFlag.AlignRight, 370)],
)
def test_lines_stand_where_they_are_told_to(align: Qt.AlignmentFlag, place: int, theme: Theme) -> None:
    box = TextBox((Span("██"),), theme, "body")
    box.align(align)
    box.lay_out(400)
    assert abs(_columns(_draw(box), theme.color("text").name())[0] - 10 - place) < 20


SPANS: tuple[Spans, ...] = (
    (Span("b", bold=True), Span("i", italic=True), Span("s", strike=True), Span("c", code=True)),
    (Span("x" * 300, code=True),),
    (Span("a \ud800 lone surrogate"), Span("c", code=True)),
    (Span("nul \x00 and \u202e override"),),
    (Span(HEBREW, code=True), Span("c", code=True)),
    (Span(""),),
)


@pytest.mark.parametrize("spans", SPANS)
def test_anything_can_be_painted_and_selected(spans: Spans, theme: Theme) -> None:
    box = _box(theme, *spans)
    _draw(box, (0, len(box.text)))
    assert 0 <= box.position_at(200, 5) <= len(box.text)
