"""Every status with every way to ask for a pause: what is tried again, how often, and how long the pause would be."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from desktop.domain.turn import TurnState
from tests.support.arena import RETRIES, Arena, Stage, open_arena, settled
from tests.support.dialects import DIALECTS, Dialect
from tests.support.wires import framing

pytestmark = pytest.mark.anyio

TRIES = RETRIES + 1
FOR_GOOD = {
    400: "BadRequest",
    401: "KeyRejected",
    402: "QuotaExhausted",
    403: "Forbidden",
    404: "ModelNotFound",
    405: "BadRequest",
    406: "BadRequest",
    410: "BadRequest",
    413: "ContextTooLong",
    415: "BadRequest",
    422: "BadRequest",
    451: "BadRequest",
    501: "ProviderDown",
    520: "ProviderDown",
}
PASSING = {
    408: "TimedOut",
    409: "Overloaded",
    425: "Overloaded",
    429: "RateLimited",
    500: "ProviderDown",
    502: "ProviderDown",
    503: "ProviderDown",
    504: "ProviderDown",
    529: "Overloaded",
}
Headers = dict[str, str]


@dataclass(frozen=True)
class Wish:
    """Headers, and the pause in seconds that they ask for; None where they ask for none that can be read."""

    name: str
    headers: Callable[[datetime], Headers]
    seconds: float | None


def _fixed(**headers: str) -> Callable[[datetime], Headers]:
    return lambda _now: {name.replace("_", "-"): value for name, value in headers.items()}


def _later(now: datetime, seconds: float) -> datetime:
    return now + timedelta(seconds=seconds)


def _zulu(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


WISHES = (
    Wish("none", _fixed(), None),
    Wish("seconds", _fixed(Retry_After="20"), 20),
    Wish("part of a second", _fixed(Retry_After="20.5"), 20.5),
    Wish("date", lambda now: {"Retry-After": format_datetime(_later(now, 20), usegmt=True)}, 20),
    Wish("date gone by", lambda now: {"Retry-After": format_datetime(_later(now, -60), usegmt=True)}, None),
    Wish("milliseconds", _fixed(Retry_After_Ms="20000"), 20),
    Wish("both", _fixed(Retry_After="1", Retry_After_Ms="20000"), 20),
    Wish("longer than anybody waits in silence", _fixed(Retry_After="600"), 600),
    Wish("words", _fixed(Retry_After="soon"), None),
    Wish("less than nothing", _fixed(Retry_After="-5"), None),
    Wish("no number", _fixed(Retry_After="nan", Retry_After_Ms="inf"), None),
    Wish("nothing", _fixed(Retry_After="0"), None),
)
RESETS = (
    Wish("reset of requests", _fixed(X_RateLimit_Reset_Requests="20s"), 20),
    Wish("reset in minutes", _fixed(X_RateLimit_Reset_Tokens="0m20.5s"), 20.5),
    Wish("reset in milliseconds", _fixed(X_RateLimit_Reset_Tokens="12ms"), None),
    Wish("the longest reset", _fixed(X_RateLimit_Reset_Tokens="20s", X_RateLimit_Reset_Requests="9ms"), 20),
    Wish("moment", lambda now: {"anthropic-ratelimit-requests-reset": _later(now, 20).isoformat()}, 20),
    Wish("moment in Zulu time", lambda now: {"anthropic-ratelimit-tokens-reset": _zulu(_later(now, 20))}, 20),
)
IN_VAIN = [one for one in (*WISHES, *RESETS) if one.name in ("none", "seconds", "date", "milliseconds", "moment")]


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module", params=DIALECTS, ids=[one.wire for one in DIALECTS])
async def arena(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Arena]:
    dialect: Dialect = request.param
    async with open_arena(dialect, tmp_path_factory.mktemp("data")) as opened:
        yield opened


async def _outcome(stage: Stage, *, waits: bool) -> tuple[TurnState, str | None, int]:
    """How the turn ended; one that waits long is stopped as soon as it says so."""
    await stage.send()
    if waits:
        await stage.phase(TurnState.WAITING)
        await stage.stop()
    end = await stage.end()
    return end.state, end.reply.problem.kind if end.reply.problem else None, len(stage.requests)


async def _refused(arena: Arena, status: int, wish: Wish) -> None:
    kind = FOR_GOOD.get(status) or PASSING[status]
    may_pass = status in PASSING
    waits = may_pass and wish.seconds is not None
    plan = framing.answer(status, {"error": "no"}, wish.headers(datetime.now(UTC)))
    async with arena.stage(plan) as stage:
        outcome = await _outcome(stage, waits=waits)
        told = list(stage.waits_s)
    where = f"{status}, {wish.name}"
    if waits:
        assert (where, outcome[0], outcome[2]) == (where, TurnState.STOPPED, 1)
        assert wish.seconds is not None
        assert wish.seconds - 2 <= told[0] <= wish.seconds + 1, where
    else:
        assert (where, outcome) == (where, (TurnState.FAILED, kind, TRIES if may_pass else 1))
        assert all(wait_s <= 1 for wait_s in told), where


@pytest.mark.parametrize("status", [*FOR_GOOD, *PASSING])
async def test_a_status_is_tried_again_as_it_must(arena: Arena, status: int) -> None:
    before = asyncio.all_tasks()
    wishes = IN_VAIN if status in FOR_GOOD else (*WISHES, *(RESETS if status == 429 else ()))
    await asyncio.gather(*(_refused(arena, status, wish) for wish in wishes))
    await settled(arena.server, before)
