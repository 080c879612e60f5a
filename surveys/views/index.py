"""The satisfaction index: of one wave, over time, and how its dimensions are weighed."""

from datetime import timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.forms import Form
from django.utils.translation import get_language, gettext_lazy as _

from complaints.services.figures_reading import communities_of
from surveys.forms.index import EVERYBODY, IndexPlaceForm, IndexWeightsForm, label_of
from surveys.models import Audience, IndexFigure, Place, Survey, Wave
from surveys.services.after_service import Asking, Grain, Verdict, sources, summarised
from surveys.services.index import set_weights
from surveys.services.index_reading import (
    DIMENSIONS,
    Reading,
    Spot,
    places_in,
    trend,
    versions,
)
from tenancy.pages import CreatePage, DetailPage
from tenancy.permissions import Can
from tenancy.templatetags.navigation import address

HALF_A_YEAR = timedelta(days=152)  # and the month in which it began
MOST_PLACES = 100  # rows of the table; the list of places has them all
WHY_NOT = {
    "nothing_asked": _("Nothing in this questionnaire belongs to one of the five dimensions."),
    "too_few": _("Too few answered the items of the five dimensions to tell anything of them."),
}
NO_DRIVERS = {
    "no_whole": _(
        "Nothing was asked about the service as a whole, so there is nothing that items could "
        "move. Ask for it with a rating that belongs to no dimension."
    ),
    "too_few": _("Too few answered everything: at least 30, and five for each item, are needed."),
    "all_alike": _("Everybody gave the same mark, so nothing goes along with anything."),
    "nothing_moves": _("No item goes along with the whole more than chance would have it."),
}
LEFT_OUT = {
    "all_alike": _("everybody gave the same mark"),
    "asked_of_few": _("answered by fewer than half"),
}


def name_of(spot: Spot) -> Any:
    return spot.whole.label or EVERYBODY


class IndexPage(DetailPage):
    """The index of a wave: the whole, its dimensions, by place, and what drives it."""

    needs = Can.READ_SURVEYS
    model = Wave
    template_name = "surveys/wave_index.html"

    def rows(self) -> Any:
        return super().rows().select_related("survey", "edition")

    @cached_property
    def reading(self) -> Reading:
        return Reading(self.row, self.me, get_language() or "")

    def context(self, **more: Any) -> dict[str, Any]:
        reading = self.reading
        form = IndexPlaceForm(self.request.GET, spots=reading.spots)
        spot = reading.spot(form.value())
        report = reading.report
        return super().context(
            title=self.row.name,
            wave=self.row,
            report=report,
            why_not=WHY_NOT.get(report.finding, "") if report else "",
            form=form,
            spot=spot,
            sees_everybody=reading.sees_everybody,
            asked_others=bool(spot and reading.asked_others(spot)),
            name=name_of(spot) if spot else "",
            dimensions=self.dimensions(spot) if spot else [],
            places=[(name_of(each), each) for each in reading.spots[:MOST_PLACES]],
            heads=[label_of(each) for each in DIMENSIONS],
            drivers=self.drivers(),
            beside=self.beside(spot) if spot else [],
            **more,
        )

    def beside(self, spot: Spot) -> list[tuple[Any, Verdict]]:
        """What was said right after a service in the half-year before: shown, never counted in."""
        wave, place = self.row, spot.whole.place
        if wave.survey.audience != Audience.OWNERS or place not in (Place.ALL, Place.COMMUNITY):
            return []
        first = (wave.closes_on - HALF_A_YEAR).replace(day=1)
        zone = ZoneInfo(self.request.company.zone)
        where = communities_of(self.me, spot.whole.community_id)
        asking = Asking(first, wave.closes_on, Grain.MONTH, zone, where)
        found = [(source.label, summarised(source, asking).total) for source in sources()]
        return [(label, said) for label, said in found if said.asked or said.answered]

    def dimensions(self, spot: Spot) -> list[dict[str, Any]]:
        """Each dimension that was asked, with its weight and the items behind it."""
        items, report = self.reading.items(spot), self.reading.report
        weights = report.weights.by_dimension if report else {}
        return [
            {
                "label": label_of(name),
                "figure": spot.dimensions[name],
                "weight": weights[name],
                "items": items[name],
            }
            for name in DIMENSIONS
            if name in spot.dimensions
        ]

    def drivers(self) -> dict[str, Any]:
        """What moves the whole, in words; nothing for whoever may not see the whole."""
        found = self.reading.drivers
        if not found:
            return {}
        return {
            **found,
            "rows": [driver(each) for each in sorted(found["drivers"], key=worth)],
            "are_dimensions": all(not each["question"] for each in found["drivers"]),
            "percent": 100 * found.get("explained", 0),
            "why_not": NO_DRIVERS.get(found["finding"], ""),
            "left_out": [
                {**each, "reason": LEFT_OUT[each["reason"]]} for each in found["left_out"]
            ],
        }


def worth(found: dict[str, Any]) -> tuple[bool, float]:
    """Where work pays most comes first: weak and strong at once, then strong with room above."""
    return not found["is_lever"], -found["priority"]


def driver(found: dict[str, Any]) -> dict[str, Any]:
    """One of them as a row: in words, with its share as a bar and its name in an address."""
    percent = 100 * found["share"]
    item = ".".join(filter(None, (found["question"], found["row"])))
    return {
        **found,
        "text": found["text"] or label_of(found["dimension"]),
        "name": item or f"dimension:{found['dimension']}",
        "percent": percent,
        "share_bar": {"value": percent},
    }


class IndexTrendPage(DetailPage):
    """The index of a survey, wave by wave."""

    needs = Can.READ_SURVEYS
    model = Survey
    template_name = "surveys/index_trend.html"

    def context(self, **more: Any) -> dict[str, Any]:
        places = places_in(self.row, self.me)
        form = IndexPlaceForm(self.request.GET, spots=places)
        by_key = {each.key: each for each in places}
        place = by_key.get(form.value()) or next(iter(places), None)
        spots = trend(self.row, self.me, place.whole.place, place.whole.key) if place else []
        return super().context(
            title=self.row.title,
            survey=self.row,
            form=form,
            name=name_of(place) if place else "",
            spots=spots,
            series=[series(name, spots) for name in ("", *DIMENSIONS)],
            heads=[label_of(each) for each in DIMENSIONS],
            **more,
        )


def series(dimension: str, spots: list[Spot]) -> dict[str, Any]:
    """One figure in every wave that has it, the oldest first."""
    found: list[IndexFigure] = [
        figure
        for spot in spots
        if (figure := spot.dimensions.get(dimension) if dimension else spot.whole)
    ]
    return {"label": label_of(dimension), "figures": found}


class IndexWeightsPage(CreatePage):
    """How much each dimension counts from now on, and what it counted before."""

    needs = Can.SET_SURVEYS
    title = _("Weights of the index")
    template_name = "surveys/index_weights.html"
    form_class = IndexWeightsForm
    done = _("From now on waves are measured with these weights.")

    @cached_property
    def versions(self) -> Any:
        return versions(self.me, self.now)

    def form_arguments(self) -> dict[str, Any]:
        return {"initial": self.versions[0].by_dimension}

    def context(self, **more: Any) -> dict[str, Any]:
        shares = [(each, list(each.by_dimension.values())) for each in self.versions]
        heads = [label_of(each) for each in DIMENSIONS]
        return super().context(versions=shares, heads=heads, **more)

    def act(self, form: Form) -> str:
        set_weights(weights=form.cleaned_data, by=self.actor, now=self.now)
        return address("surveys:index_weights", self.request.company)
