"""Letters to people without an account: the same outbox, the same relay, the same last resort."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from notifications.models import Delivery, DeliveryState, Kind, Mailing
from notifications.services.mailing import Mail, mail_many, way_to
from notifications.services.relay_batch import send_by_email_instead
from notifications.services.relaying import relay
from notifications.services.taking_back import IT_IS_OVER, lay_aside, letters_about, take_back
from tenancy.models import AuditEntry
from tenancy.scope import company_scope
from tenancy.services.clock import database_now
from tenancy.services.exporting import rows_of
from tests.conftest import SignIn
from tests.factories.cast import TUESDAY, Cast
from tests.notifications.conftest import MailServer

PHONE = "+8613900000001"
EMAIL = "zhang@example.com"
ABOUT = uuid4()


@pytest.fixture(autouse=True)
def gateway(settings: Any) -> None:
    settings.SMS_URL = "mail://"
    settings.PUBLIC_URL = "https://portal.example"


def mail(key: str = "a", **more: Any) -> Mail:
    facts: dict[str, Any] = {
        "kind": Kind.SURVEY,
        "name": "张伟",
        "phone": PHONE,
        "email": "",
        "message": "%(title)s until %(closes_on)s",
        "params": {"title": "满意度", "closes_on": TUESDAY.date()},
        "secret_path": "/jinxiu/s/abcdefgh/",
        "subject_id": ABOUT,
        "reference_id": uuid4(),
        "dedupe_key": key,
        **more,
    }
    return Mail(**facts)


def write(cast: Cast, *mails: Mail, **more: Any) -> int:
    with company_scope(cast.company.pk):
        return mail_many(mails or [mail()], now=database_now(), **more)


def states(cast: Cast) -> list[tuple[str, str]]:
    with company_scope(cast.company.pk):
        return sorted(Delivery.objects.values_list("channel", "state"))


def test_mailing_is_written_once_and_nothing_personal_in_clear(
    jinxiu: Cast, heyue: Cast, django_assert_num_queries: Any
) -> None:
    both = [mail("a", email=EMAIL), mail("b")]
    with company_scope(jinxiu.company.pk):
        with django_assert_num_queries(2):
            assert mail_many(both, now=TUESDAY, due_at=TUESDAY + timedelta(hours=9)) == 2
        with django_assert_num_queries(1):
            assert mail_many(both, now=TUESDAY) == 0
        with django_assert_num_queries(0):
            assert mail_many([mail("c", phone="")], now=TUESDAY) == 0
        row = Mailing.objects.get(dedupe_key="a")
        assert (row.phone, row.email, row.secret_path) == (PHONE, EMAIL, "/jinxiu/s/abcdefgh/")
        assert str(row) == f"survey to {row.reference_id}"
        departure = row.deliveries.get()
        assert departure.next_attempt_at == departure.created_at == TUESDAY + timedelta(hours=9)
        with connection.cursor() as cursor:
            cursor.execute("SELECT m::text, d::text FROM notifications_mailing m, "
                           "notifications_delivery d")  # fmt: skip
            stored = str(cursor.fetchall())
        # What is written about a survey stays in the house; of other letters all but the secret.
        exported = [list(rows_of(model, True)) for model in (Mailing, Delivery)]
        assert exported == [[], []]
        mail_many([mail("d", kind=Kind.MEMBERSHIP)], now=TUESDAY)
        exported = [list(rows_of(model, True)) for model in (Mailing, Delivery)]
        assert [len(rows) for rows in exported] == [1, 1]
        assert [m.pk for m in Mailing.objects.visible_to(jinxiu.admin).order_by("id")]
        assert Mailing.objects.visible_to(jinxiu.manager).count() == 0
    assert [each in stored for each in (PHONE, EMAIL, "abcdefgh", "mailing")] == [False] * 4
    assert [each in str(exported) for each in (PHONE, "abcdefgh")] == [True, False]
    # The same key at the rival's is another letter.
    assert write(heyue) == 1


def test_way_is_by_what_there_is(settings: Any) -> None:
    assert [way_to(PHONE, EMAIL), way_to("", EMAIL), way_to("", "")] == ["sms", "email", None]
    settings.SMS_URL = "off://"
    assert [way_to(PHONE, EMAIL), way_to(PHONE, "")] == ["email", None]


def test_delivery_is_of_one_thing(scoped: Cast) -> None:
    mail_many([mail()], now=TUESDAY)
    facts: dict[str, Any] = {"channel": "email", "created_at": TUESDAY}
    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.create(**facts)


def test_mailing_leaves_by_sms_in_the_language_of_the_company(
    jinxiu: Cast, mail_server: MailServer
) -> None:
    jinxiu.company.language = "en"
    jinxiu.company.save()
    write(jinxiu, mail("a"), mail("b", phone="", email=EMAIL, language="zh-hans"))
    assert relay().sent == 2
    sms, email = sorted(mail_server.mails, key=lambda each: str(each["To"]))
    assert sms["To"] == f"{PHONE}@sms.invalid"
    year = "" if database_now().year == TUESDAY.year else f" {TUESDAY.year}"
    assert sms.get_content().strip() == (
        f"【锦绣物业】满意度 until 10 Nov{year} https://portal.example/jinxiu/s/abcdefgh/"
    )
    assert email["To"] == EMAIL
    text = email.get_body(("plain",))
    assert text is not None
    assert "张伟" in text.get_content()
    assert "https://portal.example/jinxiu/s/abcdefgh/" in text.get_content()
    assert states(jinxiu) == [("email", "sent"), ("sms", "sent")]


def test_dead_number_is_tried_by_email(jinxiu: Cast, mail_server: MailServer) -> None:
    for phone in (PHONE, "+8613900000002"):
        mail_server.answers[f"{phone}@sms.invalid"] = f"550 <{phone}@sms.invalid> unknown"
    write(jinxiu, mail("a", email=EMAIL), mail("b", phone="+8613900000002"))
    mail_server.answers[EMAIL] = f"451 <{EMAIL}> later"
    report = relay()
    assert (report.sent, report.dead) == (0, 2)
    now = database_now()
    relay(now=now)
    assert states(jinxiu) == [("email", "waiting"), ("sms", "dead"), ("sms", "settled")]
    with company_scope(jinxiu.company.pk):
        errors = list(Delivery.objects.values_list("last_error", flat=True))
        instead = Delivery.objects.get(state="settled").settled_because
    # What servers repeat of an address is not written down.
    assert sorted(errors) == ["451 <****> later", *["550 <****@sms.invalid> unknown"] * 2]
    assert instead == "Sent by e-mail instead."
    del mail_server.answers[EMAIL]
    assert relay(now=now + timedelta(minutes=2)).sent == 1
    assert mail_server.recipients == [EMAIL]


def test_letter_that_somebody_sends_again_is_not_sent_by_email_too(jinxiu: Cast) -> None:
    """Between the dead number and the e-mail an admin may have been quicker."""
    write(jinxiu, mail("a", email=EMAIL))
    with company_scope(jinxiu.company.pk):
        delivery = Delivery.objects.select_related("mailing").get()
    send_by_email_instead(jinxiu.company, delivery, database_now())
    assert states(jinxiu) == [("sms", "waiting")]


def test_letter_that_waits_is_taken_back(
    jinxiu: Cast, heyue: Cast, mail_server: MailServer
) -> None:
    kept, gone, other = mail("a"), mail("b"), mail("c", subject_id=uuid4())
    write(jinxiu, kept, gone, other)
    write(heyue, gone)
    with company_scope(jinxiu.company.pk):
        assert take_back(letters_about(ABOUT, [gone.reference_id])) == 1
        assert take_back(letters_about(ABOUT, [gone.reference_id])) == 0
        assert Delivery.objects.count() == 2
    assert relay().sent == 3
    with company_scope(jinxiu.company.pk):
        assert take_back(letters_about(ABOUT)) == 0  # what was sent stays written down
        assert Delivery.objects.count() == 2
        Delivery.objects.update(state=DeliveryState.DEAD)
        assert lay_aside(letters_about(ABOUT)) == 1
        assert list(Delivery.objects.dead().values_list("mailing__name", flat=True)) == ["张伟"]
        settled = Delivery.objects.get(state=DeliveryState.SETTLED)
        assert settled.settled_because == IT_IS_OVER


def test_dead_mailing_is_found_resent_and_laid_aside(
    jinxiu: Cast, heyue: Cast, mail_server: MailServer, sign_in: SignIn
) -> None:
    mail_server.answers[f"{PHONE}@sms.invalid"] = "550 unknown"
    for cast in (jinxiu, heyue):
        write(cast, mail("a"), mail("b", name="李娜"))
    relay()
    admin = sign_in(jinxiu.admin)
    page = reverse("notifications:dead_letters", args=["jinxiu"])
    text = admin.get(page).content.decode()
    assert [text.count(each) for each in ("满意度 until", "abcdefgh", PHONE)] == [2, 0, 0]
    for query, names in (("?search=李", ["李娜"]), ("?channel=sms", ["李娜", "张伟"])):
        found = admin.get(page + query).context["rows"]
        assert [row.mailing.name for row in found] == names
    first, second = dead(jinxiu)
    mail_server.answers.clear()
    admin.post(reverse("notifications:delivery_resend", args=["jinxiu", first]))
    admin.post(reverse("notifications:delivery_settle", args=["jinxiu", second]), {"reason": "x"})
    assert relay().sent == 1
    assert states(jinxiu) == [("sms", "sent"), ("sms", "settled")]
    assert len(dead(heyue)) == 2
    with company_scope(jinxiu.company.pk):
        actions = set(AuditEntry.objects.values_list("action", flat=True))
    assert actions == {"resend_delivery", "settle_delivery"}


def dead(cast: Cast) -> list[UUID]:
    with company_scope(cast.company.pk):
        return list(Delivery.objects.dead().order_by("id").values_list("id", flat=True))


@pytest.mark.parametrize("count", [1, 3])
def test_dead_letters_ask_the_same_for_one_mailing_and_three(
    jinxiu: Cast,
    mail_server: MailServer,
    sign_in: SignIn,
    count: int,
    django_assert_max_num_queries: Any,
) -> None:
    mail_server.answers[f"{PHONE}@sms.invalid"] = "550 unknown"
    write(jinxiu, *(mail(str(number)) for number in range(count)))
    relay()
    admin: Client = sign_in(jinxiu.admin)
    with django_assert_max_num_queries(11):
        found = admin.get(reverse("notifications:dead_letters", args=["jinxiu"])).context["rows"]
    assert len(found) == count
