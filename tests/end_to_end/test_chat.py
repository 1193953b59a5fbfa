"""A person chats: real window, real database, real llama.cpp server, worked through the accessibility tree."""

from pathlib import Path

import pytest

from desktop.domain.message import MessageStatus
from desktop.domain.service import Wire
from tests.support.desktop_session import DesktopSession
from tests.support.fault_server import FaultServer
from tests.support.llama_server import LlamaServer
from tests.support.parley import Parley, prepare, stored
from tests.support.wires import openai

QUIT_LIMIT_S = 2.0
LONG = [f"word {number} " for number in range(400)]


@pytest.fixture
def slow_server(fault_server: FaultServer) -> FaultServer:
    """Each reply takes eight seconds."""
    fault_server.usually(openai.CHAT, openai.reply(LONG, interval_s=0.02))
    return fault_server


@pytest.fixture
def slow_dir(data_dir: Path, slow_server: FaultServer) -> Path:
    prepare(data_dir, Wire.CHAT_COMPLETIONS, slow_server.url, "echo")
    return data_dir


def test_a_reply_of_a_real_model_is_there_tomorrow(
    desktop_session: DesktopSession, llama_server: LlamaServer, data_dir: Path
) -> None:
    prepare(data_dir, Wire.CHAT_COMPLETIONS, llama_server.base_url, llama_server.model)
    with Parley(desktop_session.environment, data_dir) as parley:
        reader = parley.reader
        reader.focus("text", "Message")
        reader.type_keys("Hello, who are you?")
        reader.press_key("Return")
        reply = parley.wait_for_status("complete", limit_s=30)
        assert parley.messages()[0].name == "Hello, who are you?"
        assert reply.description.startswith(f"{llama_server.model}, ")
        assert len(reply.name) > 20
        aloud = lambda: [said for said in reader.announcements() if said.startswith(llama_server.model)]  # noqa: E731
        assert reader.wait_until(aloud, "the finished reply aloud") == [f"{llama_server.model}: {reply.name[:1000]}"]
        parley.quit()
    assert [message.text for message in stored(data_dir)[0]] == ["Hello, who are you?", reply.name]
    with Parley(desktop_session.environment, data_dir) as tomorrow:
        assert tomorrow.wait_for_status("complete").name == reply.name  # it opens where it was left
        tomorrow.start_chat()
        tomorrow.open_chat("Hello, who are you?")
        assert tomorrow.wait_for_status("complete").name == reply.name
        assert not any(said.startswith(llama_server.model) for said in tomorrow.reader.announcements())
        tomorrow.quit()


def test_a_reply_is_seen_to_grow_and_stop_stops_it(
    desktop_session: DesktopSession, slow_server: FaultServer, slow_dir: Path
) -> None:
    with Parley(desktop_session.environment, slow_dir) as parley:
        parley.send("Count, please")
        first = parley.wait_for_text(50)
        assert "Writing" in parley.reader.wait_for("status", "Phase").description
        second = parley.wait_for_text(len(first) + 100)
        assert second.startswith(first)
        parley.reader.press("Stop")
        stopped = parley.wait_for_status("stopped")
        assert stopped.name.startswith(second)
        assert len(stopped.name) < len("".join(LONG))
        parley.reader.wait_gone("status", "Phase")
        slow_server.wait_for(lambda: slow_server.to(openai.CHAT)[0].closed_at)
        parley.quit()


def test_a_reply_goes_on_while_another_chat_is_open(desktop_session: DesktopSession, slow_dir: Path) -> None:
    with Parley(desktop_session.environment, slow_dir) as parley:
        parley.send("The first question")
        parley.wait_for_text(50)
        parley.start_chat()
        parley.send("The second question")
        parley.wait_for_text(50)
        assert parley.messages()[0].name == "The second question"
        parley.open_chat("The first question")
        parley.reader.wait_until(lambda: parley.messages()[:1], "the first chat")
        assert parley.messages()[0].name == "The first question"
        assert parley.wait_for_status("complete", limit_s=20).name == "".join(LONG)
        parley.quit()
    assert {chat[0].text: chat[1].text for chat in stored(slow_dir)}["The first question"] == "".join(LONG)


def test_quitting_in_mid_reply_is_quick_and_keeps_the_text(desktop_session: DesktopSession, slow_dir: Path) -> None:
    with Parley(desktop_session.environment, slow_dir) as parley:
        parley.send("Count, please")
        text = parley.wait_for_text(50)
        parley.process.terminate()
        assert parley.process.wait(QUIT_LIMIT_S) == 0
    question, reply = stored(slow_dir)[0]
    assert (question.text, reply.status) == ("Count, please", MessageStatus.INTERRUPTED)
    assert reply.text.startswith(text)


def test_a_draft_is_kept_for_its_chat(desktop_session: DesktopSession, data_dir: Path) -> None:
    with Parley(desktop_session.environment, data_dir) as parley:
        parley.send("What is Parley?")
        parley.wait_for_status("complete", limit_s=30)
        parley.reader.set_text("Message", "not sent yet")
        parley.start_chat()
        assert parley.reader.text("text", "Message") == ""
        parley.quit()
    with Parley(desktop_session.environment, data_dir) as parley:
        parley.open_chat("What is Parley?")
        parley.reader.wait_until(lambda: parley.reader.text("text", "Message") == "not sent yet", "the draft")
        parley.quit()
