"""Which waves of a survey that repeats are asked again, and planning the next.

A survey has one rhythm, and its waves may ask different people. Those that ask the same people
follow each other; a wave of some of those whom another one asks anyway is asked once, on the side.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from surveys.models import Wave, WaveCommunity, WavePart
from surveys.services.audiences import parts_of
from surveys.services.wave import plan_wave
from surveys.services.wave_news import tell_of_plan, tell_of_survey
from surveys.services.wave_rhythm import (
    YEAR,
    free_name,
    is_everybodys,
    months_after,
    months_between,
    set_rhythm,
)
from tenancy.services.absences import today as today_here
from tenancy.services.actor import MACHINE, Actor
from tenancy.services.audit import record
from tenancy.services.refusal import Refused

COMMUNITY = ("community", None)


@dataclass(slots=True)
class Asked:
    """Whom a wave asks: what was chosen of each source, and in which communities that is."""

    # By the source and how far it looks back; nothing chosen: everybody.
    parts: dict[tuple[str, int | None], set[str]] = field(default_factory=dict)
    places: set[str] = field(default_factory=set)

    def is_within(self, other: "Asked") -> bool:
        """Whether the other wave asks all of these, as far as what was chosen says so."""
        for source, keys in other.parts.items():
            chosen = self.parts.get(source)
            here = self.places if source == COMMUNITY else set()
            if not (chosen and chosen <= keys) and not (here and here <= keys):
                return False
        return True


def ask_again(wave: Wave, now: datetime) -> None:
    """Plan the next wave like this one, if it is asked again and nobody has planned it already."""
    months = repeated_after(wave)
    if months is not None and is_newest(wave):
        repeat(wave, months, now)


def repeated_after(wave: Wave) -> int | None:
    """After how many months it is asked again by itself; nothing: only when somebody says so."""
    months: int | None = wave.survey.repeats_months
    return None if months is None or is_aside(wave, months) else months


def is_newest(wave: Wave) -> bool:
    """Whether nobody has planned a later one for the same people already."""
    others = list(Wave.objects.filter(survey=wave.survey_id, opens_on__gte=wave.opens_on))
    asked = whom([wave, *others])
    same = [each for each in others if asked[each.pk] == asked[wave.pk]]
    return not any((each.opens_on, each.pk) > (wave.opens_on, wave.pk) for each in same)


def is_aside(wave: Wave, months: int) -> bool:
    """Whether a wave of the same rhythm asks all of these people and more.

    They are not asked twice as often as the others. What was last asked longer ago than one
    rhythm has ended, and stands against nothing.
    """
    since = months_after(wave.opens_on, -months)
    rows = Wave.objects.filter(survey=wave.survey_id, opens_on__gt=since)
    asked = whom([wave, *rows.exclude(pk=wave.pk)])
    these = asked.pop(wave.pk)
    return any(these.is_within(each) and not each.is_within(these) for each in asked.values())


def whom(waves: Iterable[Wave]) -> dict[UUID, Asked]:
    """Whom each of these waves asks."""
    found = {wave.pk: Asked() for wave in waves}
    parts = WavePart.objects.filter(wave__in=found)
    for wave, source, months, key in parts.values_list("wave_id", "source", "months", "key"):
        found[wave].parts.setdefault((source, months), set()).add(key)
    places = WaveCommunity.objects.filter(wave__in=found)
    for wave, community in places.values_list("wave_id", "community_id"):
        found[wave].places.add(str(community))
    return found


@transaction.atomic
def keep_rhythm(*, wave: Wave, repeats_months: int | None, by: Actor, now: datetime) -> None:
    """What was decided, with a wave, about asking its survey again.

    How long the next waves are open follows this one, unless it is asked on the side.
    """
    survey = wave.survey
    is_as_before = repeats_months == survey.repeats_months
    if is_as_before and not is_everybodys(by):
        return
    aside = is_aside(wave, repeats_months or YEAR)
    if is_as_before and aside:
        return
    days = survey.open_days if aside else (wave.closes_on - wave.opens_on).days + 1
    set_rhythm(survey=survey, repeats_months=repeats_months, open_days=days, by=by, now=now)


def next_day(wave: Wave, months: int, today: date) -> date:
    """When it is its turn again: the first such day that is still to come."""
    first = counted_from(wave)
    passed = months_between(first, wave.opens_on) + months
    while (day := months_after(first, passed)) < today:
        passed += months
    return day


def counted_from(wave: Wave) -> date:
    """The day of the first wave that this one follows by whole months, or its own.

    After 31 August and 28 February comes 31 August: a short month takes no days off the next. A
    wave that somebody moved to another day is the first of those after it.
    """
    earlier = list(Wave.objects.filter(survey=wave.survey_id, opens_on__lt=wave.opens_on))
    asked = whom([wave, *earlier])
    same = [each for each in earlier if asked[each.pk] == asked[wave.pk]]
    days: list[date] = sorted(each.opens_on for each in same)
    for day in days:
        if months_after(day, months_between(day, wave.opens_on)) == wave.opens_on:
            return day
    return wave.opens_on


def repeat(wave: Wave, months: int, now: datetime) -> None:
    """Plan the next wave like this one, in its rhythm, with the newest questions."""
    survey, today = wave.survey, today_here(now)
    opens_on = next_day(wave, months, today)
    try:
        following = plan_wave(
            survey=survey,
            name=free_name(survey, opens_on),
            opens_on=opens_on,
            closes_on=opens_on + timedelta(days=max(survey.open_days, 1) - 1),
            parts=parts_of(wave),
            sample_size=wave.sample_size,
            most_per_building=wave.most_per_building,
            remind_after_days=wave.remind_after_days,
            by=MACHINE,
            now=now,
            today=today,
        )
    except Refused as refusal:
        # The questionnaire has faults, or was laid aside: a person has to look at it.
        record(action="repeat_refused", subject=survey, by=MACHINE, now=now, code=refusal.code)
        tell_of_survey(survey, wave, now)
    else:
        tell_of_plan(following, now)
