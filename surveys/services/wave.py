"""Waves: planned, opened, closed, counted."""

import secrets
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, Required, TypedDict, Unpack
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from surveys.models import (
    Ballot,
    BallotPhoto,
    Invitation,
    Stage,
    Survey,
    Wave,
    WaveCommunity,
    WavePart,
)
from surveys.services.audiences import (
    Part,
    PartsLost,
    checked,
    communities_of,
    lost,
    parts_of,
)
from surveys.services.cells import LEAST
from surveys.services.inviting import AT_ONCE, candidates, invite
from surveys.services.letters import withdraw, write_invitations
from surveys.services.survey import ChangedMeanwhile, mark_of, to_ask
from tenancy.models import Community, Membership
from tenancy.services.absences import today as today_here
from tenancy.services.actor import Actor
from tenancy.services.audit import record
from tenancy.services.refusal import Refused
from tenancy.services.structure import NameTaken, save_new, tidy

LONGEST = timedelta(days=366)  # that a wave is open
FURTHEST = timedelta(days=2 * 366)  # that one plans ahead
LARGEST = 1_000_000  # of a sample, or a quota
USUAL_REMINDERS = (4, 9)
MOST_REMINDERS = 5


class WrongDays(Refused):
    """A wave that closes before it opens, lies behind us, or is meant for ever."""

    code = "wrong_days"
    sentence = _(
        "A wave is open for one day at least and one year at most, does not begin in the past, "
        "and begins within two years."
    )


class WrongStage(Refused):
    """The wave is further along, or not so far yet."""

    code = "wrong_stage"
    sentence = _("This is not possible any more, or not yet: the wave is %(stage)s.")


class NobodyToAsk(Refused):
    """A wave without anybody to invite."""

    code = "nobody_to_ask"
    sentence = _("There is nobody to ask: no home in use has anybody in the archive.")


class AbsurdSize(Refused):
    """A sample of nobody, or of more than a city."""

    code = "absurd_size"
    status = 400
    sentence = _("Samples and quotas are numbers from 1 to %(largest)s.")


class WrongReminders(Refused):
    """Reminders every day, or after the last one."""

    code = "wrong_reminders"
    status = 400
    sentence = _("Remind %(most)s times at most, after 1 to 60 days.")


class OutOfReach(Refused):
    """Somebody who answers for some communities asks in others."""

    code = "out_of_reach"
    status = 403
    sentence = _("You look after some communities only: choose among them whom to ask.")


class SurveyLaidAside(Refused):
    """A survey that nobody wants to ask any more."""

    code = "survey_archived"
    sentence = _("This survey has been laid aside. Take it up again first.")


class WaveFacts(TypedDict, total=False):
    """What somebody decides about a wave."""

    name: Required[str]
    opens_on: Required[date]
    closes_on: Required[date]
    parts: Iterable[Part]
    sample_size: int | None
    most_per_building: int | None
    remind_after_days: Iterable[int]


@transaction.atomic
def plan_wave(
    *,
    survey: Survey,
    by: Actor,
    now: datetime,
    today: date,
    communities: Iterable[Community] = (),
    **facts: Unpack[WaveFacts],
) -> Wave:
    """Ask the newest edition, from a day to a day, both included."""
    edition = to_ask(survey)
    if edition.survey.is_archived:
        raise SurveyLaidAside
    here = tuple(str(each.pk) for each in communities)
    parts = checked(
        [*facts.get("parts", ()), Part("community", here)], survey.audience, by.membership
    )
    wave = Wave(
        survey=survey,
        edition=edition,
        one_per=survey.one_per,
        seed=secrets.token_hex(16),
        created_at=now,
        **settled(facts, today),
    )
    places = places_of(parts, survey, by)
    save_new(wave)
    write_parts(wave, parts, places)
    record(action="plan_wave", subject=wave, by=by, now=now, seed=wave.seed, **told(wave, parts))
    return wave


