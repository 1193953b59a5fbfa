"""Turns that wait, break off, queue up or were never sent, as a person meets them in the window."""

from pathlib import Path

from desktop.domain.message import MessageStatus
from desktop.domain.service import Wire
from tests.support.desktop_session import DesktopSession
from tests.support.fault_server import FaultServer
from tests.support.parley import Parley, prepare, stored
from tests.support.plan import Close, Plan, Stall, Wait
from tests.support.screen_reader import Element
from tests.support.wires import framing, ollama, openai

STOP_LIMIT_S = 2.0
WORDS = [f"word {number} " for number in range(60)]
SLOW: Plan = (*framing.stream(openai.MEDIA_TYPE, openai.events(["Slowly "])[:2], end=False), Stall())


def test_a_wait_that_the_server_asks_for_is_counted_down_and_can_be_stopped(
    desktop_session: DesktopSession, fault_server: FaultServer, data_dir: Path
) -> None:
    busy = openai.error(429, "Slow down.", headers={"Retry-After": "20"})
    fault_server.usually(openai.CHAT, busy)
    prepare(data_dir, Wire.CHAT_COMPLETIONS, fault_server.url, "echo")
    with Parley(desktop_session.environment, data_dir) as parley:
        parley.send("Hello")
        seen = _countdown(parley, 19)
        _countdown(parley, seen - 2)
        assert parley.reader.find("button", "Other model") is None  # 20 s are not worth it
        assert len(fault_server.to(openai.CHAT)) == 1
        parley.reader.press("Retry now")
        fault_server.wait_for(lambda: len(fault_server.to(openai.CHAT)) == 2)
        parley.reader.wait_until(lambda: "(2 of 5, in 1" in _phase(parley), "the next wait")
        parley.reader.press("Stop")
        parley.wait_for_status("stopped", STOP_LIMIT_S)
        parley.reader.wait_gone("status", "Phase")
        assert parley.reader.find("button", "Retry now") is None
        parley.quit()
    assert len(fault_server.to(openai.CHAT)) == 2


def test_a_long_wait_can_be_left_to_another_model(
    desktop_session: DesktopSession, fault_server: FaultServer, data_dir: Path
) -> None:
    fault_server.queue(openai.CHAT, openai.error(429, "Slow down.", headers={"Retry-After": "600"}))
    fault_server.usually(openai.MODELS, openai.models("echo", "other"))
    prepare(data_dir, Wire.CHAT_COMPLETIONS, fault_server.url, "echo")
    with Parley(desktop_session.environment, data_dir) as parley:
        parley.send("Hello")
        parley.reader.press("Other model")
        parley.reader.wait_until(lambda: _item(parley, "other"), "the other model")
        parley.reader.choose("Models", _item(parley, "other"))
        reply = parley.wait_for_status("complete")
        assert reply.description.startswith("other, ")
        parley.quit()
    assert [request.json()["model"] for request in fault_server.to(openai.CHAT)] == ["echo", "other"]


def test_a_server_that_dies_in_mid_reply_leaves_the_text_and_continue_goes_on(
    desktop_session: DesktopSession, fault_server: FaultServer, data_dir: Path
) -> None:
    half = openai.events(WORDS[:30])[:-2]
    fault_server.queue(openai.CHAT, (*framing.stream(openai.MEDIA_TYPE, half, end=False), Close()))
    fault_server.queue(openai.CHAT, openai.reply(WORDS[30:]))
    prepare(data_dir, Wire.CHAT_COMPLETIONS, fault_server.url, "echo")
    with Parley(desktop_session.environment, data_dir) as parley:
        parley.send("Count, please")
        assert parley.wait_for_status("interrupted").name == "".join(WORDS[:30])
        assert any("broke off" in name for name in parley.reader.names("label"))
        parley.reader.press("Continue")
        assert parley.wait_for_status("complete").name == "".join(WORDS)
        parley.reader.press("Previous version")
        assert parley.wait_for_status("interrupted").name == "".join(WORDS[:30])
        parley.quit()
    assert len(fault_server.to(openai.CHAT)) == 2


def test_a_model_that_is_loaded_first_says_so_and_then_answers(
    desktop_session: DesktopSession, fault_server: FaultServer, data_dir: Path
) -> None:
    fault_server.queue(ollama.CHAT, (Wait(4.0), *ollama.reply(["Here ", "I am."])))
    prepare(data_dir, Wire.OLLAMA, fault_server.url, "echo")
    with Parley(desktop_session.environment, data_dir) as parley:
        parley.send("Hello")
        parley.reader.wait_until(lambda: _phase(parley).startswith("Loading model"), "that the model is loaded")
        assert parley.wait_for_status("complete").name == "Here I am."
        parley.quit()
    assert len(fault_server.to(ollama.CHAT)) == 1


