"""Questionnaires that were filled in on paper: one at a time, or a table of many."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _, pgettext

from surveys.models import Invitation, Wave, Way
from surveys.questionnaire import Faulty, Kind, Question, Questionnaire, take
from surveys.services.answering import (
    AlreadyAnswered,
    NoSuchInvitation,
    answer,
    invitation_of,
    must_be_open,
    photo_questions,
    questionnaire_of,
    without_photos,
)
from surveys.services.asking_form import sentence_of
from surveys.services.inviting import hash_of
from tenancy.models import Membership
from tenancy.services.refusal import Refused

MOST_LINES = 2000
CODE = "code"
CODES = frozenset({CODE, "编码", "编号", "代码", "編碼", "編號", "代碼"})
SEPARATORS = re.compile(r"[,，;；、/|]+")
COLUMN = re.compile(r"(?:q|第)?(\d{1,3})(?:题|題)?(?:[.\-_](\d{1,2}))?", re.IGNORECASE)


class UnreadableTable(Refused):
    """No table, or none that begins with a line of column names."""

    code = "unreadable_table"
    sentence = _(
        "The first line must name the columns: “code” and the questions, by number or by key."
    )


class ColumnTwice(UnreadableTable):
    """Two columns for one mark: nobody knows which of them counts."""

    sentence = _(
        "The column “%(column)s” means the same as another one. Spreadsheets turn 5.10 into 5.1: "
        "write 5_10 instead."
    )


class TooManyLines(Refused):
    """More than are entered at once."""

    code = "too_many_lines"
    sentence = _("At most %(most)s lines can be entered at once.")


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong in one cell."""

    column: str
    code: str
    sentence: str


@dataclass(slots=True)
class Line:
    """One questionnaire of the table."""

    number: int  # as the person sees it, the names being line 1
    code: str
    given: dict[str, Any] = field(default_factory=dict)
    wrong: list[Wrong] = field(default_factory=list)
    is_entered: bool = False


def plain_code(written: str) -> str:
    """A code as somebody copies it from paper: in groups, in capitals, with full-width letters."""
    folded = written.translate({full: full - 0xFEE0 for full in range(0xFF01, 0xFF5F)})
    return re.sub(r"[\s\-·.]", "", folded).lower()


@transaction.atomic
def enter_paper(
    *, wave: Wave, code: str, given: Mapping[str, Any], by: Membership, today: date
) -> None:
    """One sheet of paper into the box. The code must be of this wave, of one's communities."""
    secret = plain_code(code)
    invitation = invitation_of(secret)
    seen = Invitation.objects.visible_to(by).filter(pk=invitation.pk, wave=wave)
    if not seen.exists():
        raise NoSuchInvitation
    answer(secret=secret, given=given, way=Way.PAPER, today=today)


# --- a table ---


def check_table(*, wave: Wave, text: str, by: Membership, today: date) -> list[Line]:
    """Every line of a table with everything that is wrong in it. Nothing is entered."""
    lines = list(read_table(questionnaire_of(wave.edition), text))
    return check_lines(wave=wave, lines=lines, by=by, today=today)


def check_lines(*, wave: Wave, lines: list[Line], by: Membership, today: date) -> list[Line]:
    """The same of lines that were read otherwise. One query."""
    questionnaire = questionnaire_of(wave.edition)
    known = _invited(wave, [line.code for line in lines], by)
    seen: dict[str, int] = {}
    for line in lines:
        line.wrong += _code_faults(line, known.get(line.code), seen, today)
        seen.setdefault(line.code, line.number)
        line.wrong += _answer_faults(questionnaire, line)
    return lines


def enter_table(*, wave: Wave, text: str, by: Membership, today: date) -> list[Line]:
    """The lines that are right into the box, each in all or not at all; the others as they are."""
    lines = list(read_table(questionnaire_of(wave.edition), text))
    return enter_lines(wave=wave, lines=lines, by=by, today=today)


