"""Results side by side."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Q
from django.utils.translation import get_language, gettext as _

from surveys.forms.result_compare import BUILDINGS, COMMUNITIES, GROUPS, WAVES, CompareForm
from surveys.models import Stage, Wave
from surveys.services.cells import WHOLE, Scope
from surveys.services.comparing import (
    Against,
    Cell,
    Measure,
    Row,
    Verdict,
    asked_others,
    compared,
)
from surveys.services.results import Place, Results, places_of, results
from surveys.services.results_words import decimal, percent, plain
from surveys.services.rounding import half_up
from surveys.views.result import ResultsView

MOST_WAVES = 6
MOST_PLACES = 24  # the workbook has them all


@dataclass(frozen=True, slots=True)
class Shown:
    """One cell of the table, in words."""

    text: str
    n: int = 0
    verdict: str = ""
    says: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the table."""

    question: str
    label: str
    cells: list[Shown]
    choices_differ: bool = False


class ComparePage(ResultsView):
    """Means and shares of waves or places beside each other, and what is more than chance."""

    template_name = "surveys/wave_compare.html"

    @cached_property
    def compare_form(self) -> CompareForm:
        form = CompareForm({"by": self.by, **self.request.GET.dict()}, places=self.places)
        form.is_valid()
        return form

    @property
    def by(self) -> str:
        """Waves unless something else was asked for that there is."""
        asked = self.request.GET.get("by")
        return asked if asked in (COMMUNITIES, BUILDINGS, GROUPS) else WAVES

    @cached_property
    def columns(self) -> list[tuple[str, Results]]:
        if self.place is None:
            return []
        return self.of_waves(self.place) if self.by == WAVES else self.of_parts()

    def of_waves(self, place: Place) -> list[tuple[str, Results]]:
        """Those before this one in which the same place may be told, and this. Some queries for
        each wave."""
        mine = Q(opens_on=self.row.opens_on, id__lt=self.row.pk)
        earlier = (
            Wave.objects.visible_to(self.me)
            .filter(Q(opens_on__lt=self.row.opens_on) | mine)
            .filter(survey=self.row.survey_id, stage=Stage.COUNTED)
            .select_related("survey", "edition")
            .prefetch_related("parts")
            .order_by("-opens_on", "-id")
        )
        found = []
        for wave in [self.row, *earlier[: MOST_WAVES - 1]]:
            there = [each for each in places_of(wave, self.me) if each.scope == place.scope]
            if there:
                (one,) = results(wave=wave, places=there[:1], language=self.language)
                found.append((wave.name, one))
        return found[::-1]

    @property
    def against(self) -> Against:
        """Whoever does not see the whole is not told what differs from it."""
        if self.by == WAVES:
            return Against.BEFORE
        whole = Scope(self.community) if self.by == BUILDINGS else WHOLE
        return Against.WHOLE if self.columns[0][1].place.scope == whole else Against.NOTHING

    def of_parts(self) -> list[tuple[str, Results]]:
        """The whole and its parts; of buildings, those of the community that was asked for."""
        whole = WHOLE
        kind = {COMMUNITIES: "community", GROUPS: "group"}.get(self.by, "building")
        if self.by == BUILDINGS:
            whole = Scope(self.community)
        parts = [
            each
            for each in self.places
            if each.kind == kind and (kind != "building" or each.scope.community == whole.community)
        ]
        first = [each for each in self.places if each.scope == whole]
        asked = [*first, *parts[:MOST_PLACES]]
        found = results(wave=self.row, places=asked, language=self.language)
        return [(each.place.short or each.place.name or _("everybody"), each) for each in found]

    @property
    def community(self) -> Any:
        """Of the place that was asked for, or the first that has a building."""
        if self.place and self.place.scope.community:
            return self.place.scope.community
        with_building = (each.scope.community for each in self.places if each.kind == "building")
        return next(with_building, None)

    @property
    def language(self) -> str:
        return get_language() or ""

    def context(self, **more: Any) -> dict[str, Any]:
        columns = self.columns
        rows = compared([each for _name, each in columns], self.against) if columns else []
        return super().context(
            compare_form=self.compare_form,
            by=self.by,
            heads=self.heads,
            lines=[self.line(row) for row in rows],
            **more,
        )

    @property
    def heads(self) -> list[tuple[str, int, bool]]:
        """Each column's name, its answers, and whether it asked others than the one before."""
        found = [each for _name, each in self.columns]
        others = asked_others(found) if self.by == WAVES else [False] * len(found)
        return [
            (name, each.place.n, is_other)
            for (name, each), is_other in zip(self.columns, others, strict=True)
        ]

    def line(self, row: Row) -> Line:
        names = {each.key: each.text for each in row.item.question.choices}
        label = names.get(row.choice, row.item.label)
        cells = [shown(row.measure, each) for each in row.cells]
        return Line(row.item.question.text, label, cells, row.choices_differ)


def shown(measure: Measure, cell: Cell | None) -> Shown:
    """A figure as it is written, and what its difference says."""
    if cell is None:
        return Shown("")
    if measure is Measure.SHARE:
        text = percent(cell.value)
    else:
        text = plain(half_up(cell.value)) if measure is Measure.MEDIAN else decimal(cell.value)
    says = {
        Verdict.BETTER: _("better, more than chance"),
        Verdict.WORSE: _("worse, more than chance"),
        Verdict.MORE: _("more, beyond chance"),
        Verdict.LESS: _("less, beyond chance"),
    }
    return Shown(text, cell.n, cell.verdict.value, says.get(cell.verdict, ""))
