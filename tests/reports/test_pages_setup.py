"""The first hour of a company: what it still needs, worked out from what is there."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from complaints.services.onboarding import bring_on_board
from tenancy.models import Community, Membership
from tenancy.scope import company_scope
from tests.conftest import SignIn
from tests.factories.cast import Cast


@pytest.fixture
def new(db: None) -> Membership:
    """The admin of a company with nothing in it."""
    return bring_on_board(slug="xinyuan", name="新苑物业", admin="admin@xinyuan").admin


def done(client: Client, slug: str) -> list[bool]:
    context = client.get(f"/{slug}/settings/").context
    found = [step.is_done for step, _url in context["steps"]]
    assert context["done"] == sum(found)
    return found


def test_an_empty_company_begins_with_the_guide(
    new: Membership, jinxiu: Cast, sign_in: SignIn
) -> None:
    admin = sign_in(new)
    assert admin.get("/xinyuan/")["Location"] == "/xinyuan/settings/"
    assert done(admin, "xinyuan") == [False, False, False, True, False, True, True]
    context = admin.get("/xinyuan/settings/").context
    assert context["following"] is context["steps"][0][0]
    # Units need a community first.
    assert [bool(url) for _step, url in context["steps"]] == [True, True, False, *[True] * 4]


def test_a_company_that_works_begins_with_its_work(jinxiu: Cast, sign_in: SignIn) -> None:
    admin = sign_in(jinxiu.admin)
    assert admin.get("/jinxiu/")["Location"] != "/jinxiu/settings/"
    assert done(admin, "jinxiu") == [False, *[True] * 6]
    jinxiu.company.hotline = "400-1"
    jinxiu.company.save()
    assert admin.get("/jinxiu/settings/").context["following"] is None


@pytest.mark.parametrize(("role", "status"), [("manager", 403), ("desk", 403), ("admin", 200)])
def test_the_guide_is_for_the_admin(jinxiu: Cast, sign_in: SignIn, role: str, status: int) -> None:
    assert sign_in(jinxiu.members[role]).get("/jinxiu/settings/").status_code == status


def test_the_guide_asks_as_much_with_many(jinxiu: Cast, sign_in: SignIn) -> None:
    admin, counts = sign_in(jinxiu.admin), []
    admin.get("/jinxiu/settings/")  # the first visit of a session is written down
    for number in range(3):
        with CaptureQueriesContext(connection) as queries:
            admin.get("/jinxiu/settings/")
        counts.append(len(queries))
        with company_scope(jinxiu.company.pk):
            Community.objects.create(name=f"小区{number}")
    assert counts[0] == counts[2]
