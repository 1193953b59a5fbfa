"""A reply being written: nothing lost, nothing twice, whatever is saved when."""

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.chunk import Channel, Chunk
from desktop.domain.message import Message, MessageStatus, Role
from desktop.services.replies import LiveReply

CHUNKS = st.builds(Chunk, st.text(min_size=1, max_size=5), st.sampled_from(Channel))
SAVES, FAILURES = "save", "fail"
EMPTY = Message(1, 1, None, Role.ASSISTANT, "", datetime(2026, 1, 1, tzinfo=UTC), status=MessageStatus.PENDING)


def text(chunks: list[Chunk], channel: Channel) -> str:
    return "".join(chunk.text for chunk in chunks if chunk.channel is channel)


@given(st.lists(CHUNKS | st.sampled_from([SAVES, FAILURES])))
def test_what_is_saved_is_what_arrived(steps: list[Chunk | str]) -> None:
    reply, arrived, saved = LiveReply(EMPTY), list[Chunk](), list[Chunk]()
    for step in steps:
        if isinstance(step, Chunk):
            assert reply.add(step) == len(text(arrived, step.channel))
            arrived.append(step)
        elif step == SAVES:
            saved += reply.take_unsaved()
        else:
            reply.give_back(reply.take_unsaved())
        assert reply.is_empty == (not arrived)
    saved += reply.take_unsaved()
    for channel in Channel:
        assert text(saved, channel) == text(arrived, channel) == reply.text(channel)
    assert reply.take_unsaved() == []


def test_neighbours_of_one_channel_are_saved_as_one() -> None:
    reply = LiveReply(EMPTY)
    for word in ("a", "b"):
        reply.add(Chunk(word, Channel.REASONING))
    for word in ("c", "d"):
        reply.add(Chunk(word))
    assert reply.take_unsaved() == [Chunk("ab", Channel.REASONING), Chunk("cd")]


def test_a_reply_that_goes_on_counts_from_its_beginning() -> None:
    reply = LiveReply(replace(EMPTY, text="Once upon", reasoning="hm"))
    assert reply.is_empty
    assert reply.add(Chunk(" a time")) == len("Once upon")
    assert reply.text(Channel.TEXT) == "Once upon a time"
    assert reply.text(Channel.REASONING) == "hm"
    assert reply.take_unsaved() == [Chunk(" a time")]
