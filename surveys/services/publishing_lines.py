"""What was done: the lines of a publication, with the day, the state and the effect of each."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Max, Q, QuerySet

from complaints.models import Deadline
from complaints.models.kinds import OPEN
from complaints.services.figures_days import day_of
from surveys.models import (
    Audience,
    Effect,
    Improvement,
    Publication,
    PublicationLine,
    Stage,
    Wave,
    WaveCommunity,
)
from surveys.questionnaire import Questionnaire
from surveys.services.improving_values import Item
from surveys.services.publishing_words import Words, asked_in, both_writings, words_in

# How an improvement stands on the day of the publication.
DONE, DONE_LATE, UNDER_WAY, OVERDUE = "done", "done_late", "under_way", "overdue"
# By whether it is done, and whether its day went by before it was.
STATES = {
    (True, False): DONE,
    (True, True): DONE_LATE,
    (False, False): UNDER_WAY,
    (False, True): OVERDUE,
}


def improvements_of(wave: Wave, community_id: Any) -> QuerySet[Any]:
    """What was decided after the wave before or after this one, or after another survey that owners
    here were asked; for this community or for all."""
    here = Q(community_id=community_id) | Q(community=None)
    told = before_of(wave) | Q(wave=wave) | elsewhere(wave, community_id)
    rows = Improvement.objects.filter(here, told)
    return rows.select_related("ticket__department", "wave").order_by("wave__opens_on", "id")


def earlier_than(wave: Wave, prefix: str = "") -> Q:
    """Counted waves of the same survey that opened before this one."""

    def said(**facts: Any) -> Q:
        return Q(**{f"{prefix}{name}": value for name, value in facts.items()})

    sooner = said(opens_on__lt=wave.opens_on) | said(opens_on=wave.opens_on, id__lt=wave.pk)
    return said(survey=wave.survey_id, stage=Stage.COUNTED) & sooner


def before_of(wave: Wave) -> Q:
    """Decided after an earlier wave, and looked at by this one, or not looked at yet."""
    return earlier_than(wave, "wave__") & (Q(wave_after=None) | Q(wave_after=wave))


def elsewhere(wave: Wave, community_id: Any) -> Q:
    """Decided after an earlier wave of another survey of owners that covered the community, and
    not looked at by a later one of that survey."""
    of_some = WaveCommunity.objects.values("wave")
    of_this = WaveCommunity.objects.filter(community_id=community_id).values("wave")
    covered = ~Q(wave__in=of_some) | Q(wave__in=of_this)
    others = Q(wave__survey__audience=Audience.OWNERS) & ~Q(wave__survey=wave.survey_id)
    earlier = Q(wave__opens_on__lt=wave.opens_on, wave__stage=Stage.COUNTED)
    return others & earlier & covered & Q(wave_after=None)


def left_out(publication: Publication) -> list[Improvement]:
    """Improvements that no line tells of."""
    told = PublicationLine.objects.filter(publication=publication, improvement__isnull=False)
    rows = improvements_of(publication.wave, publication.community_id)
    return list(rows.exclude(id__in=told.values("improvement_id")))


def kept_silent(publication: Publication) -> list[Improvement]:
    """Those of them that were promised after an earlier wave: owners are told of each. What was
    promised after another survey is told with its waves, and here by whoever wants to."""
    wave = publication.wave
    return [
        each
        for each in left_out(publication)
        if each.wave.survey_id == wave.survey_id and each.wave_id != wave.pk
    ]


def lines_of(publication: Publication, zone: ZoneInfo, now: datetime) -> list[dict[str, Any]]:
    """Each line as it stands now: what was decided before first."""
    rows = list(
        publication.lines.select_related(
            "improvement__ticket__department", "improvement__wave"
        ).order_by("position", "id")
    )
    promised = [each.improvement for each in rows if each.improvement]
    due = due_days([each.ticket_id for each in promised])
    asked = asked_after(promised, publication.wave)
    found = []
    for each in rows:
        words = both_writings({publication.language: each.text, **each.translations})
        about = of_its_own(each)
        if each.improvement:
            about = of_improvement(each.improvement, publication, due, zone, now)
            about |= item_of(each.improvement, asked[each.improvement.wave_id])
        found.append({"words": words, **about})
    return sorted(found, key=lambda each: not each["is_earlier"])


def asked_after(promised: list[Improvement], wave: Wave) -> dict[Any, dict[str, Questionnaire]]:
    """What was asked before each was promised, by its wave, each wave read once: one query. Of
    the survey of this wave, as this one asks it."""
    ours, own = asked_in(wave), wave.survey_id
    others = {each.wave_id for each in promised if each.wave.survey_id != own}
    found = {each.wave_id: ours for each in promised if each.wave_id not in others}
    rows = Wave.objects.filter(id__in=others).select_related("survey", "edition")
    return found | {each.pk: asked_in(each) for each in rows}


def item_of(row: Improvement, asked: dict[str, Questionnaire]) -> dict[str, Any]:
    """What it is about: a question in its words, or by its name a dimension or the index."""
    item = Item(row.question, row.row, row.dimension)
    words: Words = words_in(item, asked) if item.question else {}
    if item.question and not words:  # no longer asked
        words = {next(iter(asked)): row.item}  # in the survey's own language, the first
    return {"item": item.name, "item_words": words}


def of_its_own(line: PublicationLine) -> dict[str, Any]:
    """Something that no survey asked for."""
    return {"is_earlier": False, "state": line.state, "item": "", "item_words": {}}


def of_improvement(
    row: Improvement, publication: Publication, due: dict[Any, datetime], zone: ZoneInfo,
    now: datetime,
) -> dict[str, Any]:  # fmt: skip
    """Who was responsible, by which day, whether it is done, and what the wave says of it."""
    ticket = row.ticket
    due_at = due.get(ticket.pk)
    is_done = ticket.status not in OPEN
    done_at = ticket.resolved_at if is_done else None
    late = due_at is not None and (done_at or now) > due_at
    return {
        "is_earlier": row.wave_id != publication.wave_id,
        "department": ticket.department.name if ticket.department else "",
        "due_on": day_of(due_at, zone).isoformat() if due_at else None,
        "done_on": day_of(done_at, zone).isoformat() if done_at else None,
        "state": STATES[is_done, late],
        "effect": effect_of(row, publication.wave),
    }


def effect_of(row: Improvement, wave: Wave) -> str:
    """What this wave says of it; nothing while another has to."""
    return Effect(row.effect).value if row.wave_after_id == wave.pk else ""


def due_days(tickets: list[Any]) -> dict[Any, datetime]:
    """By when each is to be done: one query."""
    rows = Deadline.objects.filter(ticket_id__in=tickets).order_by()
    return dict(rows.values_list("ticket").annotate(at=Max("due_at")))
