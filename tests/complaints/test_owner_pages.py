"""What owners see and do: speak up on one screen, follow, urge, rate."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from complaints.models import (
    PauseReason,
    Rating,
    Status,
    Ticket,
)
from complaints.services import calling, handling, owner_voice, talking
from notifications.models import Notification
from tenancy.scope import company_scope
from tests.conftest import SignIn
from tests.factories.cast import TUESDAY, Cast, resident

NOON = TUESDAY + timedelta(hours=2, minutes=30)
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    """Pages are asked for from 11:30 of an ordinary Tuesday on."""
    with time_machine.travel(NOON, tick=True):
        yield


@pytest.fixture
def owner(jinxiu: Cast, sign_in: SignIn) -> Client:
    """The owner's telephone, in English."""
    client = sign_in(jinxiu.owner)
    client.cookies["django_language"] = "en"
    return client


def address(cast: Cast, name: str, ticket: Ticket | None = None) -> str:
    more = {"pk": ticket.pk} if ticket else {}
    return reverse(f"complaints:{name}", kwargs={"company": cast.company.slug, **more})


def text_of(answer: Any) -> str:
    """What a reader reads of a page, in one line."""
    body = re.sub(r"<(script|style|svg)[\s\S]*?</\1>", " ", answer.content.decode())
    return " ".join(re.sub(r"<[^>]*>", " ", body).split())


def story_of(answer: Any) -> list[str]:
    return [line.sentence for line in answer.context["lines"]]


def get(client: Client, cast: Cast, name: str, ticket: Ticket | None = None) -> Any:
    answer = client.get(address(cast, name, ticket))
    assert answer.status_code == 200
    return answer


# --- my tickets ---


def test_my_tickets_shows_one_s_own_by_what_has_to_happen(owner: Client, jinxiu: Cast) -> None:
    jinxiu.file(title="not mine", owner=None, by="desk")
    new, done, closed = (jinxiu.file(title=title) for title in ("new", "done", "closed"))
    with company_scope(jinxiu.company.pk):
        for ticket in (done, closed):
            handling.resolve(ticket=ticket, solution="fixed", by=jinxiu.actor("desk"), now=TUESDAY)
        owner_voice.rate(ticket=closed, score=5, by=jinxiu.actor("owner"), now=TUESDAY)
    context = get(owner, jinxiu, "my_tickets").context
    found = {name: [row.pk for row in context[name]] for name in ("waiting", "under_way", "rows")}
    assert found == {"waiting": [done.pk], "under_way": [new.pk], "rows": [closed.pk]}


def test_my_tickets_still_asks_about_what_was_closed_unrated(owner: Client, jinxiu: Cast) -> None:
    ticket, desk = jinxiu.file(), jinxiu.actor("desk")
    with company_scope(jinxiu.company.pk):
        handling.resolve(ticket=ticket, solution="ok", by=desk, now=TUESDAY)
        calling.call_back(ticket=ticket, outcome="reached_satisfied", by=desk, now=TUESDAY)
        handling.close(ticket=ticket, by=desk, now=TUESDAY)
    [row] = get(owner, jinxiu, "my_tickets").context["rows"]
    assert (row.pk, row.is_rated) == (ticket.pk, False)


def test_my_tickets_says_who_has_it_and_what_comes_next(owner: Client, jinxiu: Cast) -> None:
    ticket = jinxiu.file()
    with company_scope(jinxiu.company.pk):
        handling.accept(ticket=ticket, by=jinxiu.actor("technician"), now=TUESDAY)
    text = text_of(get(owner, jinxiu, "my_tickets"))
    assert "Being worked on · 工程部 · technician Calling you back" in text


def test_my_tickets_without_any_says_how_to_begin(owner: Client, jinxiu: Cast, heyue: Cast) -> None:
    heyue.file()
    text = text_of(get(owner, jinxiu, "my_tickets"))
    assert "Nothing here yet" in text


