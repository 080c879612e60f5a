"""Every number of the ratings after service opens exactly what it counts."""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import resolve, reverse

from complaints.models import Kind, Rating, Ticket
from complaints.services import handling
from complaints.services.figures_keeping import count_company
from complaints.services.figures_sets import last_word, narrowed
from complaints.services.own_work import set_task
from complaints.services.owner_voice import rate
from owners.models import Building, Unit
from surveys.services.after_service import (
    Behind,
    Counts,
    Grain,
    Rows,
    Said,
    Source,
    forget,
    register,
    sources,
)
from surveys.views.after_service_numbers import Number
from tenancy.models import Community, MembershipCommunity
from tenancy.permissions import Can
from tenancy.scope import company_scope
from tenancy.services.database import refresh_statistics
from tests.conftest import SignIn
from tests.factories.cast import SHANGHAI, TUESDAY, Cast, cast_of
from tests.surveys.test_after_service import address, asking, called, plan_of, source

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WHEN = TUESDAY + 9 * DAY
NUMBER = re.compile(r'<a href="([^"]+)" data-count="(\d+)">')
TOTAL = re.compile(r'data-total="(\d+)"')
# Half past midnight of November the first, still October in Greenwich.
NIGHT = datetime(2026, 11, 1, 0, 30, tzinfo=SHANGHAI)


@pytest.fixture(autouse=True)
def later() -> Iterator[None]:
    with time_machine.travel(WHEN, tick=False):
        yield


def judged(cast: Cast, *stars: int, now: datetime, **more: Any) -> Ticket:
    """A ticket that is done as often as it is judged; once more than that where nobody judges."""
    ticket = cast.file(now=now, **more)
    for hour, score in enumerate(stars or (None,)):
        then = now + hour * HOUR + HOUR
        ticket = handling.resolve(
            ticket=ticket, solution="好了", by=cast.actor("technician"), now=then
        )
        if score is not None:
            rate(ticket=ticket, score=score, by=cast.actor("owner"), now=then)
            ticket.refresh_from_db()
    return ticket


def lived(cast: Cast) -> None:
    """Some months of tickets of every kind in two communities, partly counted and partly not."""
    with company_scope(cast.company.pk):
        place = Community.objects.create(name="翡翠湾")
        building = Building.objects.create(community=place, name="1栋")
        unit = Unit.objects.create(building=building, community=place, number="101", label="1栋101")
        cast.rows["other"] = place
        for number in range(9):
            now = NIGHT - 12 * number * DAY
            where = cast.unit if number % 2 else unit
            judged(cast, *([1 + number % 5] if number % 4 else []), now=now, unit=where)
        judged(cast, now=TUESDAY, owner=None, unit=None, community=place, by="desk")  # nobody
        set_task(
            kind=Kind.IMPROVEMENT, title="更快", community=place, assignee=cast.supervisor,
            due_on=date(2026, 11, 24), by=cast.actor("manager"), now=TUESDAY,
        )  # fmt: skip
        count_company()
        judged(cast, 1, 5, now=TUESDAY)  # content at last: the last word counts
        judged(cast, 2, now=NIGHT)  # taken up again, and not done
        judged(cast, now=NIGHT - HOUR)
        cast.file(now=TUESDAY)
        called(cast, 2, now=TUESDAY)


@pytest.fixture
def busy(jinxiu: Cast, heyue: Cast) -> Cast:
    """A company with a rival that looks the same from outside."""
    for cast in (heyue, jinxiu):
        lived(cast)
    return jinxiu


def numbers(client: Client, cast: Cast, **asked: str) -> list[tuple[str, int]]:
    """The numbers of a page that open something, with what they say."""
    text = client.get(address(cast), asked).content.decode()
    return [(unescape(url), int(count)) for url, count in NUMBER.findall(text)]


def listed(client: Client, url: str) -> int:
    """How many tickets a list says it holds, having shown as many."""
    answer = client.get(url)
    total = TOTAL.search(answer.content.decode())
    assert total is not None
    assert len(answer.context["rows"]) == int(total[1])
    return int(total[1])


@pytest.mark.parametrize(
    ("role", "asked"),
    [
        ("manager", {}),
        ("manager", {"month": "2026-10"}),
        ("manager", {"community": "other"}),
        ("supervisor", {"month": "2026-11"}),
        ("limited", {}),
        ("limited", {"period": "3"}),
    ],
)
def test_every_number_opens_exactly_its_tickets(
    busy: Cast, sign_in: SignIn, role: str, asked: dict[str, str]
) -> None:
    reader = busy.members.get(role, busy.supervisor)
    if role == "limited":
        with company_scope(busy.company.pk):
            reader.all_communities = False
            reader.save()
            MembershipCommunity.objects.create(membership=reader, community=busy.other)
    if "community" in asked:
        asked = {"community": str(busy.other.pk)}
    client = sign_in(reader)
    found = numbers(client, busy, **asked)
    assert len(found) > 5
    for url, count in dict(found).items():
        assert (url, listed(client, url)) == (url, count)


