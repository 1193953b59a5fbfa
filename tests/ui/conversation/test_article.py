import time
from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication

from desktop.domain.message import Message, MessageStatus
from desktop.domain.settings import Theme as Choice
from desktop.ui.conversation.article import Article
from desktop.ui.conversation.highlighter import Highlighter
from desktop.ui.conversation.tiles.tile import Tile
from desktop.ui.theme import Theme
from tests.ui.conversation.stage import question, reply

WIDTH = 600.0
PENDING = MessageStatus.PENDING
EVERYTHING = (
    "# Head\n\ntext `code`\n\n- a\n  - b\n\n> quote\n\n```py\nx = 1\n```\n\n"
    "| a | b |\n|---|--:|\n| 1 | 2 |\n\n---\n\nend"
)

Make = Callable[[Message], Article]


@pytest.fixture
def make(theme: Theme, highlighter: Highlighter) -> Make:
    def article(message: Message) -> Article:
        made = Article(message, theme, highlighter)
        made.set_width(WIDTH)
        made.lay_out(0, 1e6)
        return made

    return article


def _texts(article: Article) -> list[str]:
    return [one.tile.text for one in article.placed()]


def _own(article: Article) -> list[str]:
    return [tile.text for _, tile in article.selectable()]


def _draw(article: Article) -> QImage:
    image = QImage(int(WIDTH), int(article.height), QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    article.paint(painter, QPointF(0, 0), 0, article.height, {})
    painter.end()
    return image


def _has(image: QImage, color: str) -> bool:
    return any(image.pixelColor(x, y).name() == color for x in range(image.width()) for y in range(image.height()))


def test_a_reply_begins_with_its_author_and_a_question_does_not(make: Make) -> None:
    assert _texts(make(reply(2, "one\n\ntwo"))) == ["qwen3:8b", "one", "two"]
    assert _texts(make(question(1, "one\n\n*two*"))) == ["one\n\n*two*"]


def test_only_its_own_words_can_be_selected(make: Make) -> None:
    message = replace(reply(2, "one\n\ntwo", MessageStatus.STOPPED), reasoning="hm")
    assert _own(make(message)) == ["one", "two"]


def test_every_kind_of_block_can_be_laid_out_and_painted(make: Make) -> None:
    article = make(reply(2, EVERYTHING))
    assert all(one.tile.is_laid_out and one.tile.height > 0 for one in article.placed())
    assert not _draw(article).isNull()


def test_highlighted_code_is_seen(make: Make, app: QApplication, theme: Theme, highlighter: Highlighter) -> None:
    ready: list[bool] = []
    highlighter.ready.connect(lambda: ready.append(True))
    article = make(reply(2, "```py\ndef x():\n    return 'MMMM'\n```"))
    assert not _has(_draw(article), theme.tokens.keyword)
    end = time.monotonic() + 10
    while not ready:
        assert time.monotonic() < end, "never known"
        time.sleep(0.01)
        app.processEvents()
    image = _draw(article)
    assert _has(image, theme.tokens.keyword)
    assert _has(image, theme.tokens.string)


def test_a_height_is_an_estimate_until_it_is_looked_at(theme: Theme, highlighter: Highlighter) -> None:
    article = Article(reply(2, "word " * 2_000), theme, highlighter)
    article.set_width(WIDTH)
    estimated = article.height
    assert article.lay_out(0, 1e6)
    assert 0.5 < article.height / estimated < 2
    assert not article.lay_out(0, 1e6)


def test_only_what_is_looked_at_is_laid_out(theme: Theme, highlighter: Highlighter) -> None:
    article = Article(reply(2, "paragraph\n\n" * 200), theme, highlighter)
    article.set_width(WIDTH)
    article.lay_out(1_000, 1_400)
    laid_out = [one for one in article.placed() if one.tile.is_laid_out]
    assert 5 < len(laid_out) < 40
    first = article.first_laid_out(0, 1e6)
    assert first is not None
    assert first.number == laid_out[0].number
    assert article.first_laid_out(0, 500) is None


def test_text_that_grows_leaves_the_tiles_above_alone(make: Make) -> None:
    article = make(reply(2, "one\n\ntwo\n\nthree\n\nfo", PENDING))
    before = article.tiles
    article.set_message(replace(article.message, text="one\n\ntwo\n\nthree\n\nfour\n\nfive"))
    assert _own(article) == ["one", "two", "three", "four", "five"]
    assert article.tiles[:2] == before[:2]  # the author and what no later text can change


def test_the_end_of_a_reply_leaves_the_tiles_above_alone(make: Make) -> None:
    article = make(reply(2, "one\n\n" * 50 + "end", PENDING))
    before, height = article.tiles, article.height
    article.set_message(replace(article.message, text=article.message.text + "ing", status=MessageStatus.COMPLETE))
    article.lay_out(0, 1e6)
    same = [new is old for new, old in zip(article.tiles, before, strict=True)]
    assert same == [False] + [True] * 48 + [False] * 3  # the author; what the last line could still change
    assert article.has_footer
    assert article.height > height


def test_the_last_code_is_coloured_only_once_it_is_complete(make: Make, highlighter: Highlighter) -> None:
    article = make(reply(2, "```py\nx = 1", PENDING))
    _draw(article)
    assert not highlighter._asked
    article.set_message(replace(article.message, status=MessageStatus.COMPLETE))
    article.lay_out(0, 1e6)
    _draw(article)
    assert highlighter._asked or highlighter._known


def test_the_same_message_again_changes_nothing(make: Make) -> None:
    article = make(reply(2, EVERYTHING))
    before = article.tiles
    article.set_message(replace(article.message))
    assert article.tiles == before


def test_another_text_is_shown_anew(make: Make) -> None:
    article = make(reply(2, "one"))
    article.set_message(reply(2, "other"))
    assert _own(article) == ["other"]


def test_thinking_folds(make: Make) -> None:
    article = make(replace(reply(2, "answer"), reasoning="first\nthen", reasoning_s=3.0))
    assert _texts(article) == ["qwen3:8b", "Thought for 3 seconds", "answer"]
    assert article.thought_number == 1
    article.toggle_thought()
    assert _texts(article) == ["qwen3:8b", "Thought for 3 seconds", "first\nthen", "answer"]
    article.toggle_thought()
    assert _texts(article) == ["qwen3:8b", "Thought for 3 seconds", "answer"]


def test_without_thinking_there_is_nothing_to_fold(make: Make) -> None:
    assert make(reply(2, "x")).thought_number == -1
    assert make(question(1, "x")).thought_number == -1


def test_an_ending_of_its_own_kind_is_said_below_the_text(make: Make) -> None:
    assert _texts(make(reply(2, "half", MessageStatus.STOPPED)))[-1] == "Stopped"


def test_who_stood_in_is_said_below_the_author(make: Make) -> None:
    article = make(replace(reply(2, "answer"), notice="a did not answer. b stood in.", reasoning="hm"))
    assert _texts(article) == ["qwen3:8b", "a did not answer. b stood in.", "Thought", "answer"]
    article.toggle_thought()
    assert article.tiles[article.thought_number].text == "Thought"


def test_what_it_wants_to_call_is_code_below_the_text(make: Make) -> None:
    line = '{"id": "1", "name": "f<b>", "arguments": "{\\"a\\": \\"```\\"}"}\n'
    article = make(replace(reply(2, "", PENDING), tool_calls=line))
    arguments = '{\n  "a": "```"\n}'
    assert _texts(article) == ["qwen3:8b", "Wants to call f<b>", arguments]
    assert article.code_at(2) == arguments
    article.set_message(replace(article.message, tool_calls=line * 2, text="Now."))
    assert _texts(article) == ["qwen3:8b", "Now.", *["Wants to call f<b>", arguments] * 2]


def test_a_reply_that_nobody_was_asked_for_shows_nothing(make: Make) -> None:
    article = make(reply(2, "", PENDING))
    article.set_waiting(waiting=True)
    assert _texts(article) == []
    assert not article.has_footer
    article.set_message(replace(article.message, author="other"))
    assert _texts(article) == []
    article.set_waiting(waiting=False)
    assert _texts(article) == ["other"]


def test_code_is_copied_as_it_is_written(make: Make) -> None:
    code = "\n".join([f"line {number}" for number in range(60)] + ["x" * 5_000, "", "\tend"])
    article = make(reply(2, f"a\n\n```py\n{code}\n```\n```\nother\n```"))
    headers = [one.number for one in article.placed() if getattr(one.tile, "has_header", False)]
    assert [article.code_at(number) for number in headers] == [code, "other"]


@pytest.mark.parametrize("text", ["", "word", "a\n" * 5_000, "x" * 50_000, "👩‍🚀" * 3_000, "שלום\n" * 100])
def test_a_question_keeps_every_character(text: str, make: Make) -> None:
    tiles: list[Tile] = make(question(1, text)).tiles
    assert "".join(tile.text for tile in tiles).replace("\n", "") == text.replace("\n", "")
    assert all(tile.is_laid_out for tile in tiles)


def test_another_theme_paints_in_other_colours(make: Make, theme: Theme) -> None:
    article = make(question(1, "x"))
    assert _has(_draw(article), theme.tokens.bubble)
    light = theme.tokens.bubble
    theme.choose(Choice.DARK)
    article.restyle()
    article.lay_out(0, 1e6)
    assert _has(_draw(article), theme.tokens.bubble)
    assert not _has(_draw(article), light)


def test_a_narrow_column_makes_it_higher_but_never_fails(make: Make) -> None:
    article = make(reply(2, EVERYTHING + "\n\n" + "word " * 200))
    wide = article.height
    for width in (200.0, 40.0, 1.0, 0.0):
        article.set_width(width)
        article.lay_out(0, 1e9)
        assert article.height > wide
