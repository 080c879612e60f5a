"""Waves: planned, opened, closed, counted."""

import secrets
from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from surveys.models import Ballot, BallotPhoto, Stage, Survey, Wave, WaveCommunity
from surveys.services.inviting import invite
from surveys.services.survey import to_ask
from tenancy.models import Community
from tenancy.services.actor import Actor
from tenancy.services.audit import record
from tenancy.services.refusal import Refused
from tenancy.services.structure import save_new, tidy


class WrongDays(Refused):
    """A wave that closes before it opens, or lies behind us."""

    code = "wrong_days"
    sentence = _("A survey is open for one day at least, and does not end in the past.")


class WrongStage(Refused):
    """The wave is further along, or not so far yet."""

    code = "wrong_stage"
    sentence = _("This is not possible any more, or not yet: the wave is %(stage)s.")


class NobodyToAsk(Refused):
    """A wave without anybody to invite."""

    code = "nobody_to_ask"
    sentence = _("There is nobody to ask: no home in use has anybody in the archive.")


@transaction.atomic
def plan_wave(
    *,
    survey: Survey,
    name: str,
    opens_on: date,
    closes_on: date,
    by: Actor,
    now: datetime,
    today: date,
    communities: Iterable[Community] = (),
    sample_size: int | None = None,
) -> Wave:
    """Ask the newest edition, from a day to a day, both included."""
    if closes_on < max(opens_on, today):
        raise WrongDays
    wave = Wave(
        survey=survey,
        edition=to_ask(survey),
        name=tidy(name),
        opens_on=opens_on,
        closes_on=closes_on,
        one_per=survey.one_per,
        sample_size=sample_size,
        seed=secrets.token_hex(16),
        created_at=now,
    )
    save_new(wave)
    WaveCommunity.objects.bulk_create(
        WaveCommunity(wave=wave, community=each) for each in communities
    )
    record(action="plan_wave", subject=wave, by=by, now=now, name=wave.name, seed=wave.seed)
    return wave


@transaction.atomic
def open_wave(*, wave: Wave, by: Actor, now: datetime) -> Wave:
    """Invite, and take answers from now on. Who belongs to it is decided here, once."""
    wave = claim(wave, Stage.PLANNED)
    wave.invited = invite(wave, now)
    if not wave.invited:
        raise NobodyToAsk
    wave.stage = Stage.OPEN
    wave.save(update_fields=["stage", "invited"])
    record(action="open_wave", subject=wave, by=by, now=now, invited=wave.invited)
    return wave


@transaction.atomic
def close_wave(*, wave: Wave, by: Actor, now: datetime) -> Wave:
    """Take no more answers. What was begun and not sent is dropped: it was not said."""
    wave = claim(wave, Stage.OPEN)
    wave.stage = Stage.CLOSED
    wave.save(update_fields=["stage"])
    wave.invitations.exclude(unfinished="").update(unfinished="")
    BallotPhoto.objects.filter(wave=wave).exclude(invitation=None).delete()
    count = Ballot.objects.filter(wave=wave).count()
    record(action="close_wave", subject=wave, by=by, now=now, answers=count)
    return wave


def claim(wave: Wave, stage: str) -> Wave:
    """The wave for a change, at the stage it must be in."""
    claimed: Wave = (
        Wave.objects.select_for_update(of=("self",)).select_related("survey").get(pk=wave.pk)
    )
    if claimed.stage != stage:
        raise WrongStage(stage=claimed.get_stage_display())
    return claimed