def test_numbers_open_the_tickets_that_are_meant(busy: Cast, sign_in: SignIn) -> None:
    """Not only as many: those that came in, in which the owner said that and nothing else."""
    client = sign_in(busy.manager)
    page = client.get(address(busy), {"month": "2026-11"})
    part = page.context["parts"][0]

    def opened(number: Any) -> list[int | None]:
        return [row["stars"] for row in client.get(number.url).context["rows"]]

    # In October half past eleven in the evening is not November.
    assert (opened(part.total.asked), opened(part.total.silent)) == ([5, 2, None], [None])
    assert [opened(bar.number) for bar in part.bars if bar.number.count] == [[5], [2]]
    assert opened(part.total.mean) == opened(part.total.content) == [5, 2]
    assert opened(part.total.rate) == [5, 2, None]
    first = next(line for line in part.days if line.name == NIGHT.date())
    assert (opened(first.answered), first.mean.text) == ([2], "2.00")
    there = next(line for line in part.places if line.name == "翡翠湾")
    assert (there.asked.count, opened(there.silent)) == (1, [None])
    assert there.mean == Number(0, "", "–")


def test_a_number_that_is_nought_opens_nothing(busy: Cast, sign_in: SignIn) -> None:
    text = sign_in(busy.manager).get(address(busy)).content.decode()
    assert 'data-count="0"' not in text


def test_where_one_came_from_is_where_one_goes_back(busy: Cast, sign_in: SignIn) -> None:
    url, _count = numbers(sign_in(busy.supervisor), busy)[0]
    for role, asked, target in (
        ("supervisor", url, "surveys:after_service"),
        ("supervisor", url.replace("from=ratings", "from=elsewhere"), "surveys:after_service"),
        ("manager", url, "surveys:after_service"),
        ("manager", url.replace("from=ratings", ""), "reports:figures"),
        ("desk", url, None),
    ):
        back = sign_in(busy.members[role]).get(asked).context["back"]
        there = reverse(target, kwargs={"company": busy.company.slug}) if target else None
        assert (role, back.get("url")) == (role, there)


def test_list_says_what_it_was_narrowed_to(busy: Cast, sign_in: SignIn) -> None:
    client = sign_in(busy.manager)
    part = client.get(address(busy), {"month": "2026-10"}).context["parts"][0]
    two = part.bars[3].number.url
    text = client.get(two, headers={"Accept-Language": "en"}).content.decode()
    assert "2 stars" in text
    assert "1 Oct 2026 – 31 Oct 2026" in text
    text = client.get(part.total.silent.url, headers={"Accept-Language": "en"}).content.decode()
    assert "asked for a rating and not rated" in text


def test_owners_do_not_open_the_list(busy: Cast, sign_in: SignIn) -> None:
    url, _count = numbers(sign_in(busy.manager), busy)[0]
    assert sign_in(busy.owner).get(url).status_code == 403


@pytest.mark.parametrize("role", ["technician", "desk"])
def test_whoever_opens_the_list_sees_their_own_rows(busy: Cast, sign_in: SignIn, role: str) -> None:
    url, count = numbers(sign_in(busy.manager), busy)[0]
    client = sign_in(busy.members[role])
    member = busy.members[role]
    with company_scope(busy.company.pk):
        elsewhere = Ticket.objects.filter(community=busy.other)
        elsewhere.update(department=busy.desk_department, assignee=None)
        theirs = set(Ticket.objects.visible_to(member).values_list("id", flat=True))
    seen = {row["id"] for row in client.get(url).context["rows"]}
    assert seen <= theirs
    assert (len(seen) == count) is (role == "desk")


# --- of any source ---


def test_what_a_source_says_of_its_page_is_so() -> None:
    for each in sources():
        if each.rows:
            url = reverse(each.rows.page, kwargs={"company": "jinxiu"})
            assert resolve(url).func.view_class.needs == each.rows.needs  # type: ignore[attr-defined]
    assert source("ticket").rows is not None


@pytest.fixture
def visits(request: pytest.FixtureRequest) -> Iterator[None]:
    """Visits, whose rows are where the test says."""

    def said(asking: Any) -> list[Said]:
        here = Community.objects.order_by("name")[0].pk
        return [Said(asking.last.replace(day=1), here, 4, {5: 1, 4: 2})]

    def behind(number: Behind) -> dict[str, str]:
        return {"which": number.counts.value, "stars": str(number.stars or "")}

    page, needs = request.param
    rows = Rows(page, needs, behind) if page else None
    register(Source("visit", "走访", "每次走访之后", said, rows))
    yield
    forget("visit")


