"""Tallies: everything that a wave may tell, counted once; results read nothing else.

Question by question, in the order in which they were asked: so much is held in memory as one
question has kinds of answers in all places.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Aggregate, Avg, Count, DecimalField, F, QuerySet
from django.db.models.functions import Left

from surveys.models import Response, ResponseMark, ResponsePhoto, Stage, Tally, Wave
from surveys.questionnaire import Kind, Question, read
from surveys.services.cells import WHOLE, Scope, may_be_told, tell
from surveys.services.classes import class_of, edges_of
from surveys.services.tallying_asked import Paths
from surveys.services.wave import claim

AT_ONCE = 2000
MOST_MONTHS = 24
# What the number of a tally is, where it is no mark: it stands in the place of the choice.
MEAN, MEDIAN, FROM, BELOW = "mean", "median", "from", "below"
QUARTERS = ("quarter", "three_quarters")
# A quarter of fewer would be a handful.
LEAST_FOR_QUARTERS = 20

Value = tuple[str, str, Decimal | None]  # row, choice, number
Told = dict[str, frozenset[Scope]]


class Quantile(Aggregate):
    """The value below which a share of all values lies, between two of them if need be."""

    function = "PERCENTILE_CONT"
    template = "(%(function)s(%(share)s) WITHIN GROUP (ORDER BY %(expressions)s))::numeric(16, 4)"
    output_field = DecimalField(max_digits=16, decimal_places=4)


@transaction.atomic
def tally(*, wave: Wave) -> int:
    """Count what a counted wave may tell; how many rows there are. Twice is once."""
    wave = claim(wave, Stage.COUNTED)
    already = Tally.objects.filter(wave=wave).count()
    if already:
        return already
    rows = 0
    lot: list[Tally] = []
    for each in _all(wave):
        lot.append(each)
        if len(lot) == AT_ONCE:
            rows += len(Tally.objects.bulk_create(lot))
            lot = []
    return rows + len(Tally.objects.bulk_create(lot))


def _all(wave: Wave) -> Iterator[Tally]:
    """The responses themselves, then question by question."""
    atoms = _by_place(Response.objects.filter(wave=wave), "")
    told: Told = {"": tell(atoms)}
    yield from _rows(wave, "", {("", "", None): atoms}, {"": told[""]})
    asked = read(wave.edition.document)
    paths = Paths(wave, asked)
    for question in asked:
        marks = ResponseMark.objects.filter(wave=wave, question=question.key)
        within = told[""]
        for condition in question.conditions:
            within &= told[condition.question]
        bases = _bases(question, wave, marks)
        # Counting the ways there reads every response: of what is told nowhere nobody asks.
        may = any(may_be_told(atoms, within) for atoms in bases.values())
        parts = paths.parts(question) if may else None
        by_row = {
            row: frozenset() if parts is None else tell(atoms, within, parts)
            for row, atoms in bases.items()
        }
        told[question.key] = frozenset.intersection(*by_row.values()) if by_row else frozenset()
        if any(by_row.values()):
            paths.tell(question)
        values = _values(question, marks)
        found = {(row, "", None): atoms for row, atoms in bases.items()} | values
        yield from _rows(wave, question.key, found, by_row)
        if question.kind is Kind.NUMBER and WHOLE in told[question.key]:
            yield from _statistics(wave, question.key, marks, by_row[""])


def _rows(
    wave: Wave,
    question: str,
    found: Mapping[Value, Mapping[Scope, int]],
    told: Mapping[str, frozenset[Scope]],
) -> Iterator[Tally]:
    """A tally of each value in each scope that may be told of its row."""
    for (row, choice, number), atoms in found.items():
        counts: Counter[Scope] = Counter()
        for atom, count in atoms.items():
            for scope in scopes_of(atom):
                counts[scope] += count
        for scope in told[row]:
            if counts[scope]:
                yield _tally(wave, scope, question, row, choice, number, counts[scope])


def _tally(
    wave: Wave, scope: Scope, question: str, row: str, choice: str, number: Any, count: int
) -> Tally:
    return Tally(
        wave=wave,
        community_id=scope.community,
        building_id=scope.building,
        group=scope.group,
        question=question,
        row=row,
        choice=choice,
        number=number,
        count=count,
    )


def scopes_of(atom: Scope) -> frozenset[Scope]:
    """In what an answer from here is counted."""
    return frozenset({
        WHOLE, Scope(atom.community), Scope(atom.community, atom.building), Scope(group=atom.group)
    })  # fmt: skip


# --- how many answered ---


def _by_place(rows: QuerySet[Any], response: str, *values: str, n: Any = None) -> dict[Any, Any]:
    """Counts by place; of rows with values, those first."""
    names = {"at": F(f"{response}community_id"), "house": F(f"{response}building_id")}
    grouped = rows.order_by().values_list(
        *values, names["at"], names["house"], F(f"{response}group")
    )
    counted = grouped.annotate(n=n or Count("*"))
    if not values:
        return {Scope(*place): count for *place, count in counted}
    found: dict[Any, dict[Scope, int]] = {}
    for row in counted:
        value, place, count = row[: len(values)], row[len(values) : -1], row[-1]
        found.setdefault(tuple(value), {})[Scope(*place)] = count
    return found


def _bases(question: Question, wave: Wave, marks: QuerySet[Any]) -> dict[str, dict[Scope, int]]:
    """How many answered, of each row, by place."""
    n: Any = None
    if question.kind is Kind.PHOTO:  # photographs hang on no response, hence on no place
        photos = ResponsePhoto.objects.filter(wave=wave, question=question.key).count()
        return {"": {WHOLE: photos}} if photos else {}
    if question.kind is Kind.MULTIPLE:
        n = Count("response_id", distinct=True)
    elif question.kind is Kind.RANKING:  # whoever ranks ranks all
        marks = marks.filter(number=1)
    found = _by_place(marks, "response__", "row", n=n)
    return {row: atoms for (row,), atoms in found.items()}


# --- what they answered ---


def _values(question: Question, marks: QuerySet[Any]) -> dict[Value, dict[Scope, int]]:
    match question.kind:
        case Kind.TEXT | Kind.PHOTO:
            return {}
        case Kind.NUMBER:
            return _classes(marks)
        case Kind.DATE:
            return _months(marks)
        case _:
            found: dict[Value, dict[Scope, int]] = _by_place(
                marks, "response__", "row", "choice", "number"
            )
            return found


def _merged(
    found: Mapping[Any, Mapping[Scope, int]], to: Callable[[Any], Value]
) -> dict[Value, dict[Scope, int]]:
    """Values that are told as one."""
    merged: dict[Value, Counter[Scope]] = {}
    for value, atoms in found.items():
        merged.setdefault(to(value), Counter()).update(atoms)
    return {value: dict(atoms) for value, atoms in merged.items()}


def _months(marks: QuerySet[Any]) -> dict[Value, dict[Scope, int]]:
    """Days are told by their months, or by their years where these are many."""
    found = _by_place(marks.annotate(month=Left("text", 7)), "response__", "month")
    long = len(found) > MOST_MONTHS
    return _merged(found, lambda value: ("", value[0][:4] if long else value[0], None))


def _classes(marks: QuerySet[Any]) -> dict[Value, dict[Scope, int]]:
    """Amounts are told in classes, the outer ones open: no single one stands there."""
    low, high = marks.aggregate(
        low=Quantile("number", share=0.1), high=Quantile("number", share=0.9)
    ).values()
    if low is None:
        return {}
    edges = edges_of(low, high)
    rounded = marks.annotate(edge=class_of("number", edges))
    found = _by_place(rounded, "response__", "edge")

    def value(edge: tuple[Decimal | None]) -> Value:
        return ("", BELOW, edges[0]) if edge[0] is None else ("", FROM, edge[0])

    return _merged(found, value)


def _statistics(
    wave: Wave, question: str, marks: QuerySet[Any], told: frozenset[Scope]
) -> Iterator[Tally]:
    """Mean, median and quarters of an amount, wherever it is told."""
    for scope, row in _by_scope(marks):
        if scope not in told:
            continue
        n, *values = row
        names: Iterable[str] = (MEAN, MEDIAN, *QUARTERS)
        for name, value in zip(names, values, strict=True):
            if name not in QUARTERS or n >= LEAST_FOR_QUARTERS:
                yield _tally(wave, scope, question, "", name, value, n)


def _by_scope(marks: QuerySet[Any]) -> Iterator[tuple[Scope, tuple[Any, ...]]]:
    """The same four of everybody, of each community, each building and each group."""
    what = {
        "n": Count("*"),
        "mean": Avg("number"),
        "median": Quantile("number", share=0.5),
        "quarter": Quantile("number", share=0.25),
        "three": Quantile("number", share=0.75),
    }
    yield WHOLE, tuple(marks.aggregate(**what).values())
    place = ("response__community_id", "response__building_id")
    for names in (place[:1], place, ("response__group",)):
        for row in marks.order_by().values_list(*names).annotate(**what):
            keys, values = row[: len(names)], row[len(names) :]
            if keys[-1]:
                yield (Scope(*keys) if names[0] in place else Scope(group=keys[0])), values
