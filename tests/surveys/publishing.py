"""A community whose wave was counted, and what it is told."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from surveys.models import Publication, Survey, Wave
from surveys.services.improving import improve
from surveys.services.improving_values import Item
from surveys.services.index import measure
from surveys.services.publishing import (
    Content,
    LineSaid,
    QuoteSaid,
    approve_publication,
    change_publication,
    draft_publication,
    mark_of_draft,
)
from surveys.services.tallying import tally
from tests.factories.cast import TUESDAY, Cast
from tests.surveys.asking import (
    FIVE_DIMENSIONS,
    TODAY,
    counted,
    opened,
    says,
    secrets_of,
    street,
    survey_of,
)

WEAK: Sequence[int] = (1, 2, 2, 3, 2, 2, 1, 2, 2, 3, 2, 2)
STRONG: Sequence[int] = (5, 4, 5, 5, 4, 5, 5, 5, 4, 5, 5, 4)
LATER = TUESDAY + timedelta(days=40)
DUE = date(2026, 12, 1)

__all__ = ["DUE", "FIVE_DIMENSIONS", "LATER", "STRONG", "TODAY", "WEAK", "street", "survey_of"]


def wave_of(cast: Cast, survey: Survey, marks: Sequence[int], days: int = 0, **more: Any) -> Wave:
    """A wave so many days later, with these marks and as many words, counted and measured."""
    opens = TODAY + timedelta(days=days)
    dates = {"opens_on": opens, "closes_on": opens + timedelta(days=9), "today": opens}
    now = TUESDAY + timedelta(days=days)
    wave = opened(cast, survey, name=f"第{days}天", now=now, **dates, **more)
    for number, (secret, mark) in enumerate(zip(secrets_of(wave), marks, strict=False)):
        says(secret, mark, today=opens, words=f"晚上没人接电话，等了很久（{number}）")
    counted(cast, wave)
    tally(wave=wave)
    measure(wave=wave, now=now)
    found: Wave = Wave.objects.select_related("edition", "survey").get(pk=wave.pk)
    return found


def decide(cast: Cast, wave: Wave, **more: Any) -> Any:
    facts: dict[str, Any] = {
        "item": Item("speed"),
        "assignee": cast.supervisor,
        "due_on": DUE,
        "title": "晚间增派维修值班",
        "expected": Decimal(60),
        **more,
    }
    return improve(wave=wave, by=cast.actor("manager"), now=TUESDAY, **facts)


def drafted(cast: Cast, wave: Wave, by: str = "manager", **more: Any) -> Publication:
    facts: dict[str, Any] = {"community": cast.community, "now": TUESDAY, **more}
    return draft_publication(wave=wave, by=cast.actor(by), **facts)


def approved(cast: Cast, row: Publication, by: str = "admin", **more: Any) -> Publication:
    facts: dict[str, Any] = {"seen": mark_of_draft(row), "now": LATER, **more}
    return approve_publication(publication=row, by=cast.actor(by), **facts)


def content_of(row: Publication, **more: Any) -> Content:
    """What is written in it, with some of it written anew."""
    lines = row.lines.order_by("position", "id")
    facts: dict[str, Any] = {
        "title": row.title,
        "introduction": row.introduction,
        "translations": row.translations,
        "items": row.items,
        "may_be_found": row.may_be_found,
        "lines": [
            LineSaid(each.text, each.translations, each.improvement_id, each.state)
            for each in lines
        ],
        "quotes": [
            QuoteSaid(each.mark_id, each.text, each.is_checked) for each in row.quotes.all()
        ],
        **more,
    }
    return Content(**facts)


def changed(cast: Cast, row: Publication, by: str = "manager", **more: Any) -> Publication:
    return change_publication(
        publication=row,
        content=content_of(row, **more),
        seen=mark_of_draft(row),
        by=cast.actor(by),
        now=LATER + timedelta(hours=1),
    )


def told(row: Publication) -> dict[str, Any]:
    """What everybody reads."""
    assert row.document is not None
    document: dict[str, Any] = row.document
    return document
