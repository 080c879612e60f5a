"""A ticket's history as its owner reads it."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from complaints.models import CallbackOutcome, Promise, Ticket
from complaints.services import attaching, calling, handling, owner_voice, talking
from complaints.services.enforcement import enforce
from complaints.services.recomputing import recompute
from tenancy.models import CompanyCalendar
from tenancy.scope import company_scope
from tests.complaints.test_owner_pages import MINUTE, NOON, get, noon, owner, story_of, text_of
from tests.factories.cast import TUESDAY, Cast

__all__ = ["noon", "owner"]  # the fixtures


def a_long_story(cast: Cast) -> Ticket:
    """Everything that can happen to a ticket."""
    ticket = cast.file()
    desk, technician, me = (cast.actor(role) for role in ("desk", "technician", "owner"))
    told: list[tuple[Any, dict[str, Any]]] = [
        (owner_voice.urge, {"by": me}),
        (handling.accept, {"by": desk}),
        (handling.assign, {"by": desk, "assignee": cast.technician}),
        *((calling.call_back, {"by": desk, "outcome": each, "note": "SECRET"}) for each in CALLS),
        (handling.pause, {"by": technician, "reason": "part", "note": "SECRET"}),
        (handling.resume, {"by": technician}),
        (talking.comment, {"by": me, "text": "How long?"}),
        (talking.comment, {"by": technician, "text": "Today."}),
        (talking.note, {"by": desk, "text": "SECRET"}),
        (handling.resolve, {"by": technician, "solution": "New rope"}),
        (owner_voice.rate, {"by": me, "score": 1, "fixed": False}),
        (handling.resolve, {"by": technician, "solution": "New motor"}),
        (handling.reopen, {"by": desk, "reason": "SECRET"}),
        (handling.resolve, {"by": technician, "solution": "New lift"}),
        (owner_voice.rate, {"by": me, "score": 5, "comment": "Thanks"}),
    ]
    with company_scope(cast.company.pk):
        for number, (act, how) in enumerate(told, start=1):
            act(ticket=ticket, now=TUESDAY + number * MINUTE, **how)
    return ticket


CALLS = list(CallbackOutcome)
LONG_STORY = [
    "Closed. Thank you for telling us.",
    "You gave 5 stars.",
    "technician has done it:",
    "We have opened it again.",
    "technician has done it:",
    "Opened again because you are not content. A supervisor looks after it now.",
    "You gave 1 star. You said it is not fixed.",
    "technician has done it:",
    "technician wrote:",
    "You wrote:",
    "We are going on.",
    "We are waiting for a part. This time does not count against our promise.",
    "We called you; you did not want to talk about it.",
    "We called, but the number we have for you is not right. Please tell us the right one.",
    "We called you; your line was busy.",
    "We called you, but could not reach you.",
    "We spoke with you on the telephone. You are not content yet.",
    "We spoke with you on the telephone.",
    "Handed to technician, 工程部.",
    "desk has taken it on.",
    "You asked us to hurry.",
    "You told us about it.",
]


def test_ticket_tells_the_whole_story_in_the_owner_s_words(owner: Client, jinxiu: Cast) -> None:
    answer = get(owner, jinxiu, "ticket_detail", a_long_story(jinxiu))
    assert story_of(answer) == LONG_STORY
    text = text_of(answer)
    assert ("SECRET" in text, "New lift" in text) == (False, True)


def test_ticket_admits_what_is_late(owner: Client, jinxiu: Cast) -> None:
    ticket = jinxiu.file(now=TUESDAY - timedelta(days=7))
    enforce(now=NOON)
    answer = get(owner, jinxiu, "ticket_detail", ticket)
    assert answer.context["standing"].heading == "We are late with this"
    assert sorted(story_of(answer)) == [
        "It was not solved by Fri 6 Nov, 09:00, as we promised.",
        "Nobody had taken it on by Tue 3 Nov, 10:00, as we promised.",
        "We had not called you by Wed 4 Nov, 09:00, as we promised.",
        "You told us about it.",
    ]


def test_ticket_says_that_a_promised_time_has_changed(owner: Client, jinxiu: Cast) -> None:
    ticket = jinxiu.file()
    with company_scope(jinxiu.company.pk):
        CompanyCalendar.objects.update(week={str(day): [["09:00", "17:00"]] for day in range(5)})
        recompute(by=jinxiu.actor("admin"), now=NOON, because="calendar")
    assert sorted(story_of(get(owner, jinxiu, "ticket_detail", ticket))) == [
        "You told us about it.",
        "“Calling you back”: now by Tue 10 Nov, 17:00 instead of Wed 11 Nov, 09:00,"
        " because our opening times have changed.",
        "“Solving it”: now by Thu 12 Nov, 17:00 instead of Fri 13 Nov, 09:00,"
        " because our opening times have changed.",
    ]


@pytest.mark.parametrize(
    ("by", "source", "sentence"),
    [
        ("owner", "portal", "You told us about it."),
        ("desk", "phone", "You told us about it (phone)."),
    ],
)
def test_ticket_says_how_it_came_in(
    owner: Client, jinxiu: Cast, by: str, source: str, sentence: str
) -> None:
    ticket = jinxiu.file(by=by, source=source)
    assert story_of(get(owner, jinxiu, "ticket_detail", ticket)) == [sentence]


def test_ticket_handed_to_a_department_names_it(owner: Client, jinxiu: Cast) -> None:
    ticket = jinxiu.file()
    with company_scope(jinxiu.company.pk):
        handling.assign(
            ticket=ticket, department=jinxiu.desk_department, by=jinxiu.actor("desk"), now=NOON
        )
    answer = get(owner, jinxiu, "ticket_detail", ticket)
    assert (story_of(answer)[0], answer.context["who"]) == ("Handed to 客服部.", "客服部")


def test_ticket_without_promises_promises_nothing(owner: Client, jinxiu: Cast) -> None:
    desk = jinxiu.actor("desk")
    with company_scope(jinxiu.company.pk):
        Promise.objects.all().delete()
        ticket = jinxiu.file()
        handling.accept(ticket=ticket, by=desk, now=TUESDAY)
        handling.pause(ticket=ticket, reason="owner", by=desk, now=TUESDAY + MINUTE)
        handling.resume(ticket=ticket, by=desk, now=TUESDAY + 2 * MINUTE)
    lines = get(owner, jinxiu, "ticket_detail", ticket).context["lines"]
    assert {line.words for line in lines} == {""}


def test_files_added_together_stand_together(
    owner: Client, jinxiu: Cast, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    ticket = jinxiu.file()
    added = [
        ("owner", 0, "a"),
        ("owner", 0, "b"),
        ("desk", 5, "c"),
        ("desk", 6, "d"),
        ("owner", 7, "e"),
    ]
    with company_scope(jinxiu.company.pk):
        for role, minutes, name in added:
            attaching.attach(
                ticket=ticket,
                upload=SimpleUploadedFile(f"{name}.pdf", b"%PDF-1.7"),
                by=jinxiu.actor(role),
                now=TUESDAY + minutes * MINUTE,
            )
    lines = get(owner, jinxiu, "ticket_detail", ticket).context["lines"]
    assert [(line.sentence, [file.name for file in line.files]) for line in lines] == [
        ("You added files", ["e.pdf"]),
        ("desk added files", ["c.pdf", "d.pdf"]),
        ("You told us about it.", ["a.pdf", "b.pdf"]),
    ]
