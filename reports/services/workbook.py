"""The figures for Excel: one sheet for each table, numbers as numbers, words as words."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _, pgettext

from complaints.services.figures_days import Period
from complaints.services.figures_reading import COMMUNITY, Counts, Hands
from reports.services.dashboard import Overview, worsening
from reports.services.measures import DEFINITIONS, SHARES
from tenancy.services.sheets import Mean, Sheets


def workbook(found: Overview, company: str) -> bytes:
    """Everything that the dashboard shows, and all of its rows."""
    sheets = Sheets()
    sheets.add(_("Overview"), overview_head(found, company), overview_rows(found))
    if found.before is not None:
        head = [
            _("Figure"), pgettext("of a thing", "Name"), _("before"), _("n before"),
            pgettext("a period", "now"), _("n now"),
        ]  # fmt: skip
        sheets.add(_("Getting worse"), head, worse_rows(found))
    series = [(spelt(piece), counts, None) for piece, counts in found.series()]
    sheets.add(_("Weeks"), [_("Days"), *heads()], rows_of(series))
    for dimension, name in names().items():
        rows = [(row.name, row.now, row.hands) for row in found.rows(dimension)]
        sheets.add(name, [name, *heads(), _("Open now"), _("Late now")], rows_of(rows))
    sheets.add(_("Definitions"), [_("Figure"), _("Definition")], DEFINITIONS.values(), words=True)
    return sheets.done()


def names() -> dict[str, str]:
    """The sheet of each dimension."""
    return {
        COMMUNITY: _("Communities"),
        "building": _("Buildings"),
        "category": _("Categories"),
        "department": _("Departments"),
        "person": _("Handlers"),
    }


def spelt(period: Period) -> str:
    """Days as every spreadsheet reads them."""
    if period.length == 1:
        return period.first.isoformat()
    return f"{period.first.isoformat()} – {period.last.isoformat()}"


def overview_head(found: Overview, company: str) -> list[str]:
    head = [company, spelt(found.asked.period)]
    return [*head, spelt(found.asked.against)] if found.asked.against else head


def overview_rows(found: Overview) -> list[list[Any]]:
    """One line for each figure: now, and before where there is one."""
    answers = [found.now.total, *([found.before.total] if found.before else [])]
    cells = [values(each) for each in answers]
    lines = [[head, *column] for head, *column in zip(heads(), *cells, strict=True)]
    hands = found.in_hand
    return [*lines, [_("Open now"), hands.open], [_("Late now"), hands.late]]


def heads() -> list[str]:
    """What stands above the columns of every table."""
    shares = [text for each in SHARES for text in (f"{each.label}", f"{each.label} n")]
    counts = [_("Received"), _("Resolved"), _("Closed"), *shares]
    return [*counts, _("Rating"), _("Rated"), _("Asked")]


def values(counts: Counts) -> list[Any]:
    """The same columns of one row."""
    shares = [
        value for each in SHARES for value in (each.share(counts).value, each.share(counts).whole)
    ]
    mean = None if counts.mean is None else Mean(counts.mean)
    tail = [mean, counts.rated, counts.asked]
    return [counts.filed, counts.resolved, counts.closed, *shares, *tail]


def rows_of(rows: Iterable[tuple[str, Counts, Hands | None]]) -> Iterable[list[Any]]:
    for name, counts, hands in rows:
        tail = [] if hands is None else [hands.open, hands.late]
        yield [name, *values(counts), *tail]


def worse_rows(found: Overview) -> Iterable[list[Any]]:
    for each in worsening(found):
        yield [
            each.measure.label,
            each.name,
            each.before.value,
            each.before.whole,
            each.after.value,
            each.after.whole,
        ]
