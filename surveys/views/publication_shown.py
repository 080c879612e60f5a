"""A publication's document in the reader's language: words, days and widths of bars."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _, pgettext_lazy

from surveys.questionnaire import Dimension
from surveys.services.improving_values import BY_DIMENSION, DIMENSIONS, INDEX, WHOLE_INDEX
from surveys.services.publishing_lines import DONE, DONE_LATE, OVERDUE, UNDER_WAY
from surveys.services.publishing_words import said
from surveys.services.rounding import percent_of

PROMISES = {
    "acceptance": _("We answer that we have it in hand"),
    "callback": _("We call back"),
    "resolution": _("We solve it"),
    "follow_up": _("We ask afterwards whether it is good"),
}
# What is said of a line, and in which tone.
STATES = {
    DONE: (_("done"), "ok"),
    DONE_LATE: (_("done, later than promised"), "soon"),
    UNDER_WAY: (_("under way"), ""),
    OVERDUE: (_("not done, although promised"), "late"),
    "planned": (_("planned"), ""),
}
EFFECTS = {
    "better": (pgettext_lazy("effect", "It is better now, by more than chance."), "ok"),
    "worse": (pgettext_lazy("effect", "It is worse now, by more than chance."), "late"),
    "unclear": (pgettext_lazy("effect", "No clear change yet."), ""),
    "unknown": (pgettext_lazy("effect", "Too few answers to say whether it helped."), ""),
}
MINUS = "−"


@dataclass(frozen=True, slots=True)
class Bar:
    """A figure from 0 to 100 with its words, to a tenth as wherever else it is shown."""

    label: str
    value: float
    low: float
    high: float
    change: float | None
    verdict: str
    answered: int = 0

    @property
    def points(self) -> float:
        """How many points more or less."""
        return abs(self.change or 0)

    @property
    def is_more(self) -> bool:
        return (self.change or 0) > 0

    @property
    def width(self) -> float:
        return self.high - self.low


def bar_of(label: str, figure: dict[str, Any]) -> Bar:
    return Bar(
        label,
        figure["value"],
        max(figure["low"], 0),
        min(figure["high"], 100),
        figure["change"],
        figure["verdict"],
        figure.get("answered", 0),
    )


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was done, or is to be."""

    words: str
    item: str
    department: str
    due_on: date | None
    done_on: date | None
    state: tuple[Any, str]
    effect: tuple[Any, str] | None
    is_done: bool
    is_earlier: bool


def line_of(row: dict[str, Any], language: str) -> Line:
    return Line(
        said(row["words"], language),
        item_words(row, language),
        row.get("department", ""),
        day(row.get("due_on")),
        day(row.get("done_on")),
        STATES[row["state"]],
        EFFECTS.get(row.get("effect", "")),
        row["state"] in (DONE, DONE_LATE),
        row["is_earlier"],
    )


def item_words(row: dict[str, Any], language: str) -> str:
    """What a line is about."""
    if row["item_words"]:
        return said(row["item_words"], language)
    name: str = row["item"]
    if name == INDEX:
        return str(WHOLE_INDEX)
    if name.startswith(BY_DIMENSION):
        return str(DIMENSIONS[Dimension(name.removeprefix(BY_DIMENSION))])
    return ""


@dataclass(frozen=True, slots=True)
class Promise:
    """How often something was promised, kept and missed."""

    label: Any
    kept: int
    missed: int

    @property
    def decided(self) -> int:
        return self.kept + self.missed

    @property
    def share(self) -> int:
        """Kept, of a hundred; never all of them while one was missed."""
        return self.kept * 100 // self.decided

    @property
    def rest(self) -> int:
        return 100 - self.share


def survey_name(document: dict[str, Any], language: str) -> str:
    """What the survey is called there."""
    name = document["survey"]
    return str(name) if document["version"] < 2 else said(name, language)


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def shown(document: dict[str, Any], language: str) -> dict[str, Any]:
    """Everything that the page says."""
    items = [bar_of(said(each["words"], language), each) for each in document["items"]]
    half = (len(items) + 1) // 2
    lines = [line_of(each, language) for each in document["lines"]]
    promises = document["promises"]
    return {
        "community": document["community"],
        "survey": survey_name(document, language),
        "wave_name": document["wave"],
        "opens_on": day(document["opens_on"]),
        "closes_on": day(document["closes_on"]),
        "heading": said(document["title"], language),
        "introduction": said(document["introduction"], language),
        **response(document["response"]),
        "index": bar_of("", document["index"]) if document["index"] else None,
        "index_withheld": document["index_withheld"],
        "before": document["before"],
        "items_differ": document["items_differ"],
        # What was frozen before this was looked at says nothing of it.
        "people_differ": document.get("people_differ", False),
        "dimensions": dimensions(document["dimensions"]),
        "strong": items[:half],
        "weak": items[half:][::-1],
        "not_chosen": document["not_chosen"],
        "withheld": document["withheld"],
        "topics": [(said(each["words"], language), each["count"]) for each in document["topics"]],
        "quotes": document["quotes"],
        "did": [each for each in lines if each.is_earlier or each.is_done],
        "next": [each for each in lines if not each.is_earlier and not each.is_done],
        "promises": [
            Promise(PROMISES[each["promise"]], each["kept"], each["missed"])
            for each in promises["rows"]
        ],
        "promises_first": day(promises["first"]),
        "promises_last": day(promises["last"]),
        "corrections": corrections(document),
    }


def response(found: dict[str, Any]) -> dict[str, Any]:
    """How many answered, of how many; a share only where that is told."""
    answered, invited = found["answered"], found["invited"]
    share = percent_of(answered / invited) if answered is not None and invited else None
    return {"response": found, "share": share}


def dimensions(rows: Sequence[dict[str, Any]]) -> list[tuple[str, Bar | None]]:
    """Each dimension that was chosen, with its bar where that may be told."""
    names = [str(DIMENSIONS[Dimension(each["dimension"])]) for each in rows]
    return [
        (name, bar_of(name, each["figure"]) if each["figure"] else None)
        for name, each in zip(names, rows, strict=True)
    ]


def corrections(document: dict[str, Any]) -> list[tuple[date | None, str]]:
    """On which days it was corrected, and why; a draft has none yet."""
    return [(day(each["on"]), each["note"]) for each in document.get("corrections", [])]
