"""Reminders: to whoever has not answered, in working hours, and never after the closing day."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_noop

from surveys.models import CallOutcome, Interview, Invitation, Stage, Wave
from surveys.services.letters import Writing, write
from surveys.services.quota import of_full_buildings
from tenancy.calendar import is_open
from tenancy.services.working_time import WorkingTimes

REMINDED = gettext_noop("Reminder: our anonymous survey is open until %(closes_on)s.")


@transaction.atomic
def remind(*, wave: Wave, today: date, now: datetime) -> int:
    """Take the reminder that is due, if one is; to how many. It may be called at any time.

    After an outage only the last one that was missed goes out.
    """
    wave = Wave.objects.select_for_update(of=("self",), no_key=True).get(pk=wave.pk)
    after = reminder_due(wave, today)
    if after is None:
        return 0
    times = WorkingTimes()
    if not is_open(times.of(None), now):
        return 0
    count = write(Writing(wave, times.company, REMINDED, f"after-{after}", now), unanswered(wave))
    wave.reminded_after = after
    wave.save(update_fields=["reminded_after"])
    return count


def reminder_due(wave: Wave, today: date) -> int | None:
    """After how many days the reminder is, that should have gone out by now."""
    if wave.stage != Stage.OPEN or wave.told_on is None or today > wave.closes_on:
        return None
    passed = -1 if wave.reminded_after is None else wave.reminded_after
    return max(
        (
            days
            for days in wave.remind_after_days
            if days > passed and wave.told_on + timedelta(days=days) <= today
        ),
        default=None,
    )


def unanswered(wave: Wave) -> QuerySet[Any]:
    """Whom to remind: not those who have answered, nor those who said that they will not.

    Nor their neighbours where a building has given as many answers as are taken from it.
    """
    said_no = Interview.objects.filter(wave=wave, outcome=CallOutcome.REFUSED)
    rows = Invitation.objects.filter(wave=wave, is_used=False)
    wanted = rows.exclude(of_full_buildings(wave))
    found: QuerySet[Any] = wanted.exclude(id__in=said_no.values("invitation_id"))
    return found
