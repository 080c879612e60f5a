"""Waves: planned, opened, prolonged and closed; whom they would ask, and who has answered."""

from datetime import date
from typing import Any, ClassVar
from uuid import UUID
from zoneinfo import ZoneInfo

from drf_spectacular.utils import extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from surveys.filters.wave import WaveFilter
from surveys.models import OnePer, Stage, Survey, Wave
from surveys.services.audiences import FURTHEST, MOST, Part, parts_of, sources
from surveys.services.letters import withdraw
from surveys.services.live import Rate, live
from surveys.services.wave import (
    LARGEST,
    MOST_REMINDERS,
    USUAL_REMINDERS,
    cancel_wave,
    change_wave,
    close_wave,
    open_wave,
    plan_wave,
    prolong_wave,
)
from surveys.services.wave_preview import Preview, preview
from surveys.services.wave_rhythm import RHYTHMS, set_rhythm
from tenancy.permissions import Can
from tenancy.viewsets import ListAndRead, Need, Order, idempotent, operation
from tenancy.viewsets.named import named

PARTS = [{"source": "community", "keys": ["019a0f6e-5f5c-7e1a-9d5b-3f8f0c9b2a11"]}]


class WavePartSerializer(serializers.Serializer[Any]):
    """A part of whom a wave asks. Keys are joined by "or", parts by "and"."""

    source: Any = serializers.CharField(max_length=30)
    keys = serializers.ListField(
        child=serializers.CharField(max_length=64), min_length=1, max_length=MOST
    )
    months = serializers.IntegerField(
        min_value=1,
        max_value=FURTHEST,
        required=False,
        allow_null=True,
        help_text="How far back, where the source asks what somebody did.",
    )


class WaveAudienceSerializer(serializers.Serializer[Any]):
    """Whom a wave asks: nothing named is everybody."""

    parts = WavePartSerializer(many=True, default=list)
    sample_size = serializers.IntegerField(
        min_value=1,
        max_value=LARGEST,
        allow_null=True,
        default=None,
        help_text="Drawn at random, stratified by building and group; null: everybody.",
    )


class WaveFactsSerializer(WaveAudienceSerializer):
    """What is decided about a wave."""

    name = serializers.CharField(max_length=60)
    opens_on = serializers.DateField()
    closes_on = serializers.DateField(help_text="The last day on which one can answer.")
    most_per_building = serializers.IntegerField(
        min_value=1, max_value=LARGEST, allow_null=True, default=None, help_text="A quota."
    )
    remind_after_days = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=60),
        max_length=MOST_REMINDERS,
        default=list(USUAL_REMINDERS),
    )


class NewWaveSerializer(WaveFactsSerializer):
    """A wave to be planned, and whether it is the first of many."""

    survey = serializers.UUIDField()
    repeats_months = serializers.ChoiceField(
        choices=RHYTHMS,
        required=False,
        allow_null=True,
        help_text="The survey is asked again by itself after so many months; left out: as it was.",
    )


class WaveSerializer(serializers.Serializer[Any]):
    """A wave (期): one edition, asked of certain people for certain days."""

    id = serializers.UUIDField()
    survey = serializers.UUIDField()
    edition = serializers.IntegerField()
    name = serializers.CharField()
    stage = serializers.ChoiceField(choices=Stage.choices)
    opens_on = serializers.DateField()
    closes_on = serializers.DateField()
    one_per = serializers.ChoiceField(choices=OnePer.choices)
    sample_size = serializers.IntegerField(allow_null=True)
    most_per_building = serializers.IntegerField(allow_null=True)
    invited = serializers.IntegerField()
    is_reckoned = serializers.BooleanField(
        help_text="Everything that follows from the answers has been worked out. A wave that is "
        "`closed` and reckoned had fewer than five answers: its box stays shut."
    )


