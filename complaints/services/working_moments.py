"""When something happened, told by a telephone that may be wrong about the time.

A technician works where there is no signal: the telephone says when, and says it later. Its clock
is believed as far as it can be: a clock that is hours off is set right by what it shows while it
sends, and no step comes before the one before it or after now. Whether a promise was kept is
decided by the server's clock alone.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

# Clocks and slow lines differ by so much without anybody having to speak of it.
TOLERANCE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class PhoneTime:
    """What a telephone's clock showed: when it happened, and when it was sent."""

    said_at: datetime | None = None
    sent_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Happened:
    """When it happened, as far as can be known, and whether the telephone was corrected."""

    at: datetime
    is_corrected: bool = False


AT_ONCE = PhoneTime()


def happened(phone: PhoneTime, *, now: datetime, after: datetime) -> Happened:
    """The moment of a step that cannot have come before `after`."""
    if phone.said_at is None:
        return Happened(now)
    error = now - (phone.sent_at or now)
    if abs(error) <= TOLERANCE:
        error = timedelta()
    try:
        said = phone.said_at + error
    except OverflowError:  # a clock in the year 1
        return Happened(now, is_corrected=True)
    believed = max(min(said, now), after)
    return Happened(believed, is_corrected=bool(error) or abs(believed - said) > TOLERANCE)
