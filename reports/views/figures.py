"""The manager's dashboard: are promises kept, are owners content, what is getting worse."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse, QueryDict
from django.utils.translation import gettext_lazy as _

from complaints.services.figures_days import Period, day_of
from complaints.services.figures_reading import COMMUNITY, Counts, Hands
from reports.forms.figures import BY, FigureForm
from reports.services.dashboard import Overview, Worse, overview, worsening
from reports.services.measures import DEFINITIONS, LOW, PROMISES, REOPENED, SHARES, Measure
from reports.services.workbook import workbook
from reports.views.numbers import (
    Change,
    Links,
    Number,
    change_of_count,
    change_of_rating,
    change_of_share,
    dates,
    percent,
    short_dates,
    stars,
)
from tenancy.files import XLSX, to_save
from tenancy.pages import Page
from tenancy.permissions import Can

NO_CHANGE = Change("", "", "")


@dataclass(frozen=True, slots=True)
class Part:
    """A number with its word, e.g. 13 missed."""

    number: Number
    label: Any


@dataclass(frozen=True, slots=True)
class Tile:
    """One answer at a glance."""

    name: str
    label: Any
    value: str
    definition: Any
    change: Change = NO_CHANGE
    parts: list[Part] = field(default_factory=list)
    number: Number | None = None
    tone: str = ""
    whole: Number | None = None  # what a share or an average is of


@dataclass(frozen=True, slots=True)
class Cell:
    """A share in a table: its value, how many went badly, and whether that is unusual."""

    value: str
    raw: str
    bad: Number | None
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table."""

    name: str
    filed: Number
    cells: list[Cell]
    rating: str
    rated: Number
    open: Number | None = None
    late: Number | None = None


class FiguresView(Page):
    """What the page, its print and its workbook share: the question and its answer."""

    needs = Can.READ_FIGURES

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.request.company.zone)

    @cached_property
    def form(self) -> FigureForm:
        """What is asked. Without a word it is this month, held against the last."""
        today = day_of(self.now, self.zone)
        form = FigureForm(with_defaults(self.request.GET), me=self.me, today=today)
        form.is_valid()
        return form

    @cached_property
    def found(self) -> Overview:
        return overview(self.form.asked, zone=self.zone, now=self.now)


