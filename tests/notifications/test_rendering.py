"""A notification's words."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils.translation import override

from notifications.models import Notification
from notifications.services.rendering import text_of
from tests.factories.cast import SHANGHAI

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=SHANGHAI)


def words(message: str, zone: str = "Asia/Shanghai", **params: Any) -> str:
    with override("en"):
        return text_of(Notification(message=message, params=params), zone=ZoneInfo(zone), now=NOW)


@pytest.mark.parametrize(
    ("message", "params", "expected"),
    [
        ("%(number)s: %(title)s", {"number": "1", "title": "灯\n坏  了"}, "1: 灯 坏 了"),
        ("%(number)s %(missing)s", {"number": "1"}, "1 —"),
        ("%(a)s %(b)s", {"a": None, "b": ""}, "— —"),
        ("100 %% of %(n)d", {"n": 3}, "100 % of 3"),
        ("100 % sure, 5%", {}, "100 % sure, 5%"),
        ("%(all)s", {"all": ["a", 2, ["c"]]}, "a, 2, c"),
        ("%(all)s", {"all": {"x": "a", "y": "b"}}, "a, b"),
        ("%(due_at)s", {"due_at": "2026-11-22T07:30:00+00:00"}, "Sun 22 Nov, 15:30"),
        ("%(due_at)s", {"due_at": "2027-01-04T09:00:00+08:00"}, "Mon 4 Jan 2027, 09:00"),
        ("%(due_at)s", {"due_at": "soon"}, "soon"),
        ("%(due_at)s", {"due_at": 7}, "7"),
        ("%(ends_on)s", {"ends_on": "2026-11-30"}, "30 Nov"),
        ("%(ends_on)s", {"ends_on": "2027-01-04"}, "4 Jan 2027"),
        ("%(ends_on)s", {"ends_on": "soon"}, "soon"),
        ("%(x_label)s", {"x_label": ""}, "—"),
        ("%(x_label)s", {"x_label": "no such msgid"}, "no such msgid"),
        ("", {}, ""),
        ("%(title)s", {"title": "%(number)s %s"}, "%(number)s %s"),
    ],
)
def test_text_fills_every_place(message: str, params: dict[str, Any], expected: str) -> None:
    assert words(message, **params) == expected


def test_text_tells_the_time_of_the_company() -> None:
    due = {"due_at": "2026-11-22T15:30:00+08:00"}
    assert words("%(due_at)s", "Asia/Urumqi", **due) == "Sun 22 Nov, 13:30"
