"""Ratings after service: whom each kind of service asked, and what they said."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from complaints.models import Callback, CallbackRating, Ticket
from complaints.services.callback_rating import rate_call
from complaints.services.calling import call_back
from complaints.services.figures_keeping import count_company
from complaints.services.handling import resolve
from complaints.services.owner_voice import rate
from surveys.services.after_service import (
    Asking,
    Grain,
    Said,
    Source,
    Verdict,
    forget,
    register,
    sources,
    stretches,
    summarised,
)
from surveys.services.audiences import Part
from surveys.services.index import measure
from surveys.services.wave import open_wave
from tenancy.models import Community, Membership, MembershipCommunity
from tenancy.scope import company_scope
from tenancy.services.database import refresh_statistics
from tests.conftest import SignIn
from tests.factories.cast import SHANGHAI, TUESDAY, Cast, cast_of
from tests.surveys.asking import (
    FIVE_DIMENSIONS,
    TODAY,
    filled,
    marks_of,
    planned,
    street,
    survey_of,
)

ZONE = ZoneInfo("Asia/Shanghai")
NOVEMBER = date(2026, 11, 1)
DAY = timedelta(days=1)


def asking(**more: Any) -> Asking:
    facts: dict[str, Any] = {
        "first": date(2026, 10, 1), "last": date(2026, 11, 30), "grain": Grain.MONTH, **more,
    }  # fmt: skip
    return Asking(zone=ZONE, **facts)


def source(key: str) -> Source:
    return next(each for each in sources() if each.key == key)


def served(cast: Cast, stars: int | None, *, now: datetime = TUESDAY) -> Ticket:
    """A ticket that came in then and is done; rated, or not."""
    ticket = cast.file(now=now)
    by = cast.actor("technician")
    done = resolve(ticket=ticket, solution="好了", by=by, now=now + timedelta(hours=1))
    if stars is not None:
        rate(ticket=done, score=stars, by=cast.actor("owner"), now=now + timedelta(hours=2))
    return ticket


def called(cast: Cast, stars: int | None, *, now: datetime = TUESDAY, **more: Any) -> None:
    """A call that reached somebody; rated, or not."""
    facts = {"outcome": "reached_satisfied", **more}
    call = call_back(ticket=cast.file(now=now), by=cast.actor("desk"), now=now, **facts)
    if stars is not None:
        rate_call(callback=call, score=stars, by=cast.actor("owner"), now=now)


def test_verdict_says_who_kept_silent() -> None:
    verdict = Verdict()
    verdict.add(Said(NOVEMBER, Community().pk, 10, {5: 2, 4: 1, 1: 1}))
    assert (verdict.answered, verdict.silent, verdict.rate) == (4, 6, 40)
    assert (verdict.mean, verdict.content, verdict.is_few) == (3.75, 75, True)
    nobody = Verdict()
    assert (nobody.rate, nobody.mean, nobody.content, nobody.is_few) == (None, None, None, False)


def test_stretches_are_days_or_months() -> None:
    year = asking(first=date(2025, 12, 1), last=date(2026, 2, 3))
    assert stretches(year) == [date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1)]
    days = asking(first=date(2026, 2, 27), last=date(2026, 3, 1), grain=Grain.DAY)
    assert stretches(days) == [date(2026, 2, 27), date(2026, 2, 28), date(2026, 3, 1)]


def test_tickets_are_told_from_their_kept_figures(scoped: Cast) -> None:
    served(scoped, 5)
    served(scoped, None)
    served(scoped, 3, now=TUESDAY - timedelta(days=14))
    scoped.file()  # not done: nobody was asked yet
    count_company()
    found = summarised(source("ticket"), asking())
    assert (found.total.asked, found.total.answered, found.total.silent) == (3, 2, 1)
    assert found.total.stars == {1: 0, 2: 0, 3: 1, 4: 0, 5: 1}
    assert {day: each.asked for day, each in found.days.items()} == {
        date(2026, 10, 1): 1, NOVEMBER: 2,
    }  # fmt: skip
    by_day = summarised(source("ticket"), asking(first=NOVEMBER, grain=Grain.DAY))
    assert {day: each.stars[5] for day, each in by_day.days.items() if each.asked} == {
        TUESDAY.date(): 1
    }


def test_calls_count_on_the_companys_day_of_the_call(scoped: Cast) -> None:
    # Half past midnight of November the first, still October in Greenwich.
    night = datetime(2026, 11, 1, 0, 30, tzinfo=SHANGHAI)
    assert night.astimezone(UTC).month == 10
    called(scoped, 4, now=night)
    called(scoped, None)
    called(scoped, None, outcome="no_answer")  # nobody was reached, nobody is asked
    found = summarised(source("callback"), asking())
    assert (found.total.asked, found.total.stars[4], found.total.silent) == (2, 1, 1)
    assert [each.asked for each in found.days.values()] == [0, 2]
    elsewhere = asking(communities=(Community.objects.create(name="月亮湾").pk,))
    assert summarised(source("callback"), elsewhere).total.asked == 0


@pytest.mark.django_db(transaction=True)
def test_calls_are_counted_without_reading_a_row() -> None:
    cast = cast_of("jinxiu", "锦绣物业")
    with company_scope(cast.company.pk):
        called(cast, 5)
        called_long_ago(3000)
    refresh_statistics()  # of a handful of rows, or of none, every way is as cheap
    with company_scope(cast.company.pk):
        with CaptureQueriesContext(connection) as captured:
            list(source("callback").said(asking()))
        plans = [plan_of(query["sql"]) for query in captured.captured_queries]
    counted = [plan for plan in plans if "complaints_callback" in plan]
    assert len(counted) == 2
    assert ["callback_asked" in counted[0], "callback_rating_trend" in counted[1]] == [True, True]
    assert all("Index Only Scan" in plan for plan in counted)


def called_long_ago(many: int) -> None:
    """As many calls like the only one, rated, before anybody asks."""
    rated, call, at = CallbackRating.objects.get(), Callback.objects.get(), TUESDAY - 900 * DAY
    facts = {"community": call.community, "by": call.by, "at": at}
    calls = Callback.objects.bulk_create(
        Callback(ticket=call.ticket, outcome=call.outcome, **facts) for _number in range(many)
    )
    facts["by"] = rated.by
    CallbackRating.objects.bulk_create(
        CallbackRating(callback=each, called_at=at, score=5, **facts) for each in calls
    )


def plan_of(sql: str) -> str:
    """How the database would go about it."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {sql}")
        return "\n".join(row[0] for row in cursor.fetchall())


