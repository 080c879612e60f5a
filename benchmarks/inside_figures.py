"""What the portal is asked about its figures, inside a process of its own (`benchmarks.inside`)."""

import statistics
import time
from collections.abc import Callable
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from benchmarks import statements_figures
from complaints.models import Category, FigureBook, Ticket
from complaints.services import figures_keeping, timeline
from complaints.services.figures_days import Period, day_of, start_of
from complaints.services.figures_keeping import count_company, mark, recount_all
from complaints.services.figures_reading import Question, on_hand, read
from complaints.services.filing import file_ticket
from owners.models import Ownership
from tenancy.models import Company, Department, Membership
from tenancy.permissions import Role
from tenancy.scope import company_scope
from tenancy.services.actor import Actor, Via

DIMENSIONS = ("building", "category", "department", "person")
BACKEND = "django.contrib.auth.backends.ModelBackend"


def timed(act: Callable[[], Any], times: int) -> dict[str, float]:
    """How long it takes, once it is warm: the middle and the 95th of a hundred, milliseconds."""
    act()
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        act()
        taken.append((time.perf_counter() - began) * 1000)
    taken.sort()
    return {
        "p50": statistics.median(taken),
        "p95": taken[min(int(len(taken) * 0.95), len(taken) - 1)],
    }


def count_all(slug: str) -> dict[str, float]:
    """Count every day of a company anew."""
    with company_scope(Company.objects.get(slug=slug).pk):
        tickets = Ticket.objects.count()
        began = time.perf_counter()
        days = recount_all()
        return {"days": days, "tickets": tickets, "seconds": time.perf_counter() - began}


