"""What could not be delivered, and another try."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from notifications.models import Delivery
from notifications.services.relaying import relay
from notifications.services.resending import NoReason, NotDead, resend, resend_all, settle
from notifications.templatetags.failing import why_not
from tenancy.models import AuditEntry
from tenancy.scope import company_scope
from tenancy.services.clock import database_now
from tests.conftest import SignIn
from tests.factories.cast import Cast
from tests.notifications.conftest import MailServer, delivery_of, tell_cast


def page(name: str, **more: Any) -> str:
    return reverse(f"notifications:{name}", kwargs={"company": "jinxiu", **more})


@pytest.fixture
def admin(jinxiu: Cast, sign_in: SignIn) -> Client:
    return sign_in(jinxiu.admin)


@pytest.fixture
def dead(jinxiu: Cast, heyue: Cast, mail_server: MailServer) -> Delivery:
    """A letter to each company's desk that came too late, and one to a manager that was sent."""
    for cast in (jinxiu, heyue):
        tell_cast(cast, "desk", age=timedelta(days=3))
        tell_cast(cast, "manager")
    relay()
    return delivery_of(jinxiu, "desk")


def test_dead_letters_are_listed_with_their_reason(
    jinxiu: Cast, dead: Delivery, admin: Client
) -> None:
    response = admin.get(page("dead_letters"))
    assert [row.pk for row in response.context["rows"]] == [dead.pk]
    assert response.context["rows"][0].last_error == "Not delivered within 48 hours."
    assert "电梯又停了" in response.content.decode()


def test_dead_letters_are_nobody_elses_business(
    jinxiu: Cast, dead: Delivery, sign_in: SignIn
) -> None:
    for role in ("owner", "technician", "desk", "supervisor", "manager"):
        browser = sign_in(jinxiu.members[role])
        assert browser.get(page("dead_letters")).status_code == 403
        assert browser.post(page("delivery_resend", pk=dead.pk)).status_code == 403
        assert browser.post(page("delivery_resend_all")).status_code == 403


def test_dead_letters_that_are_none_say_so(jinxiu: Cast, admin: Client) -> None:
    response = admin.get(page("dead_letters"))
    assert (response.status_code, list(response.context["rows"])) == (200, [])


@pytest.mark.parametrize("count", [1, 3])
def test_dead_letters_ask_the_same_for_one_and_for_three(
    jinxiu: Cast,
    mail_server: MailServer,
    admin: Client,
    count: int,
    django_assert_max_num_queries: Any,
) -> None:
    for key in range(count):
        tell_cast(jinxiu, "desk", key=str(key), age=timedelta(days=3))
    relay()
    with django_assert_max_num_queries(11):
        assert len(admin.get(page("dead_letters")).context["rows"]) == count


def test_dead_letter_is_sent_again_on_the_record(
    jinxiu: Cast, heyue: Cast, dead: Delivery, admin: Client, mail_server: MailServer
) -> None:
    mail_server.mails.clear()
    response = admin.post(page("delivery_resend", pk=dead.pk))
    assert response["Location"] == page("dead_letters")
    again = delivery_of(jinxiu, "desk")
    assert (again.state, again.attempts, again.last_error) == ("waiting", 0, "")
    assert relay().sent == 1
    assert mail_server.ids == [f"<{dead.pk}@localhost>"]
    with company_scope(jinxiu.company.pk):
        entry = AuditEntry.objects.get()
    assert (entry.action, entry.subject_id, entry.by_id) == (
        "resend_delivery",
        dead.pk,
        jinxiu.admin.pk,
    )
    assert delivery_of(heyue, "desk").state == "dead"


def test_letter_that_is_not_dead_is_not_sent_again(
    jinxiu: Cast, dead: Delivery, admin: Client
) -> None:
    sent = delivery_of(jinxiu, "manager")
    response = admin.post(page("delivery_resend", pk=sent.pk), follow=True)
    assert [message.level_tag for message in response.context["messages"]] == ["error"]
    assert delivery_of(jinxiu, "manager").state == "sent"
    with company_scope(jinxiu.company.pk), pytest.raises(NotDead):
        resend(delivery=sent, by=jinxiu.actor("admin"), now=database_now())


def test_dead_letter_of_the_rival_is_not_there(
    jinxiu: Cast, heyue: Cast, dead: Delivery, admin: Client
) -> None:
    theirs = delivery_of(heyue, "desk")
    assert admin.post(page("delivery_resend", pk=theirs.pk)).status_code == 404
    assert delivery_of(heyue, "desk").state == "dead"


def test_all_dead_letters_are_sent_again(
    jinxiu: Cast, heyue: Cast, dead: Delivery, admin: Client, mail_server: MailServer
) -> None:
    tell_cast(jinxiu, "supervisor", "technician", age=timedelta(days=3))
    relay()
    response = admin.post(page("delivery_resend_all"), follow=True)
    assert [str(message)[:1] for message in response.context["messages"]] == ["3"]
    assert relay().sent == 3
    with company_scope(jinxiu.company.pk):
        entry = AuditEntry.objects.get()
        assert (entry.action, entry.detail) == ("resend_all_deliveries", {"count": 3})
        assert resend_all(by=jinxiu.actor("admin"), now=database_now()) == 0
    assert delivery_of(heyue, "desk").state == "dead"


def test_a_dead_letter_is_laid_aside_with_a_reason(
    jinxiu: Cast, dead: Delivery, admin: Client
) -> None:
    settle = page("delivery_settle", pk=dead.pk)
    for reason in ("", " ", "x" * 121, "\x00"):
        admin.post(settle, {"reason": reason})
    with company_scope(jinxiu.company.pk):
        assert Delivery.objects.get(pk=dead.pk).state == "dead"
    for _twice in range(2):
        assert admin.post(settle, {"reason": " 已当面  告知 "}).status_code == 302
    with company_scope(jinxiu.company.pk):
        row = Delivery.objects.get(pk=dead.pk)
        entry = AuditEntry.objects.get(action="settle_delivery")
    assert (row.state, row.settled_because) == ("settled", "已当面 告知")
    assert entry.detail == {"reason": "已当面 告知"}
    assert list(admin.get(page("dead_letters")).context["rows"]) == []


def test_laying_aside_needs_a_reason_and_a_dead_letter(jinxiu: Cast, dead: Delivery) -> None:
    facts: dict[str, Any] = {"by": jinxiu.actor("admin")}
    with company_scope(jinxiu.company.pk):
        facts["now"] = database_now()
        with pytest.raises(NoReason):
            settle(delivery=dead, reason=" ", **facts)
        with pytest.raises(NotDead):
            settle(delivery=delivery_of(jinxiu, "manager"), reason="x", **facts)


def test_dead_letters_are_narrowed(jinxiu: Cast, dead: Delivery, admin: Client) -> None:
    asked = {"": 1, "?channel=email": 1, "?channel=sms": 0, "?search=desk": 1, "?search=x": 0}
    found = {query: len(admin.get(page("dead_letters") + query).context["rows"]) for query in asked}
    assert found == asked


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("", "Nobody said why."),
        ("550 no such user", "The other side refuses it for good"),
        ("451 try later", "The other side could not take it"),
        ("Not delivered within 48 hours.", "Not delivered within 48 hours."),
        ("This installation sends no SMS.", "This installation sends no SMS."),
        ("SMTPServerDisconnected: Connection unexpectedly closed", "did not answer"),
        ("TimeoutError: timed out", "did not answer"),
        ("nonsense", "It could not be sent."),
    ],
)
def test_a_failure_is_told_in_words(error: str, words: str) -> None:
    with override("en"):
        assert words in why_not(error)
