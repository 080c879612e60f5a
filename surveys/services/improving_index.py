"""How the index stood before something was improved, as the wave that tells of it measures."""

from uuid import UUID

from surveys.measuring import Estimate
from surveys.models import IndexReport, Wave
from surveys.services.cells import Scope
from surveys.services.improving_values import Item
from surveys.services.index import Past, figures_by


class IndexBefore:
    """The figures of earlier waves by the weights and the method of one wave, each wave's once.

    Other weights alone make another figure of the same answers: nobody has improved anything.
    """

    def __init__(self, wave: Wave) -> None:
        self.wave = wave
        self.found: dict[UUID, Past] = {}

    def of(self, before: Wave, item: Item, scope: Scope) -> Estimate | None:
        """Of the whole or a dimension, in one place; nothing where either has no index."""
        if before.pk not in self.found:
            self.found[before.pk] = self._measured(before)
        return self.found[before.pk].get(scope, {}).get(item.dimension)

    def _measured(self, before: Wave) -> Past:
        rows = IndexReport.objects.filter(wave__in=(before, self.wave), finding="")
        reports = {each.wave_id: each for each in rows.select_related("weights", "wave__edition")}
        if len(reports) < 2:
            return {}
        return figures_by(reports[before.pk], reports[self.wave.pk])
