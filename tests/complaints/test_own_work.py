"""What the company sets itself to do: a ticket that nobody came with."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from complaints.filters.figures import FigureFilters
from complaints.models import (
    Category,
    Deadline,
    Escalation,
    EventKind,
    Kind,
    Promise,
    PromiseKind,
    ServicePolicy,
    Status,
    Ticket,
)
from complaints.services import attaching, calling, filing, handling, lifecycle, own_work
from complaints.services.enforcement import enforce
from complaints.services.figures_keeping import count_company, differences
from complaints.services.figures_reading import Question, on_hand, total_of
from complaints.services.figures_sets import narrowed
from complaints.services.handing_over import CannotHandle
from complaints.services.recomputing import recompute
from notifications.models import Notification
from tenancy.models import CalendarDay, Membership, MembershipCommunity
from tenancy.scope import company_scope
from tests.complaints.figures_naive import read
from tests.complaints.test_attaching import photo
from tests.complaints.test_figures import NOVEMBER
from tests.conftest import SignIn
from tests.factories.cast import SHANGHAI, TUESDAY, Cast

DUE = date(2026, 11, 24)  # a Tuesday
CLOSING = datetime(2026, 11, 24, 18, 0, tzinfo=SHANGHAI)
LATER = TUESDAY + timedelta(hours=1)
LINK = "见 https://portal.example/jinxiu/figures/?period=month"


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: object) -> None:
    settings.MEDIA_ROOT = tmp_path


def set_task(cast: Cast, **more: Any) -> Ticket:
    facts: dict[str, Any] = {
        "kind": Kind.IMPROVEMENT,
        "title": "报修要更快",
        "community": cast.community,
        "assignee": cast.supervisor,
        "due_on": DUE,
        **more,
    }
    return own_work.set_task(by=cast.actor("manager"), now=TUESDAY, **facts)


def deadlines(ticket: Ticket) -> list[tuple[str, datetime]]:
    rows = Deadline.objects.filter(ticket=ticket).order_by("cycle", "due_at")
    return list(rows.values_list("promise", "due_at"))


def test_task_is_in_somebodys_hands_with_one_deadline_of_its_own(scoped: Cast) -> None:
    ticket = set_task(scoped)
    assert (ticket.status, ticket.assignee, ticket.owner) == ("accepted", scoped.supervisor, None)
    assert ticket.department == scoped.engineering  # where the person works
    assert deadlines(ticket) == [(PromiseKind.RESOLUTION, CLOSING)]
    assert ticket.next_due_at == CLOSING
    events = list(ticket.events.order_by("at", "id").values_list("kind", flat=True))
    assert events == [EventKind.FILED, EventKind.ASSIGNED]
    told = Notification.objects.values_list("recipient_id", "kind")
    assert list(told) == [(scoped.supervisor.pk, "assigned")]
    set_task(scoped, assignee=scoped.manager)
    assert Notification.objects.count() == 1  # nobody is told what they set themselves


def test_day_without_opening_hours_lasts_until_midnight(scoped: Cast) -> None:
    ticket = set_task(scoped, due_on=date(2026, 11, 22))
    midnight = datetime(2026, 11, 23, 0, 0, tzinfo=SHANGHAI)
    assert deadlines(ticket) == [(PromiseKind.RESOLUTION, midnight)]


@pytest.mark.parametrize("day", [date(2026, 11, 9), date(2030, 1, 1)])
def test_day_that_is_past_or_too_far_is_refused(scoped: Cast, day: date) -> None:
    with pytest.raises(own_work.DayIsPast) as refusal:
        set_task(scoped, due_on=day)
    assert refusal.value.code == "day_is_past"
    evening = datetime(2026, 11, 10, 18, 30, tzinfo=SHANGHAI)
    with pytest.raises(own_work.DayIsPast):  # the office has closed
        own_work.set_task(
            kind=Kind.IMPROVEMENT, title="x", community=scoped.community,
            assignee=scoped.desk, due_on=date(2026, 11, 10), by=scoped.actor("desk"), now=evening,
        )  # fmt: skip


def test_person_who_does_not_work_there_is_refused(scoped: Cast) -> None:
    Membership.objects.filter(pk=scoped.desk.pk).update(all_communities=False)
    elsewhere = Membership.objects.get(pk=scoped.desk.pk)
    for member in (scoped.members["owner"], elsewhere):
        with pytest.raises(CannotHandle):
            set_task(scoped, assignee=member)
    MembershipCommunity.objects.create(membership=elsewhere, community=scoped.community)
    assert set_task(scoped, assignee=Membership.objects.get(pk=elsewhere.pk)).pk


def test_category_is_made_once_at_first_use(scoped: Cast) -> None:
    assert not Category.objects.filter(kind=Kind.IMPROVEMENT).exists()
    first, second = set_task(scoped), set_task(scoped)
    assert first.category_id == second.category_id
    assert first.category.name_en == "Improvement after a survey"


def test_no_calendar_promise_or_pause_moves_a_named_day(scoped: Cast) -> None:
    ticket = set_task(scoped)
    before = Deadline.objects.get(ticket=ticket)
    CalendarDay.objects.create(on=date(2026, 11, 23), note="停电")
    Promise.objects.filter(promise=PromiseKind.RESOLUTION).update(amount=9)
    admin = scoped.actor("admin")
    assert recompute(by=admin, now=LATER, because="calendar") == 0
    handling.pause(ticket=ticket, reason="part", by=admin, now=LATER)
    handling.resume(ticket=ticket, by=admin, now=LATER + timedelta(days=3))
    after = Deadline.objects.get(ticket=ticket)
    assert (after.due_at, after.measure, after.amount) == (before.due_at, "given_day", 0)
    # The machine still pushes by the company's own intervals.
    ServicePolicy.objects.update(warn_before=240)
    recompute(by=admin, now=LATER + timedelta(days=3), because="policy")
    wound = Deadline.objects.get(ticket=ticket)
    assert wound.next_action_at == CLOSING - timedelta(hours=4)


def test_late_task_escalates_as_every_ticket(jinxiu: Cast) -> None:
    with company_scope(jinxiu.company.pk):
        ticket = set_task(jinxiu)
    enforce(now=CLOSING + timedelta(days=2))
    with company_scope(jinxiu.company.pk):
        levels = Escalation.objects.filter(ticket=ticket).order_by("level")
        assert list(levels.values_list("level", flat=True)) == [0, 1, 2, 3]
        told = set(Notification.objects.values_list("recipient__name", flat=True))
    assert told == {"supervisor", "admin"}  # of several levels at once, the highest hears of it


def test_done_only_with_something_that_shows_it(scoped: Cast) -> None:
    by = scoped.actor("supervisor")
    ticket = set_task(scoped)
    with pytest.raises(handling.EvidenceMissing) as refusal:
        handling.resolve(ticket=ticket, solution="增派了两名师傅", by=by, now=LATER)
    assert refusal.value.code == "evidence_missing"
    with pytest.raises(handling.SolutionMissing):
        handling.resolve(ticket=ticket, solution=" ", by=by, now=LATER)
    done = handling.resolve(ticket=ticket, solution=LINK, by=by, now=LATER)
    assert done.status == Status.RESOLVED
    # No call is owed: it can be closed at once.
    assert handling.close(ticket=done, by=by, now=LATER).status == Status.CLOSED

    shown = set_task(scoped)
    file = SimpleUploadedFile("班表.jpg", photo())
    attaching.attach(ticket=shown, upload=file, by=by, now=LATER)
    done = handling.resolve(ticket=shown, solution="见班表", by=by, now=LATER)
    # A new round needs something new.
    again = handling.reopen(ticket=done, reason="又慢了", by=by, now=LATER + timedelta(hours=1))
    with pytest.raises(handling.EvidenceMissing):
        handling.resolve(ticket=again, solution="见班表", by=by, now=LATER + timedelta(hours=2))


@pytest.mark.parametrize(
    ("words", "is_shown"),
    [
        ("见 http://x", False),  # a name that nobody else can open
        ("http://localhost/report", False),
        ("https://files. example.com", False),
        ("http://files", False),
        ("http://user@files", False),
        ("www.example.com", False),  # nothing that a page makes a link of
        ("记录见https://files.example.com，已公示", True),
        ("HTTPS://files.example.com:8443/1?x=2", True),
        ("http://10.0.0.8/share/report.pdf", True),
        ("https://物业.中国/公示", True),
    ],
)
def test_link_that_shows_something_names_a_host(scoped: Cast, words: str, is_shown: bool) -> None:
    assert own_work.has_evidence(set_task(scoped), words) == is_shown


def test_reopened_it_keeps_a_day_that_is_still_to_come(scoped: Cast) -> None:
    by = scoped.actor("supervisor")
    done = handling.resolve(ticket=set_task(scoped), solution=LINK, by=by, now=LATER)
    again = handling.reopen(ticket=done, reason="没有好", by=by, now=LATER)
    assert deadlines(again) == [(PromiseKind.RESOLUTION, CLOSING)] * 2
    late = CLOSING + timedelta(hours=15)  # the next morning at nine
    done = handling.resolve(ticket=again, solution=LINK, by=by, now=late)
    again = handling.reopen(ticket=done, reason="没有好", by=by, now=late)
    assert deadlines(again)[-1] == (PromiseKind.RESOLUTION, late + timedelta(days=5))
    assert again.next_due_at == late + timedelta(days=5)  # three working days, over a weekend


def test_nobody_is_called_urges_or_judges(scoped: Cast) -> None:
    ticket = set_task(scoped)
    acts = lifecycle.possible(ticket)
    assert {lifecycle.Act.CALL_BACK, lifecycle.Act.URGE, lifecycle.Act.RATE} & acts == set()
    with pytest.raises(lifecycle.NobodyWaits) as refusal:
        calling.call_back(ticket=ticket, outcome="busy", by=scoped.actor("desk"), now=LATER)
    assert refusal.value.code == "nobody_waits"


def test_nobody_can_come_with_it(scoped: Cast) -> None:
    category = own_work.category_of(Kind.IMPROVEMENT)
    with pytest.raises(filing.WrongCategory):
        scoped.file(kind=Kind.IMPROVEMENT, category=category)
    names = Category.objects.visible_to(scoped.members["owner"]).values_list("kind", flat=True)
    assert set(names) == {"complaint", "repair"}
    assert category in Category.objects.visible_to(scoped.desk)
    assert category not in Category.objects.spoken()


def test_no_figure_counts_it(scoped: Cast) -> None:
    scoped.file()
    ticket = set_task(scoped)
    late = CLOSING + timedelta(days=1)
    assert read(Question(), NOVEMBER, now=late).total.filed == 1
    count_company()
    total = read(Question(), NOVEMBER, now=late).total
    assert (total.filed, total.resolution_missed) == (1, 1)
    assert total_of(on_hand(Question(), now=late)).open == 1
    assert differences() == 0
    assert list(narrowed(Ticket.objects.all(), "filed", late)) != [ticket]
    assert FigureFilters({"figure": "filed"}, Ticket.objects.all()).qs.count() == 1


def address(cast: Cast, name: str, ticket: Ticket) -> str:
    return reverse(f"complaints:{name}", kwargs={"company": cast.company.slug, "pk": ticket.pk})


def test_page_asks_for_what_shows_it_and_offers_no_call(
    jinxiu: Cast, heyue: Cast, sign_in: SignIn
) -> None:
    with company_scope(jinxiu.company.pk):
        ticket = set_task(jinxiu)
    client: Client = sign_in(jinxiu.supervisor)
    page = client.get(address(jinxiu, "ticket_detail", ticket))
    offers = {"accept", "call", "comment", "close"} & page.context["offers"]
    assert (offers, "upload" in page.context["forms"]["resolve"].fields) == (set(), True)
    target = address(jinxiu, "ticket_resolve", ticket)
    refused = client.post(target, {"solution": "好了"})
    assert refused.status_code == 409
    assert refused.context["forms"]["resolve"]["solution"].value() == "好了"
    sent = {"solution": "见照片", "upload": SimpleUploadedFile("班表.jpg", photo())}
    assert client.post(target, sent).status_code == 302
    with company_scope(jinxiu.company.pk):
        assert Ticket.objects.get(pk=ticket.pk).status == Status.RESOLVED
    theirs = sign_in(heyue.supervisor)
    assert theirs.get(address(jinxiu, "ticket_detail", ticket)).status_code == 404