@transaction.atomic
def change_wave(
    *,
    wave: Wave,
    by: Actor,
    now: datetime,
    today: date,
    seen: str | None = None,
    **facts: Unpack[WaveFacts],
) -> Wave:
    """Plan it otherwise, with the newest questions. The seed stays: nobody picks their sample.

    Raises `ChangedMeanwhile` if the plan is no longer as it was `seen`, and `PartsLost`.
    """
    row = claim(wave, Stage.PLANNED, by)
    had = parts_of(row)
    if seen is not None and seen != mark_of_plan(row):
        raise ChangedMeanwhile
    if "parts" not in facts and by.membership and lost(had, by.membership):
        raise PartsLost
    parts = checked(facts.get("parts", ()), row.survey.audience, by.membership, kept=had)
    places = places_of(parts, row.survey, by)
    before = told(row, had)
    row.edition = to_ask(row.survey)
    row.is_reckoned = False  # where its days had passed, it has new ones
    for name, value in settled(facts, today).items():
        setattr(row, name, value)
    save_again(row)
    row.parts.all().delete()
    row.places.all().delete()
    write_parts(row, parts, places)
    record(
        action="change_wave", subject=row, by=by, now=now, name=row.name,
        before=before, after=told(row, parts),
    )  # fmt: skip
    return row


@transaction.atomic
def cancel_wave(*, wave: Wave, by: Actor, now: datetime) -> None:
    """Ask nobody after all. Nothing is left of the plan but a line in the audit log."""
    row = claim(wave, Stage.PLANNED, by)
    record(action="cancel_wave", subject=row, by=by, now=now, name=row.name)
    row.delete()


@transaction.atomic
def open_wave(*, wave: Wave, by: Actor, now: datetime) -> Wave:
    """Invite, and take answers from today on. Who belongs to it is decided here, once."""
    wave = claim(wave, Stage.PLANNED, by)
    today = today_here(now)
    if wave.closes_on < today:
        raise WrongDays
    wave.opens_on = min(wave.opens_on, today)
    wave.invited = invite(wave, now)
    if not wave.invited:
        raise NobodyToAsk
    wave.stage = Stage.OPEN
    wave.save(update_fields=["stage", "opens_on", "invited"])
    record(action="open_wave", subject=wave, by=by, now=now, invited=wave.invited)
    write_invitations(wave=wave, now=now)
    return wave


@transaction.atomic
def begin_wave(*, wave: Wave, by: Actor, now: datetime) -> bool:
    """Open it now, or leave it to the machine within minutes where writing to all takes long.

    Whether it is open.
    """
    if at_most(wave, now) <= AT_ONCE:
        open_wave(wave=wave, by=by, now=now)
        return True
    wave = claim(wave, Stage.PLANNED, by)
    before, wave.opens_on = wave.opens_on, min(wave.opens_on, today_here(now))
    if wave.closes_on < today_here(now):
        raise WrongDays
    if before != wave.opens_on:
        wave.save(update_fields=["opens_on"])
        record(action="hasten_wave", subject=wave, by=by, now=now, before=before.isoformat())
    return False


def at_most(wave: Wave, now: datetime) -> int:
    """How many would be invited now."""
    people = len(candidates(wave.survey.audience, wave.one_per, parts_of(wave), now))
    return people if wave.sample_size is None else min(people, wave.sample_size)


@transaction.atomic
def prolong_wave(*, wave: Wave, closes_on: date, by: Actor, now: datetime) -> Wave:
    """Leave it open longer than was planned."""
    wave = claim(wave, Stage.OPEN, by)
    if not max(wave.closes_on, today_here(now)) < closes_on < wave.opens_on + LONGEST:
        raise WrongDays
    before, wave.closes_on = wave.closes_on, closes_on
    wave.save(update_fields=["closes_on"])
    record(
        action="prolong_wave", subject=wave, by=by, now=now,
        before=before.isoformat(), after=closes_on.isoformat(),
    )  # fmt: skip
    return wave


@transaction.atomic
def close_wave(*, wave: Wave, by: Actor, now: datetime) -> Wave:
    """Take no more answers. What was begun and not sent is dropped: it was not said.

    How many there are stands in the audit log where the box may be opened; else that is withheld.
    """
    wave = claim(wave, Stage.OPEN, by)
    wave.closes_on = max(wave.opens_on, min(wave.closes_on, today_here(now)))
    wave.stage = Stage.CLOSED
    wave.save(update_fields=["stage", "closes_on"])
    drop_begun(wave)
    withdraw(wave=wave)
    count = Ballot.objects.filter(wave=wave).count()
    facts = {"answers": count} if count >= LEAST else {}
    record(action="close_wave", subject=wave, by=by, now=now, **facts)
    return wave


