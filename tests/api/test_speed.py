"""How many questions the database is asked, and that more rows ask no more."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from complaints.services.calling import call_back
from tenancy.models import Community, MembershipCommunity
from tenancy.scope import company_scope
from tests.api.conftest import Api, ApiOf, new_ticket
from tests.factories.cast import TUESDAY, Cast, resident

TRANSACTION = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")


def asked(client: Api, path: str, body: Any = None) -> list[str]:
    """The statements of one request, without the bounds of transactions."""
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(path) if body is None else client.post(path, body)
    assert answer.status_code in (200, 201), answer.content
    found = [each["sql"] for each in queries if not each["sql"].startswith(TRANSACTION)]
    # The test's own transaction is told at the end that nobody is served any more.
    return [sql for sql in found if sql != "SET LOCAL app.company = ''"]


LISTS = {
    # company, its name for row security, token; then the page and what is shown of it
    "tickets/?status=open&ordering=next_due_at": 5,
    "tickets/{ticket}/": 5,
    "tickets/{ticket}/events/": 6,
    "tickets/{ticket}/callbacks/": 6,
    "units/": 5,
    "communities/": 5,
    "departments/": 5,
    "categories/": 5,
    "members/": 5,
    "owners/": 4,
    "notifications/": 4,
    "tokens/": 5,
    "members/me/": 3,
}


@pytest.mark.parametrize(("path", "count"), LISTS.items())
def test_three_rows_ask_no_more_than_one(
    jinxiu: Cast, heyue: Cast, api: ApiOf, path: str, count: int
) -> None:
    desk = api(jinxiu.desk)
    ticket = jinxiu.file()
    with company_scope(jinxiu.company.pk):
        call_back(ticket=ticket, outcome="busy", by=jinxiu.actor("desk"), now=TUESDAY)
    path = path.format(ticket=ticket.pk)
    desk.get(path)  # notes the day of use, and writes the statements that are kept
    one = asked(desk, path)
    with company_scope(jinxiu.company.pk):
        for name in ("李四", "王五"):
            resident(jinxiu, name)
            Community.objects.create(name=name)
            call_back(ticket=ticket, outcome="busy", by=jinxiu.actor("desk"), now=TUESDAY)
    for _ in range(2):
        jinxiu.file()
        api(jinxiu.desk)

    assert len(asked(desk, path)) == len(one) == count, "\n".join(one)


def test_a_member_of_some_communities_asks_once_more(jinxiu: Cast, api: ApiOf) -> None:
    with company_scope(jinxiu.company.pk):
        jinxiu.desk.all_communities = False
        jinxiu.desk.save()
        MembershipCommunity.objects.create(membership=jinxiu.desk, community=jinxiu.community)
    desk = api(jinxiu.desk)
    jinxiu.file()
    desk.get("tickets/")
    assert len(asked(desk, "tickets/?status=open&ordering=next_due_at")) == 6


def test_filing_asks_no_more_than_it_must(jinxiu: Cast, api: ApiOf) -> None:
    desk = api(jinxiu.desk)
    desk.post("tickets/", new_ticket(jinxiu))
    assert len(asked(desk, "tickets/", new_ticket(jinxiu))) <= 25
