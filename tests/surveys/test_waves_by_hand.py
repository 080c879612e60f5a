"""Waves moved by hand; quotas, and the response rate."""

from datetime import timedelta
from typing import Any

import pytest

from surveys.models import Invitation, Wave
from surveys.services.audiences import Part
from surveys.services.live import live
from surveys.services.quota import QuotaReached, refuse_beyond_quota
from surveys.services.survey import rewrite
from surveys.services.wave import (
    WrongDays,
    WrongStage,
    begin_wave,
    cancel_wave,
    change_wave,
    close_wave,
    open_wave,
    prolong_wave,
)
from tenancy.models import AuditEntry
from tenancy.services.structure import NameTaken
from tests.factories.cast import TUESDAY, Cast
from tests.surveys.asking import TODAY, opened, planned, street, survey_of

DAY = timedelta(days=1)
LAST = TODAY + 13 * DAY


# --- by hand ---


def test_plan_is_changed_with_its_parts_and_asks_the_newest_questions(scoped: Cast) -> None:
    eight = street(scoped, "8栋", 2)
    wave, by = planned(scoped), scoped.actor("manager")
    other = {"sections": [{"title": "别的", "questions": [{"kind": "score", "text": "如何？"}]}]}
    rewrite(survey=wave.survey, document=other, by=by, now=TUESDAY)
    facts: Any = {"name": " 新 名 ", "opens_on": TODAY + DAY, "closes_on": TODAY + 3 * DAY}
    parts = [Part("building", (str(eight.pk),))]
    changed = change_wave(
        wave=wave, by=by, now=TUESDAY, today=TODAY, parts=parts, sample_size=1, **facts
    )
    assert (changed.name, changed.edition.number, changed.seed) == ("新 名", 2, wave.seed)
    assert [(each.source, each.key) for each in changed.parts.all()] == [
        ("building", str(eight.pk))
    ]
    assert [each.community for each in changed.places.all()] == [scoped.community]
    detail = AuditEntry.objects.get(action="change_wave").detail
    assert (detail["before"]["name"], detail["after"]["sample_size"]) == ("2026年下半年", 1)
    planned(scoped, wave.survey, name="另一期")
    with pytest.raises(NameTaken):
        change_wave(wave=wave, by=by, now=TUESDAY, today=TODAY, **{**facts, "name": "另一期"})
    open_wave(wave=wave, by=by, now=TUESDAY)
    with pytest.raises(WrongStage):
        change_wave(wave=wave, by=by, now=TUESDAY, today=TODAY, **facts)
    with pytest.raises(WrongStage):
        cancel_wave(wave=wave, by=by, now=TUESDAY)


def test_days_of_a_wave_have_an_order_and_an_end(
    scoped: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    survey = survey_of(scoped)
    for opens_on, closes_on in (
        (TODAY, TODAY - DAY),
        (TODAY - DAY, TODAY + DAY),
        (TODAY, TODAY + 366 * DAY),
        (TODAY + 800 * DAY, TODAY + 801 * DAY),
    ):
        with pytest.raises(WrongDays):
            planned(scoped, survey, opens_on=opens_on, closes_on=closes_on)
    wave = opened(scoped, survey, opens_on=TODAY + 5 * DAY)
    assert wave.opens_on == TODAY
    by: Any = {"by": scoped.actor("manager"), "now": TUESDAY}
    for closes_on in (LAST, TODAY - DAY, TODAY + 366 * DAY):
        with pytest.raises(WrongDays):
            prolong_wave(wave=wave, closes_on=closes_on, **by)
    prolong_wave(wave=wave, closes_on=LAST + DAY, **by)
    entry = AuditEntry.objects.get(action="prolong_wave")
    assert entry.detail == {"before": LAST.isoformat(), "after": (LAST + DAY).isoformat()}
    assert close_wave(wave=wave, **by).closes_on == TODAY
    missed = planned(scoped, survey, name="错过", closes_on=TODAY)
    monkeypatch.setattr("surveys.services.wave.AT_ONCE", 0)
    assert begin_wave(wave=missed, **by) is False  # today already
    with pytest.raises(WrongDays):
        begin_wave(wave=missed, by=by["by"], now=TUESDAY + DAY)
    with pytest.raises(WrongDays):
        open_wave(wave=missed, by=by["by"], now=TUESDAY + DAY)


# --- quotas and the response rate ---


def test_quota_takes_so_many_of_a_building_and_thanks_the_others(scoped: Cast) -> None:
    street(scoped, "8栋", 3)
    wave = opened(scoped, most_per_building=2)
    eight = list(Invitation.objects.filter(building__name="8栋").select_related("wave"))
    for each in eight[:2]:
        refuse_beyond_quota(each)
        Invitation.objects.filter(pk=each.pk).update(is_used=True)
    with pytest.raises(QuotaReached):
        refuse_beyond_quota(eight[2])
    refuse_beyond_quota(Invitation.objects.select_related("wave").get(building=scoped.building))
    Wave.objects.filter(pk=wave.pk).update(most_per_building=None)
    refuse_beyond_quota(Invitation.objects.select_related("wave").get(pk=eight[2].pk))


def test_response_rate_withholds_small_cells_and_what_gives_them_away(scoped: Cast) -> None:
    street(scoped, "8栋", 8)
    street(scoped, "9栋", 12)
    wave = opened(scoped)
    assert live(wave, scoped.manager).whole.answered is None
    for building, number in (("3栋", 1), ("8栋", 6), ("9栋", 9)):
        ids = Invitation.objects.filter(building__name=building).values("id")[:number]
        Invitation.objects.filter(id__in=ids).update(is_used=True)
    found = live(wave, scoped.manager)
    assert (found.whole.answered, found.whole.invited, found.whole.percent) == (16, 21, 76)
    (place,) = found.communities
    # One home in the third building; the six of the eighth would give it away.
    assert [(part.name, part.answered) for part in place.parts] == [
        ("3栋", None),
        ("8栋", None),
        ("9栋", 9),
    ]
    assert place.parts[0].percent is None
    assert found.groups == []
