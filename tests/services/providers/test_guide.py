"""The guide: finds the right section, and is honest about what it is."""

import pytest

from desktop.domain.chunk import Chunk
from desktop.domain.message import Role
from desktop.domain.request import PromptMessage, Request
from desktop.paths import resource
from desktop.services.providers.guide import Guide, parse_sections
from desktop.services.providers.wire import ProviderEvent

pytestmark = pytest.mark.anyio


async def answer(*texts: str) -> str:
    pieces: list[ProviderEvent] = []
    roles = (Role.USER, Role.ASSISTANT)
    messages = tuple(PromptMessage(roles[number % 2], text) for number, text in enumerate(texts))
    await Guide(resource("manual"), pause_s=0).reply(Request("Parley guide", messages), pieces.append, 1)
    return "".join(piece.text for piece in pieces if isinstance(piece, Chunk))


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("How do I connect Ollama?", "How do I connect Ollama?"),
        ("where are my API keys kept", "Where are my keys kept?"),
        ("are you an AI?", "What are you? Are you an AI?"),
        ("Parley crashed, what now", "What happens if Parley or the computer crashes during a reply?"),
        ("which shortcuts exist", "Which keyboard shortcuts are there?"),
        ('"quotes" AND (syntax)* OR -', "I found nothing"),
        ("", "I found nothing"),
    ],
)
async def test_a_question_finds_its_section(question: str, title: str) -> None:
    reply = await answer(question)
    assert reply.startswith("I am Parley's built-in guide")
    assert "not an AI" in reply
    assert title in reply[:220]


async def test_it_introduces_itself_only_once() -> None:
    assert (await answer("keys?", "I am …", "How do I connect Ollama?")).startswith("### How do I connect Ollama?")


async def test_every_section_of_the_manual_can_be_found_by_its_title() -> None:
    titles = [
        title for page in resource("manual").glob("*.md") for title, _, _ in parse_sections(page.read_text("utf-8"))
    ]
    assert len(titles) > 15
    for title in titles:
        assert f"### {title}\n" in await answer(title)
