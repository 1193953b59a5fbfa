from desktop.domain.continuation import render_continuation
from desktop.domain.message import Role
from desktop.domain.request import PromptMessage

HISTORY = (PromptMessage(Role.USER, "Tell me a story."),)


def test_a_service_that_can_goes_on_by_itself() -> None:
    sent = render_continuation(HISTORY, "Once upon \n", prefill=True)
    assert sent == (*HISTORY, PromptMessage(Role.ASSISTANT, "Once upon"))  # some wires refuse white space at the end


def test_others_are_asked_to() -> None:
    *before, asked = render_continuation(HISTORY, "x" * 1000 + " the end", prefill=False)
    assert before == [*HISTORY, PromptMessage(Role.ASSISTANT, "x" * 1000 + " the end")]
    assert asked.role is Role.USER
    assert asked.text.endswith("xxx the end")
    assert len(asked.text) < 600


def test_a_reply_that_had_not_begun_is_asked_for() -> None:
    assert render_continuation(HISTORY, " \n", prefill=True) == HISTORY
