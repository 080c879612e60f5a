"""The satisfaction index: of a wave, over time, and its weights."""

from typing import Any, ClassVar
from uuid import UUID

from django.http import Http404
from django.utils.translation import get_language, gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from surveys.measuring import Verdict
from surveys.models import IndexFigure, IndexReport, IndexWeights, Place, Survey, Wave
from surveys.questionnaire import Dimension
from surveys.services.index import NOTHING_ASKED, TOO_FEW, set_weights
from surveys.services.index_reading import Reading, Spot, trend, versions
from tenancy.permissions import Can
from tenancy.viewsets import CompanyViewSet, Need, bad_parameter, operation

DIMENSIONS = [(each.value, each.value) for each in Dimension]
FINDINGS = [(each, each) for each in (NOTHING_ASKED, TOO_FEW)]
VERDICTS = [(each.value, each.value) for each in Verdict]


class IndexSharesSerializer(serializers.Serializer[Any]):
    """How much each dimension counts, in percent; together 100."""

    reliability = serializers.IntegerField(min_value=0, max_value=100)
    responsiveness = serializers.IntegerField(min_value=0, max_value=100)
    assurance = serializers.IntegerField(min_value=0, max_value=100)
    empathy = serializers.IntegerField(min_value=0, max_value=100)
    tangibles = serializers.IntegerField(min_value=0, max_value=100)


class IndexWeightsSerializer(IndexSharesSerializer):
    """One version of the weights (指数权重); versions are never changed."""

    version = serializers.IntegerField()
    created_at = serializers.DateTimeField(help_text="Waves measured from then on have it.")


class IndexItemSerializer(serializers.Serializer[Any]):
    """An item behind a figure."""

    question = serializers.CharField()
    row = serializers.CharField(allow_blank=True, help_text="Of a matrix.")
    text = serializers.CharField()
    mean = serializers.FloatField(help_text="From 1 to 5, weighed up to everybody.")
    answered = serializers.IntegerField()


class IndexFigureSerializer(serializers.Serializer[Any]):
    """The whole or a dimension (满意度指数), from 0 to 100, of everybody or of one place."""

    place = serializers.ChoiceField(choices=Place.choices)
    key = serializers.CharField(
        allow_blank=True, help_text="Id of the community or building, label of the group."
    )
    label: Any = serializers.CharField(allow_blank=True)
    dimension = serializers.ChoiceField(
        choices=DIMENSIONS, allow_blank=True, help_text="Empty: the whole."
    )
    value = serializers.FloatField()
    low = serializers.FloatField(help_text="Lower end of the 95 % interval.")
    high = serializers.FloatField()
    answered = serializers.IntegerField()
    population = serializers.IntegerField()
    was = serializers.FloatField(allow_null=True, help_text="In `before`, by equal weights.")
    change_low = serializers.FloatField(allow_null=True)
    change_high = serializers.FloatField(allow_null=True)
    chance = serializers.FloatField(allow_null=True, help_text="Two-sided p of the change.")
    verdict = serializers.ChoiceField(
        choices=VERDICTS,
        allow_blank=True,
        help_text="Whether the change is more than chance would explain; empty: none is known, or "
        "other people were asked there before.",
    )


class IndexDriverSerializer(serializers.Serializer[Any]):
    """How much one item, or one dimension, moves the whole."""

    question = serializers.CharField(allow_blank=True)
    row = serializers.CharField(allow_blank=True)
    dimension = serializers.CharField()
    text = serializers.CharField(allow_blank=True)
    share = serializers.FloatField(help_text="Of what all of them explain, 0 to 1 (LMG).")
    value = serializers.FloatField(help_text="From 0 to 100.")
    is_lever = serializers.BooleanField(help_text="Strong, and marked low: work here first.")
    is_shared = serializers.BooleanField(help_text="Hardly to be told apart from other items.")


class IndexDriversSerializer(serializers.Serializer[Any]):
    """What moves the whole, the strongest first, or why nothing can be said."""

    finding = serializers.CharField()
    whole = serializers.CharField(allow_blank=True, help_text="The question about the whole.")
    answered = serializers.IntegerField()
    explained = serializers.FloatField(help_text="R², 0 to 1.")
    drivers = IndexDriverSerializer(many=True)


class IndexSerializer(serializers.Serializer[Any]):
    """What was measured of a wave."""

    wave = serializers.UUIDField()
    finding = serializers.ChoiceField(
        choices=FINDINGS, allow_blank=True, help_text="Why there is no index; empty: there is one."
    )
    method = serializers.CharField(help_text="How intervals were made.")
    answered = serializers.IntegerField(allow_null=True)
    population = serializers.IntegerField(allow_null=True)
    weights = IndexWeightsSerializer()
    before = serializers.UUIDField(allow_null=True, help_text="The wave it is held against.")
    items_differ = serializers.BooleanField(help_text="Other items were asked then.")
    figures = IndexFigureSerializer(many=True)
    items = IndexItemSerializer(many=True, help_text="Of the first place of `figures`.")
    drivers: Any = IndexDriversSerializer(
        allow_null=True, help_text="null for whoever sees only some communities."
    )


