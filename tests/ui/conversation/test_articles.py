from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication

from desktop.domain.message import MessageStatus
from desktop.ui.conversation.articles import Anchor, Articles
from desktop.ui.conversation.highlighter import Highlighter
from desktop.ui.theme import Theme
from desktop.ui.tokens import SIZES
from tests.ui.conversation.stage import question, reply, talk

LONG = "A paragraph whose words need more than one line where the column is narrow, and here it is.\n\n" * 40


@pytest.fixture
def articles(app: QApplication, theme: Theme, highlighter: Highlighter) -> Articles:
    made = Articles(theme, highlighter)
    made.set_width(600, Anchor())
    return made


def _lay_out(articles: Articles, top: float, bottom: float) -> None:
    for _ in range(8):
        if not articles.lay_out(top, bottom):
            return
    raise AssertionError("heights never settle")


def test_nothing_is_nowhere(articles: Articles) -> None:
    assert len(articles) == 0
    assert articles.row_at(50) == -1
    assert list(articles.rows_between(0, 1_000)) == []
    assert not articles.lay_out(0, 1_000)
    assert articles.height_at(Anchor()) == 0
    assert articles.height == 2 * SIZES.gap_page


def test_one_stands_below_the_other(articles: Articles) -> None:
    articles.reset(talk(3))
    _lay_out(articles, 0, 1e6)
    assert articles.top(0) == SIZES.gap_page
    for row in range(5):
        assert articles.top(row + 1) == articles.top(row) + articles[row].height
        assert articles.row_at(articles.top(row) + 1) == row
    assert articles.row_at(-100) == 0
    assert articles.row_at(1e9) == 5
    assert articles.height == articles.top(5) + articles[5].height + SIZES.gap_page


def test_laying_out_settles_in_the_middle_of_a_long_conversation(articles: Articles) -> None:
    articles.reset(talk(500))
    _lay_out(articles, 20_000, 20_500)
    made = [row for row, article in enumerate(articles) if article.tiles]
    assert 3 < len(made) < 30


def test_what_stays_the_same_keeps_its_layout(articles: Articles) -> None:
    messages = talk(3)
    articles.reset(messages)
    _lay_out(articles, 0, 1e6)
    kept, tiles = list(articles), articles[1].tiles
    articles.reset([*messages[:5], reply(60, "another version")])
    assert list(articles)[:5] == kept[:5]
    assert articles[1].tiles == tiles
    assert articles[5].message.text == "another version"


def test_an_anchor_stays_on_its_text_whatever_is_laid_out_above(articles: Articles) -> None:
    articles.reset([question(1, "?"), reply(2, LONG), question(3, "?"), reply(4, LONG)])
    start = articles.top(3) + 700
    _lay_out(articles, start, start + 400)
    anchor = articles.anchor(start, start + 400)
    seen = [(one.number, articles.top(3) + one.top - start) for one in articles[3].placed() if one.tile.is_laid_out]
    _lay_out(articles, 0, start)
    moved = articles.height_at(anchor)
    assert moved != start
    again = [(one.number, articles.top(3) + one.top - moved) for one in articles[3].placed() if one.tile.is_laid_out]
    for number, place in seen:
        assert dict(again)[number] == pytest.approx(place)


def test_an_anchor_is_taken_on_what_has_its_true_height(articles: Articles) -> None:
    articles.reset([reply(2, LONG)])
    _lay_out(articles, 1_000, 1_400)
    first = articles[0].first_laid_out(0, 1e6)
    assert first is not None
    anchor = articles.anchor(900, 1_300)
    assert (anchor.tile, articles.height_at(anchor)) == (first.number, 900)
    assert articles.height_at(articles.anchor(100, 200)) == 100


@pytest.mark.parametrize("width", [300, 900])
def test_another_width_keeps_the_same_text_at_an_anchor(width: float, articles: Articles) -> None:
    articles.reset([reply(2, "before\n\n" + "word " * 390 + "\n\nafter")])
    _lay_out(articles, 0, 1e6)
    tile = next(one for one in articles[0].placed() if len(one.tile.text) > 1_000)
    anchor = articles.anchor(articles.top(0) + tile.top + tile.tile.height / 2, 1e6)
    moved = articles.set_width(width, anchor)
    assert moved.tile == anchor.tile == tile.number
    tile = next(one for one in articles[0].placed() if one.number == moved.tile)
    assert tile.tile.is_laid_out
    assert moved.below == pytest.approx(tile.tile.height / 2)


def test_a_message_that_grows_moves_what_is_below(articles: Articles) -> None:
    articles.reset([reply(2, "one", MessageStatus.PENDING), question(3, "queued")])
    _lay_out(articles, 0, 1e6)
    before = articles.top(1)
    articles[0].set_message(replace(articles[0].message, text="one\n\ntwo\n\nthree"))
    articles.measure()
    _lay_out(articles, 0, 1e6)
    assert articles.top(1) > before
