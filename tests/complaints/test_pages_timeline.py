"""Events told to staff, kind by kind."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils.translation import override

from complaints.models import EventKind, TicketEvent
from complaints.views.ticket_timeline import Entry, Teller
from tenancy.services.actor import Via
from tests.factories.cast import SHANGHAI, TUESDAY

AT = TUESDAY.isoformat()


def told(kind: EventKind, via: Via = Via.PAGE, **data: Any) -> Entry:
    """The one event of this kind, as an English reader sees it on that Tuesday."""
    event = TicketEvent(kind=kind, at=TUESDAY, via=via, data=data)
    with override("en"):
        (entry,) = Teller(SHANGHAI, TUESDAY).entries([event])
    return entry


@pytest.mark.parametrize(
    ("kind", "data", "lines", "text"),
    [
        (EventKind.FILED, {"promised": {"callback": AT}}, ["callback: due Tue 10 Nov, 09:00"], ""),
        (EventKind.FILED, {}, [], ""),
        (EventKind.ACCEPTED, {}, [], ""),
        (EventKind.ASSIGNED, {"department": "工程部", "assignee": "李工"}, ["工程部 · 李工"], ""),
        (EventKind.ASSIGNED, {"department": "", "assignee": "李工"}, ["李工"], ""),
        (EventKind.PAUSED, {"reason": "part", "note": "门机"}, ["waiting for a part"], "门机"),
        (EventKind.RESUMED, {"due": {"callback": AT}}, ["callback: due Tue 10 Nov, 09:00"], ""),
        (EventKind.RESOLVED, {"solution": "换了"}, [], "换了"),
        (EventKind.CLOSED, {"because": ""}, [], ""),
        (EventKind.CLOSED, {"because": "rated"}, ["The owner has confirmed it."], ""),
        (EventKind.REOPENED, {"reason": "not fixed"}, [], "not fixed"),
        (EventKind.REOPENED, {"reason": "reached, not content"}, [], "reached, not content"),
        (EventKind.REOPENED, {"reason": "又坏了"}, [], "又坏了"),
        (EventKind.URGED, {}, [], ""),
        (
            EventKind.CALLED_BACK,
            {"outcome": "busy", "note": "", "retry_at": AT},
            ["busy", "Call again from Tue 10 Nov, 09:00"],
            "",
        ),
        (
            EventKind.CALLED_BACK,
            {"outcome": "declined", "note": "忙"},
            ["did not want to talk"],
            "忙",
        ),
        (
            EventKind.RATED,
            {"score": 1, "fixed": False, "comment": "没修好"},
            ["1 star of 5", "not fixed"],
            "没修好",
        ),
        (EventKind.RATED, {"score": 5}, ["5 stars of 5", "fixed"], ""),
        (EventKind.COMMENTED, {"text": "明天来"}, [], "明天来"),
        (EventKind.NOTED, {"text": "小心"}, [], "小心"),
        (EventKind.ATTACHED, {"name": "门.webp", "attachment": "7"}, ["门.webp"], ""),
        (
            EventKind.WARNED,
            {"promise": "callback", "due_at": AT, "told": ["李工", "王姐"]},
            ["callback: due Tue 10 Nov, 09:00", "Told: 李工, 王姐"],
            "",
        ),
        (
            EventKind.BREACHED,
            {"promise": "callback", "due_at": AT, "told": []},
            ["callback: due Tue 10 Nov, 09:00"],
            "",
        ),
        (EventKind.ESCALATED, {"because": "1/5", "to": "王姐"}, ["Told: 王姐"], "1/5"),
        (
            EventKind.DUE_CHANGED,
            {"promise": "callback", "before": AT, "due_at": AT, "because": "calendar"},
            [
                "callback: Tue 10 Nov, 09:00 → Tue 10 Nov, 09:00",
                "The working calendar was changed.",
            ],
            "",
        ),
    ],
)
def test_each_kind_of_event_is_told(
    kind: EventKind, data: dict[str, Any], lines: list[str], text: str
) -> None:
    entry = told(kind, **data)
    assert (entry.lines, entry.text) == (lines, text)


def test_every_kind_of_event_has_an_icon() -> None:
    needed: dict[str, Any] = {
        "reason": "part",
        "outcome": "busy",
        "score": 3,
        "promise": "callback",
        "before": AT,
        "due_at": AT,
    }
    entries = [told(kind, **needed) for kind in EventKind]
    assert all(entry.icon for entry in entries)


@pytest.mark.parametrize(
    ("via", "words"),
    [
        (Via.PAGE, "in the portal"),
        (Via.API, "through the API"),
        (Via.IMPORT, "by an import"),
        (Via.MACHINE, ""),
    ],
)
def test_an_event_says_from_where_it_came(via: Via, words: str) -> None:
    assert told(EventKind.ACCEPTED, via).via == words


def test_what_nobody_did_was_done_by_the_machine() -> None:
    assert told(EventKind.WARNED, Via.MACHINE).who == "the machine"


@pytest.mark.parametrize("ends", [EventKind.RESUMED, EventKind.RESOLVED])
def test_the_end_of_a_pause_says_how_long_was_waited(ends: EventKind) -> None:
    events = [
        TicketEvent(kind=EventKind.PAUSED, at=TUESDAY, via=Via.PAGE, data={"reason": "part"}),
        TicketEvent(kind=ends, at=TUESDAY + timedelta(hours=2), via=Via.PAGE, data={}),
        TicketEvent(kind=ends, at=TUESDAY + timedelta(hours=3), via=Via.PAGE, data={}),
    ]
    with override("en"):
        _paused, first, second = Teller(SHANGHAI, TUESDAY).entries(events)
    assert (first.lines, second.lines) == (["Waited 2 hours; that does not count."], [])
