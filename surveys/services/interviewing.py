"""Asking by telephone: who is called next, how a call ended, and what was answered."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from owners.models import Owner, Ownership
from surveys.models import Audience, CallOutcome, Interview, Invitation, Stage, Wave, Way
from surveys.services.answering import AlreadyAnswered, NotOpen, answer, must_be_open
from surveys.services.inviting import secret_of
from surveys.services.quota import QuotaReached, of_full_buildings, refuse_beyond_quota
from surveys.services.reach import cannot_be_reached
from tenancy.models import Membership
from tenancy.services.actor import Actor
from tenancy.services.refusal import Refused

MOST_TRIES = 4  # on as many days
HELD = timedelta(minutes=30)


class NobodyToCall(Refused):
    """Everybody with a number has answered, refused, or been tried today."""

    code = "nobody_to_call"
    sentence = _("There is nobody to call just now.")


class TakenByAnother(Refused):
    """Two interviewers with one home on the screen."""

    code = "taken_by_another"
    sentence = _("Somebody else is calling this home now.")


class WrongMoment(Refused):
    """A call agreed for a moment that has passed, or after the wave."""

    code = "wrong_moment"
    sentence = _("Agree on a time that is still to come, and before the survey ends.")


class UnknownOutcome(Refused):
    """A call that ended in no known way."""

    code = "unknown_outcome"
    sentence = _("Say how the call ended.")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the calls of a wave have come, but for buildings that have answered enough."""

    open: int  # invitations that nobody has answered
    later: int
    refused: int


@transaction.atomic
def next_call(*, wave: Wave, by: Membership, now: datetime, today: date) -> Interview:
    """The home to call next, held for the interviewer for half an hour.

    First what they hold already, then calls that were agreed and are due, homes that no letter
    reached, all others, and last whoever was tried on an earlier day. Nobody waits for another
    interviewer, and no two get the same home. Where a building's quota is full nobody is called.
    """
    must_run(wave, today)
    found = _found(wave, by, now, today)
    # Another answer of the building may have arrived while this was looked for. It is seen when
    # it is looked for again.
    if found is not None and _is_beyond_quota(found):
        found = _found(wave, by, now, today)
    if found is None:
        raise NobodyToCall
    found.claimed_by, found.claimed_until = by, now + HELD
    found.save(update_fields=["claimed_by", "claimed_until"])
    return found


def must_run(wave: Wave, today: date) -> None:
    """Raises `NotOpen`; staff are not called."""
    is_open = wave.stage == Stage.OPEN and wave.opens_on <= today <= wave.closes_on
    if not is_open or wave.survey.audience != Audience.OWNERS:
        raise NotOpen(opens=wave.opens_on, closes=wave.closes_on)


def _found(wave: Wave, by: Membership, now: datetime, today: date) -> Interview | None:
    return _in_hand(wave, by, now) or next(_candidates(wave, by, now, today), None)


def _is_beyond_quota(interview: Interview) -> bool:
    try:
        with transaction.atomic():
            refuse_beyond_quota(interview.invitation)
    except QuotaReached:
        return True
    return False


def _in_hand(wave: Wave, by: Membership, now: datetime) -> Interview | None:
    held = _to_ask(wave, by).filter(claimed_by=by, claimed_until__gt=now)
    found: Interview | None = held.select_for_update(of=("self",)).order_by("id").first()
    return found


def _to_ask(wave: Wave, by: Membership) -> QuerySet[Interview]:
    seen = Interview.objects.visible_to(by).filter(wave=wave, invitation__is_used=False)
    found: QuerySet[Interview] = seen.exclude(of_full_buildings(wave, through="invitation__"))
    return found


def _candidates(wave: Wave, by: Membership, now: datetime, today: date) -> Iterator[Interview]:
    free = (
        _to_ask(wave, by)
        .exclude(claimed_until__gt=now)
        .select_for_update(of=("self",), skip_locked=True)
    )
    agreed = free.filter(outcome=CallOutcome.LATER, again_at__lte=now)
    yield from agreed.order_by("again_at", "id")[:1]
    yield from free.filter(outcome="").order_by("id")[:1]
    yield from _first_calls(wave, by)
    again = free.filter(
        outcome=CallOutcome.NOT_REACHED, tried_on__lt=today, attempts__lt=MOST_TRIES
    )
    yield from again.order_by("tried_on", "attempts", "id")[:1]


def _first_calls(wave: Wave, by: Membership) -> Iterator[Interview]:
    """Homes that nobody has called yet; an invitation is locked until its interview is there."""
    fresh = (
        callable_ones(Invitation.objects.visible_to(by).filter(wave=wave, is_used=False), wave)
        .filter(~Exists(Interview.objects.filter(invitation=OuterRef("pk"))))
        .select_for_update(of=("self",), skip_locked=True)
        .order_by(Case(When(cannot_be_reached(wave), then=Value(0)), default=Value(1)), "id")
    )
    invitation = fresh.first()
    while invitation is not None:
        # Whoever had it locked a moment ago has written theirs since the question was asked.
        if not Interview.objects.filter(invitation=invitation).exists():
            interview = Interview(wave=wave, invitation=invitation)
            interview.save(force_insert=True)
            yield interview
        invitation = fresh.first()


