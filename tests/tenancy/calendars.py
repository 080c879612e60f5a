"""The calendars that the worked examples count on, and short words for moments and steps."""

from datetime import datetime, time, timedelta

from tenancy.calendar import (
    Measure,
    Period,
    Span,
    WorkingCalendar,
    explain,
)
from tenancy.official import CountryCalendar

MORNING = Period(time(8, 30), time(12))
AFTERNOON = Period(time(13, 30), time(18))
JINXIU_WEEK = dict.fromkeys(range(5), (MORNING, AFTERNOON))
HEYUE_PERIOD = Period(time(9), time(17, 30))
HEYUE_WEEK = dict.fromkeys(range(6), (HEYUE_PERIOD,))
WHOLE_DAY = Period(time(0), time(0))

JINXIU = WorkingCalendar("Asia/Shanghai", JINXIU_WEEK, CountryCalendar("CN"), moves_weekends=True)
HEYUE = WorkingCalendar("Asia/Shanghai", HEYUE_WEEK, CountryCalendar("CN"))
BERLIN = WorkingCalendar("Europe/Berlin", dict.fromkeys(range(7), (WHOLE_DAY,)))
NEVER = WorkingCalendar("Asia/Shanghai", {})

ONE_WORKING_DAY = Span(1, Measure.working_days)
HOUR = timedelta(hours=1)


def at(text: str) -> datetime:
    """A moment in China."""
    return datetime.fromisoformat(f"{text}+08:00")


def kinds(calendar: WorkingCalendar, start: str, span: Span) -> list[str]:
    return [step.kind.value for step in explain(calendar, at(start), span).steps]


def step(
    kind: str, begin: str, until: str, name: str = "", *, counted: float = 0, days: int = 0
) -> dict[str, object]:
    return {
        "kind": kind,
        "from": f"{begin}:00+08:00",
        "until": f"{until}:00+08:00",
        "counted": counted,
        "name": name,
        "names": [name] if name else [],
        "days": days,
    }
