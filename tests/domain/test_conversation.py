"""Titles and groups."""

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.conversation import UNTITLED, Conversation, group_by_age, title_from

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def conversation(number: int, age: timedelta, *, pinned: bool = False) -> Conversation:
    moment = NOW - age
    return Conversation(number, f"chat {number}", moment, moment, pinned=pinned)


def test_conversations_are_grouped_by_day_and_pinned_ones_come_first() -> None:
    day = timedelta(days=1)
    rows = [conversation(n, n * day) for n in (0, 1, 2, 7, 8)] + [conversation(99, 50 * day, pinned=True)]
    groups = {group.heading: [row.id for row in group.conversations] for group in group_by_age(rows, NOW)}
    assert groups == {"Pinned": [99], "Today": [0], "Yesterday": [1], "Previous 7 days": [2, 7], "Older": [8]}


def test_days_begin_where_the_person_is() -> None:
    tokyo = timezone(timedelta(hours=9))
    late = conversation(1, timedelta(hours=10))  # 02:00 UTC is 11:00 in Tokyo, the same day as 21:00 there
    assert group_by_age([late], NOW.astimezone(tokyo))[0].heading == "Today"
    assert group_by_age([conversation(1, timedelta(hours=13))], NOW)[0].heading == "Yesterday"


@given(st.text(max_size=300))
def test_a_title_is_one_short_line(text: str) -> None:
    title = title_from(text)
    assert 0 < len(title) <= 60
    assert "\n" not in title
    words = text.split()
    assert title.startswith(words[0][:30]) if words else title == UNTITLED
