"""What follows from a closed wave: the box is opened, all is worked out, the next is planned.

Each step is a transaction of its own and may be taken again: whoever is interrupted between two
of them, or comes twice, loses and doubles nothing.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from surveys.models import Ballot, BallotPhoto, Stage, Wave
from surveys.services.asking_again import ask_again
from surveys.services.box import TooFewAnswers, count
from surveys.services.improving import check_effects
from surveys.services.index import measure
from surveys.services.tallying import tally
from surveys.services.wave import drop_begun
from surveys.services.wave_news import tell_of_missed, tell_of_results
from tenancy.scope import company_scope
from tenancy.services.actor import MACHINE
from tenancy.services.audit import record

Step = Callable[[Wave, datetime], None]
OVER = (Stage.CLOSED, Stage.COUNTED)


def finish(*, wave: Wave, now: datetime) -> bool:
    """Take every step that is left; whether they are all taken. Call it outside a transaction.

    Whoever comes while somebody else is at it leaves it to them.
    """
    for step in STEPS:
        with company_scope(wave.company_id):
            held = hold(wave)
            if held is None or held.stage not in OVER:
                return False
            step(held, now)
    return True


def hold(wave: Wave) -> Wave | None:
    """The wave, if nobody else is moving it on. Answers do not wait for this."""
    rows = Wave.objects.select_for_update(of=("self",), skip_locked=True, no_key=True)
    found: Wave | None = rows.select_related("survey").filter(pk=wave.pk, is_reckoned=False).first()
    return found


def drop_the_rest(wave: Wave, _now: datetime) -> None:
    """Of those who were sending while it closed, and came too late."""
    if wave.stage == Stage.CLOSED:
        drop_begun(wave)


def open_box(wave: Wave, now: datetime) -> None:
    """Below five answers it is never opened, and there is nothing to work out."""
    if wave.stage == Stage.CLOSED:
        with suppress(TooFewAnswers):
            count(wave=wave, by=MACHINE, now=now)


def work_out_tallies(wave: Wave, _now: datetime) -> None:
    if wave.stage == Stage.COUNTED:
        tally(wave=wave)


def measure_index(wave: Wave, now: datetime) -> None:
    if wave.stage == Stage.COUNTED:
        measure(wave=wave, now=now)


def look_at_effects(wave: Wave, now: datetime) -> None:
    if wave.stage == Stage.COUNTED:
        check_effects(wave=wave, now=now)


def settle(wave: Wave, now: datetime) -> None:
    """Nothing is left to do; the next wave is planned in the same breath, so it is planned once."""
    wave.is_reckoned = True
    wave.save(update_fields=["is_reckoned"])
    record(action="finish_wave", subject=wave, by=MACHINE, now=now, name=wave.name)
    if wave.stage == Stage.CLOSED:
        burn(wave)
    tell_of_results(wave, now)
    ask_again(wave, now)


def pass_over(wave: Wave, now: datetime) -> None:
    """Its days passed while the portal rested, or there was nobody to ask.

    It stays for whoever wants to plan it otherwise; what follows from it does not wait for them.
    """
    wave.is_reckoned = True
    wave.save(update_fields=["is_reckoned"])
    record(action="miss_wave", subject=wave, by=MACHINE, now=now, name=wave.name)
    tell_of_missed(wave, now)
    ask_again(wave, now)


def burn(wave: Wave) -> None:
    """What nobody may ever read is not kept."""
    Ballot.objects.filter(wave=wave).delete()
    BallotPhoto.objects.filter(wave=wave).delete()


STEPS: tuple[Step, ...] = (
    drop_the_rest,
    open_box,
    work_out_tallies,
    measure_index,
    look_at_effects,
    settle,
)