class FiguresPage(FiguresView):
    """The dashboard."""

    title = _("Figures")
    template_name = "reports/figures.html"

    @cached_property
    def links(self) -> Links:
        return Links(self.request.company, self.form.asked, self.form.value("community"))

    def context(self, **more: Any) -> dict[str, Any]:
        found = self.found
        by = self.form.value("by") or COMMUNITY
        return super().context(
            form=self.form,
            period=dates(found.asked.period),
            against=dates(found.asked.against) if found.asked.against else "",
            groups=self.groups(),
            worse=[self.told(each) for each in worsening(found)],
            compared=found.before is not None,
            can_compare=found.can_compare,
            trend=[self.trend_line(*each) for each in found.series()],
            lines=[self.line(row) for row in self.shown(by)],
            left_out=len(found.rows(by)) - len(self.shown(by)),
            by=by,
            tabs=self.tabs(by),
            heads=[each.short for each in SHARES],
            definitions=list(DEFINITIONS.values()),
            query=self.request.GET.urlencode(),
            **more,
        )

    # --- what stands at the top ---

    def groups(self) -> list[tuple[Any, list[Tile]]]:
        """The three questions, each with its tiles."""
        now = self.found.now.total
        return [
            (_("Are promises kept?"), [self.share_tile(each) for each in PROMISES]),
            (
                _("Are owners content?"),
                [self.rating_tile(now), self.share_tile(LOW), self.share_tile(REOPENED)],
            ),
            (_("What is on our hands?"), [self.filed_tile(now), *self.hand_tiles()]),
        ]

    @property
    def before(self) -> Counts | None:
        """The other period as a whole, if it says anything."""
        return self.found.before.total if self.found.before and self.found.can_compare else None

    def share_tile(self, measure: Measure) -> Tile:
        now = self.found.now.total
        share = measure.share(now)
        if measure.more_is_better:
            parts: list[tuple[str, Any]] = [
                (measure.part, _("kept")),
                (measure.rest, _("missed")),
            ]
        else:
            parts = [(measure.part, measure.short), (measure.whole, DEFINITIONS_OF[measure.whole])]
        return Tile(
            measure.name,
            measure.label,
            percent(share.value),
            measure.definition,
            change_of_share(measure, self.before, now),
            [Part(self.number(figure, getattr(now, figure)), label) for figure, label in parts],
            whole=self.number(measure.of, share.whole),
        )

    def rating_tile(self, now: Counts) -> Tile:
        label, definition = DEFINITIONS["rating"]
        parts = [Part(self.number("rated", now.rated), _("rated")),
                 Part(self.number("asked", now.asked), _("asked"))]  # fmt: skip
        change = change_of_rating(self.before, now)
        whole = parts[0].number
        return Tile("rating", label, stars(now.mean), definition, change, parts, whole=whole)

    def filed_tile(self, now: Counts) -> Tile:
        label, definition = DEFINITIONS["filed"]
        parts = [Part(self.number("resolved", now.resolved), _("resolved since")),
                 Part(self.number("closed", now.closed), _("of them closed"))]  # fmt: skip
        number = self.number("filed", now.filed)
        change = change_of_count(self.before, now)
        return Tile("filed", label, "", definition, change, parts, number)

    def hand_tiles(self) -> list[Tile]:
        hands: Hands = self.found.in_hand
        found = []
        for name, count, tone in (("open", hands.open, ""), ("late", hands.late, "late")):
            label, definition = DEFINITIONS[name]
            number = Number(count, self.links.in_hand(name))
            found.append(
                Tile(name, label, "", definition, number=number, tone=tone if count else "")
            )
        return found

    def number(self, figure: str, count: int, **where: Any) -> Number:
        return Number(count, self.links.of(figure, **where))

    # --- what gets worse ---

    def told(self, each: Worse) -> dict[str, Any]:
        """One line of the list."""
        bad = each.after.whole - each.after.part if each.measure.more_is_better else each.after.part
        where = {"dimension": each.dimension, "key": each.key} if each.dimension else {}
        return {
            "name": each.name,
            "label": each.measure.label,
            "before": percent(each.before.value),
            "n_before": each.before.whole,
            "after": percent(each.after.value),
            "n_after": each.after.whole,
            "bad": self.number(each.measure.bad, bad, **where),
        }

    # --- tables ---

    def shown(self, by: str) -> Any:
        """As many rows as one reads; the workbook has them all."""
        return self.found.rows(by)[:MOST_ROWS]

    def line(self, row: Any) -> Line:
        by = self.form.value("by") or COMMUNITY
        where = {"dimension": by, "key": row.key}
        return Line(
            row.name,
            self.number("filed", row.now.filed, **where),
            [self.cell(each, row.before, row.now, **where) for each in SHARES],
            stars(row.now.mean),
            self.number("rated", row.now.rated, **where),
            Number(row.hands.open, self.links.in_hand("open", by, row.key)),
            Number(row.hands.late, self.links.in_hand("late", by, row.key)),
        )

    def trend_line(self, period: Period, counts: Counts) -> Line:
        return Line(
            short_dates(period),
            self.number("filed", counts.filed, period=period),
            [self.cell(each, None, counts, period=period) for each in SHARES],
            stars(counts.mean),
            self.number("rated", counts.rated, period=period),
        )

    def cell(self, measure: Measure, before: Counts | None, now: Counts, **where: Any) -> Cell:
        share = measure.share(now)
        if share.value is None:
            return Cell("", "", None)
        tone = change_of_share(measure, before, now).tone
        bad = self.number(measure.bad, getattr(now, measure.bad), **where)
        return Cell(percent(share.value), f"{share.value * 100:.1f}", bad, tone)

    def tabs(self, by: str) -> list[dict[str, Any]]:
        """By what the table tells tickets apart; the rest of the question stays."""
        asked = self.request.GET.copy()
        found = []
        for name, label in BY:
            asked["by"] = name
            found.append({"label": label, "query": asked.urlencode(), "is_current": name == by})
        return found


DEFINITIONS_OF = {"rated": _("rated"), "filed": _("received")}
MOST_ROWS = 30


def with_defaults(asked: QueryDict) -> QueryDict:
    """What was asked, with the answers that stand in the form before anybody chooses."""
    data = asked.copy()
    for name, value in (("period", "month"), ("against", "previous"), ("by", COMMUNITY)):
        if not data.get(name):
            data[name] = value
    return data


class WorkbookPage(FiguresView):
    """The same figures for Excel, whole."""

    def get(self, *args: Any, **kwargs: Any) -> HttpResponse:
        period = self.found.asked.period
        name = f"{self.request.company.slug}-{period.first:%Y%m%d}-{period.last:%Y%m%d}.xlsx"
        return to_save(workbook(self.found, self.request.company.name), XLSX, name)