def test_my_tickets_leafs_through_closed_ones(owner: Client, jinxiu: Cast) -> None:
    for number in range(11):
        ticket = jinxiu.file(title=f"closed {number}", owner=jinxiu.resident)
        with company_scope(jinxiu.company.pk):
            handling.resolve(ticket=ticket, solution="ok", by=jinxiu.actor("desk"), now=TUESDAY)
            owner_voice.rate(ticket=ticket, score=4, by=jinxiu.actor("owner"), now=TUESDAY)
    first = get(owner, jinxiu, "my_tickets").context
    second = owner.get(address(jinxiu, "my_tickets"), {"page": 2}).context
    shown = (len(first["rows"]), first["has_next"], len(second["rows"]), "waiting" in second)
    assert shown == (10, True, 1, False)


def count_queries(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len([each for each in captured if "SAVEPOINT" not in each["sql"]])


@pytest.mark.parametrize("tickets", [1, 3])
def test_my_tickets_costs_the_same_for_many(owner: Client, jinxiu: Cast, tickets: int) -> None:
    for _number in range(tickets):
        jinxiu.file()
        with company_scope(jinxiu.company.pk):
            handling.resolve(
                ticket=jinxiu.file(), solution="ok", by=jinxiu.actor("desk"), now=TUESDAY
            )
    assert count_queries(owner, address(jinxiu, "my_tickets")) == MY_TICKETS_QUERIES


@pytest.mark.parametrize("messages", [1, 3])
def test_ticket_costs_the_same_for_a_long_story(owner: Client, jinxiu: Cast, messages: int) -> None:
    ticket = jinxiu.file()
    with company_scope(jinxiu.company.pk):
        for _number in range(messages):
            talking.comment(ticket=ticket, text="hello", by=jinxiu.actor("desk"), now=TUESDAY)
    assert count_queries(owner, address(jinxiu, "ticket_detail", ticket)) == TICKET_QUERIES


def test_opening_a_ticket_reads_what_was_told_about_it(owner: Client, jinxiu: Cast) -> None:
    first, second = jinxiu.file(), jinxiu.file()
    desk = jinxiu.actor("desk")
    with company_scope(jinxiu.company.pk):
        for ticket in (first, second):
            talking.comment(ticket=ticket, text="hello", by=desk, now=TUESDAY)
        theirs = Notification.objects.create(
            recipient=jinxiu.desk, path=f"/jinxiu/tickets/{first.pk}/", dedupe_key="x",
            created_at=TUESDAY,
        )  # fmt: skip
        unread = Notification.objects.unread()
        before = set(unread.values_list("path", flat=True))
    owner.get(address(jinxiu, "ticket_detail", first))

    with company_scope(jinxiu.company.pk):
        told = set(unread.filter(recipient=jinxiu.owner).values_list("path", flat=True))
        assert unread.filter(pk=theirs.pk).exists()
    assert before - told == {f"/jinxiu/tickets/{first.pk}/"}
    assert told == {f"/jinxiu/tickets/{second.pk}/"}


def test_filing_page_costs_a_fixed_number_of_queries(owner: Client, jinxiu: Cast) -> None:
    assert count_queries(owner, address(jinxiu, "ticket_file")) == FILING_QUERIES


MY_TICKETS_QUERIES = 15  # two of them: who looks, and what surveys ask them
TICKET_QUERIES = 15  # one of them: what was told about it is read now
FILING_QUERIES = 10


# --- one ticket ---


def test_ticket_of_somebody_else_is_as_absent_as_none(
    owner: Client, jinxiu: Cast, heyue: Cast
) -> None:
    with company_scope(jinxiu.company.pk):
        neighbour = resident(jinxiu, "李娜")
    theirs, rivals = jinxiu.file(owner=neighbour, by="desk"), heyue.file()
    for name in ("ticket_detail", "ticket_receipt"):
        answers = [owner.get(address(jinxiu, name, ticket)) for ticket in (theirs, rivals)]
        nobody = owner.get(
            reverse(f"complaints:{name}", kwargs={"company": "jinxiu", "pk": uuid4()})
        )
        told = {(each.status_code, text_of(each)) for each in [*answers, nobody]}
        assert told == {(404, text_of(nobody))}


@pytest.mark.parametrize("name", ["ticket_urge", "ticket_rate"])
def test_nobody_acts_on_somebody_else_s_ticket(owner: Client, jinxiu: Cast, name: str) -> None:
    with company_scope(jinxiu.company.pk):
        theirs = jinxiu.file(owner=resident(jinxiu, "李娜"), by="desk")
    said = {"score": "1", "fixed": "no"}
    assert owner.post(address(jinxiu, name, theirs), said).status_code == 404


@pytest.mark.parametrize(
    ("act", "tone", "heading"),
    [
        ("", "new", "We have it"),
        ("accept", "hand", "Somebody is on it"),
        ("pause", "wait", "We are waiting for another firm or authority"),
        ("resolve", "done", "Done. Is it fixed?"),
        ("close", "closed", "Closed"),
    ],
)
def test_ticket_says_how_it_stands(
    owner: Client, jinxiu: Cast, act: str, tone: str, heading: str
) -> None:
    ticket, desk = jinxiu.file(now=NOON), jinxiu.actor("desk")
    with company_scope(jinxiu.company.pk):
        if act in ("accept", "pause"):
            handling.accept(ticket=ticket, by=desk, now=NOON)
        if act == "pause":
            handling.pause(ticket=ticket, reason=PauseReason.THIRD_PARTY, by=desk, now=NOON)
        if act in ("resolve", "close"):
            handling.resolve(ticket=ticket, solution="ok", by=desk, now=NOON)
        if act == "close":
            owner_voice.rate(ticket=ticket, score=3, by=jinxiu.actor("owner"), now=NOON)
    standing = get(owner, jinxiu, "ticket_detail", ticket).context["standing"]
    assert (standing.tone, standing.heading) == (tone, heading)


def test_ticket_nobody_has_yet_is_with_the_front_desk(owner: Client, jinxiu: Cast) -> None:
    with company_scope(jinxiu.company.pk):
        jinxiu.lift.department = None
        jinxiu.lift.save()
    assert get(owner, jinxiu, "ticket_detail", jinxiu.file()).context["who"] == "Front desk"


# --- urging, rating, writing ---


def test_urge_reaches_the_handler_and_then_rests_for_the_day(owner: Client, jinxiu: Cast) -> None:
    ticket = jinxiu.file()
    first = owner.post(address(jinxiu, "ticket_urge", ticket), follow=True)
    second = owner.post(address(jinxiu, "ticket_urge", ticket), follow=True)
    told = [str(message) for answer in (first, second) for message in answer.context["messages"]]
    assert told == [
        "We have told whoever has it that you are waiting.",
        "You have urged today already. We have heard you.",
    ]
    assert "You asked us to hurry today." in text_of(second)
    assert address(jinxiu, "ticket_urge", ticket) not in second.content.decode()


def test_urge_is_offered_again_on_another_day(owner: Client, jinxiu: Cast) -> None:
    ticket = jinxiu.file()
    with company_scope(jinxiu.company.pk):
        owner_voice.urge(ticket=ticket, by=jinxiu.actor("owner"), now=NOON - timedelta(days=1))
    page = get(owner, jinxiu, "ticket_detail", ticket).content.decode()
    assert address(jinxiu, "ticket_urge", ticket) in page


def resolved(cast: Cast) -> Ticket:
    ticket = cast.file()
    with company_scope(cast.company.pk):
        return handling.resolve(ticket=ticket, solution="ok", by=cast.actor("desk"), now=TUESDAY)


@pytest.mark.parametrize(
    ("said", "status", "thanks"),
    [
        (
            {"score": "5", "fixed": "yes", "comment": "很快 🎉"},
            Status.CLOSED,
            "Thank you. Your rating has been noted.",
        ),
        (
            {"score": "1", "fixed": "yes"},
            Status.ACCEPTED,
            "Thank you for saying so. It is open again, and a supervisor looks after it.",
        ),
        (
            {"score": "5", "fixed": "no"},
            Status.ACCEPTED,
            "Thank you for saying so. It is open again, and a supervisor looks after it.",
        ),
    ],
)
def test_rating_closes_or_opens_again(
    owner: Client, jinxiu: Cast, said: dict[str, str], status: str, thanks: str
) -> None:
    ticket = resolved(jinxiu)
    answer = owner.post(address(jinxiu, "ticket_rate", ticket), said, follow=True)
    assert [str(message) for message in answer.context["messages"]] == [thanks]
    with company_scope(jinxiu.company.pk):
        assert Ticket.objects.get(pk=ticket.pk).status == status


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ({"fixed": "yes", "comment": "words"}, "Give one to five stars."),
        ({"score": "9", "fixed": "yes", "comment": "words"}, "Select a valid choice."),
        ({"score": "3", "comment": "words"}, "Say whether it is fixed."),
        ({"score": "3", "fixed": "yes", "comment": "words" * 401}, "at most 2000 characters"),
        ({"score": "3", "fixed": "yes", "comment": "words\x00"}, "Null characters are not allowed"),
    ],
)
def test_rating_that_is_wrong_keeps_the_words(
    owner: Client, jinxiu: Cast, said: dict[str, str], problem: str
) -> None:
    ticket = resolved(jinxiu)
    answer = owner.post(address(jinxiu, "ticket_rate", ticket), said)
    assert (answer.status_code, problem in text_of(answer)) == (422, True)
    assert said["comment"].replace("\x00", "") in answer.content.decode().replace("\x00", "")
    with company_scope(jinxiu.company.pk):
        assert Rating.objects.count() == 0