def drop_begun(wave: Wave) -> None:
    """What was begun and not sent was not said.

    Whoever is sending at this moment holds their invitation and waits for the wave, so nobody may
    wait for them: what they have begun goes with their answer, or with the next look.
    """
    photos = BallotPhoto.objects.filter(invitation_id=OuterRef("pk"))
    begun = Invitation.objects.filter(~Q(unfinished="") | Exists(photos), wave=wave, is_used=False)
    free = begun.select_for_update(of=("self",), skip_locked=True)
    ids = list(free.order_by("id").values_list("id", flat=True))
    Invitation.objects.filter(id__in=ids).update(unfinished="")
    BallotPhoto.objects.filter(invitation_id__in=ids).delete()


def claim(wave: Wave, stage: str, by: Actor | None = None) -> Wave:
    """The wave for a change, at the stage it must be in, by somebody who answers for all of it."""
    claimed: Wave = (
        Wave.objects.select_for_update(of=("self",)).select_related("survey").get(pk=wave.pk)
    )
    if claimed.stage != stage:
        raise WrongStage(stage=claimed.get_stage_display())
    if by is not None:
        where = frozenset(claimed.places.values_list("community_id", flat=True)) or None
        must_reach(by.membership, where)
    return claimed


def settled(facts: WaveFacts, today: date) -> dict[str, Any]:
    """What was decided, as it is kept."""
    opens_on, closes_on = facts["opens_on"], facts["closes_on"]
    if not today <= opens_on <= min(closes_on, today + FURTHEST):
        raise WrongDays
    if closes_on - opens_on >= LONGEST:
        raise WrongDays
    sizes = facts.get("sample_size"), facts.get("most_per_building")
    if any(size is not None and not 1 <= size <= LARGEST for size in sizes):
        raise AbsurdSize(largest=LARGEST)
    days = sorted(set(facts.get("remind_after_days", USUAL_REMINDERS)))
    if len(days) > MOST_REMINDERS or any(not 1 <= day <= 60 for day in days):
        raise WrongReminders(most=MOST_REMINDERS)
    return {
        "name": tidy(facts["name"]),
        "opens_on": opens_on,
        "closes_on": closes_on,
        "sample_size": sizes[0],
        "most_per_building": sizes[1],
        "remind_after_days": in_time(days, opens_on, closes_on),
    }


def in_time(days: Iterable[int], opens_on: date, closes_on: date) -> list[int]:
    """The reminders of these that come while answers are still taken."""
    return [each for each in days if opens_on + timedelta(days=each) <= closes_on]


def places_of(parts: Iterable[Part], survey: Survey, by: Actor) -> frozenset[UUID]:
    """The communities in which it is asked; none: wherever there is somebody.

    Raises `NobodyToAsk` where the parts have no place in common, and `OutOfReach`.
    """
    places = communities_of(parts)
    if places is not None and not places:
        raise NobodyToAsk
    must_reach(by.membership, places)
    return places or frozenset()


def must_reach(member: Membership | None, places: frozenset[UUID] | None) -> None:
    """Whoever looks after some communities asks there; all of them are more than that."""
    if member is None or member.all_communities:
        return
    if places is None or not places <= set(member.community_ids()):
        raise OutOfReach


def reaches(member: Membership, wave: Wave) -> bool:
    """Whether they answer for all of a wave, and not only see it."""
    try:
        must_reach(member, frozenset(each.community_id for each in wave.places.all()) or None)
    except OutOfReach:
        return False
    return True


def write_parts(wave: Wave, parts: Iterable[Part], places: frozenset[UUID]) -> None:
    WavePart.objects.bulk_create(
        WavePart(wave=wave, source=part.source, key=key, months=part.months)
        for part in parts
        for key in part.keys
    )
    WaveCommunity.objects.bulk_create(
        WaveCommunity(wave=wave, community_id=each) for each in sorted(places)
    )


def save_again(row: Wave) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise NameTaken(name=row.name) from error


def told(wave: Wave, parts: Iterable[Part]) -> dict[str, Any]:
    """A plan as the audit log keeps it."""
    return {
        "name": wave.name,
        "opens_on": wave.opens_on.isoformat(),
        "closes_on": wave.closes_on.isoformat(),
        "sample_size": wave.sample_size,
        "most_per_building": wave.most_per_building,
        "remind_after_days": list(wave.remind_after_days),
        "parts": {part.source: list(part.keys) for part in parts},
    }


def mark_of_plan(wave: Wave) -> str:
    """Another mark, another plan."""
    parts = parts_of(wave)
    months = {part.source: part.months for part in parts}
    return mark_of({**told(wave, parts), "months": months})
