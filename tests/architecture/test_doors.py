"""Every address, discovered from the resolver, tried by everybody who has no business there.

No list is kept by hand: a new page or operation is found here by itself, and fails the suite
until it says what it needs.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from complaints.services import handling
from complaints.services.calling import call_back
from surveys.views.answer_open import OpenPage
from tenancy.models import CompanyModel, Membership, User
from tenancy.pages import Page
from tenancy.permissions import Can, Role
from tenancy.scope import company_scope
from tenancy.viewsets.base import CompanyViewSet
from tests.factories.cast import TUESDAY, Cast

METHODS = ("get", "post", "put", "patch", "delete")
# Beyond these no member is needed, each with its reason.
OPEN_TO_ALL = {
    "api/v1/tokens/": "making a token is how a program signs in",
    "s/": "a poster leads there; one goes on with a code, or asks for one's link",
    "s/<str:secret>/": "a survey is answered by whoever has the link",
    "s/<str:secret>/photo/<str:question>/": "a photo chosen there and not sent yet",
    "said/": "what the company has published hangs where everybody passes",
    "said/<uuid:pk>/": "one such publication, approved for everybody",
}


@dataclass(frozen=True)
class Door:
    """One address of a company, and the view behind it."""

    route: str  # without the company
    pattern: URLPattern

    @property
    def view(self) -> Any:
        callback: Any = self.pattern.callback
        return getattr(callback, "view_class", None) or getattr(callback, "cls", None)

    @property
    def is_api(self) -> bool:
        return self.route.startswith("api/")

    @property
    def takes_a_row(self) -> bool:
        return "<" in self.route

    def address(self, slug: str, pk: object) -> str:
        parts = [str(pk) if part.startswith("<") else part for part in self.route.split("/")]
        return f"/{slug}/" + "/".join(parts)

    def __str__(self) -> str:
        return self.route or "(home)"


def doors(resolver: Any = None, before: str = "") -> Iterator[Door]:
    for entry in (resolver or get_resolver()).url_patterns:
        route = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from doors(entry, route)
        elif route.startswith("<slug:company>/") and "format" not in route:
            yield Door(route.removeprefix("<slug:company>/"), entry)


DOORS = list(doors())
PAGES = [door for door in DOORS if not door.is_api]
OPERATIONS = [door for door in DOORS if door.is_api and door.view is not None]
WITH_A_ROW = [door for door in DOORS if door.takes_a_row]


def send(client: Client, method: str, address: str) -> int:
    kind = {"content_type": "application/json"} if "/api/" in address else {}
    data: Any = {} if method in ("post", "get") else "{}"
    status: int = getattr(client, method)(address, data, **kind).status_code
    return status


def test_there_are_doors_of_both_kinds() -> None:
    assert len(PAGES) > 30
    assert len(OPERATIONS) > 20


@pytest.mark.parametrize("door", [each for each in PAGES if each.route in OPEN_TO_ALL], ids=str)
def test_open_pages_leave_no_trace(door: Door) -> None:
    assert issubclass(door.view, OpenPage)


@pytest.mark.parametrize("door", [each for each in PAGES if each.route not in OPEN_TO_ALL], ids=str)
def test_every_page_says_what_it_needs(door: Door) -> None:
    assert issubclass(door.view, Page)
    assert isinstance(door.view.needs, Can)


@pytest.mark.parametrize("door", OPERATIONS, ids=str)
def test_every_operation_says_what_it_needs(door: Door) -> None:
    assert issubclass(door.view, CompanyViewSet)
    actions = set(door.pattern.callback.actions.values())  # type: ignore[attr-defined]
    assert actions - set(door.view.needs) == set()


def outcomes(client: Client, address: str) -> set[int]:
    return {send(client, method, address) for method in METHODS}


def wrong(found: dict[str, set[int]], allowed: set[int]) -> dict[str, set[int]]:
    """The doors that answered with anything else."""
    return {route: rest for route, statuses in found.items() if (rest := statuses - allowed)}


def tried(client: Client, doors: list[Door]) -> dict[str, set[int]]:
    """What each door of jinxiu answers, to every method, about a row that does not exist."""
    return {door.route: outcomes(client, door.address("jinxiu", uuid4())) for door in doors}


CLOSED = [door for door in DOORS if door.route not in OPEN_TO_ALL]


def test_nobody_gets_in_without_signing_in(jinxiu: Cast, client: Client) -> None:
    pages = [door for door in CLOSED if not door.is_api]
    operations = [door for door in CLOSED if door.is_api]

    assert wrong(tried(client, pages), {302, 404}) == {}  # to the sign-in page
    assert wrong(tried(client, operations), {401, 404, 405}) == {}


def test_what_is_open_to_all_gives_nothing_away(jinxiu: Cast, client: Client) -> None:
    opened = [door for door in DOORS if door.route in OPEN_TO_ALL]

    assert {door.route for door in opened} == set(OPEN_TO_ALL)
    # The entrance shows two empty forms, and sends them back when they are. Of what was published
    # there is a list, which is empty here.
    found = wrong(tried(client, opened), {400, 401, 404, 405, 429})
    assert found == {"s/": {200, 422}, "said/": {200}}


def test_a_stranger_finds_nothing(jinxiu: Cast) -> None:
    """Somebody who signs in, but belongs to no company."""
    stranger = Client()
    stranger.force_login(
        User.objects.create(username="stranger"), "django.contrib.auth.backends.ModelBackend"
    )

    assert wrong(tried(stranger, CLOSED), {404}) == {}


def test_a_member_of_the_rival_finds_nothing(jinxiu: Cast, heyue: Cast) -> None:
    assert wrong(tried(signed_in(everything(heyue)), CLOSED), {404}) == {}


def signed_in(member: Membership) -> Client:
    client = Client()
    client.force_login(member.user, "django.contrib.auth.backends.ModelBackend")
    return client


def everything(cast: Cast) -> Membership:
    """A member with every role there is: only the walls between companies are left."""
    with company_scope(cast.company.pk):
        member = cast.members["admin"]
        member.roles = list(Role.values)
        member.save(update_fields=["roles"])
    return member


def busy(cast: Cast) -> None:
    """Let there be a row of every kind that a ticket's life leaves behind."""
    with company_scope(cast.company.pk):
        ticket = cast.file()
        desk = cast.actor("desk")
        handling.accept(ticket=ticket, by=desk, now=TUESDAY)
        call_back(ticket=ticket, outcome="busy", by=desk, now=TUESDAY)


def ids_of(cast: Cast, door: Door) -> list[object]:
    """The rival's real ids: of the noun behind the door, or of every noun when it names none."""
    named = getattr(door.view, "model", None)
    models: list[Any] = [model for model in apps.get_models() if issubclass(model, CompanyModel)]
    with company_scope(cast.company.pk):
        found = [
            model.objects.values_list("pk", flat=True).first()
            for model in ([named] if named is not None else models)
        ]
    return [pk for pk in found if pk is not None]


@pytest.mark.parametrize("role", [*Role.values, "all"])
def test_the_rivals_rows_do_not_exist(jinxiu: Cast, heyue: Cast, role: str) -> None:
    busy(heyue)
    client = signed_in(everything(jinxiu) if role == "all" else jinxiu.members[role])

    found: dict[str, set[int]] = {}
    for door in WITH_A_ROW:
        found[door.route] = set()
        for pk in ids_of(heyue, door):
            found[door.route] |= outcomes(client, door.address("jinxiu", pk))
        if door.route in OPEN_TO_ALL:
            found[door.route].discard(429)  # whoever tries so many is told to stop

    # To the member with every role nothing is forbidden: what is left is that no row is there.
    assert wrong(found, {404, 405} if role == "all" else {403, 404, 405}) == {}
