"""The pages of the owner archive."""

from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from owners.models import Owner, Ownership
from owners.services.archive import create_owner
from tenancy.models import AuditEntry
from tenancy.scope import company_scope
from tests.conftest import SignIn
from tests.factories.cast import TUESDAY, Cast

HTMX = {"HX-Request": "true"}


def url(cast: Cast, name: str, owner: Any = None) -> str:
    kwargs: dict[str, Any] = {"company": cast.company.slug}
    if owner is not None:
        kwargs["pk"] = getattr(owner, "pk", owner)
    return reverse(f"owners:{name}", kwargs=kwargs)


def audit(cast: Cast) -> list[tuple[str, str]]:
    with company_scope(cast.company.pk):
        entries = AuditEntry.objects.select_related("by").order_by("at", "id")
        return [(entry.action, entry.by.name) for entry in entries]


@pytest.fixture
def desk(jinxiu: Cast, sign_in: SignIn) -> Client:
    return sign_in(jinxiu.desk)


@pytest.fixture
def person(jinxiu: Cast) -> Owner:
    """李娜, who has a telephone, an identity number and no account yet."""
    with company_scope(jinxiu.company.pk):
        owner = create_owner(
            name="李娜",
            phone="13900000002",
            id_number="11010519491231002X",
            by=jinxiu.actor("admin"),
            now=TUESDAY,
        )
        Ownership.objects.create(owner=owner, unit=jinxiu.unit)
    return owner


ROLES = [
    ("owner", 403),
    ("technician", 403),
    ("desk", 200),
    ("supervisor", 200),
    ("manager", 200),
    ("admin", 200),
]


@pytest.mark.parametrize(("role", "status"), ROLES)
def test_archive_is_for_those_who_may_read_it(
    jinxiu: Cast, person: Owner, sign_in: SignIn, role: str, status: int
) -> None:
    client = sign_in(jinxiu.members[role])
    answers = [
        client.get(url(jinxiu, "owner_list")),
        client.get(url(jinxiu, "owner_detail", person)),
        client.post(url(jinxiu, "owner_reveal", person), {"field": "phone"}),
    ]
    assert {answer.status_code for answer in answers} == {status}


def test_archive_does_not_exist_for_strangers(
    jinxiu: Cast, heyue: Cast, person: Owner, sign_in: SignIn, desk: Client
) -> None:
    stranger = sign_in(heyue.desk)
    answers = [
        stranger.get(url(jinxiu, "owner_list")),
        stranger.get(url(jinxiu, "owner_detail", person)),
        desk.get(url(jinxiu, "owner_detail", heyue.resident)),
        desk.post(url(jinxiu, "owner_reveal", heyue.resident), {"field": "phone"}),
        desk.post(url(jinxiu, "owner_access", heyue.resident)),
        desk.get(url(jinxiu, "owner_detail", UUID(int=1))),
    ]
    assert {answer.status_code for answer in answers} == {404}


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["李娜", "张伟"]),
        ("lina", ["李娜"]),
        ("0002", ["李娜"]),
        ("1201", ["李娜", "张伟"]),
        ("nobody", []),
        ("%00", []),
        ("x" * 5_000, []),
    ],
)
def test_archive_is_searched(
    jinxiu: Cast, heyue: Cast, person: Owner, desk: Client, query: str, names: list[str]
) -> None:
    answer = desk.get(f"{url(jinxiu, 'owner_list')}?q={query}")
    assert [each["owner"].name for each in answer.context["people"]] == names


def test_archive_shows_homes_and_masked_numbers(jinxiu: Cast, person: Owner, desk: Client) -> None:
    page = desk.get(url(jinxiu, "owner_list"), headers=HTMX).content.decode()
    assert ("139****0002" in page, "13900000002" in page, "3栋1201" in page) == (True, False, True)
    assert "<html" not in page


@pytest.mark.parametrize("count", [1, 3])
def test_archive_asks_the_same_number_of_queries(jinxiu: Cast, desk: Client, count: int) -> None:
    with company_scope(jinxiu.company.pk):
        for number in range(count):
            owner = create_owner(name=f"李娜{number}", by=jinxiu.actor("desk"), now=TUESDAY)
            Ownership.objects.create(owner=owner, unit=jinxiu.unit)
    desk.get(url(jinxiu, "owner_list"))
    with CaptureQueriesContext(connection) as queries:
        desk.get(url(jinxiu, "owner_list"))
    assert len(queries) == LIST_QUERIES, [each["sql"][:160] for each in queries]


# Session, user, company, the company's mark, membership; people, their homes; the bell.
LIST_QUERIES = 11


def test_a_person_is_shown_with_masked_numbers(jinxiu: Cast, person: Owner, desk: Client) -> None:
    page = desk.get(url(jinxiu, "owner_detail", person)).content.decode()
    clear = [number in page for number in ("13900000002", "11010519491231002X")]
    masked = [number in page for number in ("139****0002", "110***********002X")]
    assert (clear, masked) == ([False, False], [True, True])


@pytest.mark.parametrize(
    ("field", "value"), [("phone", "+8613900000002"), ("id_number", "11010519491231002X")]
)
@pytest.mark.parametrize("htmx", [{}, HTMX])
def test_revealing_is_written_down(
    jinxiu: Cast, person: Owner, desk: Client, field: str, value: str, htmx: dict[str, str]
) -> None:
    answer = desk.post(url(jinxiu, "owner_reveal", person), {"field": field}, headers=htmx)
    assert (answer.status_code, value in answer.content.decode()) == (200, True)
    assert answer.headers["Cache-Control"] == "no-store"
    assert audit(jinxiu)[-1] == (f"reveal_{field}", "desk")


@pytest.mark.parametrize("field", ["", "name", "\x00", "password"])
def test_only_numbers_are_revealed(jinxiu: Cast, person: Owner, desk: Client, field: str) -> None:
    before = audit(jinxiu)
    answer = desk.post(url(jinxiu, "owner_reveal", person), {"field": field})
    assert (answer.status_code, audit(jinxiu)) == (302, before)


def test_there_may_be_nothing_to_reveal(jinxiu: Cast, desk: Client) -> None:
    answer = desk.post(url(jinxiu, "owner_reveal", jinxiu.resident), {"field": "id_number"})
    assert answer.status_code == 302


def test_revealing_is_never_done_by_following_a_link(
    jinxiu: Cast, person: Owner, desk: Client
) -> None:
    assert desk.get(url(jinxiu, "owner_reveal", person)).status_code == 405


def test_a_person_is_let_into_the_portal(jinxiu: Cast, person: Owner, desk: Client) -> None:
    answer = desk.post(url(jinxiu, "owner_access", person), follow=True)
    assert answer.context["row"].membership.roles == ["owner"]
    assert audit(jinxiu)[-1] == ("grant_portal_access", "desk")


def test_nobody_is_let_in_without_a_telephone(jinxiu: Cast, desk: Client) -> None:
    with company_scope(jinxiu.company.pk):
        owner = create_owner(name="无号", by=jinxiu.actor("desk"), now=TUESDAY)
    answer = desk.post(url(jinxiu, "owner_access", owner), follow=True)
    assert [message.level_tag for message in answer.context["messages"]] == ["error"]
    assert answer.context["row"].membership is None
