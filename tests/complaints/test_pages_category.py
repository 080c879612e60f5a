"""The admin's pages of categories."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from complaints.models import Category
from tenancy.models import AuditEntry
from tenancy.scope import company_scope
from tests.conftest import SignIn
from tests.factories.cast import Cast

FACTS = {
    "name": "噪音", "name_en": "Noise", "department": "", "urgency": "normal",
    "usual_minutes": "30", "icon": "noise",
}  # fmt: skip


@pytest.fixture
def admin(jinxiu: Cast, sign_in: SignIn) -> Client:
    return sign_in(jinxiu.admin)


def url(cast: Cast, name: str, pk: Any = None) -> str:
    kwargs = {"company": cast.company.slug} | ({"pk": pk} if pk else {})
    return reverse(f"complaints:{name}", kwargs=kwargs)


@pytest.mark.parametrize(("role", "status"), [("manager", 403), ("admin", 200)])
def test_categories_are_for_the_admin(
    jinxiu: Cast, sign_in: SignIn, role: str, status: int
) -> None:
    client = sign_in(jinxiu.members[role])
    assert client.get(url(jinxiu, "category_list")).status_code == status
    assert client.get(url(jinxiu, "category_add")).status_code == status
    assert client.get(url(jinxiu, "category", jinxiu.lift.pk)).status_code == status


def test_categories_stand_by_kind_and_class(jinxiu: Cast, admin: Client) -> None:
    groups = admin.get(url(jinxiu, "category_list")).context["groups"]
    assert [(place, [row.name for row in rows]) for place, _label, rows in groups if rows] == [
        ("complaint:facilities", ["电梯"]),
        ("complaint:incident", ["电梯困人"]),
        ("repair", ["水管"]),
    ]


def test_the_list_of_categories_asks_as_much_with_many(jinxiu: Cast, admin: Client) -> None:
    counts = []
    for number in range(3):
        with CaptureQueriesContext(connection) as queries:
            admin.get(url(jinxiu, "category_list"))
        counts.append(len(queries))
        data = FACTS | {"place": "repair", "name": f"n{number}"}
        admin.post(url(jinxiu, "category_add"), data)
    assert counts[0] == counts[2]


@pytest.mark.parametrize("place", ["complaint:service", "repair", "praise"])
def test_a_category_is_added_once(jinxiu: Cast, admin: Client, place: str) -> None:
    data = FACTS | {"place": place, "department": str(jinxiu.engineering.pk)}
    answers = [admin.post(url(jinxiu, "category_add"), data) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 422]
    with company_scope(jinxiu.company.pk):
        row = Category.objects.get(name="噪音")
    kind, _between, cls = place.partition(":")
    assert (row.kind, row.complaint_class, row.name_en, row.usual_minutes) == (
        kind, cls, "Noise", 30
    )  # fmt: skip


@pytest.mark.parametrize(
    "more",
    [
        {"place": ""},
        {"place": "complaint"},
        {"place": "repair:service"},
        {"name": ""},
        {"name": "x" * 41},
        {"name": "\x00"},
        {"usual_minutes": "4"},
        {"usual_minutes": "99999"},
        {"urgency": "nonsense"},
        {"icon": "nonsense"},
        {"department": "nonsense"},
    ],
)
def test_a_category_that_makes_no_sense_comes_back(
    jinxiu: Cast, admin: Client, more: dict[str, str]
) -> None:
    data = FACTS | {"place": "repair"} | more
    assert admin.post(url(jinxiu, "category_add"), data).status_code == 422


def test_a_category_is_changed_and_recorded(jinxiu: Cast, admin: Client) -> None:
    one = url(jinxiu, "category", jinxiu.lift.pk)
    assert admin.get(one).context["form"].initial["department"] == jinxiu.engineering.pk
    data = FACTS | {"department": str(jinxiu.desk_department.pk), "position": "3"}
    for _twice in range(2):
        assert admin.post(one, data).status_code == 302
    with company_scope(jinxiu.company.pk):
        row = Category.objects.get(pk=jinxiu.lift.pk)
        entries = AuditEntry.objects.filter(action="change_category").order_by("at", "id")
        told = [entry.detail["before"] for entry in entries]
    assert (row.name, row.position, row.is_active) == ("噪音", 3, False)
    assert row.department_id == jinxiu.desk_department.pk
    assert told[0] == {"department": "工程部"}
    assert told[1]["name"] == "电梯"
    assert len(told) == 2


def test_the_rivals_categories_and_departments_are_absent(
    jinxiu: Cast, heyue: Cast, admin: Client
) -> None:
    assert admin.get(url(jinxiu, "category", heyue.lift.pk)).status_code == 404
    data = FACTS | {"department": str(heyue.engineering.pk), "position": "3"}
    assert admin.post(url(jinxiu, "category", jinxiu.lift.pk), data).status_code == 422