# --- the page ---


@pytest.fixture
def _served(jinxiu: Cast) -> None:
    now = timezone.now() - timedelta(hours=3)
    with company_scope(jinxiu.company.pk):
        served(jinxiu, 5, now=now)
        called(jinxiu, 2, now=now)
        count_company()


@pytest.fixture
def page(jinxiu: Cast, sign_in: SignIn, _served: None) -> Client:
    return sign_in(jinxiu.supervisor)


def address(cast: Cast) -> str:
    return reverse("surveys:after_service", kwargs={"company": cast.company.slug})


def totals(answer: Any) -> dict[str, tuple[int, int]]:
    said = [(part.key, part.total.verdict) for part in answer.context["parts"]]
    return {key: (verdict.asked, verdict.answered) for key, verdict in said}


def test_page_keeps_every_source_apart(
    jinxiu: Cast, heyue: Cast, page: Client, sign_in: SignIn
) -> None:
    answer = page.get(address(jinxiu))
    assert totals(answer) == {"ticket": (1, 1), "callback": (1, 1)}
    ticket, call = answer.context["parts"]
    assert [(bar.stars, bar.share) for bar in ticket.bars] == [
        (5, 100), (4, 0), (3, 0), (2, 0), (1, 0),
    ]  # fmt: skip
    assert call.total.verdict.mean == 2
    assert answer.context["index"] is None
    assert totals(sign_in(heyue.supervisor).get(address(heyue))) == {
        "ticket": (0, 0), "callback": (0, 0),
    }  # fmt: skip
    assert sign_in(jinxiu.desk).get(address(jinxiu)).status_code == 403


