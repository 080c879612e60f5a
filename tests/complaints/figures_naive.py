"""The figures counted slowly and plainly, ticket by ticket: what the portal is held against."""

from collections import Counter, defaultdict
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from complaints.models import Deadline, Promise, PromiseKind, Rating, Ticket
from complaints.models.figure import NONE
from complaints.services import figures_reading
from complaints.services.figures_days import Period
from complaints.services.figures_reading import COMMUNITY, Answer, Counts, Question
from tenancy.models import Company
from tenancy.scope import require_company_id

Found = dict[str, dict[Any, Counts]]
Stars = Counter[tuple[date, UUID, int]]


def facts(ticket: Ticket, now: datetime) -> Counts:
    """What is counted of one ticket."""
    done = ticket.status in ("resolved", "closed")
    last = Rating.objects.filter(ticket_id=ticket.pk).order_by("-cycle").first()
    counts = Counts(
        filed=1,
        resolved=int(done),
        closed=int(ticket.status == "closed"),
        reopened=int(ticket.cycle > 1),
        asked=int((done and ticket.owner_id is not None) or last is not None),
        rated=int(last is not None),
        low=int(last is not None and last.score <= 2),
        stars=last.score if last else 0,
    )
    for promise in PromiseKind.values:
        rows = list(Deadline.objects.filter(ticket_id=ticket.pk, promise=promise))
        broken = any(row.breached_at(now) for row in rows)
        setattr(counts, f"{promise}_missed", int(broken))
        setattr(counts, f"{promise}_kept", int(not broken and any(row.met_at for row in rows)))
    return counts


def concerned(ticket: Ticket, question: Question) -> bool:
    """Whether a question is about this ticket."""
    return (
        (question.communities is None or ticket.community_id in question.communities)
        and question.kind in ("", ticket.kind)
        and question.category in (None, ticket.category_id)
        and question.department in (None, ticket.department_id)
    )


def count(question: Question, period: Period, zone: str, now: datetime) -> Found:
    """Every figure of a period, by dimension and key."""
    found: Found = defaultdict(lambda: defaultdict(Counts))
    for ticket in Ticket.objects.select_related("unit"):
        day = ticket.created_at.astimezone(ZoneInfo(zone)).date()
        if not (period.first <= day <= period.last and concerned(ticket, question)):
            continue
        keys: dict[str, Any] = {
            "day": day,
            COMMUNITY: ticket.community_id,
            "category": ticket.category_id,
            "department": ticket.department_id or NONE,
            "building": ticket.unit.building_id if ticket.unit else NONE,
            "person": ticket.assignee_id or NONE,
        }
        for dimension, key in keys.items():
            found[dimension][key] += facts(ticket, now)
    return {dimension: dict(rows) for dimension, rows in found.items()}


def count_ratings(starts: list[date], last: date, now: datetime) -> Stars:
    """How many gave so many stars, by stretch of days and community; none: asked, and silent."""
    found: Stars = Counter()
    for ticket in Ticket.objects.all():
        day = ticket.created_at.astimezone(own_zone()).date()
        counts = facts(ticket, now)
        if counts.asked and starts[0] <= day <= last:
            start = max(each for each in starts if each <= day)
            found[start, ticket.community_id, counts.stars] += 1
    return found


def read_ratings(starts: list[date], last: date, *, by_day: bool) -> Stars:
    """What the portal answers, in the same shape."""
    found: Stars = Counter()
    for row in figures_reading.read_ratings(
        Question(), starts, last, by_day=by_day, zone=own_zone()
    ):
        found[row.start, row.community, row.stars] += row.rated
        found[row.start, row.community, 0] += row.asked - row.rated
    return Counter({key: count for key, count in found.items() if count})


def own_zone() -> ZoneInfo:
    """The company's own."""
    return ZoneInfo(Company.objects.get(pk=require_company_id()).zone)


def comparable(answer: Answer) -> Found:
    """An answer in the same shape, without what is nothing."""
    rows: Found = {"day": dict(answer.days), **answer.by}
    return {
        dimension: {key: counts for key, counts in found.items() if counts != Counts()}
        for dimension, found in rows.items()
        if any(counts != Counts() for counts in found.values())
    }


ALL = ("category", "department", "building", "person")


def read(question: Question, period: Period, *, now: datetime) -> Answer:
    """What the portal answers, in the company's own zone."""
    return figures_reading.read(question, period, zone=own_zone(), now=now)


def promise_of(kind: str) -> Promise:
    """The company's one promise of a kind."""
    found: Promise = Promise.objects.get(promise=kind)
    return found