def reading(slug: str, times: int) -> dict[str, Any]:
    """A year of the largest company: from what is kept, counted live, and by a plain scan."""
    company = Company.objects.get(slug=slug)
    zone, now = ZoneInfo(company.zone), timezone.now()
    today = day_of(now, zone)
    period = Period(today - timedelta(days=364), today)
    question = Question(dimensions=DIMENSIONS)
    with company_scope(company.pk):
        kept = read(question, period, zone=zone, now=now)
        scanned = scan(company, period, zone, now)
        found: dict[str, Any] = {"filed": kept.total.filed, "same": comparable(kept) == scanned}
        found["kept"] = timed(lambda: read(question, period, zone=zone, now=now), times)
        found["hands"] = timed(lambda: on_hand(question, now=now), times)
        found["scan"] = timed(lambda: scan(company, period, zone, now), max(times // 5, 3))
        zones = list(FigureBook.objects.values_list("zone", flat=True))
        FigureBook.objects.update(zone="")  # as if nothing had been counted
        found["live"] = timed(
            lambda: read(question, period, zone=zone, now=now), max(times // 5, 3)
        )
        FigureBook.objects.update(zone=zones[0])
    return found


def narrowed(slug: str, times: int) -> dict[str, Any]:
    """The year of one department: from the kept facts, and counted live."""
    company = Company.objects.get(slug=slug)
    zone, now = ZoneInfo(company.zone), timezone.now()
    today = day_of(now, zone)
    period = Period(today - timedelta(days=364), today)
    with company_scope(company.pk):
        department = Department.objects.order_by("position")[1].pk
        question = Question(department=department, dimensions=DIMENSIONS)
        kept = read(question, period, zone=zone, now=now)
        found: dict[str, Any] = {"filed": kept.total.filed}
        found["kept"] = timed(lambda: read(question, period, zone=zone, now=now), times)
        moment = FigureBook.objects.values_list("facts_at", flat=True)[0]
        FigureBook.objects.update(facts_at=None)  # as if there were no facts
        live = read(question, period, zone=zone, now=now)
        found["live"] = timed(
            lambda: read(question, period, zone=zone, now=now), max(times // 10, 3)
        )
        FigureBook.objects.update(facts_at=moment)
        found["same"] = comparable(kept) == comparable(live)
    return found


def comparable(answer: Any) -> dict[tuple[str, str], tuple[int, ...]]:
    """An answer as the plain scan gives it."""
    rows = {**answer.by, "day": answer.days}
    return {
        (dimension, str(key)): tuple(getattr(counts, name) for name in counts.__slots__)
        for dimension, found in rows.items()
        for key, counts in found.items()
        if counts.filed
    }


def scan(company: Company, period: Period, zone: ZoneInfo, now: Any) -> Any:
    """The same answer, by reading every ticket, promise and rating of the year."""
    with connection.cursor() as cursor:
        cursor.execute(
            statements_figures.PLAIN_SCAN,
            {
                "company": company.pk,
                "from": start_of(period.first, zone),
                "until": start_of(period.last + timedelta(days=1), zone),
                "zone": zone.key,
                "now": now,
            },
        )
        return {(row[0], row[1]): tuple(row[2:]) for row in cursor.fetchall()}


def page(slug: str, query: str, times: int) -> dict[str, float]:
    """The whole page, as the server answers it."""
    company = Company.objects.get(slug=slug)
    with company_scope(company.pk):
        user = Membership.objects.with_role(Role.MANAGER).order_by("id")[0].user
        department = Department.objects.order_by("position")[1].pk
    client = Client()
    client.force_login(user, BACKEND)
    path = f"/{slug}/figures/{query.format(department=department)}"
    host = {"Host": "localhost", "Accept-Language": settings.LANGUAGE_CODE}

    def act() -> None:
        answer = client.get(path, headers=host)
        if answer.status_code != 200:
            raise RuntimeError(f"{path} answers {answer.status_code}")

    return timed(act, times)


def passing(slug: str, tickets: int) -> dict[str, float]:
    """One pass after so many of the newest tickets changed."""
    with company_scope(Company.objects.get(slug=slug).pk):
        newest = list(Ticket.objects.order_by("-created_at")[:tickets])
        for ticket in newest:
            mark([ticket])
        began = time.perf_counter()
        days = count_company()
        return {"days": days, "seconds": time.perf_counter() - began}


def writing(slug: str, times: int) -> dict[str, Any]:
    """Filing a ticket with the mark and without it, in turns, each undone."""
    with company_scope(Company.objects.get(slug=slug).pk):
        tie = Ownership.objects.select_related("unit", "owner").order_by("id")[0]
        category = Category.objects.filter(kind="repair", urgency="normal").order_by("position")[0]
        desk = Membership.objects.with_role(Role.DESK).order_by("id")[0]
        taken: dict[str, list[float]] = {"marked": [], "unmarked": []}
        for turn in range(2 * times + 20):
            name = ("marked", "unmarked")[turn % 2]
            with without_mark(name == "unmarked"), transaction.atomic():
                began = time.perf_counter()
                file_ticket(
                    kind="repair", category=category, source="phone", title="三号楼电梯又停了",
                    by=Actor(desk, Via.PAGE, "127.0.0.1"), now=timezone.now(), unit=tie.unit,
                    owner=tie.owner,
                )  # fmt: skip
                seconds = time.perf_counter() - began
                transaction.set_rollback(True)
            if turn >= 20:
                taken[name].append(seconds * 1000)
        return {name: statistics.median(each) for name, each in taken.items()}


@contextmanager
def without_mark(wanted: bool) -> Any:
    """The timeline as it was before days were marked."""
    if wanted:
        setattr(timeline, "mark", lambda tickets: None)  # noqa: B010 - not a name it gives out
    yield
    setattr(timeline, "mark", figures_keeping.mark)  # noqa: B010 - the same, put back


ASKED: dict[str, Callable[..., Any]] = {
    "count_all": count_all,
    "reading": reading,
    "narrowed": narrowed,
    "page": page,
    "passing": passing,
    "writing": writing,
}
