"""A survey, a street of homes, and people who answer."""

from datetime import date, timedelta
from typing import Any

from owners.models import Building, Owner, Ownership, Unit
from surveys.models import (
    Invitation,
    Survey,
    Wave,
    Way,
)
from surveys.services.answering import (
    answer,
)
from surveys.services.box import count
from surveys.services.inviting import secret_of
from surveys.services.survey import (
    create_survey,
)
from surveys.services.wave import (
    close_wave,
    open_wave,
    plan_wave,
)
from tests.factories.cast import TUESDAY, Cast

TODAY = TUESDAY.date()
DOCUMENT = {
    "sections": [
        {
            "title": "服务",
            "questions": [
                {"kind": "rating", "text": "报修处理及时吗？", "required": True, "key": "speed"},
                {"kind": "text", "text": "还想说什么？", "key": "words"},
            ],
        }
    ]
}


def survey_of(cast: Cast, **more: Any) -> Survey:
    facts: dict[str, Any] = {"title": "满意度调查", "document": DOCUMENT, **more}
    return create_survey(**facts, by=cast.actor("manager"), now=TUESDAY)


def planned(cast: Cast, survey: Survey | None = None, **more: Any) -> Wave:
    facts: dict[str, Any] = {
        "name": "2026年下半年",
        "opens_on": TODAY,
        "closes_on": TODAY + timedelta(days=13),
        "today": TODAY,
        **more,
    }
    return plan_wave(
        survey=survey or survey_of(cast), by=cast.actor("manager"), now=TUESDAY, **facts
    )


def opened(cast: Cast, survey: Survey | None = None, **more: Any) -> Wave:
    wave = planned(cast, survey, **more)
    return open_wave(wave=wave, by=cast.actor("manager"), now=TUESDAY)


def street(cast: Cast, building: str, homes: int) -> Building:
    """A building more, with so many homes that somebody lives in."""
    place: Building = Building.objects.create(community=cast.community, name=building)
    for number in range(homes):
        unit = Unit.objects.create(
            building=place,
            community=cast.community,
            number=str(number),
            label=f"{building}{number}",
        )
        owner = Owner.objects.create(name=f"业主{building}{number}")
        Ownership.objects.create(owner=owner, unit=unit)
    return place


def secrets_of(wave: Wave) -> list[str]:
    return [secret_of(each) for each in Invitation.objects.filter(wave=wave).order_by("id")]


def says(secret: str, speed: object = 4, today: date = TODAY, **more: Any) -> None:
    answer(secret=secret, given={"speed": speed, **more}, way=Way.LINK, today=today)


def counted(cast: Cast, wave: Wave) -> int:
    closed = close_wave(wave=wave, by=cast.actor("manager"), now=TUESDAY)
    return count(wave=closed, by=cast.actor("manager"), now=TUESDAY)
