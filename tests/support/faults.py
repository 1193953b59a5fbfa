"""Faults by name, each with the one right ending; the expectation stands beside the fault."""

import gzip
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from desktop.domain.turn import TurnState
from tests.support import framing_faults as framed
from tests.support.arena import PATIENT_S, RETRIES
from tests.support.dialects import Dialect
from tests.support.plan import Close, Drip, Plan, Reset, Send, Stall
from tests.support.wires import framing

PIECES = ("Hello ", "wörld 🙂\u2028", "\u0085日本\n", " end")
TEXT, HALF = "".join(PIECES), "".join(PIECES[:2])
TRIES = RETRIES + 1
AMBIGUOUS_TRIES = 2
SHORT_S = 0.3
LONG = "x" * 990_000
GOOD_CHUNKS = 1000


@dataclass(frozen=True)
class Expected:
    """How a turn must end: in which state, for which kind of error, with which text, after how many requests."""

    state: TurnState
    kind: str | None
    text: str
    requests: int


def failed(kind: str, requests: int = 1) -> Expected:
    """Nothing arrived."""
    return Expected(TurnState.FAILED, kind, "", requests)


def interrupted(kind: str, text: str = HALF) -> Expected:
    """The reply broke off, so nothing is tried again."""
    return Expected(TurnState.INTERRUPTED, kind, text, 1)


WHOLE = Expected(TurnState.DONE, None, TEXT, 1)
SECOND = replace(WHOLE, requests=2)


@dataclass(frozen=True)
class Fault:
    """What a server does to every request of a turn, and what must come of it.

    Args:
        silence_s: how long the service may stay silent.
        once: the server does so once and answers well afterwards.
        sse_only: lines of JSON have no such thing.
    """

    name: str
    plan: Callable[[Dialect], Plan]
    expected: Expected
    silence_s: float = PATIENT_S
    once: bool = False
    sse_only: bool = False


def half(dialect: Dialect) -> list[bytes]:
    """The beginning of a reply."""
    return dialect.begun(*PIECES[:2])


def _half_then(*payloads: str) -> Callable[[Dialect], Plan]:
    """Text, and then these as events, and an orderly end."""
    return lambda dialect: dialect.stream([*half(dialect), *map(dialect.framed, payloads)])


def _half_and(*steps: Send | Drip | Close | Reset | Stall) -> Callable[[Dialect], Plan]:
    """Text, and then these steps."""
    return lambda dialect: (*dialect.stream(half(dialect), end=False), *steps)


def _always(*steps: Send | Drip | Close | Reset | Stall) -> Callable[[Dialect], Plan]:
    return lambda _dialect: steps


def _after_the_end(make: Callable[[Dialect], Sequence[bytes]], *steps: Stall | Reset) -> Callable[[Dialect], Plan]:
    """A whole reply, then more events, then these steps instead of an end."""

    def plan(dialect: Dialect) -> Plan:
        whole = [*dialect.payloads(PIECES), *make(dialect)]
        return (*dialect.stream(whole, end=not steps), *steps)

    return plan


def _keep_alive(dialect: Dialect) -> bytes:
    return b": keep-alive\n\n" if dialect.is_sse else b"\n"


def _dripped(payloads: Callable[[Dialect], Sequence[bytes]], repeat: int = 400) -> Callable[[Dialect], Plan]:
    """A head, text, and then events that say nothing, one every 20 ms."""

    def plan(dialect: Dialect) -> Plan:
        start = [framing.head(200, {"Content-Type": dialect.media_type, "Connection": "close"})]
        *text, nothing = payloads(dialect)
        return (*start, *map(Send, text), Drip(nothing * repeat, 0.02, len(nothing)))

    return plan


def _html(status: int) -> Callable[[Dialect], Plan]:
    page = b"<html><head><title>Bad Gateway</title></head><body>\n<p>proxy</p>\n</body></html>\n"
    return lambda _dialect: framing.raw(status, page, {"Content-Type": "text/html"})


def _redirect(status: int) -> Callable[[Dialect], Plan]:
    return lambda _dialect: framing.raw(status, b"", {"Location": "/elsewhere"})


def _bomb(_dialect: Dialect) -> Plan:
    body = gzip.compress(b"data: x\n\n" * 5_000_000, 9)
    return framing.raw(200, body, {"Content-Type": "text/event-stream", "Content-Encoding": "gzip"})


def _of(text: str, *pieces: str) -> Callable[[Dialect], Plan]:
    """A whole reply of other pieces."""
    return lambda dialect: dialect.reply(*(pieces or (text,)))


def _deep(dialect: Dialect) -> Plan:
    return dialect.stream([*half(dialect), dialect.framed('{"x": ' + "[" * 50_000 + "]" * 50_000 + "}")])


def _uncountable(dialect: Dialect) -> Plan:
    return dialect.stream(dialect.payloads(PIECES, usage=(2**63, 2**64 - 1)))


