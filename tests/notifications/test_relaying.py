"""The relay, on a real mail server."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from notifications.models import Delivery
from notifications.services.preferences import set_preferences
from notifications.services.relaying import RelayReport, relay
from tenancy.models import Company, Membership, User
from tenancy.scope import company_scope
from tenancy.services.clock import database_now
from tests.factories.cast import Cast
from tests.notifications.conftest import MailServer, delivery_of, tell_cast


def report(**more: int) -> RelayReport:
    nothing = {"sent": 0, "postponed": 0, "dead": 0, "dropped": 0, "companies": 1, "failed": 0}
    return RelayReport(**{**nothing, **more})


def minutes_until_next(delivery: Delivery, now: datetime) -> float:
    assert delivery.next_attempt_at is not None
    return (delivery.next_attempt_at - now).total_seconds() / 60


@pytest.fixture(autouse=True)
def public_url(settings: Any) -> None:
    settings.PUBLIC_URL = "https://portal.example"
    settings.DEFAULT_FROM_EMAIL = "Portal <portal@portal.example>"


def test_relay_with_nothing_due_does_nothing(jinxiu: Cast, mail_server: MailServer) -> None:
    assert relay() == report(companies=0)
    assert mail_server.connections == 0


def test_relay_sends_an_email_and_marks_it(jinxiu: Cast, mail_server: MailServer) -> None:
    tell_cast(jinxiu, "desk")
    now = database_now()
    assert relay(now=now) == report(sent=1)
    sent = delivery_of(jinxiu, "desk")
    assert (sent.state, sent.attempts, sent.next_attempt_at) == ("sent", 1, None)
    assert (sent.sent_at, sent.last_error) == (now, "")
    assert relay() == report(companies=0)
    (mail,) = mail_server.mails
    assert mail_server.recipients == ["desk@jinxiu.example"]
    assert mail["Message-ID"] == f"<{sent.pk}@portal.example>"
    assert mail["From"] == "锦绣物业 <portal@portal.example>"
    assert mail["Auto-Submitted"] == "auto-generated"


def test_email_is_in_the_language_of_its_reader(jinxiu: Cast, mail_server: MailServer) -> None:
    User.objects.filter(pk=jinxiu.desk.user_id).update(language="en")
    tell_cast(jinxiu, "desk", params={"number": "261122-0007", "title": "<b>电梯</b> & 灯"})
    relay()
    (mail,) = mail_server.mails
    assert str(mail["Subject"]).strip() == "261122-0007 was handed to you: <b>电梯</b> & 灯"
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None
    assert html is not None
    assert text.get_content().replace("\r\n", "\n").strip() == (
        "Hello desk,\n\n261122-0007 was handed to you: <b>电梯</b> & 灯\n\n"
        "https://portal.example/jinxiu/tickets/7/\n\n锦绣物业"
    )
    assert '<html lang="en">' in html.get_content()
    assert "&lt;b&gt;电梯&lt;/b&gt; &amp; 灯" in html.get_content()
    assert 'href="https://portal.example/jinxiu/tickets/7/"' in html.get_content()


@pytest.mark.parametrize(
    ("of_company", "chosen", "subject"),
    [
        ("", "", "261122-0007 was handed to you: 灯"),
        ("zh-hans", "", "261122-0007 已转派给您：灯"),
        ("zh-hans", "en", "261122-0007 was handed to you: 灯"),
    ],
)
def test_email_to_who_chose_no_language_is_in_that_of_the_company(
    jinxiu: Cast, mail_server: MailServer, of_company: str, chosen: str, subject: str
) -> None:
    Company.objects.filter(pk=jinxiu.company.pk).update(language=of_company)
    User.objects.filter(pk=jinxiu.desk.user_id).update(language=chosen)
    tell_cast(jinxiu, "desk", params={"number": "261122-0007", "title": "灯"})
    relay()
    assert str(mail_server.mails[0]["Subject"]).strip() == subject


def test_email_names_what_it_is_about(jinxiu: Cast, mail_server: MailServer) -> None:
    params = {"number": "261122-0007", "title": "<灯>坏了"}
    tell_cast(
        jinxiu, "desk", message="%(number)s has to wait; the reason is on its page.", params=params
    )
    relay()
    (mail,) = mail_server.mails
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None
    assert html is not None
    assert "on its page.\n<灯>坏了\n" in text.get_content().replace("\r\n", "\n")
    assert "<p>&lt;灯&gt;坏了</p>" in html.get_content()


def test_email_without_a_page_has_no_link(jinxiu: Cast, mail_server: MailServer) -> None:
    tell_cast(jinxiu, "desk", path="")
    relay()
    assert "portal.example/" not in mail_server.mails[0].as_string()


def test_relay_uses_one_connection_for_a_batch(jinxiu: Cast, mail_server: MailServer) -> None:
    for key in "abcde":
        tell_cast(jinxiu, "desk", "manager", key=key)
    assert relay(batch=5) == report(sent=10)
    # EHLO is said once per connection; the third turn found nothing to claim.
    assert (len(mail_server.mails), mail_server.connections) == (10, 2)


def test_relay_serves_each_company_its_own(
    jinxiu: Cast, heyue: Cast, mail_server: MailServer
) -> None:
    tell_cast(jinxiu, "desk")
    tell_cast(heyue, "desk", path="/heyue/tickets/7/")
    assert relay() == report(sent=2, companies=2)
    told = {
        (str(mail["To"]), str(mail["From"]), str(mail["Message-ID"])) for mail in mail_server.mails
    }
    assert told == {
        (
            f"desk@{cast.company.slug}.example",
            f"{cast.company.name} <portal@portal.example>",
            f"<{delivery_of(cast, 'desk').pk}@portal.example>",
        )
        for cast in (jinxiu, heyue)
    }


def test_relay_leaves_a_suspended_company_alone(jinxiu: Cast, mail_server: MailServer) -> None:
    tell_cast(jinxiu, "desk")
    jinxiu.company.is_active = False
    jinxiu.company.save(update_fields=["is_active"])
    assert relay() == report(companies=0)
    assert delivery_of(jinxiu, "desk").state == "waiting"


@pytest.mark.parametrize("why", ["no address", "left", "account closed"])
def test_delivery_to_somebody_out_of_reach_is_dropped(
    jinxiu: Cast, mail_server: MailServer, why: str
) -> None:
    tell_cast(jinxiu, "desk", "manager")
    person = User.objects.filter(pk=jinxiu.desk.user_id)
    if why == "no address":
        person.update(email="")
    elif why == "account closed":
        person.update(is_active=False)
    else:
        with company_scope(jinxiu.company.pk):
            Membership.objects.filter(pk=jinxiu.desk.pk).update(is_active=False)
    assert relay() == report(sent=1, dropped=1)
    assert mail_server.recipients == ["manager@jinxiu.example"]
    with company_scope(jinxiu.company.pk):
        assert Delivery.objects.filter(notification__recipient=jinxiu.desk).count() == 0


def test_temporary_refusal_backs_off_until_it_is_given_up(
    jinxiu: Cast, mail_server: MailServer
) -> None:
    mail_server.answers["desk@jinxiu.example"] = "451 try later"
    tell_cast(jinxiu, "desk", "manager")
    now = database_now()
    assert relay(now=now) == report(sent=1, postponed=1)
    waits = []
    for _ in range(7):
        delivery = delivery_of(jinxiu, "desk")
        assert (delivery.state, delivery.last_error) == ("waiting", "451 try later")
        waits.append(minutes_until_next(delivery, now))
        assert relay(now=now) == report(companies=0)
        assert delivery.next_attempt_at is not None
        now = delivery.next_attempt_at
        relay(now=now)
    assert waits == [1, 5, 15, 60, 240, 240, 240]
    dead = delivery_of(jinxiu, "desk")
    assert (dead.state, dead.attempts, dead.next_attempt_at) == ("dead", 8, None)
    assert dead.last_error == "451 try later"
    assert mail_server.recipients == ["manager@jinxiu.example"]


def test_permanent_refusal_is_given_up_at_once(jinxiu: Cast, mail_server: MailServer) -> None:
    mail_server.answers["desk@jinxiu.example"] = "550 no such user"
    tell_cast(jinxiu, "desk", "manager")
    assert relay() == report(sent=1, dead=1)
    dead = delivery_of(jinxiu, "desk")
    assert (dead.state, dead.attempts, dead.last_error) == ("dead", 1, "550 no such user")
    assert mail_server.recipients == ["manager@jinxiu.example"]


@pytest.mark.parametrize(
    ("answer", "state"),
    [("554 spam", "dead"), ("452 disk full", "waiting"), ("421 going down", "waiting")],
)
def test_refused_content_counts_as_a_refusal(
    jinxiu: Cast, mail_server: MailServer, answer: str, state: str
) -> None:
    mail_server.answer_to_data = answer
    tell_cast(jinxiu, "desk", "manager")
    relay()
    for role in ("desk", "manager"):
        delivery = delivery_of(jinxiu, role)
        assert (delivery.state, delivery.attempts, delivery.last_error) == (state, 1, answer)
    mail_server.answer_to_data = "250 OK"
    relay(now=database_now() + timedelta(minutes=2))
    assert len(mail_server.mails) == (2 if state == "waiting" else 0)


def test_address_that_cannot_be_written_is_given_up(jinxiu: Cast, mail_server: MailServer) -> None:
    User.objects.filter(pk=jinxiu.desk.user_id).update(email="a\nb@jinxiu.example")
    tell_cast(jinxiu, "desk", "manager")
    assert relay() == report(sent=1, dead=1)
    assert delivery_of(jinxiu, "desk").state == "dead"


def test_server_that_is_down_costs_no_attempt(jinxiu: Cast, mail_server: MailServer) -> None:
    tell_cast(jinxiu, "desk", "manager")
    mail_server.stop()
    now = database_now()
    for _ in range(20):
        assert relay(now=now) == report(postponed=2)
        for role in ("desk", "manager"):
            delivery = delivery_of(jinxiu, role)
            assert (delivery.state, delivery.attempts) == ("waiting", 0)
            assert minutes_until_next(delivery, now) == 1
        now += timedelta(minutes=1)
    with company_scope(jinxiu.company.pk):
        errors = sorted(Delivery.objects.values_list("last_error", flat=True))
    assert errors[0] == ""  # the server was asked once in each pass
    assert errors[1].startswith("ConnectionRefusedError")
    mail_server.start()
    assert relay(now=now) == report(sent=2)


def test_server_that_is_down_is_asked_once_in_a_pass(
    jinxiu: Cast, heyue: Cast, mail_server: MailServer, caplog: Any
) -> None:
    for key in "abc":
        tell_cast(jinxiu, "desk", key=key)
        tell_cast(heyue, "desk", key=key)
    mail_server.stop()
    relay(batch=2)
    assert [r.getMessage()[:42] for r in caplog.records if r.name.startswith("notifications")] == [
        "The gateway for email does not answer: Con"
    ]


def test_news_of_yesterdays_outage_is_not_sent_days_later(
    jinxiu: Cast, mail_server: MailServer
) -> None:
    tell_cast(jinxiu, "desk", age=timedelta(hours=49))
    tell_cast(jinxiu, "manager", age=timedelta(hours=47))
    assert relay() == report(sent=1, dead=1)
    dead = delivery_of(jinxiu, "desk")
    assert (dead.state, dead.last_error) == ("dead", "Not delivered within 48 hours.")
    assert mail_server.recipients == ["manager@jinxiu.example"]


def test_letter_that_cannot_be_written_does_not_hold_up_others(
    jinxiu: Cast, mail_server: MailServer
) -> None:
    tell_cast(jinxiu, "desk")
    tell_cast(jinxiu, "manager", key="b")
    with company_scope(jinxiu.company.pk):
        Delivery.objects.filter(notification__recipient=jinxiu.desk).update(channel="pigeon")
    assert relay().sent == 1
    assert mail_server.recipients == ["manager@jinxiu.example"]
    pigeon = delivery_of(jinxiu, "desk", "pigeon")
    assert (pigeon.state, pigeon.last_error) == ("waiting", "'pigeon'")


def test_pass_that_is_stopped_puts_back_what_it_claimed(
    jinxiu: Cast, mail_server: MailServer
) -> None:
    for key in "abcd":
        tell_cast(jinxiu, "desk", key=key)
    stop = lambda: len(mail_server.mails) == 2  # noqa: E731
    assert relay(stop=stop) == report(sent=2)
    with company_scope(jinxiu.company.pk):
        waiting = Delivery.objects.due(database_now())
        assert list(waiting.values_list("attempts", flat=True)) == [0, 0]
    assert relay() == report(sent=2)


def test_sms_is_mailed_to_its_number(jinxiu: Cast, mail_server: MailServer, settings: Any) -> None:
    settings.SMS_URL = "mail://"
    User.objects.filter(pk=jinxiu.desk.user_id).update(language="en")
    jinxiu.desk.user.set_phone("+8613900000009")
    jinxiu.desk.user.save(update_fields=["phone", "phone_index"])
    want_sms(jinxiu, "desk")
    tell_cast(jinxiu, "desk")
    assert relay() == report(sent=2)
    (sms,) = [mail for mail in mail_server.mails if mail["To"] != "desk@jinxiu.example"]
    assert sms["To"] == "+8613900000009@sms.invalid"
    assert sms.get_content_type() == "text/plain"
    assert sms.get_content().strip() == (
        "【锦绣物业】261122-0007 was handed to you: 电梯又停了 "
        "https://portal.example/jinxiu/tickets/7/"
    )


@pytest.mark.parametrize(
    ("url", "state", "error"),
    [
        ("off://", "dead", "This installation sends no SMS."),
        ("pigeon://", "waiting", "SMS_URL names no gateway that exists."),
    ],
)
def test_sms_without_a_gateway_does_not_hold_up_email(
    jinxiu: Cast, mail_server: MailServer, settings: Any, url: str, state: str, error: str
) -> None:
    settings.SMS_URL = url
    jinxiu.desk.user.set_phone("+8613900000009")
    jinxiu.desk.user.save(update_fields=["phone", "phone_index"])
    want_sms(jinxiu, "desk")
    tell_cast(jinxiu, "desk")
    relay()
    sms = delivery_of(jinxiu, "desk", "sms")
    assert (sms.state, sms.last_error) == (state, error)
    assert delivery_of(jinxiu, "desk").state == "sent"


def test_sms_to_somebody_without_a_phone_is_dropped(
    jinxiu: Cast, mail_server: MailServer, settings: Any
) -> None:
    settings.SMS_URL = "mail://"
    want_sms(jinxiu, "desk")
    tell_cast(jinxiu, "desk")
    assert relay() == report(sent=1, dropped=1)


def want_sms(cast: Cast, role: str) -> None:
    with company_scope(cast.company.pk):
        set_preferences(membership=cast.members[role], wanted={("assigned", "sms"): True})


@pytest.mark.parametrize("count", [1, 3])
def test_relay_asks_a_constant_number_of_questions_per_letter(
    jinxiu: Cast, mail_server: MailServer, count: int, django_assert_num_queries: Any
) -> None:
    for key in range(count):
        tell_cast(jinxiu, "desk", key=str(key))
    now = database_now()
    # Two for the companies, five for the claim; scope in, settle, scope out for each letter.
    with django_assert_num_queries(2 + 5 + 3 * count):
        assert relay(now=now).sent == count
