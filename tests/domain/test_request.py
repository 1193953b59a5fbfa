"""The history that is sent."""

from datetime import UTC, datetime

from desktop.domain.message import Message, MessageStatus, Role
from desktop.domain.request import Effort, Image, Options, PromptMessage, Request, render_history


def message(number: int, role: Role, text: str, status: MessageStatus = MessageStatus.COMPLETE) -> Message:
    return Message(number, 1, number - 1 or None, role, text, datetime(2026, 1, 1, tzinfo=UTC), status=status)


def test_roles_alternate_and_empty_replies_are_left_out() -> None:
    path = (
        message(1, Role.SYSTEM, ""),
        message(2, Role.USER, "one"),
        message(3, Role.ASSISTANT, "", MessageStatus.FAILED),
        message(4, Role.USER, "two"),
        message(5, Role.ASSISTANT, "half an ans", MessageStatus.STOPPED),
        message(6, Role.USER, "three"),
        message(7, Role.ASSISTANT, "", MessageStatus.PENDING),
    )
    assert render_history(path) == (
        PromptMessage(Role.USER, "one\n\ntwo"),
        PromptMessage(Role.ASSISTANT, "half an ans"),
        PromptMessage(Role.USER, "three"),
    )


def test_how_much_to_think_is_known_in_words_and_as_a_number() -> None:
    assert (Options().thinking_effort, Options().thinking_tokens) == (None, None)
    assert [Options(effort=effort).thinking_tokens for effort in Effort] == [0, 1024, 8192, 24_576]
    words = [Options(reasoning_budget=tokens).thinking_effort for tokens in (0, 1000, 1024, 20_000, 99_999)]
    assert words == [Effort.NONE, Effort.NONE, Effort.LOW, Effort.MEDIUM, Effort.HIGH]
    both = Options(effort=Effort.LOW, reasoning_budget=5000)
    assert (both.thinking_effort, both.thinking_tokens) == (Effort.LOW, 5000)


def test_a_request_tells_the_system_s_words_from_the_dialogue() -> None:
    question = PromptMessage(Role.USER, "hi")
    request = Request("m", (PromptMessage(Role.SYSTEM, "a"), question, PromptMessage(Role.SYSTEM, "b")))
    assert (request.system, request.dialogue, request.is_begun) == ("a\n\nb", (question,), False)
    assert Request("m", (question, PromptMessage(Role.ASSISTANT, "so"))).is_begun
    assert not Request("m", ()).is_begun


def test_a_picture_is_sent_as_text_and_not_shown() -> None:
    picture = Image("image/png", b"secret")
    assert picture.data_url == "data:image/png;base64,c2VjcmV0"
    assert "secret" not in repr(picture)
