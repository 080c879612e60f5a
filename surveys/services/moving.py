"""The machine that moves waves: opens, reminds, closes and finishes them when their day has come.

The database is the truth. Celery, a command or a person may start a pass at any time, as often
and as many at once as they like: what is done is done once, and what failed is tried again.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from surveys.models import Stage, Wave
from surveys.services.finishing import finish, hold, pass_over
from surveys.services.letters import withdraw
from surveys.services.reminding import remind
from surveys.services.wave import NobodyToAsk, close_wave, open_wave
from surveys.services.wave_news import tell_of_nobody
from tenancy.models import Company
from tenancy.scope import company_scope
from tenancy.services.absences import today as today_here
from tenancy.services.actor import MACHINE
from tenancy.services.clock import database_now
from tenancy.services.refusal import Refused

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class MovingReport:
    """What one pass did: waves opened, closed, finished and missed, reminders written."""

    opened: int = 0
    reminded: int = 0
    closed: int = 0
    finished: int = 0
    failed: int = 0
    missed: int = 0


def never() -> bool:
    """Go on until nothing is due."""
    return False


def move_all(*, now: datetime | None = None, stop: Callable[[], bool] = never) -> MovingReport:
    """Move the waves of every company; time comes from the database unless `now` is given.

    Call it outside any company. Where the portal rests, waves rest too.
    """
    report = MovingReport()
    for company in Company.objects.active().order_by("id"):
        if stop():
            break
        try:
            with company_scope(company.pk):
                moment = now or database_now()
                today = today_here(moment)
            move(company=company, today=today, now=moment, report=report, stop=stop)
        except Exception:
            logger.exception("The waves of company %s could not be moved", company.pk)
            report.failed += 1
    return report


def move(
    *,
    company: Company,
    today: date,
    now: datetime,
    report: MovingReport | None = None,
    stop: Callable[[], bool] = never,
) -> MovingReport:
    """Move the waves of one company, each by itself: one that fails holds up no other."""
    report = report or MovingReport()
    with company_scope(company.pk):
        due = list(waves_to_move(today))
    for wave in due:
        if stop():
            break
        try:
            move_one(wave, today, now, report)
        except NobodyToAsk:
            with company_scope(company.pk):
                tell_of_nobody(wave, now)
        except Refused as refusal:
            logger.info("Wave %s stays as it is: %s", wave.pk, refusal.code)
        except Exception:
            logger.exception("Wave %s could not be moved", wave.pk)
            report.failed += 1
    return report


def waves_to_move(today: date) -> list[Wave]:
    """Whatever a day may have something for, served by `wave_to_move_on`."""
    rows = Wave.objects.select_related("survey").filter(is_reckoned=False, opens_on__lte=today)
    return list(rows.order_by("opens_on", "id"))


def move_one(wave: Wave, today: date, now: datetime, report: MovingReport) -> None:
    """Take one wave as far as it goes today; somebody else's step is theirs.

    Since it was listed somebody may have postponed, prolonged or moved it: the day that counts is
    the one it has when it is held.
    """
    if wave.stage == Stage.PLANNED and wave.closes_on < today:
        report.missed += pass_over_in_time(wave, today, now)
    elif wave.stage == Stage.PLANNED:
        report.opened += open_in_time(wave, today, now)
    elif wave.stage == Stage.OPEN and wave.closes_on >= today:
        look_after(wave, today, now, report)
    elif wave.stage == Stage.OPEN:
        closed = close_in_time(wave, today, now)
        report.closed += closed
        report.finished += closed and finish(wave=wave, now=now)
    else:
        report.finished += finish(wave=wave, now=now)


def open_in_time(wave: Wave, today: date, now: datetime) -> bool:
    """Open it if today is one of its days."""
    with company_scope(wave.company_id):
        held = hold(wave)
        if held is None or held.stage != Stage.PLANNED:
            return False
        if not held.opens_on <= today <= held.closes_on:
            return False
        open_wave(wave=held, by=MACHINE, now=now)
        return True


def close_in_time(wave: Wave, today: date, now: datetime) -> bool:
    """Close it if its last day is over."""
    with company_scope(wave.company_id):
        held = hold(wave)
        if held is None or held.stage != Stage.OPEN or today <= held.closes_on:
            return False
        close_wave(wave=held, by=MACHINE, now=now)
        return True


def pass_over_in_time(wave: Wave, today: date, now: datetime) -> bool:
    """Leave it behind if all its days have passed, and nobody was asked on any of them."""
    with company_scope(wave.company_id):
        held = hold(wave)
        if held is None or held.stage != Stage.PLANNED or today <= held.closes_on:
            return False
        pass_over(held, now)
        return True


def look_after(wave: Wave, today: date, now: datetime, report: MovingReport) -> None:
    """While it is open: what was written to those who have answered since is taken back, and
    whoever has not is reminded when it is time."""
    with company_scope(wave.company_id):
        if held := hold(wave):
            withdraw(wave=held)
    with company_scope(wave.company_id):
        if held := hold(wave):
            report.reminded += remind(wave=held, today=today, now=now)