GOOD = (
    Fault("nothing wrong", lambda dialect: dialect.reply(*PIECES), WHOLE),
    *(Fault(name, plan, WHOLE, sse_only=sse_only) for name, plan, sse_only in framed.variants(PIECES)),
    Fault("a thousand chunks at once", _of("", *["ab"] * GOOD_CHUNKS), replace(WHOLE, text="ab" * GOOD_CHUNKS)),
    Fault("empty chunks", _of("", "", *PIECES, ""), WHOLE),
    Fault("lone surrogates", _of("", "a\ud800b", "\udc00"), replace(WHOLE, text="a?b?")),
    Fault("NUL", _of("a\0b\0"), replace(WHOLE, text="a\0b\0")),
    Fault("counts beyond 63 bits", _uncountable, WHOLE),
    Fault("text after the end mark", _after_the_end(lambda dialect: [dialect.chunk("never")]), WHOLE),
    Fault("no JSON after the end mark", _after_the_end(lambda dialect: [dialect.framed("{")]), WHOLE),
    Fault("an error after the end mark", _after_the_end(lambda dialect: [dialect.error("no")]), WHOLE),
    Fault("the end mark twice", _after_the_end(lambda dialect: list(dialect.payloads(PIECES))[-1:]), WHOLE),
    Fault("silence after the end mark", _after_the_end(lambda _dialect: [], Stall()), WHOLE),
    Fault("a reset after the end mark", _after_the_end(lambda _dialect: [], Reset()), WHOLE),
)
BROKEN = (
    Fault("no end mark", _half_then(), interrupted("StreamInterrupted")),
    Fault("closed in mid-reply", _half_and(Close()), interrupted("StreamInterrupted")),
    Fault("reset in mid-reply", _half_and(Reset()), interrupted("StreamInterrupted")),
    Fault("reset in mid-event", framed.in_mid_event(PIECES[:2], Reset()), interrupted("StreamInterrupted")),
    Fault("cut in mid-event without a length", framed.unmeasured_cut(PIECES[:2]), interrupted("StreamInterrupted")),
    Fault("longer announced than sent", framed.measured(PIECES[:2], 100), interrupted("StreamInterrupted")),
    Fault("shorter announced than sent", framed.measured(PIECES[:2], -1), interrupted("StreamInterrupted", PIECES[0])),
    Fault("no chunk size", _half_and(Send(b"zz\r\nxx\r\n"), Stall()), interrupted("StreamInterrupted")),
    Fault("no JSON", _half_then('{"never'), interrupted("BadReply")),
    Fault("an array", _half_then("[1, 2]"), interrupted("BadReply")),
    Fault("a number", _half_then("7"), interrupted("BadReply")),
    Fault("deep nesting", _deep, interrupted("BadReply")),
    Fault("an over-long event", lambda d: d.stream([*half(d), d.chunk("x" * 1_000_001)]), interrupted("BadReply")),
    Fault("an over-long reply", _of("", *[LONG] * 18), interrupted("BadReply", LONG * 17)),
    Fault("an error in mid-reply", lambda d: d.stream([*half(d), d.error("broke")]), interrupted("ProviderDown")),
    Fault("stalls in mid-reply", _half_and(Stall()), interrupted("TimedOut"), silence_s=SHORT_S),
    Fault(
        "keep-alive only, in mid-reply",
        _dripped(lambda d: [*half(d), _keep_alive(d)]),
        interrupted("TimedOut"),
        silence_s=SHORT_S,
    ),
    Fault(
        "empty chunks only, in mid-reply",
        _dripped(lambda d: [*half(d), d.chunk("")]),
        interrupted("TimedOut"),
        silence_s=SHORT_S,
    ),
    Fault(
        "an event that drips for ever", framed.dripping_event(PIECES[:2]), interrupted("TimedOut"), silence_s=SHORT_S
    ),
)
FRUITLESS = (
    Fault("reset before the head", _always(Reset()), failed("ProviderDown", AMBIGUOUS_TRIES)),
    Fault("closed before the head", _always(Close()), failed("ProviderDown", AMBIGUOUS_TRIES)),
    Fault("cut in the head", _always(Send(b"HTTP/1.1 200 O"), Close()), failed("ProviderDown", AMBIGUOUS_TRIES)),
    Fault("another protocol", _always(Send(b"SSH-2.0-x\r\n"), Close()), failed("ProviderDown", AMBIGUOUS_TRIES)),
    Fault(
        "an endless head",
        _always(Send(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 200_000), Stall()),
        failed("ProviderDown", AMBIGUOUS_TRIES),
    ),
    Fault("stalls before the head", _always(Stall()), failed("TimedOut", AMBIGUOUS_TRIES), silence_s=SHORT_S),
    Fault(
        "a head that drips for ever",
        _always(Drip(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 2000, 0.02)),
        failed("TimedOut", AMBIGUOUS_TRIES),
        silence_s=SHORT_S,
    ),
    Fault("reset after the head", lambda d: (*d.stream([], end=False), Reset()), failed("StreamInterrupted", TRIES)),
    Fault("nothing but a head", lambda d: d.stream([]), failed("StreamInterrupted", TRIES)),
    Fault("stalls after the head", lambda d: (*d.stream([], end=False), Stall()), failed("TimedOut", TRIES), SHORT_S),
    Fault("keep-alive only", _dripped(lambda d: [_keep_alive(d)]), failed("TimedOut", TRIES), silence_s=SHORT_S),
    Fault("an error at once", lambda d: d.stream([d.error("broke")]), failed("ProviderDown", TRIES)),
    Fault("an exhausted quota in a 200", lambda d: d.stream([d.error("insufficient_quota")]), failed("QuotaExhausted")),
    Fault("an overflow in a 200", lambda d: d.stream([d.error("prompt is too long")]), failed("ContextTooLong")),
    Fault("no JSON at once", lambda d: d.stream([d.framed("nope")]), failed("BadReply")),
    Fault("an endless line", lambda d: d.stream([b"x" * 100_000] * 20), failed("BadReply")),
    Fault("a gzip bomb", _bomb, failed("BadReply")),
    Fault("a page with 200", _html(200), failed("BadReply")),
    Fault("a page with 502", _html(502), failed("ProviderDown", TRIES)),
    *(Fault(f"redirect {status}", _redirect(status), failed("BadReply")) for status in (301, 302, 303, 307, 308)),
)
PASSING = tuple(
    replace(one, name=f"{one.name}, once", expected=SECOND, once=True) for one in FRUITLESS if one.expected.requests > 1
)
FAULTS = (*GOOD, *BROKEN, *FRUITLESS, *PASSING)
