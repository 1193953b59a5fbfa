"""Where the view looks, on a screen that nobody sees."""

import time
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from desktop.domain.chunk import Channel
from desktop.domain.errors import NextStep, Problem
from desktop.domain.message import Message, MessageStatus
from desktop.domain.settings import Theme as Choice
from desktop.ui.theme import Theme
from tests.ui.conversation.stage import Stage, question, reply, talk

pytestmark = pytest.mark.anyio

PENDING = MessageStatus.PENDING
PROBLEM = Problem(
    "KeyMissing", "<b>No</b> key for <img src=x>.", "401 <i>unauthorized</i>", (NextStep.ADD_KEY, NextStep.RETRY)
)


def _paragraphs(first: int, last: int) -> str:
    return "".join(f"Paragraph {number} says {'much ' * (number % 40)}.\n\n" for number in range(first, last))


def _streaming(text: str = "") -> list[Message]:
    return [*talk(5), question(11, "Go on"), reply(12, text, PENDING)]


async def test_it_opens_at_the_end(stage: Stage) -> None:
    stage.show(talk(50))
    assert stage.bar > 1_000
    assert stage.is_at_end
    assert "99 A reply of some words. 49" in stage.tops()


async def test_it_follows_a_growing_reply_while_its_end_is_in_sight(stage: Stage) -> None:
    stage.show(_streaming())
    for number in range(30):
        stage.grow(_paragraphs(number, number + 1))
        assert stage.is_at_end
        assert stage.button("↓ New text") is None
    stage.end()
    assert stage.is_at_end


async def test_reading_further_up_is_not_disturbed(stage: Stage) -> None:
    stage.show(_streaming(_paragraphs(0, 40)))
    stage.wheel(4)
    before, image = stage.tops(), stage.picture()
    assert not stage.is_at_end
    for number in range(40, 60):
        stage.grow(_paragraphs(number, number + 1))
        assert stage.tops() == before
    assert stage.picture() == image
    stage.end()
    assert stage.tops() == before
    assert stage.picture() == image


async def test_reading_the_growing_reply_itself_is_not_disturbed_by_its_end(stage: Stage) -> None:
    stage.show(_streaming(_paragraphs(0, 90)))
    stage.key(Qt.Key.Key_Home)
    stage.scroll_to(stage.view.verticalScrollBar().maximum() // 2)
    before = stage.tops()
    stage.grow("The end.")
    stage.end(text=stage.view_model.messages[-1].text + " Really.")
    assert stage.tops() == before


async def test_scrolling_up_into_the_unknown_moves_only_as_far_as_asked(stage: Stage) -> None:
    stage.show([question(1, "?"), reply(2, _paragraphs(0, 300)), question(3, "??")])
    for _ in range(40):
        before = stage.tops()
        stage.wheel(1)
        after = stage.tops()
        moved = {after[name] - top for name, top in before.items() if name in after}
        assert len(moved) == 1
        assert 0 < moved.pop() <= 240


async def test_new_text_further_down_is_one_click_away(stage: Stage) -> None:
    stage.show(_streaming(_paragraphs(0, 40)))
    assert stage.button("↓ New text") is None
    stage.wheel(5)
    assert stage.button("↓ New text") is not None
    stage.click("↓ New text")
    assert stage.is_at_end
    assert stage.button("↓ New text") is None
    stage.grow(_paragraphs(40, 50))
    assert stage.is_at_end


async def test_scrolling_back_to_the_end_follows_again(stage: Stage) -> None:
    stage.show(_streaming(_paragraphs(0, 40)))
    stage.wheel(5)
    stage.wheel(-50)
    assert stage.is_at_end
    stage.grow(_paragraphs(40, 50))
    assert stage.is_at_end


async def test_an_own_message_brings_the_end_into_sight(stage: Stage) -> None:
    stage.show(talk(30))
    stage.key(Qt.Key.Key_Home)
    stage.view_model._append(question(61, "And now?"))
    stage.settle()
    assert stage.is_at_end


async def test_another_size_keeps_the_place(stage: Stage) -> None:
    stage.show([question(1, "?"), reply(2, _paragraphs(0, 200)), *talk(3)[2:]])
    stage.scroll_to(stage.view.verticalScrollBar().maximum() // 2)
    top = min(stage.tops().items(), key=lambda item: abs(item[1]))[0]
    for width, height in ((420, 500), (900, 300), (300, 700), (700, 500)):
        stage.view.resize(width, height)
        stage.settle()
        assert top in stage.tops()
    assert not stage.is_at_end


async def test_another_size_at_the_end_stays_at_the_end(stage: Stage) -> None:
    stage.show(talk(30, _paragraphs(0, 3)))
    for width, height in ((420, 500), (900, 300), (20, 20), (700, 500)):
        stage.view.resize(width, height)
        stage.settle()
        assert stage.is_at_end


async def test_another_version_keeps_the_place_of_who_reads(stage: Stage) -> None:
    messages = talk(30)
    stage.show(messages)
    stage.key(Qt.Key.Key_Home)
    stage.view_model._take([*messages[:3], replace(messages[3], id=99, text="another")])
    stage.settle()
    assert stage.bar == 0
    stage.view_model._take([replace(message, id=message.id + 200) for message in messages])
    stage.settle()
    assert stage.is_at_end


async def test_home_end_and_pages(stage: Stage) -> None:
    stage.show(talk(50, _paragraphs(0, 2)))
    stage.key(Qt.Key.Key_PageUp)
    assert not stage.is_at_end
    stage.key(Qt.Key.Key_Home)
    assert stage.bar == 0
    assert "0 Question 0" in stage.tops()
    stage.key(Qt.Key.Key_PageDown)
    assert stage.bar > 300
    stage.key(Qt.Key.Key_End)
    assert stage.is_at_end


async def test_thinking_that_arrives_is_not_mixed_with_the_answer(stage: Stage) -> None:
    stage.show(_streaming())
    stage.grow("hm", Channel.REASONING)
    stage.grow("Yes.")
    assert {name for name in stage.tops() if name.startswith("11")} == {"11 qwen3:8b", "11 Thinking", "11 Yes."}


async def test_a_theme_change_is_painted(stage: Stage, theme: Theme) -> None:
    stage.show(talk(3))
    light = stage.picture()
    theme.choose(Choice.DARK)
    stage.settle()
    assert stage.picture() != light
    assert stage.is_at_end


async def test_a_long_conversation_is_painted_soon_and_only_where_it_is_seen(stage: Stage) -> None:
    messages = talk(5_000, _paragraphs(0, 3))
    before = time.monotonic()
    stage.show(messages)
    stage.picture()
    assert time.monotonic() - before < 20
    assert sum(1 for article in stage.view._articles if article.tiles) < 60


@pytest.mark.parametrize("size", [(1, 1), (50, 1), (1, 50), (5_000, 100)])
async def test_no_size_is_too_strange(stage: Stage, size: tuple[int, int]) -> None:
    stage.show([*talk(2), replace(reply(9, "", MessageStatus.FAILED), problem=PROBLEM)])
    stage.view.resize(*size)
    stage.settle()
    if not stage.view.viewport().size().isEmpty():
        stage.picture()
