"""A workbook for Excel: one sheet for each table, numbers as numbers, words as words."""

import io
from collections.abc import Iterable, Sequence
from typing import Any

from xlsxwriter import Workbook  # type: ignore[import-untyped]

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

    def __init__(self, title: str = "") -> None:
        self.file = io.BytesIO()
        self.book = Workbook(self.file, PLAIN)
        if title:
            self.book.set_properties({"title": title})
        self.head = self.book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        self.percent = self.book.add_format({"num_format": "0.0%"})
        self.decimal = self.book.add_format({"num_format": "0.00"})
        self.wrapped = self.book.add_format({"text_wrap": True, "valign": "top"})

    def add(
        self, name: str, head: Sequence[Any], rows: Iterable[Sequence[Any]], *, words: bool = False
    ) -> None:
        """One sheet, of numbers or of words; shares and means keep their precision. On paper it is
        as wide as the sheet, and each has its head."""
        sheet = self.book.add_worksheet(self.free_name(name))
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

    def free_name(self, name: str) -> str:
        """Two names may be one word in another language; Excel wants each only once."""
        taken = {each.get_name().lower() for each in self.book.worksheets()}
        found = name[:LONGEST_SHEET_NAME]
        number = 2
        while found.lower() in taken:
            ending = f" {number}"
            found = name[: LONGEST_SHEET_NAME - len(ending)] + ending
            number += 1
        return found

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
    """A number with decimals: no share."""
