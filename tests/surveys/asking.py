"""A survey, a street of homes, and people who answer."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from complaints.services.handling import resolve
from owners.models import Building, Owner, Ownership, Unit
from surveys.models import (
    Improvement,
    Invitation,
    Response,
    ResponseMark,
    Stage,
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

# A question that is asked about a photograph, and only of those who have added one.
BEHIND_A_PHOTO: dict[str, Any] = {
    "sections": [
        {
            "title": "环境",
            "questions": [
                {"kind": "photo", "key": "look", "text": "拍一张", "required": True},
                {
                    "kind": "text",
                    "key": "where",
                    "text": "拍的是哪里？",
                    "required": True,
                    "conditions": [{"question": "look", "test": "answered"}],
                },
                {"kind": "rating", "key": "mark", "text": "环境如何？"},
            ],
        }
    ]
}

# Two items of each of the five dimensions, one dimension as the rows of a matrix, and the whole.
FIVE = ("reliability", "responsiveness", "assurance", "empathy", "tangibles")
ITEMS = [(f"{name[:3]}{number}", "") for name in FIVE[:4] for number in (1, 2)]
ITEMS += [("tan", "clean"), ("tan", "green")]
FIVE_DIMENSIONS: dict[str, Any] = {
    "sections": [
        {
            "title": name,
            "questions": [
                {
                    "kind": "rating",
                    "text": f"第{at + 1}部分{key[-1]}题？",
                    "key": key,
                    "dimension": name,
                }
                for key, _row in ITEMS[at : at + 2]
            ],
        }
        for at, name in zip(range(0, 8, 2), FIVE, strict=False)
    ]
    + [
        {
            "title": "环境",
            "questions": [
                {
                    "kind": "matrix",
                    "text": "环境如何？",
                    "key": "tan",
                    "dimension": "tangibles",
                    "rows": [{"key": "clean", "text": "清洁"}, {"key": "green", "text": "绿化"}],
                },
                {"kind": "rating", "text": "总体如何？", "key": "overall"},
            ],
        }
    ]
}
Given = Mapping[tuple[str, str], int]  # the mark of each item, a question and perhaps a row


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
    now = more.pop("now", TUESDAY)
    wave = planned(cast, survey, **more)
    return open_wave(wave=wave, by=cast.actor("manager"), now=now)


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


def done(cast: Cast, *rows: Improvement, now: datetime = TUESDAY) -> None:
    """These improvements done, with something that shows it."""
    for row in rows:
        words = "见 https://files.example.com/1"
        resolve(ticket=row.ticket, solution=words, by=cast.actor("supervisor"), now=now)


def marks_of(mark: int, **others: int) -> Given:
    """The same mark for every item and for the whole, but `others` by their question."""
    whole = {("overall", ""): mark, **dict.fromkeys(ITEMS, mark)}
    return {key: others.get(key[0], given) for key, given in whole.items()}


def filled(wave: Wave, lots: Iterable[tuple[Building | None, Iterable[Given]]]) -> Wave:
    """The wave counted, with answers of these buildings: what the box would have come to."""
    responses, marks = [], []
    for building, answers in lots:
        for each in answers:
            response = Response(
                wave=wave,
                building=building,
                community_id=building.community_id if building else None,
            )
            responses.append(response)
            marks += [
                ResponseMark(response=response, wave=wave, question=key, row=row, number=mark)
                for (key, row), mark in each.items()
            ]
    Response.objects.bulk_create(responses)
    ResponseMark.objects.bulk_create(marks, batch_size=2000)
    wave.stage = Stage.COUNTED
    wave.save(update_fields=["stage"])
    return wave
