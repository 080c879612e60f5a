"""Results for an owners' meeting: one message on each slide."""

from dataclasses import dataclass
from typing import Any

from surveys.models import Improvement
from surveys.questionnaire import Kind
from surveys.services.cells import LEAST
from surveys.services.coding import counts_by_category, text_questions, texts_of
from surveys.services.results import Item, Results
from surveys.services.results_words import Card, card, percent
from surveys.services.titles import title_in
from surveys.views.result import ResultsView

FEW = 3
MOST_LINES = 8


@dataclass(frozen=True, slots=True)
class Slide:
    """One question, as large as a room needs it."""

    heading: str
    card: Card


class PresentationPage(ResultsView):
    """The results as slides; without scripts they stand below each other."""

    template_name = "surveys/presentation.html"

    def context(self, **more: Any) -> dict[str, Any]:
        found = self.found
        if found is None:
            return super().context(**more)
        rated = sorted(
            (each for each in found.items.values() if each.value is not None),
            key=lambda each: each.value or 0,
        )
        return super().context(
            survey_title=title_in(self.row.survey, self.language),
            rate=percent(found.place.n / found.invited) if found.invited else "",
            invited=found.invited,
            best=[card(each) for each in rated[::-1][:FEW]],
            worst=[card(each) for each in rated[:FEW]] if len(rated) > FEW else [],
            slides=[Slide(each.question.text, card(each)) for each in self.choices(found)],
            about=self.about(found),
            improvements=self.improvements(),
            **more,
        )

    def choices(self, found: Results) -> list[Item]:
        """What was chosen and put in order, and how likely people recommend us."""
        kinds = (Kind.SINGLE, Kind.MULTIPLE, Kind.RANKING, Kind.SCORE)
        return [each for each in found.items.values() if each.question.kind in kinds]

    def about(self, found: Results) -> list[tuple[Any, int]]:
        """What own words were about, as far as somebody has read them: to a whole room only what
        five have named."""
        scope = found.place.scope
        questions = [each.key for each in text_questions(self.row, scope, self.me)]
        counts = counts_by_category(self.row, texts_of(self.row, scope, questions))
        return [each for each in counts if each[1] >= LEAST][:MOST_LINES]

    def improvements(self) -> list[Any]:
        """What is done about it already."""
        rows = Improvement.objects.visible_to(self.me).filter(wave=self.row)
        return list(rows.select_related("ticket").order_by("id")[:MOST_LINES])
