"""Who works here, on the admin's pages: found, invited, changed, let go."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tenancy.models import AuditEntry, Company, Membership
from tenancy.permissions import TABLE, Can, Role
from tenancy.scope import company_scope
from tests.conftest import SignIn
from tests.factories.cast import TUESDAY, Cast

EN = {"Accept-Language": "en"}


@pytest.fixture(autouse=True)
def on_tuesday() -> Iterator[None]:
    with time_machine.travel(TUESDAY, tick=False):
        yield


@pytest.fixture
def admin(jinxiu: Cast, sign_in: SignIn) -> Client:
    return sign_in(jinxiu.admin)


def url(cast: Cast, name: str, pk: Any = None) -> str:
    kwargs = {"company": cast.company.slug} | ({"pk": pk} if pk else {})
    return reverse(f"tenancy:{name}", kwargs=kwargs)


def company(cast: Cast) -> Company:
    return Company.objects.get(pk=cast.company.pk)


def queries_of(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def names(page: Any) -> list[str]:
    return [row.name for row in page.context["rows"]]


def test_members_are_found(jinxiu: Cast, admin: Client) -> None:
    address = url(jinxiu, "member_list")
    with company_scope(jinxiu.company.pk):
        Membership.objects.filter(pk=jinxiu.manager.pk).update(all_communities=False)
    everybody = ["admin", "desk", "manager", "supervisor", "technician"]
    assert names(admin.get(address)) == everybody
    asked: list[tuple[dict[str, Any], list[str]]] = [
        ({"search": "vis"}, ["supervisor"]),
        ({"role": "desk"}, ["desk"]),
        ({"department": jinxiu.engineering.pk}, ["supervisor", "technician"]),
        ({"community": jinxiu.community.pk}, ["admin", "desk", "supervisor", "technician"]),
        ({"active": "false"}, []),
        ({"role": "nonsense"}, everybody),
        ({"search": "\x00"}, everybody),
        ({"department": "x"}, everybody),
    ]
    for query, found in asked:
        page = admin.get(address, query)
        assert (page.status_code, names(page)) == (200, found), query
    part = admin.get(address, {"search": "desk"}, headers={"HX-Request": "true"})
    assert b"<html" not in part.content


def test_the_list_of_members_asks_as_much_with_many(jinxiu: Cast, admin: Client) -> None:
    address = url(jinxiu, "member_list")
    counts = [queries_of(admin, address)]
    for number in range(2):
        data = {
            "name": f"新{number}",
            "address": f"n{number}@example.com",
            "roles": ["desk"],
            "departments": [jinxiu.engineering.pk],
            "communities": [jinxiu.community.pk],
        }
        assert admin.post(url(jinxiu, "member_add"), data).status_code == 302
        counts.append(queries_of(admin, address))
    assert counts[1] == counts[2]


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("li@example.com", 302), ("139 0000 0009", 302), ("+86 13900000009", 302),
        ("nobody", 422), ("li@", 422), ("123", 422), ("", 422), ("\x00", 422),
    ],
)  # fmt: skip
def test_somebody_is_invited(jinxiu: Cast, admin: Client, address: str, status: int) -> None:
    data = {"name": "李雷", "address": address, "roles": ["desk"]}
    answer = admin.post(url(jinxiu, "member_add") + "?guide", data)
    assert answer.status_code == status
    if status == 302:
        assert answer["Location"] == "/jinxiu/settings/"
        assert admin.post(url(jinxiu, "member_add"), data).status_code == 422  # works here already


@pytest.mark.parametrize("roles", [[], ["owner"], ["operator"], ["nonsense"]])
def test_only_roles_that_are_offered_are_given(
    jinxiu: Cast, admin: Client, roles: list[str]
) -> None:
    data = {"name": "李雷", "address": "li@example.com", "roles": roles}
    assert admin.post(url(jinxiu, "member_add"), data).status_code == 422


def test_a_member_is_changed_dismissed_and_let_in_again(jinxiu: Cast, admin: Client) -> None:
    one = url(jinxiu, "member", jinxiu.technician.pk)
    assert admin.get(one).context["form"].initial["departments"] == [jinxiu.engineering.pk]
    data = {"name": "王师傅", "roles": ["technician", "desk"], "communities": [jinxiu.community.pk]}
    assert admin.post(one, data).status_code == 302
    assert admin.get(one).context["form"].initial["communities"] == [jinxiu.community.pk]
    ticket = jinxiu.file()
    with company_scope(jinxiu.company.pk):
        type(ticket).objects.filter(pk=ticket.pk).update(assignee=jinxiu.technician)
    leave = url(jinxiu, "member_dismiss", jinxiu.technician.pk)
    assert f"assignee={jinxiu.technician.pk}" in admin.get(leave).content.decode()
    part = reverse("complaints:in_hand", args=["jinxiu", jinxiu.technician.pk])
    assert "1 tickets in hand" in admin.get(part, headers=EN).content.decode()
    for _twice in range(2):
        assert admin.post(leave).status_code == 302
    with company_scope(jinxiu.company.pk):
        row = Membership.objects.get(pk=jinxiu.technician.pk)
        assert (row.name, row.is_active) == ("王师傅", False)
    assert admin.post(url(jinxiu, "member_readmit", row.pk)).status_code == 302
    with company_scope(jinxiu.company.pk):
        assert Membership.objects.get(pk=row.pk).is_active is True


def test_the_last_admin_stays(jinxiu: Cast, admin: Client) -> None:
    one = jinxiu.admin.pk
    assert admin.post(url(jinxiu, "member_dismiss", one)).status_code == 422
    data = {"name": "x", "roles": ["desk"]}
    assert admin.post(url(jinxiu, "member", one), data).status_code == 422


def test_the_rivals_members_are_absent(jinxiu: Cast, heyue: Cast, admin: Client) -> None:
    for name in ("member", "member_dismiss"):
        for pk in (heyue.desk.pk, jinxiu.owner.pk, uuid4()):
            assert admin.get(url(jinxiu, name, pk)).status_code == 404
    data = {"name": "x", "roles": ["desk"], "departments": [heyue.engineering.pk]}
    assert admin.post(url(jinxiu, "member", jinxiu.desk.pk), data).status_code == 422


def test_the_table_of_roles_is_the_one_that_decides(jinxiu: Cast, admin: Client) -> None:
    context = admin.get(url(jinxiu, "role_table"), headers=EN).context
    rows = dict(context["rows"])
    desk = list(context["roles"]).index(Role.DESK.label)
    assert len(rows) == len(Can)
    for can in Can:
        assert rows[can.label][desk] is (can in TABLE[Role.DESK])


def test_a_work_phone_is_checked_kept_as_dialled_and_taken_away(
    jinxiu: Cast, admin: Client
) -> None:
    address = url(jinxiu, "member", jinxiu.desk.pk)
    said = {"name": "desk", "roles": ["desk"]}
    wrong = admin.post(address, said | {"work_phone": "139"}, headers=EN)
    assert wrong.status_code == 422
    assert wrong.context["form"].errors == {"work_phone": ["This is not a valid telephone number."]}
    kept = []
    for typed, spelt in (
        ("139-0000 0009", "139 0000 0009"), ("010 8888 6666", "010 8888 6666"),
        ("+852 2345 6789", "+852 2345 6789"), ("", ""),
    ):  # fmt: skip
        assert admin.post(address, said | {"work_phone": typed}).status_code == 302
        assert admin.get(address).context["form"]["work_phone"].value() == spelt
        with company_scope(jinxiu.company.pk):
            kept.append(Membership.objects.get(pk=jinxiu.desk.pk).work_phone)
    assert kept == ["+8613900000009", "+861088886666", "+85223456789", ""]
    with company_scope(jinxiu.company.pk):
        entries = AuditEntry.objects.filter(action="change_member").order_by("at", "id")
        assert [entry.detail["after"]["work_phone"] for entry in entries] == [
            "0009", "6666", "6789", ""
        ]  # fmt: skip