def test_messages_wait_in_a_queue_and_can_be_changed_moved_and_taken_back(
    desktop_session: DesktopSession, fault_server: FaultServer, data_dir: Path
) -> None:
    fault_server.queue(openai.CHAT, SLOW)
    prepare(data_dir, Wire.CHAT_COMPLETIONS, fault_server.url, "echo")
    with Parley(desktop_session.environment, data_dir) as parley:
        reader = parley.reader
        parley.send("The first")
        parley.wait_for_text(5)
        parley.send("second")
        reader.wait_until(lambda: len(_queued(parley)) == 1, "a queue")
        parley.send("third")
        reader.wait_until(lambda: len(_queued(parley)) == 2, "a longer queue")
        reader.press("Edit")
        reader.set_text("Queued message", "the second")
        reader.press("Save")
        reader.wait_until(lambda: "the second" in _said(parley), "the other text")
        reader.press("Send later")
        reader.wait_until(lambda: _said(parley) == ["The first", "third", "the second"], "the other order")
        reader.press("Take back")
        reader.wait_until(lambda: reader.text("text", "Message") == "third", "the text in the composer")
        assert _said(parley) == ["The first", "the second"]
        assert len(fault_server.to(openai.CHAT)) == 1
        parley.quit()
    assert [one.text for one in stored(data_dir)[0]][::2] == ["The first", "the second"]


def test_what_was_not_sent_before_a_kill_asks_before_it_is_sent(
    desktop_session: DesktopSession, fault_server: FaultServer, data_dir: Path
) -> None:
    fault_server.queue(openai.CHAT, SLOW)
    prepare(data_dir, Wire.CHAT_COMPLETIONS, fault_server.url, "echo")
    with Parley(desktop_session.environment, data_dir) as parley:
        parley.send("The first")
        parley.wait_for_text(5)
        parley.send("The second")
        parley.reader.wait_until(lambda: _queued(parley), "the queue")
        parley.kill()
    with Parley(desktop_session.environment, data_dir) as parley:
        parley.open_chat("The first")
        parley.reader.wait_until(lambda: parley.last_status() == "not sent", "that it was not sent")
        assert "Parley ended before this was sent. Nothing has left this computer." in parley.reader.names("label")
        assert len(fault_server.to(openai.CHAT)) == 1
        parley.reader.press("Send held message")
        assert parley.wait_for_status("complete").name == "You said: The second"
        parley.quit()
    assert [one.status for one in stored(data_dir)[0]][1::2] == [MessageStatus.INTERRUPTED, MessageStatus.COMPLETE]
    assert len(fault_server.to(openai.CHAT)) == 2


def test_what_was_sent_can_be_looked_into_by_keys(
    desktop_session: DesktopSession, fault_server: FaultServer, data_dir: Path
) -> None:
    prepare(data_dir, Wire.CHAT_COMPLETIONS, fault_server.url, "echo")
    with Parley(desktop_session.environment, data_dir) as parley:
        reader = parley.reader
        parley.send("Good morning")
        parley.wait_for_status("complete")
        reader.focus("text", "Message")
        reader.press_key("i", "ctrl")
        reader.wait_for("window", "What was sent")
        sent = reader.wait_until(lambda: reader.text("text", "Request"), "the request")
        assert sent.startswith(f"POST {fault_server.url}{openai.CHAT}\n")
        assert '"content": "Good morning"' in sent
        reader.press("Copy as curl")
        reader.wait_until(lambda: "Copied." in reader.names("label"), "that it was copied")
        reader.press("Close")
        reader.wait_gone("window", "What was sent")
        reader.press("Settings")
        reader.choose("Pages", "Connections")
        reader.wait_until(lambda: "Reply" in reader.names("table cell"), "the request in the log")
        parley.quit()


def _phase(parley: Parley) -> str:
    found = parley.reader.find("status", "Phase")
    return found.description if found else ""


def _countdown(parley: Parley, most: int) -> int:
    """The seconds that the phase line says are left, once they are no more than so many."""

    def left() -> int:
        words = _phase(parley).partition("(1 of 5, in ")[2]
        seconds = float(words.split(" ")[0] or 99)
        return int(seconds) if seconds <= most else 0

    return parley.reader.wait_until(left, f"a countdown at {most} s")


def _queued(parley: Parley) -> list[Element]:
    return [one for one in parley.messages() if one.description.endswith(", queued")]


def _said(parley: Parley) -> list[str]:
    return [one.name for one in parley.messages() if one.description.startswith("You, ")]


def _item(parley: Parley, beginning: str) -> str:
    names = (item.name for item in parley.reader.list_items("Models"))
    return next((name for name in names if name.startswith(beginning)), "")