class IndexPointSerializer(serializers.Serializer[Any]):
    """A survey's figures of one place in one wave."""

    wave = serializers.UUIDField()
    name = serializers.CharField()
    opens_on = serializers.DateField()
    figures = IndexFigureSerializer(many=True)


class IndexTrendSerializer(serializers.Serializer[Any]):
    """Every wave that was measured, the oldest first."""

    results = IndexPointSerializer(many=True)


class IndexViewSet(CompanyViewSet):
    """The satisfaction index of a wave."""

    needs: ClassVar[dict[str, Need]] = {"read": Can.READ_SURVEYS, "trend": Can.READ_SURVEYS}
    model = Wave
    pagination_class: Any = None
    filter_backends: Any = ()

    @operation(
        "Read the satisfaction index of a wave",
        answers=IndexSerializer,
        more="Once the wave has been counted and measured; before that there is none (404). Only "
        "what may be told is there: nothing of fewer than five, nor by subtraction.",
    )
    def read(self, request: Request, pk: UUID, *args: Any, **kwargs: Any) -> Response:
        wave = self.one(self.rows().select_related("survey", "edition"), pk)
        reading = Reading(wave, self.member, get_language() or "")
        if reading.report is None:
            raise Http404
        return Response(told(reading, reading.report))

    @operation(
        "Read the satisfaction index of a survey over time",
        answers=IndexTrendSerializer,
        parameters=[
            OpenApiParameter("place", str, enum=Place.values, description="`all` by itself."),
            OpenApiParameter("key", str, description="Which one, as in a figure's `key`."),
        ],
    )
    def trend(self, request: Request, pk: UUID, *args: Any, **kwargs: Any) -> Response:
        survey = self.one(Survey.objects.visible_to(self.member), pk)
        place = request.query_params.get("place", Place.ALL.value)
        if place not in Place.values:
            raise bad_parameter("place", _("There is no such kind of place."), "invalid_choice")
        key = request.query_params.get("key", "")[:60].replace("\x00", "")
        spots = trend(survey, self.member, place, key)
        return Response({"results": [point(each) for each in spots]})


class IndexWeightsViewSet(CompanyViewSet):
    """How much each dimension counts."""

    needs: ClassVar[dict[str, Need]] = {"list": Can.READ_SURVEYS, "create": Can.SET_SURVEYS}
    model = IndexWeights
    pagination_class: Any = None
    filter_backends: Any = ()

    @operation(
        "List the versions of the index's weights",
        answers=IndexWeightsSerializer(many=True),
        more="The newest first; it is the one that waves are measured with.",
    )
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response([weighed(each) for each in versions(self.member, self.now)])

    @operation(
        "Weigh the dimensions of the index otherwise",
        sends=IndexSharesSerializer,
        answers=IndexWeightsSerializer,
        status=201,
        refusals=("weights_not_whole", "weights_changed", "weights_are_everybodys"),
        more="For waves that are measured from now on. The weights that there are make no new "
        "version.",
        sent={
            "reliability": 32, "responsiveness": 22, "assurance": 19, "empathy": 16,
            "tangibles": 11,
        },
    )  # fmt: skip
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        sent = self.sent(IndexSharesSerializer)
        row = set_weights(weights=sent, by=self.actor, now=self.now)
        return Response(weighed(row), status=201)


def weighed(row: IndexWeights) -> dict[str, Any]:
    return {**row.by_dimension, "version": row.number, "created_at": row.created_at}


def told(reading: Reading, report: IndexReport) -> dict[str, Any]:
    """A report as it is sent."""
    first = reading.spot("")
    items = reading.items(first) if first else {}
    return {
        "wave": reading.wave.pk,
        "finding": report.finding,
        "method": report.method,
        # How many answered elsewhere is not for whoever looks after some communities alone.
        "answered": report.answered if reading.sees_everybody else None,
        "population": report.population if reading.sees_everybody else None,
        "weights": weighed(report.weights),
        "before": report.before_id,
        "items_differ": report.items_differ,
        "figures": [figure for spot in reading.spots for figure in figures(spot)],
        "items": [
            {"answered": each["n"], **{name: each[name] for name in NAMES}}
            for own in items.values()
            for each in own
        ],
        "drivers": drivers(reading),
    }


NAMES = ("question", "row", "text", "mean")
OF_FIGURE = tuple(IndexFigureSerializer().fields)
OF_DRIVER = tuple(IndexDriverSerializer().fields)


def figures(spot: Spot) -> list[dict[str, Any]]:
    """The whole, then its dimensions."""
    rows: list[IndexFigure | None] = [spot.whole, *spot.in_order]
    return [{name: getattr(row, name) for name in OF_FIGURE} for row in rows if row]


def point(spot: Spot) -> dict[str, Any]:
    wave = spot.whole.wave
    return {
        "wave": wave.pk,
        "name": wave.name,
        "opens_on": wave.opens_on,
        "figures": figures(spot),
    }


def drivers(reading: Reading) -> dict[str, Any] | None:
    found = reading.drivers
    if not found:
        return None
    return {
        "finding": found["finding"],
        "whole": found["whole"],
        "answered": found.get("answered", 0),
        "explained": found.get("explained", 0),
        "drivers": [{name: each[name] for name in OF_DRIVER} for each in found["drivers"]],
    }
