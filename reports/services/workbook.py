"""The figures for Excel: one sheet for each table, numbers as numbers, words as words."""

import io
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _, pgettext
from xlsxwriter import Workbook  # type: ignore[import-untyped]

from complaints.services.figures_days import Period
from complaints.services.figures_reading import COMMUNITY, Counts, Hands
from reports.services.dashboard import Overview, worsening
from reports.services.measures import DEFINITIONS, SHARES

# Nobody's words become a formula, an address or a number, whatever they look like.
PLAIN = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_date_format": "yyyy-mm-dd",
}
LONGEST_SHEET_NAME = 31
WIDE, NARROW, SENTENCE = 26, 12, 90
A4 = 9


class Sheets:
    """A workbook while it is being written, sheet by sheet, row by row."""

    def __init__(self) -> None:
        self.file = io.BytesIO()
        self.book = Workbook(self.file, PLAIN)
        self.head = self.book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        self.percent = self.book.add_format({"num_format": "0.0%"})
        self.decimal = self.book.add_format({"num_format": "0.00"})
        self.wrapped = self.book.add_format({"text_wrap": True, "valign": "top"})

    def add(
        self, name: str, head: Sequence[Any], rows: Iterable[Sequence[Any]], *, words: bool = False
    ) -> None:
        """One sheet, of numbers or of words; shares and means keep their precision. On paper it is
        as wide as the sheet, and each has its head."""
        sheet = self.book.add_worksheet(name[:LONGEST_SHEET_NAME])
        sheet.set_column(0, 0, WIDE, self.wrapped)
        last = max(len(head) - 1, 1)
        sheet.set_column(1, last, SENTENCE if words else NARROW, self.wrapped if words else None)
        sheet.freeze_panes(1, 1)
        sheet.set_paper(A4)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        for column, text in enumerate(head):
            sheet.write_string(0, column, str(text), self.head)
        for number, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                self.write(sheet, number, column, value)

    def write(self, sheet: Any, row: int, column: int, value: Any) -> None:
        if isinstance(value, Mean):
            sheet.write_number(row, column, value, self.decimal)
        elif isinstance(value, float):
            sheet.write_number(row, column, value, self.percent)
        elif isinstance(value, int):
            sheet.write_number(row, column, value)
        elif value is not None:
            sheet.write_string(row, column, str(value))

    def done(self) -> bytes:
        self.book.close()
        return self.file.getvalue()


class Mean(float):
    """Stars on average: no share."""


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
