"""The manager's dashboard, and that every number on it opens exactly its tickets."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from complaints.models import Kind
from complaints.services import handling
from complaints.services.calling import call_back
from complaints.services.figures_keeping import count_company
from complaints.services.owner_voice import rate
from owners.models import Building, Unit
from tenancy.models import Community
from tenancy.scope import company_scope
from tests.conftest import SignIn
from tests.factories.cast import TUESDAY, Cast

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WHEN = TUESDAY + 9 * DAY
NUMBER = re.compile(r'<a[^>]* href="([^"]+)"[^>]* data-count="(\d+)"')
TOTAL = re.compile(r'data-total="(\d+)"')


@pytest.fixture(autouse=True)
def later() -> Iterator[None]:
    with time_machine.travel(WHEN, tick=False):
        yield


@pytest.fixture
def busy(jinxiu: Cast) -> Cast:
    """Some weeks in which a bit of everything happened, partly counted and partly not."""
    desk, owner = jinxiu.actor("desk"), jinxiu.actor("owner")
    with company_scope(jinxiu.company.pk):
        place = Community.objects.create(name="翡翠湾")
        building = Building.objects.create(community=place, name="1栋")
        unit = Unit.objects.create(building=building, community=place, number="101", label="1栋101")
        for number in range(12):
            now = TUESDAY - (number * 4) * DAY
            ticket = jinxiu.file(
                now=now,
                category=[jinxiu.lift, jinxiu.tap, jinxiu.trapped][number % 3],
                kind=[Kind.COMPLAINT, Kind.REPAIR, Kind.COMPLAINT][number % 3],
                unit=unit if number % 4 == 0 else jinxiu.unit,
            )
            if number % 2:
                handling.accept(ticket=ticket, by=desk, now=now + number * HOUR)
                call_back(ticket=ticket, outcome="declined", by=desk, now=now + 2 * number * HOUR)
            if number % 3 == 1:
                handling.resolve(
                    ticket=ticket, solution="好了", by=desk, now=now + 3 * number * HOUR
                )
                rate(ticket=ticket, score=1 + number % 5, by=owner, now=now + 4 * number * HOUR)
            if number == 6:
                count_company()
    return jinxiu


def figures(cast: Cast, query: str = "") -> str:
    return reverse("reports:figures", kwargs={"company": cast.company.slug}) + query


def numbers(client: Client, address: str) -> list[tuple[str, int]]:
    text = client.get(address).content.decode()
    return [(unescape(url), int(count)) for url, count in NUMBER.findall(text)]


@pytest.mark.parametrize(
    ("role", "status"),
    [("owner", 403), ("technician", 403), ("desk", 403), ("supervisor", 403), ("manager", 200),
     ("admin", 200)],
)  # fmt: skip
def test_figures_are_for_those_who_steer(
    jinxiu: Cast, sign_in: SignIn, role: str, status: int
) -> None:
    assert sign_in(jinxiu.members[role]).get(figures(jinxiu)).status_code == status


QUESTIONS = [
    "",
    "?period=year&by=building",
    "?period=quarter&by=category&kind=complaint",
    "?period=last_month&against=last_year&by=department",
    "?period=free&first=2026-09-20&last=2026-11-12&against=nothing&by=person",
    "?period=week",
    "?period=year&category=lift&by=person",
    "?period=year&department=engineering&by=community",
    "?period=year&community=community&by=building",
]


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_number_opens_exactly_its_tickets(
    busy: Cast, heyue: Cast, sign_in: SignIn, question: str
) -> None:
    heyue.file(now=TUESDAY)
    for name in ("lift", "engineering", "community"):
        question = question.replace(f"={name}&", f"={busy.rows[name].pk}&")
    client = sign_in(busy.manager)
    found = numbers(client, figures(busy, question))
    assert len(found) > 9
    for url, count in dict(found).items():
        total = TOTAL.search(client.get(url).content.decode())
        assert total is not None
        assert (url, int(total[1])) == (url, count)


def test_every_share_opens_what_it_is_of(busy: Cast, sign_in: SignIn) -> None:
    groups = sign_in(busy.manager).get(figures(busy, "?period=year")).context["groups"]
    tiles = [tile for _, some in groups for tile in some if tile.whole]
    assert [tile.name for tile in tiles] == [
        "acceptance", "callback", "resolution", "follow_up", "rating", "low", "reopened",
    ]  # fmt: skip
    for tile in tiles[:4]:
        assert tile.whole.count == sum(part.number.count for part in tile.parts)
        assert f"figure={tile.name}_known" in tile.whole.url


def test_figures_of_a_manager_end_at_their_communities(busy: Cast, sign_in: SignIn) -> None:
    whole = sign_in(busy.manager).get(figures(busy, "?period=year")).context["groups"]
    with company_scope(busy.company.pk):
        busy.manager.all_communities = False
        busy.manager.save()
        client = sign_in(busy.manager)
    nothing = client.get(figures(busy, "?period=year")).context["groups"]
    assert (whole[2][1][0].number.count, nothing[2][1][0].number.count) == (12, 0)


def test_what_makes_no_sense_is_said_and_nothing_is_lost(busy: Cast, sign_in: SignIn) -> None:
    client = sign_in(busy.manager)
    assert (
        client.get(figures(busy, "?period=free&first=0001-01-01&last=0001-01-02")).status_code
        == 200
    )
    for query, field in (
        ("?period=free", "first"),
        ("?period=free&first=2026-11-12&last=2026-11-01", "last"),
        ("?period=free&first=2020-11-12&last=2026-11-01", "last"),
        ("?period=free&first=0001-01-01&last=2026-11-01", "first"),
        ("?against=free", "against_first"),
        ("?period=century", "period"),
        ("?community=nonsense", "community"),
        ("?kind=%00", "kind"),
    ):
        answer = client.get(figures(busy, query))
        assert (answer.status_code, query, list(answer.context["form"].errors)[:1]) == (
            200, query, [field],
        )  # fmt: skip


@pytest.mark.parametrize("tickets", [1, 3])
def test_figures_ask_the_same_number_of_queries(
    jinxiu: Cast, sign_in: SignIn, tickets: int, django_assert_num_queries: object
) -> None:
    for number in range(tickets):
        jinxiu.file(now=TUESDAY + number * DAY)
    client = sign_in(jinxiu.manager)
    client.get(figures(jinxiu))
    with django_assert_num_queries(21):  # type: ignore[operator]
        client.get(figures(jinxiu))


def test_on_paper_it_is_said_whose_figures_of_what_these_are(busy: Cast, sign_in: SignIn) -> None:
    address = f"/jinxiu/figures/?period=year&kind=repair&community={busy.community.pk}"
    page = sign_in(busy.manager).get(address, headers={"Accept-Language": "en"}).content.decode()
    line = page.partition('<p class="print-only small">')[2].partition("</p>")[0]
    said = unescape(line).split(" · ")
    assert (said[0], busy.community.name in said, "repair" in line.lower()) == (
        "锦绣物业", True, True
    )  # fmt: skip
