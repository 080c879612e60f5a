"""Operators of the platform in a company: with a reason, for a while, to look, on the record."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from notifications.models import Notification
from tenancy.models import AuditEntry, Membership, PlatformAccess, User
from tenancy.permissions import TABLE, Can, Role
from tenancy.scope import company_scope
from tenancy.services.access import (
    AlreadyMember,
    BadTime,
    NoOperator,
    NotThere,
    StillThere,
    end_access,
    enter_company,
    leave_company,
)
from tenancy.services.second_factor import ReasonMissing
from tenancy.services.staffing import AboveYou, Duties, invite_member
from tenancy.services.tokens import MayNotHaveTokens, make_token
from tests.conftest import SignIn
from tests.factories.cast import TUESDAY, Cast
from tests.tenancy.test_operator import REASON, browser, factor

HOUR = timedelta(hours=1)


@pytest.fixture
def olga(db: None) -> User:
    user = User.objects.create_superuser("olga", name="Olga")
    factor(user)
    return user


def enter(cast: Cast, user: User, **more: Any) -> PlatformAccess:
    facts: dict[str, Any] = {"reason": REASON, "now": timezone.now(), **more}
    return enter_company(company=cast.company, user=user, **facts)


def opened(cast: Cast) -> list[str]:
    with company_scope(cast.company.pk):
        rows = AuditEntry.objects.filter(action="platform_page").order_by("at", "id")
        return [row.detail["page"] for row in rows]


# --- going in ---


def test_operator_finds_nothing_before_entering(jinxiu: Cast, olga: User) -> None:
    assert browser(olga).get("/jinxiu/queue/").status_code == 404


def test_operator_looks_and_is_seen_looking(jinxiu: Cast, olga: User) -> None:
    ticket = jinxiu.file()
    enter(jinxiu, olga)
    client = browser(olga)

    for path in ("/jinxiu/queue/", f"/jinxiu/tickets/{ticket.pk}/", "/jinxiu/api/v1/tickets/"):
        assert client.get(path).status_code == 200, path

    assert opened(jinxiu) == [
        "/jinxiu/queue/", f"/jinxiu/tickets/{ticket.pk}/", "/jinxiu/api/v1/tickets/",
    ]  # fmt: skip
    with company_scope(jinxiu.company.pk):
        told = Notification.objects.filter(kind="platform")
        assert [row.recipient_id for row in told] == [jinxiu.admin.pk]
        assert told[0].params["reason"] == REASON


def test_what_was_searched_for_is_not_written_down(jinxiu: Cast, olga: User) -> None:
    enter(jinxiu, olga)
    browser(olga).get("/jinxiu/queue/?search=13800000001")
    assert opened(jinxiu) == ["/jinxiu/queue/"]


@pytest.mark.parametrize("minutes", [0, 5, 481, -60])
def test_time_is_limited(jinxiu: Cast, olga: User, minutes: int) -> None:
    with pytest.raises(BadTime):
        enter(jinxiu, olga, time=timedelta(minutes=minutes))


@pytest.mark.parametrize("reason", ["", "    ", "abc", " a  b "])
def test_reason_is_needed(jinxiu: Cast, olga: User, reason: str) -> None:
    with pytest.raises(ReasonMissing):
        enter(jinxiu, olga, reason=reason)


def test_only_operators_with_a_second_factor_enter(jinxiu: Cast) -> None:
    for user in (User.objects.create_superuser("bare"), jinxiu.admin.user):
        with pytest.raises(NoOperator):
            enter(jinxiu, user)


def test_member_does_not_visit_their_own_company(jinxiu: Cast, olga: User) -> None:
    with company_scope(jinxiu.company.pk):
        Membership.objects.create(user=olga, name="O", roles=["desk"])
    with pytest.raises(AlreadyMember):
        enter(jinxiu, olga)


def test_one_access_at_a_time(jinxiu: Cast, olga: User) -> None:
    enter(jinxiu, olga)
    with pytest.raises(StillThere):
        enter(jinxiu, olga)


def test_entering_one_company_opens_no_other(jinxiu: Cast, heyue: Cast, olga: User) -> None:
    enter(jinxiu, olga)
    assert browser(olga).get("/heyue/queue/").status_code == 404
    assert opened(heyue) == []


# --- what it does not let them do ---


def test_role_of_the_platform_only_reads() -> None:
    rights = TABLE[Role.PLATFORM]
    assert {can for can in rights if not can.value.startswith("read_")} == {Can.BE_HERE}
    assert Can.REVEAL_PERSONAL not in rights


def test_operator_changes_nothing(jinxiu: Cast, olga: User) -> None:
    ticket = jinxiu.file()
    enter(jinxiu, olga)
    client = browser(olga)
    for path in (f"/jinxiu/tickets/{ticket.pk}/accept/", "/jinxiu/inbox/", "/jinxiu/tokens/"):
        assert client.post(path).status_code == 403, path
    answer = client.post(f"/jinxiu/api/v1/tickets/{ticket.pk}/accept/", {})
    assert (answer.status_code, answer.json()["code"]) == (403, "read_only")
    with company_scope(jinxiu.company.pk):
        ticket.refresh_from_db()
    assert ticket.status == "new"


def test_operator_makes_no_key_that_would_stay(jinxiu: Cast, olga: User) -> None:
    access = enter(jinxiu, olga)
    with company_scope(jinxiu.company.pk), pytest.raises(MayNotHaveTokens):
        make_token(
            membership=access.membership, name="x", scopes=["read"], expires_at=None, now=TUESDAY
        )


def test_key_of_somebody_whose_time_has_ended_opens_nothing(jinxiu: Cast) -> None:
    with company_scope(jinxiu.company.pk):
        _token, plain = make_token(
            membership=jinxiu.desk, name="x", scopes=["read"], expires_at=None, now=timezone.now()
        )
    program = Client(headers={"authorization": f"Token {plain}"})
    assert program.get("/jinxiu/api/v1/tickets/").status_code == 200
    with company_scope(jinxiu.company.pk):
        Membership.objects.filter(pk=jinxiu.desk.pk).update(ends_at=timezone.now())
    assert program.get("/jinxiu/api/v1/tickets/").status_code == 401


def test_nobody_in_a_company_gives_the_role_or_keeps_the_guest(jinxiu: Cast, olga: User) -> None:
    access = enter(jinxiu, olga)
    with company_scope(jinxiu.company.pk):
        with pytest.raises(AboveYou):
            invite_member(
                name="X", duties=Duties(["platform", "desk"]), by=jinxiu.actor("admin"),
                now=TUESDAY, email="x@x.example",
            )  # fmt: skip
        assert access.membership not in Membership.objects.visible_to(jinxiu.admin)
        assert access.membership not in Membership.objects.active().staff()


# --- the end of it ---


def test_access_ends_by_itself(jinxiu: Cast, olga: User) -> None:
    now = timezone.now()
    enter(jinxiu, olga, now=now)
    with time_machine.travel(now + HOUR - timedelta(seconds=1), tick=False):
        assert browser(olga).get("/jinxiu/queue/").status_code == 200
    with time_machine.travel(now + HOUR, tick=False):
        client = browser(olga)
        assert client.get("/jinxiu/queue/").status_code == 404
        assert client.get("/jinxiu/api/v1/tickets/").status_code == 404
        enter(jinxiu, olga, now=now + HOUR)
        assert client.get("/jinxiu/queue/").status_code == 200


def test_admin_ends_it_at_once(jinxiu: Cast, olga: User, sign_in: SignIn) -> None:
    access = enter(jinxiu, olga)
    client, admin = browser(olga), sign_in(jinxiu.admin)
    assert client.get("/jinxiu/queue/").status_code == 200
    where = f"/jinxiu/platform-access/{access.pk}/end/"
    assert sign_in(jinxiu.manager).post(where).status_code == 403
    assert client.post(where).status_code == 403
    assert admin.post(where).status_code == 302
    assert client.get("/jinxiu/queue/").status_code == 404
    with company_scope(jinxiu.company.pk):
        access.refresh_from_db()
        assert access.ended_by_id == jinxiu.admin.pk
        with pytest.raises(NotThere):
            end_access(access=access, by=jinxiu.actor("admin"), now=timezone.now())


def test_api_lists_and_ends_visits(jinxiu: Cast, heyue: Cast, olga: User, sign_in: SignIn) -> None:
    access = enter(jinxiu, olga)
    admin = sign_in(jinxiu.admin)
    listed = admin.get("/jinxiu/api/v1/platform-access/").json()["results"]
    assert [(row["operator"], row["reason"]) for row in listed] == [("Olga", REASON)]
    address = f"/jinxiu/api/v1/platform-access/{access.pk}/"
    assert sign_in(heyue.admin).post(address + "end/").status_code == 404
    assert admin.post(address + "end/").json()["ended_at"] is not None
    assert admin.post(address + "end/").json()["code"] == "access_ended"
    assert browser(olga).get("/jinxiu/queue/").status_code == 404


def test_operator_leaves_when_enough_is_seen(jinxiu: Cast, olga: User) -> None:
    enter(jinxiu, olga)
    client = browser(olga)
    assert client.post(f"/operator/{jinxiu.company.pk}/leave/").status_code == 302
    assert client.get("/jinxiu/queue/").status_code == 404
    with pytest.raises(NotThere):
        leave_company(company=jinxiu.company, user=olga, now=timezone.now())


def test_access_ends_with_the_office(jinxiu: Cast, olga: User) -> None:
    enter(jinxiu, olga)
    client = browser(olga)
    User.objects.filter(pk=olga.pk).update(is_superuser=False)
    assert client.get("/jinxiu/queue/").status_code == 404
    User.objects.filter(pk=olga.pk).update(is_superuser=True, is_staff=False)
    assert client.get("/jinxiu/queue/").status_code == 404


def test_operator_who_loses_the_second_factor_is_led_to_it(jinxiu: Cast, olga: User) -> None:
    enter(jinxiu, olga)
    Authenticator.objects.filter(user=olga).delete()
    answer = browser(olga).get("/jinxiu/queue/")
    assert answer["Location"].startswith("/accounts/second-factor/needed/")


def test_operator_enters_by_the_page(jinxiu: Cast, olga: User) -> None:
    client = browser(olga)
    asked = {"enter-reason": REASON, "enter-minutes": "15"}
    answer = client.post(f"/operator/{jinxiu.company.pk}/enter/", asked)
    assert answer["Location"] == "/jinxiu/"
    page = client.get("/jinxiu/queue/").content.decode()
    assert "Every page you open is recorded" in page
    assert client.get(f"/operator/{jinxiu.company.pk}/").context["mine"].reason == REASON


# --- the company sees it ---


def test_company_reads_who_was_here_and_why(
    jinxiu: Cast, heyue: Cast, olga: User, sign_in: SignIn
) -> None:
    admin = sign_in(jinxiu.admin)
    address = "/jinxiu/platform-access/"
    assert (
        "Nobody of the platform was here"
        in admin.get(address, headers={"accept-language": "en"}).content.decode()
    )
    counts = []
    for _number in range(3):
        enter(jinxiu, olga)
        browser(olga).get("/jinxiu/queue/")
        leave_company(company=jinxiu.company, user=olga, now=timezone.now())
        with CaptureQueriesContext(connection) as queries:
            text = admin.get(address).content.decode()
        counts.append(len(queries))
    assert counts[0] == counts[2]
    assert text.count(REASON) == 3
    assert text.count("<code>/jinxiu/queue/</code>") == 3
    assert sign_in(jinxiu.desk).get(address).status_code == 403
    assert sign_in(heyue.admin).get("/heyue/platform-access/").context["rows"] == []
