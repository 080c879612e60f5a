"""Every page of every role in a real browser, found from the resolver: nobody is hurt by any.

Narrow and wide, light and dark, Chinese and English, at 200 % zoom, and printed.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client, override_settings
from django.urls import reverse

from reports.services.demo.company import HEYUE, JINXIU
from reports.services.demo.world import load
from tenancy.models import Membership
from tenancy.pages import ActionPage, Page
from tenancy.permissions import TABLE, Role
from tenancy.services.database import refresh_statistics
from tests.architecture.test_doors import PAGES, Door
from tests.factories.cast import leave_nobody
from tests.factories.demo import MORNING, inside, small
from tests.journeys.conftest import Arrival, Person

# Two by two, for as much to look at each time: one world is made for both.
PAIRS = [("admin", "owner"), ("desk", "manager"), ("supervisor", "technician")]
pytestmark = [
    pytest.mark.browser,
    pytest.mark.long,
    pytest.mark.django_db(transaction=True),
    pytest.mark.parametrize("roles", PAIRS, ids="-".join),
]

# What another role has looked at already need not be looked at again.
SEEN_BY = {"supervisor": Role.DESK, "manager": Role.SUPERVISOR, "admin": Role.MANAGER}

# Two ways to arrive; each page is then seen in the other theme and at another width as well.
LOOKS: list[dict[str, Any]] = [
    {"width": 390, "height": 844},
    {"width": 1440, "dark": True, "lang": "en"},
]
# Not pages of HTML: what they answer is downloaded, or is a stream that never ends.
KINDS = "text/html"


@pytest.fixture
def world(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    """Both demo companies, small."""
    with override_settings(DEMO=True, MEDIA_ROOT=str(tmp_path)):
        leave_nobody()
        load(now=MORNING, say=lambda _: None, blueprints=[small(JINXIU), small(HEYUE)])
        refresh_statistics()
        yield


def rooms(member: Membership, role: str) -> Iterator[str]:
    """The addresses of the pages that a member may open, with a row of theirs where one is due."""
    seen = TABLE[SEEN_BY[role]] if role in SEEN_BY else frozenset()
    for door in PAGES:
        view: Any = door.view
        if not issubclass(view, Page):
            continue  # open to all: whoever made it looks at it
        if issubclass(view, ActionPage) or not member.can(view.needs) or view.needs in seen:
            continue
        row = row_for(door, member)
        if row is not None:
            yield door.address("jinxiu", row)


def row_for(door: Door, member: Membership) -> object | None:
    """An id for the address, "" when it takes none; nothing when there is no such row."""
    if not door.takes_a_row:
        return ""
    if "slug" in door.route or not hasattr(door.view, "model"):
        return None
    visible = door.view.model.objects.visible_to(member)
    found: object | None = visible.order_by("-pk").values_list("pk", flat=True).first()
    return found


def answers_with_a_page(client: Client, address: str) -> bool:
    """Whether there is HTML to look at: not a redirection, a download or a refusal to GET."""
    answer = client.get(address)
    kind = answer.headers.get("Content-Type", "")
    found = answer.status_code == 200 and kind.startswith(KINDS) and not answer.streaming
    answer.close()
    return found and b"<!doctype html>" in answer.content[:200].lower()


def test_every_page_hurts_nobody(world: None, arrive: Arrival, roles: tuple[str, str]) -> None:
    for role in roles:
        every_page_of(role, arrive)


def every_page_of(role: str, arrive: Arrival) -> None:
    client, addresses = signed_in(role)
    addresses = [each for each in addresses if answers_with_a_page(client, each)]
    assert addresses
    for look in LOOKS:
        person = arrive(**look)
        enter(person, client)
        for address in addresses:
            person.visit(address)
    prints_without_its_frame(person)


def signed_in(role: str) -> tuple[Client, list[str]]:
    """A client of somebody in that role, and the addresses that are theirs to open."""
    with inside("jinxiu"):
        member = Membership.objects.select_related("user").get(user__username=f"{role}@jinxiu")
        client = Client()
        client.force_login(member.user, "django.contrib.auth.backends.ModelBackend")
        return client, list(rooms(member, role))


def enter(person: Person, client: Client) -> None:
    """Be signed in already: signing in has its own tests."""
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    person.page.context.add_cookies(
        [{"name": cookie.key, "value": cookie.value, "url": person.origin}]
    )


def prints_without_its_frame(person: Person) -> None:
    person.page.goto(person.origin + reverse("reports:home", kwargs={"company": "jinxiu"}))
    person.page.emulate_media(media="print")
    hidden = "[...document.querySelectorAll('.rail, .tab-bar, .account-menu')]"
    assert person.page.evaluate(f"{hidden}.every(part => part.getClientRects().length === 0)")
