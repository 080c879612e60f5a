"""What a wave has found: the same cells as on its pages."""

from typing import Any, ClassVar
from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils.translation import get_language, gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from surveys.models import Stage, Wave
from surveys.questionnaire import Kind
from surveys.services.results import Bar, Found, Item, Place, Results, places_of, results
from surveys.services.results_pdf import results_pdf
from surveys.services.results_workbook import said, workbook
from tenancy.files import PDF, XLSX, to_save
from tenancy.permissions import Can
from tenancy.viewsets import CompanyViewSet, Need, bad_parameter, operation

KINDS = ("whole", "community", "building", "group")


class ResultPlaceSerializer(serializers.Serializer[Any]):
    """Of whom something is told: everybody, a community, a building, or a group."""

    key = serializers.CharField(allow_blank=True, help_text="For `?at=`; empty: everybody.")
    kind = serializers.ChoiceField(choices=KINDS)
    name = serializers.CharField(allow_blank=True)
    answered = serializers.IntegerField(help_text="Never fewer than five.")


class ResultAnswerSerializer(serializers.Serializer[Any]):
    """How often something was said."""

    choice = serializers.CharField(allow_blank=True, help_text="Of a choice or a month.")
    number = serializers.FloatField(
        allow_null=True, help_text="The mark, the edge of a class, or the mean place in a ranking."
    )
    text = serializers.CharField()
    count = serializers.IntegerField(help_text="Of a ranking: who put it first.")
    share = serializers.FloatField()


class ResultItemSerializer(serializers.Serializer[Any]):
    """A question, or one row of a matrix."""

    item = serializers.CharField(help_text="`question` or `question.row`.")
    row = serializers.CharField(allow_blank=True)
    text = serializers.CharField(allow_blank=True)
    answered = serializers.IntegerField(help_text="Never fewer than five.")
    mean = serializers.FloatField(allow_null=True)
    value = serializers.FloatField(allow_null=True, help_text="The mean on the way from 0 to 100.")
    low = serializers.IntegerField(allow_null=True, help_text="1 and 2 of 5, 0 to 6 of 10.")
    high = serializers.IntegerField(allow_null=True, help_text="4 and 5 of 5, 9 and 10 of 10.")
    nps = serializers.FloatField(allow_null=True, help_text="Net promoter score.")
    median = serializers.FloatField(allow_null=True)
    answers = ResultAnswerSerializer(many=True)


class ResultQuestionSerializer(serializers.Serializer[Any]):
    """One question; without items nothing of it may be told here."""

    question = serializers.CharField()
    kind = serializers.ChoiceField(choices=[each.value for each in Kind])
    section = serializers.CharField()
    text = serializers.CharField()
    items = ResultItemSerializer(many=True)


class ResultSerializer(serializers.Serializer[Any]):
    """The results of a wave in one place (调查结果)."""

    wave = serializers.UUIDField()
    stage = serializers.ChoiceField(choices=Stage.choices)
    places = ResultPlaceSerializer(many=True)
    at: Any = ResultPlaceSerializer(allow_null=True, help_text="null: nothing may be told (yet).")
    invited = serializers.IntegerField(allow_null=True)
    questions = ResultQuestionSerializer(many=True)


AT = OpenApiParameter(
    "at", str, description="The key of one of `places`; the first of them unless said otherwise."
)
LANGUAGE = OpenApiParameter("language", str, description="Of the questions; the caller's.")


class WaveResults(CompanyViewSet):
    """A wave whose results are asked for, in one of the places in which they may be told."""

    model = Wave

    def wave(self, pk: UUID) -> Wave:
        rows = self.rows().select_related("survey", "edition")
        found: Wave = self.one(rows, pk)
        return found

    def places(self, wave: Wave) -> list[Place]:
        return places_of(wave, self.member) if wave.stage == Stage.COUNTED else []

    def place(self, places: list[Place]) -> Place | None:
        """The one that was asked for; a 400 where it may not be told, or does not exist."""
        asked = self.request.query_params.get("at")
        if asked is None:
            return next(iter(places), None)
        for each in places:
            if each.key == asked:
                return each
        raise bad_parameter("at", _("Nothing may be told of this."), "invalid_choice")

    @property
    def language(self) -> str:
        return self.request.query_params.get("language") or get_language() or ""