OPEN, NO_PAGE = ("tenancy:audit", Can.READ_AUDIT), ("", Can.BE_HERE)
NOT_HERE = ("visits:visit_list", Can.BE_HERE)


@pytest.mark.parametrize(
    ("visits", "role", "opens"),
    [
        (OPEN, "admin", True),
        (OPEN, "supervisor", False),  # may not open the page of the rows
        (NO_PAGE, "admin", False),
        (NOT_HERE, "admin", False),  # the room of that page is not installed
    ],
    indirect=["visits"],
)
@pytest.mark.usefixtures("visits")
def test_a_source_says_where_its_rows_are(
    jinxiu: Cast, sign_in: SignIn, role: str, opens: bool
) -> None:
    answer = sign_in(jinxiu.members[role]).get(address(jinxiu))
    found = NUMBER.findall(answer.content.decode())
    part = next(each for each in answer.context["parts"] if each.key == "visit")
    assert (bool(found), part.opens) == (opens, opens)
    if opens:
        there = reverse("tenancy:audit", kwargs={"company": "jinxiu"})
        assert part.total.silent.url == f"{there}?which=silent&stars="
        assert part.bars[1].number.url == f"{there}?which=answered&stars=4"


def test_page_says_what_its_figures_mean(jinxiu: Cast, sign_in: SignIn) -> None:
    answer = sign_in(jinxiu.supervisor).get(address(jinxiu), headers={"Accept-Language": "en"})
    words = answer.content.decode().partition('id="definitions"')[2]
    for term in ("Asked", "Answered", "Said nothing", "Stars", "Four or five stars", "Month"):
        assert f"<dt>{term}</dt>" in words


# --- how it is found ---


def filed_long_ago(many: int) -> None:
    """As many tickets like the only one, every second of them rated."""
    ticket, rated = Ticket.objects.get(), Rating.objects.get()
    names = [each.attname for each in Ticket._meta.local_concrete_fields]
    facts = {name: getattr(ticket, name) for name in names if name not in ("id", "number")}
    facts.pop("company_id")
    made = Ticket.objects.bulk_create(
        Ticket(**{**facts, "number": f"old{at}", "created_at": TUESDAY - 2 * at * HOUR})
        for at in range(1, many)
    )
    Rating.objects.bulk_create(
        Rating(ticket=each, cycle=1, score=1 + at % 5, by=rated.by, at=rated.at)
        for at, each in enumerate(made[::2])
    )


@pytest.mark.django_db(transaction=True)
def test_lists_and_figures_are_served_by_indexes() -> None:
    cast = cast_of("jinxiu", "锦绣物业")
    with company_scope(cast.company.pk):
        judged(cast, 5, now=TUESDAY)
        filed_long_ago(4000)
        while count_company():
            pass
    refresh_statistics()  # of a handful of rows, or of none, every way is as cheap
    with company_scope(cast.company.pk):
        rows = Ticket.objects.visible_to(cast.manager).filter(
            created_at__gte=TUESDAY - DAY / 2, created_at__lt=TUESDAY + DAY
        )
        behind = [narrowed(rows, each, WHEN) for each in ("rated", "silent", "asked")]
        behind.insert(0, rows.filter(last_word(score=1)))
        plans = [each.order_by("-created_at", "-id")[:51].explain() for each in behind]
        with CaptureQueriesContext(connection) as captured:
            days = asking(first=date(2026, 11, 1), grain=Grain.DAY)
            list(source("ticket").said(days))
        figures = plan_of(captured.captured_queries[-1]["sql"])
    assert all("ticket_newest" in plan for plan in plans)
    assert not [plan for plan in [*plans, figures] if "Seq Scan on complaints_ticket" in plan]
    # Whoever was asked is found by what became of the ticket; ratings are looked up for the rest.
    assert ["one_rating_per_cycle" in plan for plan in plans[:3]] == [True] * 3
    assert "Index Only Scan using fact_stars" in figures
    assert "complaints_deadline" not in figures  # nobody asks here what was promised


@pytest.mark.parametrize("many", [1, 3])
def test_list_asks_the_same_number_of_queries(
    jinxiu: Cast, sign_in: SignIn, many: int, django_assert_num_queries: Any
) -> None:
    with company_scope(jinxiu.company.pk):
        for _number in range(many):
            judged(jinxiu, 5, now=TUESDAY)
    client = sign_in(jinxiu.supervisor)
    asked = source("ticket").rows
    assert asked is not None
    behind = Behind(Counts.ANSWERED, TUESDAY.date(), TUESDAY.date(), stars=5)
    there = reverse(asked.page, kwargs={"company": jinxiu.company.slug})
    client.get(there, asked.asked(behind))
    with django_assert_num_queries(11):
        answer = client.get(there, asked.asked(behind))
    assert len(answer.context["rows"]) == many
