"""Until which moment one can answer is the server's to say, by the company's midnight."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client

from surveys.models import Ballot, Wave
from tenancy.models import Company
from tenancy.scope import company_scope
from tests.factories.cast import Cast
from tests.surveys.asking import TODAY, opened, secrets_of

LAST = TODAY + timedelta(days=13)
DAY = timedelta(days=1)
BEFORE, AFTER = time(23, 59), time(0, 1)  # midnight
OPEN = [(TODAY, AFTER), (LAST, BEFORE)]
SHUT = [(TODAY - DAY, BEFORE), (LAST + DAY, AFTER)]
ZONES = ["Asia/Shanghai", "America/Los_Angeles", "Pacific/Auckland", "UTC"]


@pytest.fixture(params=ZONES)
def zone(request: Any, jinxiu: Cast) -> ZoneInfo:
    Company.objects.filter(pk=jinxiu.company.pk).update(zone=request.param)
    return ZoneInfo(request.param)


@pytest.fixture
def link(jinxiu: Cast, zone: ZoneInfo) -> str:
    with company_scope(jinxiu.company.pk):
        wave = opened(jinxiu)
        Wave.objects.filter(pk=wave.pk).update(opens_on=TODAY, closes_on=LAST)
        (secret,) = secrets_of(wave)
    return f"/jinxiu/s/{secret}/"


def says_it_is(moment: datetime, zone: ZoneInfo) -> dict[str, Any]:
    """All that a phone can say about its own clock."""
    day, written = moment.date().isoformat(), moment.strftime("%a, %d %b %Y %H:%M:%S GMT")
    said = {"today": day, "date": day, "now": moment.isoformat(), "tz": zone.key}
    return {
        "data": {"act": "send", "q-speed": "4", "seen": ["speed", "words"], **said},
        "headers": {"date": written, "x-timezone": zone.key, "if-modified-since": written,
                    "cookie": f"timezone={zone.key}; django_timezone={zone.key}; today={day}"},
    }  # fmt: skip


def sent(client: Client, link: str, when: datetime, zone: ZoneInfo, phone: datetime) -> int:
    with time_machine.travel(when, tick=False):
        status: int = client.post(link, **says_it_is(phone, zone)).status_code
    return status


def in_box(cast: Cast) -> int:
    with company_scope(cast.company.pk):
        return int(Ballot.objects.count())


@pytest.mark.parametrize(("day", "clock"), OPEN)
def test_a_minute_inside_is_taken_whatever_the_phone_says(
    jinxiu: Cast, client: Client, link: str, zone: ZoneInfo, day: Any, clock: time
) -> None:
    when = datetime.combine(day, clock, zone)
    with time_machine.travel(when, tick=False):
        assert 'name="q-speed"' in client.get(link, {"today": "2020-01-01"}).content.decode()
    wrong = when - 400 * DAY
    assert (sent(client, link, when, zone, wrong), in_box(jinxiu)) == (302, 1)


@pytest.mark.parametrize(("day", "clock"), SHUT)
def test_a_minute_outside_is_refused_whatever_the_phone_says(
    jinxiu: Cast, client: Client, link: str, zone: ZoneInfo, day: Any, clock: time
) -> None:
    when = datetime.combine(day, clock, zone)
    inside = datetime.combine(TODAY + 3 * DAY, time(12), zone)
    with time_machine.travel(when, tick=False):
        shown = client.get(link, {"today": TODAY.isoformat()}).content.decode()
    assert 'name="q-speed"' not in shown
    assert (sent(client, link, when, zone, inside), in_box(jinxiu)) == (409, 0)