def enter_lines(*, wave: Wave, lines: list[Line], by: Membership, today: date) -> list[Line]:
    """The same of lines that were read otherwise."""
    for line in check_lines(wave=wave, lines=lines, by=by, today=today):
        if line.wrong:
            continue
        _enter(line, today)
    return lines


def _enter(line: Line, today: date) -> None:
    try:
        answer(secret=line.code, given=line.given, way=Way.PAPER, today=today)
    except Refused as refusal:  # since it was checked, somebody has sent it by link
        line.wrong.append(Wrong(CODE, refusal.code, str(refusal)))
    else:
        line.is_entered = True


def read_table(questionnaire: Questionnaire, text: str) -> Iterator[Line]:
    """The lines of a pasted table or a CSV file, empty ones left out."""
    rows = [row for row in _rows(text) if any(cell.strip() for cell in row)]
    if len(rows) < 2:
        raise UnreadableTable
    if len(rows) - 1 > MOST_LINES:
        raise TooManyLines(most=MOST_LINES)
    names = [cell.strip() for cell in rows[0]]
    columns = Columns(questionnaire, names)
    for number, row in enumerate(rows[1:], start=2):
        yield columns.line(number, [cell.strip() for cell in row])


def _rows(text: str) -> list[list[str]]:
    text = text.removeprefix("\ufeff").replace("\x00", "")
    head = text.split("\n", 1)[0]
    delimiter = max("\t,;", key=head.count)
    try:
        return list(csv.reader(io.StringIO(text), delimiter=delimiter))
    except csv.Error:  # a cell longer than any answer, or a quotation mark that never ends
        raise UnreadableTable from None


def heads_of(questionnaire: Questionnaire) -> list[str]:
    """The first line of a table for this questionnaire: what the paper shows, by number.

    Rows of a matrix as 5_10: a spreadsheet shows 5.10 as the number 5.1, which is another row.
    """
    photos = photo_questions(questionnaire)
    found = [str(pgettext("a column", "code"))]
    for number, each in enumerate(questionnaire, start=1):
        if each.key in photos:
            continue
        rows = range(1, len(each.rows) + 1) if each.kind is Kind.MATRIX else ()
        found += [f"{number}_{row}" for row in rows] or [str(number)]
    return found


def left_over(text: str, lines: Sequence[Line]) -> str:
    """The table without what has been entered; nothing where all of it has."""
    rest = [line.number for line in lines if not line.is_entered]
    if not rest:
        return ""
    rows = [row for row in _rows(text) if any(cell.strip() for cell in row)]
    return written([rows[0], *(rows[number - 1] for number in rest)], delimiter="\t")


