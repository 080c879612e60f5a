"""Ratings after service: each source by itself, beside the index and never in it."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from complaints.services.figures_reading import communities_of
from surveys.forms.after_service import AfterServiceForm
from surveys.models import Audience, IndexFigure, Place, WaveCommunity
from surveys.services.after_service import (
    Asking,
    Grain,
    Summary,
    last_of,
    sources,
    summarised,
)
from surveys.views.after_service_numbers import Bar, Line, Links
from tenancy.models import Community
from tenancy.pages import Page
from tenancy.permissions import Can


@dataclass(slots=True)
class Part:
    """One source as the page shows it."""

    key: str
    label: object
    asks: object
    total: Line
    bars: list[Bar]
    days: list[Line]
    places: list[Line]
    opens: bool  # whether its numbers open what they count


class AfterServicePage(Page):
    """How each kind of service was rated by whoever was served."""

    needs = Can.READ_SURVEYS
    title = _("Ratings after service")
    template_name = "surveys/after_service.html"

    @cached_property
    def form(self) -> AfterServiceForm:
        today = self.now.astimezone(self.zone).date()
        return AfterServiceForm(self.request.GET, me=self.me, today=today)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.request.company.zone)

    def context(self, **more: Any) -> dict[str, Any]:
        form = self.form
        chosen = form.chosen
        first, last = form.days()
        places = communities_of(self.me, chosen.pk if chosen else None)
        asking = Asking(first, last, form.grain, self.zone, places)
        return super().context(
            form=form,
            chosen=chosen,
            month=form.month,
            is_by_day=form.grain is Grain.DAY,
            parts=[self.part(summarised(source, asking), asking) for source in sources()],
            index=self.index(),
            **more,
        )

    def part(self, summary: Summary, asking: Asking) -> Part:
        """What is shown of one source, each number with the rows it counts."""
        place = self.form.chosen.pk if self.form.chosen else None
        links = Links(summary.source.rows, self.request.company, self.me, asking, place)
        names = {row.pk: row.name for row in self.form.communities.values()}
        places = [
            links.line(verdict, names[place], community=place)
            for place, verdict in summary.places.items()
            if place in names
        ]
        return Part(
            key=summary.source.key,
            label=summary.source.label,
            asks=summary.source.asks,
            total=links.line(summary.total),
            bars=links.bars(summary.total),
            days=[
                links.line(verdict, start, first=start, last=last_of(start, asking))
                for start, verdict in sorted(summary.days.items())
            ],
            places=sorted(places, key=lambda line: (-line.verdict.answered, line.name)),
            opens=bool(links.path),
        )

    def index(self) -> IndexFigure | None:
        """The newest satisfaction index of the same place: found another way, shown beside.

        A wave that asked in some communities only does not speak for all of them.
        """
        chosen = self.form.chosen
        where = (
            Q(place=Place.COMMUNITY, key=str(chosen.pk))
            if chosen
            else Q(place=Place.ALL) & (Q(wave__places=None) | ~Exists(left_out()))
        )
        rows = IndexFigure.objects.visible_to(self.me).filter(
            where, dimension="", wave__survey__audience=Audience.OWNERS
        )
        found: IndexFigure | None = (
            rows.select_related("wave__survey").order_by("-wave__opens_on", "-wave_id").first()
        )
        return found


def left_out() -> QuerySet[Any]:
    """The communities in which the wave of a figure was not asked."""
    asked = WaveCommunity.objects.filter(wave=OuterRef(OuterRef("wave")))
    found: QuerySet[Any] = Community.objects.in_use().exclude(pk__in=asked.values("community"))
    return found