def test_rating_twice_is_refused(owner: Client, jinxiu: Cast) -> None:
    ticket, said = resolved(jinxiu), {"score": "5", "fixed": "yes"}
    codes = [owner.post(address(jinxiu, "ticket_rate", ticket), said).status_code for _ in "12"]
    assert codes == [302, 409]


def test_message_of_the_owner_stands_in_the_story(owner: Client, jinxiu: Cast) -> None:
    ticket = jinxiu.file()
    words = "\u202eمرحبا\u202c 您好 👋"
    answer = owner.post(address(jinxiu, "ticket_comment", ticket), {"text": words}, follow=True)
    assert (story_of(answer)[0], answer.context["lines"][0].words) == ("You wrote:", words)


def test_message_sent_again_from_the_same_page_is_one_unless_it_says_more(
    owner: Client, jinxiu: Cast
) -> None:
    ticket = jinxiu.file()
    [once] = re.findall(
        r'name="once" value="([^"]+)"',
        get(owner, jinxiu, "ticket_detail", ticket).content.decode(),
    )
    for text in ("灯坏了", "灯坏了", "灯又亮了"):
        said = {"text": text, "once": once}
        assert owner.post(address(jinxiu, "ticket_comment", ticket), said).status_code == 302
    talk = get(owner, jinxiu, "ticket_detail", ticket).context["talk"]
    assert [line.words for line in talk] == ["灯坏了", "灯又亮了"]


