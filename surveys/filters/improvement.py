"""What a list of improvements can be narrowed by."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter, FilterSet, UUIDFilter

from complaints.models.kinds import OPEN
from surveys.models import Effect, Improvement

STATES = [("open", _("under way")), ("late", _("late")), ("done", _("done"))]


class ImprovementFilter(FilterSet):  # type: ignore[misc]  # publishes no types
    """Narrows a list of improvements."""

    state = ChoiceFilter(label=_("state"), choices=STATES, method="by_state")
    effect = ChoiceFilter(label=_("effect"), choices=Effect.choices)
    wave = UUIDFilter(label=_("wave"), field_name="wave_id")
    survey = UUIDFilter(label=_("survey"), field_name="wave__survey_id")
    ticket = UUIDFilter(label=_("ticket"), field_name="ticket_id")

    class Meta:
        model = Improvement
        fields: list[str] = []

    def by_state(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        is_open = Q(ticket__status__in=OPEN)
        if value == "late":
            is_open &= Q(ticket__next_due_at__lt=timezone.now())
        return rows.exclude(is_open) if value == "done" else rows.filter(is_open)