def callable_ones(invitations: QuerySet[Any], wave: Wave) -> QuerySet[Any]:
    """Those of a wave where the archive knows a number of somebody, and an answer is wanted."""
    ties = Ownership.objects.current().filter(unit_id=OuterRef("unit_id"))
    household = Q(owner=None) & Exists(ties.exclude(owner__phone_index=""))
    person = Q(owner__isnull=False) & ~Q(owner__phone_index="")
    return invitations.filter(household | person).exclude(of_full_buildings(wave))


def people_of(interview: Interview) -> list[Owner]:
    """Whom one can call there, owners before family; without numbers that are somebody else's."""
    invitation = interview.invitation
    if invitation.owner_id is not None:
        people = Owner.objects.filter(pk=invitation.owner_id)
    else:
        ties = Ownership.objects.current().filter(unit_id=invitation.unit_id)
        people = Owner.objects.filter(id__in=ties.values("owner_id"))
    wrong = interview.wrong_owners
    return list(people.exclude(phone_index="").exclude(id__in=wrong).order_by("created_at", "id"))


@transaction.atomic
def answer_call(
    *, interview: Interview, given: Mapping[str, Any], by: Membership, now: datetime, today: date
) -> None:
    """They have answered on the line. What is known about calling them goes with it."""
    claimed = _claim(interview, by, now)
    secret = secret_of(claimed.invitation)
    answer(secret=secret, given=given, way=Way.PHONE, today=today)
    claimed.delete()


@transaction.atomic
def note_call(
    *,
    interview: Interview,
    outcome: str,
    by: Actor,
    now: datetime,
    today: date,
    again_at: datetime | None = None,
    owner: Owner | None = None,
) -> Interview:
    """They have not. With a wrong number whoever else lives there is called instead."""
    if outcome not in CallOutcome.values or by.membership is None:
        raise UnknownOutcome
    claimed = _claim(interview, by.membership, now)
    must_be_open(claimed.invitation, today)
    claimed.again_at = None
    if outcome == CallOutcome.LATER:
        claimed.again_at = _agreed(claimed.wave, again_at, now)
    if outcome == CallOutcome.NOT_REACHED:
        claimed.attempts += 1
    if outcome == CallOutcome.WRONG_NUMBER and owner is not None:
        claimed.wrong_owners = [*claimed.wrong_owners, owner.pk]
        if people_of(claimed):
            outcome = ""  # next time the next of them
    claimed.outcome, claimed.tried_on = outcome, today
    return _let_go(claimed)


@transaction.atomic
def hold_on(*, interview: Interview, by: Membership, now: datetime, today: date) -> None:
    """They are still talking: the home stays theirs for another half an hour.

    Raises whatever would stand in the way of an answer, so that it is known before the last
    question: somebody else has the home, it has answered, or enough of its neighbours have.
    """
    claimed = _claim(interview, by, now)
    must_be_open(claimed.invitation, today)
    refuse_beyond_quota(claimed.invitation)
    claimed.claimed_by, claimed.claimed_until = by, now + HELD
    claimed.save(update_fields=["claimed_by", "claimed_until"])


@transaction.atomic
def give_back(*, interview: Interview, by: Membership, now: datetime) -> Interview:
    """Call somebody else first: as if it had not come up."""
    return _let_go(_claim(interview, by, now))


def _let_go(interview: Interview) -> Interview:
    interview.claimed_by, interview.claimed_until = None, None
    interview.save()
    return interview


def _claim(interview: Interview, by: Membership, now: datetime) -> Interview:
    """The row locked as it is now. Raises `AlreadyAnswered` where an answer has taken it away."""
    rows = Interview.objects.select_for_update(of=("self",)).select_related(
        "invitation__wave__survey", "wave"
    )
    claimed: Interview | None = rows.filter(pk=interview.pk).first()
    if claimed is None:
        raise AlreadyAnswered
    is_held = claimed.claimed_until is not None and claimed.claimed_until > now
    if is_held and claimed.claimed_by_id != by.pk:
        raise TakenByAnother
    return claimed


def _agreed(wave: Wave, again_at: datetime | None, now: datetime) -> datetime:
    if again_at is None or again_at <= now or again_at.date() > wave.closes_on:
        raise WrongMoment
    return again_at


def progress_of(waves: list[Wave], by: Membership) -> dict[Any, Progress]:
    """How far the calls of each wave have come. Two queries, however many waves."""
    ids = [wave.pk for wave in waves]
    unanswered = Invitation.objects.visible_to(by).filter(wave_id__in=ids, is_used=False)
    wanted = unanswered.exclude(of_full_buildings(*waves))
    left = dict(wanted.values_list("wave_id").annotate(Count("id")))
    calls = Interview.objects.visible_to(by).filter(wave_id__in=ids, invitation__is_used=False)
    live = calls.exclude(of_full_buildings(*waves, through="invitation__"))
    rows = live.values_list("wave_id", "outcome").annotate(Count("id"))
    ended = {(wave_id, outcome): number for wave_id, outcome, number in rows}
    return {
        pk: Progress(
            left.get(pk, 0),
            ended.get((pk, CallOutcome.LATER), 0),
            ended.get((pk, CallOutcome.REFUSED), 0),
        )
        for pk in ids
    }
