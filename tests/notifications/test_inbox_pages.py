"""The inbox and the switches, in a browser's hands."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from notifications.models import Notification, Preference
from notifications.services.inbox import MANY, mark_all_read, mark_read, unread_count
from notifications.services.telling import tell_many
from notifications.templatetags.unread import unread
from tenancy.scope import company_scope
from tests.conftest import SignIn
from tests.factories.cast import TUESDAY, Cast
from tests.notifications.conftest import notification_of, tell_cast, telling


def page(cast: Cast, name: str, **more: Any) -> str:
    return reverse(f"notifications:{name}", kwargs={"company": cast.company.slug, **more})


@pytest.fixture
def desk(jinxiu: Cast, sign_in: SignIn) -> Client:
    return sign_in(jinxiu.desk)


def test_inbox_lists_ones_own_unread_first(jinxiu: Cast, heyue: Cast, desk: Client) -> None:
    for key in ("old", "newer", "newest"):
        tell_cast(jinxiu, "desk", key=key)
    tell_cast(jinxiu, "manager", key="not mine")
    tell_cast(heyue, "desk", key="theirs")
    with company_scope(jinxiu.company.pk):
        mark_read(notification=Notification.objects.get(dedupe_key="newest"), now=timezone.now())
    response = desk.get(page(jinxiu, "inbox"))
    assert [row.dedupe_key for row in response.context["rows"]] == ["newer", "old", "newest"]
    assert response.context["unread_count"] == 2
    assert response.content.decode().count("电梯又停了") == 3


@pytest.mark.parametrize(
    ("message", "times"),
    [("%(number)s was handed to you: %(title)s", 1), ("%(number)s has to wait.", 1), ("Hello.", 1)],
)
def test_a_line_says_once_what_it_is_about(
    jinxiu: Cast, desk: Client, message: str, times: int
) -> None:
    tell_cast(jinxiu, "desk", message=message, params={"number": "7", "title": "<灯>坏了"})
    html = desk.get(page(jinxiu, "inbox")).content.decode()
    assert html.count("&lt;灯&gt;坏了") == times


def test_inbox_that_is_empty_says_so(jinxiu: Cast, desk: Client) -> None:
    response = desk.get(page(jinxiu, "inbox"))
    assert (response.status_code, list(response.context["rows"])) == (200, [])


@pytest.mark.parametrize("count", [1, 3])
def test_inbox_asks_the_same_for_one_line_and_for_three(
    jinxiu: Cast, desk: Client, count: int, django_assert_max_num_queries: Any
) -> None:
    for key in range(count):
        tell_cast(jinxiu, "desk", key=str(key))
    with django_assert_max_num_queries(13):
        desk.get(page(jinxiu, "inbox"))


def test_opening_a_notification_reads_it_and_leads_on(jinxiu: Cast, desk: Client) -> None:
    tell_cast(jinxiu, "desk")
    row = notification_of(jinxiu, "desk")
    response = desk.get(page(jinxiu, "notification_open", pk=row.pk))
    assert (response.status_code, response["Location"]) == (302, "/jinxiu/tickets/7/")
    first = notification_of(jinxiu, "desk").read_at
    assert first is not None
    desk.get(page(jinxiu, "notification_open", pk=row.pk))
    assert notification_of(jinxiu, "desk").read_at == first


@pytest.mark.parametrize("path", ["", "//evil.example/", "https://evil.example/", "javascript:x"])
def test_opening_a_notification_that_leads_nowhere_stays(
    jinxiu: Cast, desk: Client, path: str
) -> None:
    tell_cast(jinxiu, "desk", path=path)
    row = notification_of(jinxiu, "desk")
    response = desk.get(page(jinxiu, "notification_open", pk=row.pk))
    assert response["Location"] == "/jinxiu/inbox/"


def test_notifications_of_others_are_not_there(jinxiu: Cast, heyue: Cast, desk: Client) -> None:
    tell_cast(jinxiu, "manager")
    tell_cast(heyue, "desk")
    for pk in (notification_of(jinxiu, "manager").pk, notification_of(heyue, "desk").pk, uuid4()):
        assert desk.get(page(jinxiu, "notification_open", pk=pk)).status_code == 404
        assert desk.post(page(jinxiu, "notification_read", pk=pk)).status_code == 404
    assert notification_of(jinxiu, "manager").read_at is None
    assert notification_of(heyue, "desk").read_at is None


def test_one_notification_is_ticked_off(jinxiu: Cast, desk: Client) -> None:
    tell_cast(jinxiu, "desk")
    row = notification_of(jinxiu, "desk")
    response = desk.post(page(jinxiu, "notification_read", pk=row.pk))
    assert response["Location"] == "/jinxiu/inbox/"
    assert notification_of(jinxiu, "desk").read_at is not None


def test_all_notifications_are_ticked_off(jinxiu: Cast, heyue: Cast, desk: Client) -> None:
    for cast in (jinxiu, heyue):
        tell_cast(cast, "desk", "manager")
    response = desk.post(page(jinxiu, "notification_read_all"), follow=True)
    assert [str(message)[:1] for message in response.context["messages"]] == ["1"]
    assert notification_of(jinxiu, "desk").read_at is not None
    assert notification_of(jinxiu, "manager").read_at is None
    assert notification_of(heyue, "desk").read_at is None
    assert desk.get(page(jinxiu, "notification_read_all")).status_code == 405


def test_unread_count_stops_at_many(scoped: Cast) -> None:
    assert unread_count(scoped.desk) == 0
    tell_many([telling(scoped.desk.pk, key=str(n)) for n in range(MANY + 5)], now=TUESDAY)
    assert unread_count(scoped.desk) == MANY
    assert unread_count(scoped.manager) == 0
    assert mark_all_read(membership=scoped.desk, now=TUESDAY + timedelta(hours=1)) == MANY + 5
    assert unread_count(scoped.desk) == 0


def test_preferences_are_shown_and_kept(jinxiu: Cast, desk: Client, settings: Any) -> None:
    settings.SMS_URL = "mail://"
    address = page(jinxiu, "preferences")
    form = desk.get(address).context["form"]
    assert {name: field.initial for name, field in form.fields.items()} == {
        f"{kind}-{channel}": channel == "email"
        for kind in ("assigned", "warning", "escalation", "urged", "rating", "message", "survey")
        for channel in ("email", "sms")
    }
    assert desk.post(address, {"warning-sms": "on"})["Location"] == address
    with company_scope(jinxiu.company.pk):
        wishes = Preference.objects.filter(wanted=True).values_list("kind", "channel")
        assert list(wishes) == [("warning", "sms")]
        assert Preference.objects.filter(membership=jinxiu.desk).count() == 14
    form = desk.get(address).context["form"]
    assert [name for name, field in form.fields.items() if field.initial] == ["warning-sms"]


def test_preferences_offer_no_channel_that_is_off(
    jinxiu: Cast, sign_in: SignIn, settings: Any
) -> None:
    settings.SMS_URL = "off://"
    form = sign_in(jinxiu.owner).get(page(jinxiu, "preferences")).context["form"]
    assert list(form.fields) == ["progress-email", "message-email", "survey-email"]


@pytest.mark.parametrize(("waiting", "shown"), [(0, ""), (1, "1"), (99, "99"), (100, "99+")])
def test_bell_shows_how_much_is_unread(scoped: Cast, waiting: int, shown: str) -> None:
    tell_many([telling(scoped.desk.pk, key=str(n)) for n in range(waiting)], now=TUESDAY)
    assert (unread(scoped.desk), unread(None)) == (shown, "")