def written(rows: Iterable[Sequence[str]], delimiter: str) -> str:
    """Rows as a spreadsheet reads them."""
    found = io.StringIO()
    csv.writer(found, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return found.getvalue()


@dataclass(frozen=True, slots=True)
class Column:
    """What a column says: of which question, and which line of it."""

    name: str
    question: Question
    part: str = ""


class Columns:
    """The names of a table, understood."""

    def __init__(self, questionnaire: Questionnaire, names: Sequence[str]) -> None:
        self.questions = list(questionnaire)
        self.by_key = questionnaire.by_key
        lowered = [name.lower() for name in names]
        at = [place for place, name in enumerate(lowered) if name in CODES]
        if len(at) != 1:
            raise UnreadableTable
        self.code_at = at[0]
        self.found = [None if place == at[0] else self._column(name)
                      for place, name in enumerate(names)]  # fmt: skip
        self._refuse_twice()
        self.unknown = [
            name
            for place, name in enumerate(names)
            if name and place != at[0] and self.found[place] is None
        ]

    def _refuse_twice(self) -> None:
        """Raises `ColumnTwice`. A ranking as a whole and one of its parts mean the same, too."""
        seen: dict[str, set[str]] = {}
        for column in filter(None, self.found):
            parts = seen.setdefault(column.question.key, set())
            if column.part in parts or (parts and "" in {column.part, *parts}):
                raise ColumnTwice(column=column.name)
            parts.add(column.part)

    def _column(self, name: str) -> Column | None:
        key, _dot, part = name.partition(".")
        if key in self.by_key:
            return self._within(name, self.by_key[key], part)
        match = COLUMN.fullmatch(name)
        if match and 1 <= int(match[1]) <= len(self.questions):
            return self._within(name, self.questions[int(match[1]) - 1], match[2] or "")
        return None

    @staticmethod
    def _within(name: str, question: Question, part: str) -> Column | None:
        parts = question.rows if question.kind is Kind.MATRIX else question.choices
        if question.kind not in (Kind.MATRIX, Kind.RANKING):
            return None if part else Column(name, question)
        keys = [each.key for each in parts]
        if part in keys:
            return Column(name, question, part)
        if part.isdecimal() and 1 <= int(part) <= len(keys):
            return Column(name, question, keys[int(part) - 1])
        return Column(name, question) if not part and question.kind is Kind.RANKING else None

    def line(self, number: int, cells: Sequence[str]) -> Line:
        code = cells[self.code_at] if self.code_at < len(cells) else ""
        line = Line(number, plain_code(code))
        line.wrong += [
            Wrong(name, "unknown_column", str(_("No question has this number or key.")))
            for name in self.unknown
        ]
        for column, cell in zip(self.found, cells, strict=False):
            if column is None or not cell:
                continue
            if column.part:
                line.given.setdefault(column.question.key, {})[column.part] = cell
            else:
                line.given[column.question.key] = _value(column.question, cell)
        return line


def _value(question: Question, cell: str) -> Any:
    match question.kind:
        case Kind.SINGLE:
            return _choice(question, cell)
        case Kind.MULTIPLE | Kind.RANKING:
            return [_choice(question, each) for each in SEPARATORS.split(cell) if each.strip()]
        case _:
            return cell


def _choice(question: Question, written: str) -> str:
    """A choice by its number on the paper, by its text or by its key."""
    written = written.strip()
    if written.isdecimal() and 1 <= int(written) <= len(question.choices):
        return question.choices[int(written) - 1].key
    by_text = {each.text: each.key for each in question.choices}
    return by_text.get(written, written)


def _invited(wave: Wave, codes: Sequence[str], by: Membership) -> dict[str, Invitation]:
    hashes = {hash_of(code): code for code in codes if code}
    rows = Invitation.objects.visible_to(by).filter(wave=wave, secret_hash__in=list(hashes))
    found = rows.select_related("wave__survey")
    return {hashes[each.secret_hash]: each for each in found}


TWICE: str | LazyText = _("This code stands in line %(line)s already.")


def _code_faults(
    line: Line, invitation: Invitation | None, seen: Mapping[str, int], today: date
) -> Iterator[Wrong]:
    if line.code and line.code in seen:
        yield Wrong(CODE, "code_twice", str(TWICE) % {"line": seen[line.code]})
        return
    try:
        if invitation is None:
            raise NoSuchInvitation
        must_be_open(invitation, today)
    except NoSuchInvitation as refusal:
        yield Wrong(CODE, refusal.code, str(_("No invitation of this survey has this code.")))
    except AlreadyAnswered as refusal:
        yield Wrong(CODE, refusal.code, str(_("This code has been used already.")))
    except Refused as refusal:
        yield Wrong(CODE, refusal.code, str(refusal))


def _answer_faults(questionnaire: Questionnaire, line: Line) -> Iterator[Wrong]:
    try:
        take(*without_photos(questionnaire, line.given))
    except Faulty as caught:
        for fault in caught.faults:
            number = list(questionnaire.by_key).index(fault.place) + 1
            yield Wrong(f"{number}", fault.code, sentence_of(fault))
