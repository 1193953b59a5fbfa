from dataclasses import replace

import pytest

from desktop.domain.errors import Problem
from desktop.domain.message import MessageStatus, ReplyFacts
from desktop.domain.usage import Usage
from desktop.ui.conversation.reply_facts import ending_text, facts_text, thought_text
from tests.ui.conversation.stage import reply

PROBLEM = Problem("StreamInterrupted", "The reply broke off.")


def test_everything_that_is_known_is_said() -> None:
    facts = ReplyFacts(0.84, 10.0, Usage(input_tokens=12, output_tokens=1234), free=True)
    assert facts_text(facts) == "0.8 s to first token · 123 tok/s · 1,234 tokens · free"


def test_unknown_is_not_zero() -> None:
    assert facts_text(ReplyFacts()) == "tokens unknown · cost unknown"
    assert facts_text(ReplyFacts(usage=Usage(input_tokens=5))) == "tokens unknown · cost unknown"


def test_zero_is_not_unknown() -> None:
    facts = ReplyFacts(0.0, 0.0, Usage(output_tokens=0), free=True)
    assert facts_text(facts) == "0.0 s to first token · 0 tokens · free"


@pytest.mark.parametrize(
    ("status", "problem", "reason", "words"),
    [
        (MessageStatus.COMPLETE, None, "stop", ""),
        (MessageStatus.COMPLETE, None, None, ""),
        (MessageStatus.COMPLETE, None, "length", "Cut at the length limit"),
        (MessageStatus.COMPLETE, None, "max_tokens", "Cut at the length limit"),
        (MessageStatus.STOPPED, None, "length", "Stopped"),
        (MessageStatus.INTERRUPTED, None, None, "Interrupted"),
        (MessageStatus.INTERRUPTED, PROBLEM, None, ""),  # its card says so
        (MessageStatus.PENDING, None, None, ""),
        (MessageStatus.FAILED, PROBLEM, None, ""),
    ],
)
def test_an_ending_that_was_not_its_own_is_said(
    status: MessageStatus, problem: Problem | None, reason: str | None, words: str
) -> None:
    assert ending_text(replace(reply(2, "x", status), problem=problem, finish_reason=reason)) == words


@pytest.mark.parametrize(
    ("status", "seconds", "words"),
    [
        (MessageStatus.PENDING, None, "Thinking"),
        (MessageStatus.STOPPED, None, "Thought"),
        (MessageStatus.COMPLETE, 0.2, "Thought for 1 second"),
        (MessageStatus.COMPLETE, 1.4, "Thought for 1 second"),
        (MessageStatus.COMPLETE, 61.6, "Thought for 62 seconds"),
    ],
)
def test_thinking_has_a_length_once_it_is_over(status: MessageStatus, seconds: float | None, words: str) -> None:
    assert thought_text(replace(reply(2, "x", status), reasoning_s=seconds)) == words
