"""What is known about a person is corrected on the record."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from owners.models import Owner
from owners.services.archive import find_owners
from tenancy.models import AuditEntry
from tenancy.scope import company_scope
from tests.conftest import SignIn
from tests.factories.cast import Cast


def address(cast: Cast, query: str = "") -> str:
    return reverse("owners:owner_edit", args=["jinxiu", cast.resident.pk]) + query


def kept(cast: Cast) -> Owner:
    with company_scope(cast.company.pk):
        owner: Owner = Owner.objects.get(pk=cast.resident.pk)
    return owner


@pytest.fixture
def desk(jinxiu: Cast, sign_in: SignIn) -> Client:
    return sign_in(jinxiu.desk)


@pytest.mark.parametrize(
    ("role", "status"),
    [("owner", 403), ("technician", 403), ("desk", 200), ("supervisor", 200), ("admin", 200)],
)
def test_correcting_is_for_the_desk(jinxiu: Cast, sign_in: SignIn, role: str, status: int) -> None:
    assert sign_in(jinxiu.members[role]).get(address(jinxiu)).status_code == status


def test_the_number_that_is_kept_is_not_shown(jinxiu: Cast, desk: Client) -> None:
    page = desk.get(address(jinxiu)).content.decode()
    assert ("138****0001" in page, "13800000001" in page) == (True, False)


def test_a_new_number_is_found_at_once_and_written_down(jinxiu: Cast, desk: Client) -> None:
    sent = {"name": "张伟", "phone": "139 0000 0002", "email": ""}
    answer = desk.post(address(jinxiu, "?back=calls"), sent)
    assert answer.headers["Location"] == reverse("complaints:call_list", args=["jinxiu"])
    assert kept(jinxiu).phone == "+8613900000002"
    with company_scope(jinxiu.company.pk):
        entry = AuditEntry.objects.get(action="update_owner")
        assert [row.pk for row in find_owners("0002")] == [jinxiu.resident.pk]
    assert (entry.subject_id, entry.detail) == (jinxiu.resident.pk, {"changed": ["phone"]})


@pytest.mark.parametrize("query", ["", "?back=https://elsewhere.example"])
def test_one_comes_back_to_the_person(jinxiu: Cast, desk: Client, query: str) -> None:
    answer = desk.post(address(jinxiu, query), {"name": "张卫", "phone": "", "email": ""})
    assert answer.headers["Location"] == reverse(
        "owners:owner_detail", args=["jinxiu", jinxiu.resident.pk]
    )
    assert (kept(jinxiu).name, kept(jinxiu).phone) == ("张卫", "+8613800000001")


def test_a_wrong_number_may_be_withdrawn(jinxiu: Cast, desk: Client) -> None:
    desk.post(address(jinxiu), {"name": "张伟", "has_no_phone": "on"})
    assert kept(jinxiu).phone == ""


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 61}, "name"),
        ({"phone": "123"}, "phone"),
        ({"phone": "\x00"}, "phone"),
        ({"phone": "13900000002", "has_no_phone": "on"}, "has_no_phone"),
        ({"email": "nobody"}, "email"),
    ],
)
def test_what_does_not_fit_comes_back(
    jinxiu: Cast, desk: Client, sent: dict[str, str], field: str
) -> None:
    answer = desk.post(address(jinxiu), {"name": "张伟", **sent})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert kept(jinxiu).phone == "+8613800000001"


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"phone": "13900000002"}, 200),
        ({"name": "张卫"}, 200),
        ({"phone": "123"}, 409),
        ({"name": "   "}, 400),
        ({"email": "nobody"}, 400),
    ],
)
def test_the_api_corrects_by_the_same_service(
    jinxiu: Cast, desk: Client, sent: dict[str, Any], status: int
) -> None:
    path = f"/jinxiu/api/v1/owners/{jinxiu.resident.pk}/"
    answer = desk.patch(path, sent, content_type="application/json")
    assert answer.status_code == status, answer.content