@pytest.mark.parametrize(
    ("asked", "is_by_day", "stretches_shown"),
    [
        ({}, False, 12),
        ({"period": "3"}, False, 3),
        ({"period": "999"}, False, 12),
        ({"month": "2026-09"}, True, 30),
        ({"month": "2099-12"}, False, 12),
        ({"month": "2026-13"}, False, 12),
        ({"community": "nonsense"}, False, 12),
    ],
)
def test_page_takes_what_makes_sense(
    jinxiu: Cast, page: Client, asked: dict[str, str], is_by_day: bool, stretches_shown: int
) -> None:
    context = page.get(address(jinxiu), asked).context
    assert context["is_by_day"] is is_by_day
    assert len(context["parts"][0].days) == stretches_shown


def opening(days: int) -> dict[str, date]:
    opens_on = TODAY + timedelta(days=days)
    return {"opens_on": opens_on, "closes_on": opens_on + timedelta(days=9), "today": opens_on}


def test_index_beside_is_of_a_wave_that_asked_there(jinxiu: Cast, page: Client) -> None:
    """The newest wave asked one community only: of all, the one before it speaks."""
    with company_scope(jinxiu.company.pk):
        there = Community.objects.create(name="月亮湾")
        building = street(jinxiu, "8栋", 12)
        survey = survey_of(jinxiu, document=FIVE_DIMENSIONS)
        waves = []
        for days, parts in ((0, []), (30, [Part("community", (str(jinxiu.community.pk),))])):
            wave = planned(jinxiu, survey, name=f"第{days}天", parts=parts, **opening(days))
            wave = open_wave(
                wave=wave, by=jinxiu.actor("manager"), now=TUESDAY + timedelta(days=days)
            )
            measure(wave=filled(wave, [(building, [marks_of(4)] * 12)]), now=TUESDAY)
            waves.append(wave.pk)
        whole, part = waves

    def beside(**asked: Any) -> Any:
        answer = page.get(address(jinxiu), asked)
        assert answer.context["index"].wave.name in answer.content.decode()
        assert survey.title in answer.content.decode()
        return answer.context["index"].wave_id

    assert beside() == whole
    assert beside(community=str(jinxiu.community.pk)) == part
    # Once nobody lives elsewhere, it has asked everywhere.
    with company_scope(jinxiu.company.pk):
        Community.objects.filter(pk=there.pk).delete()
    assert beside() == part


@pytest.mark.usefixtures("_served")
def test_page_shows_only_the_visitors_communities(jinxiu: Cast, sign_in: SignIn) -> None:
    with company_scope(jinxiu.company.pk):
        other = Community.objects.create(name="月亮湾")
        Membership.objects.filter(pk=jinxiu.manager.pk).update(all_communities=False)
        MembershipCommunity.objects.create(membership=jinxiu.manager, community=other)
    client = sign_in(jinxiu.manager)
    assert totals(client.get(address(jinxiu))) == {"ticket": (0, 0), "callback": (0, 0)}
    hidden = {"community": str(jinxiu.community.pk)}
    assert totals(client.get(address(jinxiu), hidden)) == {"ticket": (0, 0), "callback": (0, 0)}


@pytest.mark.parametrize("many", [1, 3])
def test_page_costs_the_same_however_many_were_served(
    jinxiu: Cast, sign_in: SignIn, many: int
) -> None:
    with company_scope(jinxiu.company.pk):
        for number in range(many):
            then = timezone.now() - timedelta(days=1 + number)
            served(jinxiu, 5, now=then)
            called(jinxiu, 5, now=then)
        count_company()
    client = sign_in(jinxiu.supervisor)
    client.get(address(jinxiu))
    with CaptureQueriesContext(connection) as captured:
        client.get(address(jinxiu))
    asked = [query["sql"] for query in captured if "complaints_" in query["sql"]]
    # The book of figures, what has changed since, what was rated; calls, their ratings.
    assert len(asked) == 5


@pytest.fixture
def _visits() -> Iterator[None]:
    """A kind of service of a room above."""

    def said(asking: Asking) -> Iterable[Said]:
        here = Community.objects.order_by("name")[0].pk
        yield Said(asking.last.replace(day=1), here, 4, {5: 1, 4: 2})

    register(Source("visit", "走访", "每次走访之后", said))
    yield
    forget("visit")


@pytest.mark.usefixtures("_visits")
def test_another_kind_of_service_joins_by_registering(jinxiu: Cast, page: Client) -> None:
    answer = page.get(address(jinxiu))
    assert totals(answer)["visit"] == (4, 3)
    assert "走访" in answer.content.decode()