def test_message_that_says_nothing_is_refused_on_the_page(owner: Client, jinxiu: Cast) -> None:
    ticket = jinxiu.file()
    answer = owner.post(address(jinxiu, "ticket_comment", ticket), {"text": "  "})
    assert (answer.status_code, "This field is required." in text_of(answer)) == (422, True)


# --- me ---


def test_me_shows_homes_and_a_masked_number(owner: Client, jinxiu: Cast) -> None:
    text = text_of(get(owner, jinxiu, "owner_me"))
    assert ("3栋1201" in text, "138****0001" in text, "13800000001" in text) == (True, True, False)


def test_me_of_an_account_without_a_home(jinxiu: Cast, sign_in: SignIn) -> None:
    text = text_of(get(sign_in(jinxiu.manager), jinxiu, "owner_me"))
    assert "3栋1201" not in text


def test_file_that_is_no_photo_is_refused_on_the_page(owner: Client, jinxiu: Cast) -> None:
    ticket = jinxiu.file()
    upload = SimpleUploadedFile("words.jpg", b"these are words", "image/jpeg")
    answer = owner.post(address(jinxiu, "ticket_attach", ticket), {"upload": upload})
    problem = "Only photos (JPEG, PNG, WebP, GIF) and PDF files can be added."
    assert (answer.status_code, problem in text_of(answer)) == (409, True)
