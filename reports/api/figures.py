"""The figures of a period for other systems, as JSON and for Excel."""

from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from complaints.models.figure import COUNTED, NONE
from complaints.models.kinds import SPOKEN_CHOICES
from complaints.services.figures_days import Period, day_of
from complaints.services.figures_reading import Counts
from reports.forms.figures import FigureForm
from reports.services.dashboard import DIMENSIONS, Overview, overview, worsening
from reports.services.periods import Against, Span
from reports.services.workbook import workbook
from tenancy.files import XLSX, to_save
from tenancy.permissions import Can
from tenancy.viewsets import CompanyViewSet, Need, operation


class PeriodSerializer(serializers.Serializer[Any]):
    """Days of the company's zone, both included."""

    first = serializers.DateField()
    last = serializers.DateField()


class CountsSerializer(serializers.Serializer[Any]):
    """Tickets received, and what became of them. A promise is kept when it was in every round."""

    filed = serializers.IntegerField()
    resolved = serializers.IntegerField()
    closed = serializers.IntegerField()
    reopened = serializers.IntegerField()
    asked = serializers.IntegerField(help_text="Asked for a rating.")
    rated = serializers.IntegerField()
    low = serializers.IntegerField(help_text="Of the rated, those with one or two stars.")
    stars = serializers.IntegerField(help_text="The sum; divide by `rated`.")
    acceptance_kept = serializers.IntegerField()
    acceptance_missed = serializers.IntegerField()
    callback_kept = serializers.IntegerField()
    callback_missed = serializers.IntegerField()
    resolution_kept = serializers.IntegerField()
    resolution_missed = serializers.IntegerField()
    follow_up_kept = serializers.IntegerField()
    follow_up_missed = serializers.IntegerField()


class FigureRowSerializer(serializers.Serializer[Any]):
    """What became of the tickets of one community, building, category, department or handler."""

    id = serializers.UUIDField(allow_null=True, help_text="null: those that have none.")
    name = serializers.CharField()
    counts = CountsSerializer()
    before: Any = CountsSerializer(allow_null=True)
    open = serializers.IntegerField(help_text="To be solved now, whenever received.")
    late = serializers.IntegerField(help_text="Late now, whenever received.")


class WeekSerializer(PeriodSerializer):
    """A day, week or month of the period."""

    counts = CountsSerializer()


class WorseSerializer(serializers.Serializer[Any]):
    """Something that got worse, more than chance would have it."""

    measure = serializers.CharField()
    dimension = serializers.CharField(allow_blank=True, help_text="Empty: altogether.")
    id = serializers.UUIDField(allow_null=True)
    name = serializers.CharField()
    before = serializers.FloatField()
    n_before = serializers.IntegerField()
    after = serializers.FloatField()
    n_after = serializers.IntegerField()


class FiguresSerializer(serializers.Serializer[Any]):
    """The figures of a period, exact at the moment of asking."""

    period = PeriodSerializer()
    against: Any = PeriodSerializer(allow_null=True)
    total = CountsSerializer()
    total_before: Any = CountsSerializer(allow_null=True)
    open = serializers.IntegerField()
    late = serializers.IntegerField()
    series = WeekSerializer(many=True)
    rows = serializers.DictField(child=FigureRowSerializer(many=True))
    worse = WorseSerializer(many=True)


def query(name: str, kind: Any, words: str, choices: Any = None) -> OpenApiParameter:
    return OpenApiParameter(name, kind, description=words, enum=choices)


PARAMETERS = [
    query("period", str, "Which days; this month unless said otherwise.", Span.values),
    query("first", OpenApiTypes.DATE, "With `period=free`."),
    query("last", OpenApiTypes.DATE, "With `period=free`."),
    query("against", str, "Compared with; the period before by itself.", Against.values),
    query("against_first", OpenApiTypes.DATE, "With `against=free`."),
    query("against_last", OpenApiTypes.DATE, "With `against=free`."),
    query("community", OpenApiTypes.UUID, "Only this community."),
    query("kind", str, "Only this kind of ticket.", [kind for kind, _label in SPOKEN_CHOICES]),
    query("category", OpenApiTypes.UUID, "Only this category."),
    query("department", OpenApiTypes.UUID, "Only this department."),
]


class FigureViewSet(CompanyViewSet):
    """What a manager steers by."""

    needs: ClassVar[dict[str, Need]] = {
        "read": Can.READ_FIGURES,
        "workbook": Can.READ_FIGURES,
    }
    pagination_class: Any = None

    @operation(
        "Read the figures of a period",
        answers=FiguresSerializer,
        more="Promises kept and missed, ratings and reopened tickets, altogether and by community, "
        "building, category, department and handler, beside another period. The tickets behind "
        "a count: `GET …/tickets/?figure=callback_missed&filed_from=…&filed_to=…`.",
        parameters=PARAMETERS,
    )
    def read(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(told(self.found()))

    @operation(
        "Read the figures of a period as an Excel workbook",
        answers=OpenApiResponse(OpenApiTypes.BINARY, description="One sheet for each table."),
        status=(200, XLSX),
        parameters=PARAMETERS,
    )
    def workbook(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        company = request._request.company  # type: ignore[attr-defined]
        return to_save(workbook(self.found(), company.name), XLSX, f"{company.slug}.xlsx")

    def found(self) -> Overview:
        """The answer to the question in the address; what makes no sense is a 400."""
        zone = ZoneInfo(self.request._request.company.zone)  # type: ignore[attr-defined]
        form = FigureForm(self.request.query_params, me=self.member, today=day_of(self.now, zone))
        if not form.is_valid():
            raise ValidationError(
                {
                    f"?{name}": [ErrorDetail(each["message"], each["code"]) for each in faults]
                    for name, faults in form.errors.get_json_data().items()
                }
            )
        return overview(form.asked, zone=zone, now=self.now)


def told(found: Overview) -> dict[str, Any]:
    """The whole answer as JSON."""
    before = found.before
    return {
        "period": days(found.asked.period),
        "against": days(found.asked.against) if found.asked.against else None,
        "total": counted(found.now.total),
        "total_before": counted(before.total) if before else None,
        "open": found.in_hand.open,
        "late": found.in_hand.late,
        "series": [{**days(piece), "counts": counted(each)} for piece, each in found.series()],
        "rows": {dimension: rows(found, dimension) for dimension in DIMENSIONS},
        "worse": [
            {
                "measure": each.measure.name,
                "dimension": each.dimension,
                "id": None if each.key == NONE else each.key,
                "name": each.name,
                "before": each.before.value,
                "n_before": each.before.whole,
                "after": each.after.value,
                "n_after": each.after.whole,
            }
            for each in worsening(found)
        ],
    }


def days(period: Period) -> dict[str, str]:
    return {"first": period.first.isoformat(), "last": period.last.isoformat()}


def counted(counts: Counts) -> dict[str, int]:
    return {name: getattr(counts, name) for name in COUNTED}


def rows(found: Overview, dimension: str) -> list[dict[str, Any]]:
    """One for each community, building and so on."""
    return [
        {
            "id": None if row.key == NONE else row.key,
            "name": row.name,
            "counts": counted(row.now),
            "before": counted(row.before) if row.before else None,
            "open": row.hands.open,
            "late": row.hands.late,
        }
        for row in found.rows(dimension)
    ]