class WholeWaveSerializer(WaveSerializer):
    """The same with whom it asks."""

    seed = serializers.CharField(help_text="Draws the same sample from the same people.")
    remind_after_days = serializers.ListField(child=serializers.IntegerField())
    parts = WavePartSerializer(many=True)


class PreviewQuerySerializer(WaveAudienceSerializer):
    """Whom to count."""

    survey = serializers.UUIDField()


class PreviewPartSerializer(serializers.Serializer[Any]):
    """A building or a group."""

    name = serializers.CharField(allow_blank=True)
    people = serializers.IntegerField()
    asked = serializers.IntegerField()


class PreviewPlaceSerializer(PreviewPartSerializer):
    """A community with its buildings; one without a name holds groups."""

    parts = PreviewPartSerializer(many=True)


class PreviewHintSerializer(serializers.Serializer[Any]):
    """How many answers tell a share to ± so many percentage points, and how many to ask."""

    points = serializers.IntegerField()
    answers = serializers.IntegerField()
    asked = serializers.IntegerField()


class PreviewSerializer(serializers.Serializer[Any]):
    """Whom a wave would ask today."""

    people = serializers.IntegerField()
    asked = serializers.IntegerField()
    share = serializers.IntegerField(help_text="Percent of those asked expected to answer.")
    margin = serializers.FloatField(help_text="Points a share may be off then, 95 times of 100.")
    hints = PreviewHintSerializer(many=True)
    places = PreviewPlaceSerializer(many=True)


class RateSerializer(serializers.Serializer[Any]):
    """Of so many who were asked, so many have answered."""

    name = serializers.CharField(allow_blank=True)
    population = serializers.IntegerField()
    invited = serializers.IntegerField()
    answered = serializers.IntegerField(
        allow_null=True, help_text="null: fewer than five, or it would give such a one away."
    )


class PlaceRateSerializer(RateSerializer):
    """A community with its buildings."""

    parts = RateSerializer(many=True)


class ResponseRateSerializer(serializers.Serializer[Any]):
    """How far the answers have come. What they say nobody sees before the wave is closed."""

    whole = RateSerializer()
    communities = PlaceRateSerializer(many=True)
    groups = RateSerializer(many=True)
    channels = RateSerializer(many=True, help_text="By which people were told.")


class ClosingDaySerializer(serializers.Serializer[Any]):
    """A later last day."""

    closes_on = serializers.DateField()


class SourceOptionSerializer(serializers.Serializer[Any]):
    """A part that can be chosen."""

    key = serializers.CharField()
    label: Any = serializers.CharField()
    under = serializers.CharField(allow_blank=True)


class AudienceSourceSerializer(serializers.Serializer[Any]):
    """Somewhere the people of a wave can be chosen from."""

    source: Any = serializers.CharField()
    label: Any = serializers.CharField()
    looks_back = serializers.BooleanField(help_text="Whether it needs `months`.")
    options: Any = SourceOptionSerializer(many=True)


def rated(rate: Rate, *, with_parts: bool = False) -> dict[str, Any]:
    """A rate as it is sent."""
    names = ("name", "population", "invited", "answered")
    found: dict[str, Any] = {name: getattr(rate, name) for name in names}
    if with_parts:
        found["parts"] = [rated(part) for part in rate.parts]
    return found


def previewed(found: Preview) -> dict[str, Any]:
    """A preview as it is sent."""
    count = ("name", "people", "asked")
    return {
        **{name: getattr(found, name) for name in ("people", "asked", "share", "margin")},
        "hints": [
            {name: getattr(hint, name) for name in ("points", "answers", "asked")}
            for hint in found.hints
        ],
        "places": [
            {
                **{name: getattr(place, name) for name in count},
                "parts": [{name: getattr(part, name) for name in count} for part in place.parts],
            }
            for place in found.places
        ],
    }


