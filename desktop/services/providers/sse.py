"""Server-sent events: bytes in, the data of whole events out.

Follows the WHATWG HTML standard, section 9.2.6: UTF-8 whatever the headers claim, lines end at CR, LF or CRLF
and nowhere else, events end at an empty line, an unfinished event at the end of the stream is dropped.

Where the stream turns out to be something else, such as a web page or one JSON object, all of it is one payload: that
is how an error looks that came with status 200.
"""

import codecs

from desktop.domain.errors import BadReply

MAX_EVENT_CHARS = 1_000_000
_NO_FIELD = ("<", "{", "[")  # what a stream of events never begins with


class SseDecoder:
    """Takes bytes in pieces of any size and gives the data of each complete event, in order."""

    def __init__(self) -> None:
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._line: list[str] = []
        self._data: list[str] = []
        self._size = 0  # of the event so far, unfinished line included
        self._begun = self._started = False  # anything but a byte order mark came; anything but white space
        self._is_other = False
        self._after_cr = False

    def feed(self, piece: bytes) -> list[str]:
        """The data of the events that this piece completes.

        Raises:
            BadReply: one event is over a million characters.
        """
        text = self._decode(piece)
        if not self._started:
            text = self._begin(text)
        if self._is_other:
            self._keep(text)
            return []
        if self._after_cr and text:
            self._after_cr = False
            text = text.removeprefix("\n")
        if text.endswith("\r"):
            self._after_cr = True
        head, *rest = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        self._keep(head)
        events = []
        for start in rest:
            if (event := self._take("".join(self._line))) is not None:
                events.append(event)
            self._line = []
            self._keep(start)
        return events

    def finish(self) -> list[str]:
        """What is still complete at the end of the stream: nothing, unless it was no stream of events."""
        return ["".join(self._line)] if self._is_other else []

    def _begin(self, text: str) -> str:
        """Find out what the stream is; returns the text without a byte order mark."""
        if text and not self._begun:
            self._begun = True
            text = text.removeprefix("\ufeff")
        if opening := text.lstrip():
            self._started = True
            self._is_other = opening.startswith(_NO_FIELD)
        return text

    def _keep(self, text: str) -> None:
        self._line.append(text)
        self._size += len(text)
        if self._size > MAX_EVENT_CHARS:
            raise BadReply("The service sent an event of over a million characters. The rest was not read.")

    def _take(self, line: str) -> str | None:
        if not line:
            event = "\n".join(self._data) if self._data else None
            self._data, self._size = [], 0
            return event
        field, _, value = line.partition(":")
        if field == "data":
            self._data.append(value.removeprefix(" "))
        else:
            self._size -= len(line)
        return None