class ResultViewSet(WaveResults):
    """What was answered, as far as nobody can be recognised by it."""

    needs: ClassVar[dict[str, Need]] = dict.fromkeys(("read", "workbook", "pdf"), Can.READ_SURVEYS)
    pagination_class: Any = None

    @operation(
        "Read the results of a wave",
        answers=ResultSerializer,
        more="Nothing is told of fewer than five answers, nor anything by which fewer than five "
        "could be worked out. Before a wave is counted there are no places.",
        parameters=[AT, LANGUAGE],
    )
    def read(self, request: Request, pk: UUID, *args: Any, **kwargs: Any) -> Response:
        wave = self.wave(pk)
        places = self.places(wave)
        place = self.place(places)
        found = self.found(wave, place) if place else None
        return Response(
            {
                "wave": str(wave.pk),
                "stage": wave.stage,
                "places": [place_of(each) for each in places],
                "at": place_of(place) if place else None,
                "invited": found.invited if found else None,
                "questions": [question(each) for each in found.found] if found else [],
            }
        )

    @operation(
        "Read the results of a wave as an Excel workbook",
        answers=OpenApiResponse(OpenApiTypes.BINARY, description="One sheet for each table."),
        status=(200, XLSX),
        parameters=[AT, LANGUAGE],
    )
    def workbook(self, request: Request, pk: UUID, *args: Any, **kwargs: Any) -> HttpResponse:
        wave, places, found = self.told(pk)
        content = workbook(
            wave=wave, found=found, places=places, member=self.member, language=self.language
        )
        return to_save(content, XLSX, f"{wave.pk}.xlsx")

    @operation(
        "Read the results of a wave as a PDF",
        answers=OpenApiResponse(OpenApiTypes.BINARY, description="Pages of A4, to be printed."),
        status=(200, PDF),
        parameters=[AT, LANGUAGE],
    )
    def pdf(self, request: Request, pk: UUID, *args: Any, **kwargs: Any) -> HttpResponse:
        wave, _places, found = self.told(pk)
        content = results_pdf(
            wave=wave, found=found, member=self.member,
            company=self.request.company,  # type: ignore[attr-defined]
            language=self.language, now=self.now,
        )  # fmt: skip
        return to_save(content, PDF, f"{wave.pk}.pdf")

    def told(self, pk: UUID) -> tuple[Wave, list[Place], Results]:
        """A wave, where it may be told, and what is told in one of these places; there is no file
        of nothing."""
        wave = self.wave(pk)
        places = self.places(wave)
        place = self.place(places)
        if place is None:
            raise Http404
        return wave, places, self.found(wave, place)

    def found(self, wave: Wave, place: Place) -> Results:
        return results(wave=wave, places=[place], language=self.language)[0]


def place_of(place: Place) -> dict[str, Any]:
    return {"key": place.key, "kind": place.kind, "name": place.name, "answered": place.n}


def question(found: Found) -> dict[str, Any]:
    asked = found.question
    return {
        "question": asked.key,
        "kind": asked.kind.value,
        "section": found.section,
        "text": asked.text,
        "items": [item(each) for each in found.items],
    }


def item(found: Item) -> dict[str, Any]:
    scale = bool(found.question.scale)
    names = {each.key: each.text for each in found.question.choices}
    return {
        "item": found.key,
        "row": found.row,
        "text": found.label,
        "answered": found.n,
        "mean": found.mean,
        "value": found.value,
        "low": found.low if scale else None,
        "high": found.high if scale else None,
        "nps": found.nps,
        "median": None if found.median is None else float(found.median),
        "answers": [answer(found, each, names) for each in found.bars],
    }


def answer(found: Item, bar: Bar, names: dict[str, str]) -> dict[str, Any]:
    return {
        "choice": bar.key,
        "number": None if bar.number is None else float(bar.number),
        "text": said(found, bar, names),
        "count": bar.count,
        "share": bar.share,
    }