@extend_schema_view(list=operation("List waves", answers=WaveSerializer(many=True)))
class WaveViewSet(ListAndRead):
    """When people are asked, and who. The machine opens and closes them on their days."""

    model = Wave
    filterset_class = WaveFilter
    needs: ClassVar[dict[str, Need]] = {
        **dict.fromkeys(("list", "retrieve", "response_rate"), Can.READ_SURVEYS),
        **dict.fromkeys(
            (
                "create", "update", "destroy", "open", "prolong", "close", "preview", "sources",
            ),
            Can.SET_SURVEYS,
        ),
    }  # fmt: skip
    fields: ClassVar[dict[str, Any]] = {
        **{
            name: name
            for name in (
                "id", "name", "stage", "opens_on", "closes_on", "one_per", "sample_size",
                "most_per_building", "invited", "is_reckoned",
            )
        },
        "survey": "survey_id",
        "edition": "edition__number",
    }  # fmt: skip
    orders: ClassVar[dict[str, Order]] = {
        "-created_at": Order("created_at", descending=True),
        "created_at": Order("created_at"),
    }
    ordering = "-created_at"

    @property
    def today(self) -> date:
        """The date on the company's wall."""
        company: Any = self.request.company  # type: ignore[attr-defined]
        return self.now.astimezone(ZoneInfo(company.zone)).date()

    def shown(self, wave: Wave) -> dict[str, Any]:
        """A wave with whom it asks."""
        return {
            "id": wave.pk,
            "survey": wave.survey_id,
            "edition": wave.edition.number,
            **{name: getattr(wave, name) for name in WHOLE},
            "parts": [
                {"source": part.source, "keys": list(part.keys), "months": part.months}
                for part in parts_of(wave)
            ],
        }

    def asked(self, pk: UUID) -> Wave:
        found: Wave = self.one(self.rows().select_related("survey", "edition"), pk)
        return found

    def decided(self, sent: dict[str, Any]) -> dict[str, Any]:
        """What was sent, with the parts as the services know them."""
        return {**sent, "parts": [as_part(each) for each in sent["parts"]]}

    def survey(self, sent: dict[str, Any]) -> Survey:
        found = named(Survey.objects.visible_to(self.member), sent, "survey")
        survey: Survey = found
        return survey

    @operation("Read a wave", answers=WholeWaveSerializer)
    def retrieve(self, request: Request, pk: UUID, *args: Any, **kwargs: Any) -> Response:
        return Response(self.shown(self.asked(pk)))

    @operation(
        "Plan a wave",
        sends=NewWaveSerializer,
        answers=WholeWaveSerializer,
        status=201,
        refusals=("name_taken", "wrong_days", "nobody_to_ask", "questionnaire_not_sound",
                  "survey_archived"),
        more="It asks the newest edition, and opens by itself on its day. Whoever looks after some "
        "communities names them in `parts` (403 `out_of_reach` otherwise).",
        sent={
            "survey": "019a0f6e-5f5c-7e1a-9d5b-3f8f0c9b2a10", "name": "2026年下半年",
            "opens_on": "2026-12-01", "closes_on": "2026-12-14", "parts": PARTS,
            "sample_size": 400, "repeats_months": 6,
        },
    )  # fmt: skip
    @idempotent
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        sent = self.sent(NewWaveSerializer)
        survey = self.survey(sent)
        repeats = {name: sent.pop(name) for name in ("repeats_months",) if name in sent}
        del sent["survey"]
        by: dict[str, Any] = {"by": self.actor, "now": self.now}
        wave = plan_wave(survey=survey, today=self.today, **by, **self.decided(sent))
        if repeats:
            days = (wave.closes_on - wave.opens_on).days + 1
            set_rhythm(survey=survey, open_days=days, **repeats, **by)
        return Response(self.shown(wave), status=201)

    @operation(
        "Plan a wave otherwise",
        sends=WaveFactsSerializer,
        answers=WholeWaveSerializer,
        refusals=("name_taken", "wrong_days", "wrong_stage", "nobody_to_ask"),
        more="While it is `planned`. It asks the newest edition; its seed stays.",
    )
    def update(self, request: Request, pk: UUID, *args: Any, **kwargs: Any) -> Response:
        facts = self.decided(self.sent(WaveFactsSerializer))
        wave = change_wave(
            wave=self.asked(pk), by=self.actor, now=self.now, today=self.today, **facts
        )
        return Response(self.shown(wave))

    @operation(
        "Call a wave off", answers=None, status=204, refusals=("wrong_stage",),
        more="While it is `planned`: nobody was asked.",
    )  # fmt: skip
    def destroy(self, request: Request, pk: UUID, *args: Any, **kwargs: Any) -> Response:
        cancel_wave(wave=self.asked(pk), by=self.actor, now=self.now)
        return Response(status=204)

    @operation(
        "Open a wave now",
        answers=WholeWaveSerializer,
        refusals=("wrong_stage", "wrong_days", "nobody_to_ask"),
        more="Whoever is invited is told. Who belongs to it is decided at this moment.",
    )
    def open(self, request: Request, pk: UUID, *args: Any, **kwargs: Any) -> Response:
        wave = open_wave(wave=self.asked(pk), by=self.actor, now=self.now)
        return Response(self.shown(wave))

    @operation(
        "Leave a wave open longer",
        sends=ClosingDaySerializer,
        answers=WholeWaveSerializer,
        refusals=("wrong_stage", "wrong_days"),
    )
    def prolong(self, request: Request, pk: UUID, *args: Any, **kwargs: Any) -> Response:
        sent = self.sent(ClosingDaySerializer)
        wave = prolong_wave(wave=self.asked(pk), **sent, by=self.actor, now=self.now)
        return Response(self.shown(wave))

    @operation(
        "Close a wave now",
        answers=WholeWaveSerializer,
        refusals=("wrong_stage",),
        more="Its results are there a few minutes later. This cannot be undone.",
    )
    def close(self, request: Request, pk: UUID, *args: Any, **kwargs: Any) -> Response:
        wave = close_wave(wave=self.asked(pk), by=self.actor, now=self.now)
        withdraw(wave=wave)
        return Response(self.shown(wave))

    @operation("Read how many have answered", answers=ResponseRateSerializer)
    def response_rate(self, request: Request, pk: UUID, *args: Any, **kwargs: Any) -> Response:
        found = live(self.asked(pk), self.member)
        return Response(
            {
                "whole": rated(found.whole),
                "communities": [rated(each, with_parts=True) for each in found.communities],
                "groups": [rated(each) for each in found.groups],
                "channels": [rated(each) for each in found.channels],
            }
        )

    @operation(
        "Count whom a wave would ask",
        sends=PreviewQuerySerializer,
        answers=PreviewSerializer,
        refusals=("nobody_to_ask",),
        more="Nothing is written.",
    )
    def preview(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        sent = self.sent(PreviewQuerySerializer)
        found = preview(
            survey=self.survey(sent),
            parts=self.decided(sent)["parts"],
            sample_size=sent["sample_size"],
            member=self.member,
            now=self.now,
        )
        return Response(previewed(found))

    @operation(
        "List whom the waves of a survey can ask", answers=AudienceSourceSerializer(many=True)
    )
    def sources(self, request: Request, pk: UUID, *args: Any, **kwargs: Any) -> Response:
        survey = self.one(Survey.objects.visible_to(self.member), pk)
        return Response(
            [
                {
                    "source": source.name,
                    "label": str(source.label),
                    "looks_back": source.looks_back,
                    "options": [option._asdict() for option in source.options(self.member)],
                }
                for source in sources(survey.audience)
            ]
        )


WHOLE = (
    "name", "stage", "opens_on", "closes_on", "one_per", "sample_size", "most_per_building",
    "invited", "is_reckoned", "seed", "remind_after_days",
)  # fmt: skip


def as_part(sent: dict[str, Any]) -> Part:
    """A part as the services know it."""
    return Part(sent["source"], tuple(sent["keys"]), sent.get("months"))
