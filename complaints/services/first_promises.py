"""What every company promises until it says otherwise."""

from dataclasses import dataclass

from complaints.models import Kind, PromiseKind, Urgency
from tenancy.calendar import Measure

DAYS, MINUTES, CLOCK = Measure.working_days, Measure.working_minutes, Measure.clock_minutes
ACCEPTANCE, CALLBACK, RESOLUTION, FOLLOW_UP = (
    PromiseKind.ACCEPTANCE,
    PromiseKind.CALLBACK,
    PromiseKind.RESOLUTION,
    PromiseKind.FOLLOW_UP,
)


@dataclass(frozen=True, slots=True)
class FirstPromise:
    """One row of the table below; an empty kind or urgency means any."""

    promise: PromiseKind
    amount: int
    measure: Measure
    kind: str = ""
    urgency: str = ""


# The most specific row counts, urgency before kind.
PROMISES = (
    FirstPromise(ACCEPTANCE, 60, MINUTES),
    FirstPromise(ACCEPTANCE, 30, CLOCK, urgency=Urgency.EMERGENCY),
    FirstPromise(ACCEPTANCE, 240, MINUTES, kind=Kind.ENQUIRY),
    FirstPromise(ACCEPTANCE, 1, DAYS, kind=Kind.SUGGESTION),
    FirstPromise(ACCEPTANCE, 1, DAYS, kind=Kind.PRAISE),
    # Everybody who speaks up is called back within one working day, whatever it is about.
    FirstPromise(CALLBACK, 1, DAYS),
    FirstPromise(RESOLUTION, 3, DAYS),
    FirstPromise(RESOLUTION, 1, DAYS, urgency=Urgency.URGENT),
    FirstPromise(RESOLUTION, 240, CLOCK, urgency=Urgency.EMERGENCY),
    FirstPromise(RESOLUTION, 2, DAYS, kind=Kind.ENQUIRY),
    FirstPromise(RESOLUTION, 10, DAYS, kind=Kind.SUGGESTION),
    FirstPromise(RESOLUTION, 5, DAYS, kind=Kind.PRAISE),
    # Praise and enquiries need no second call.
    FirstPromise(FOLLOW_UP, 1, DAYS, kind=Kind.COMPLAINT),
    FirstPromise(FOLLOW_UP, 1, DAYS, kind=Kind.REPAIR),
    FirstPromise(FOLLOW_UP, 3, DAYS, kind=Kind.SUGGESTION),
)
