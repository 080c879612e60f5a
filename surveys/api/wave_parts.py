"""What is sent and answered about waves."""

from typing import Any

from rest_framework import serializers

from surveys.models import OnePer, Stage
from surveys.services.audiences import FURTHEST, MOST, Part
from surveys.services.live import Rate
from surveys.services.wave import LARGEST, MOST_REMINDERS, USUAL_REMINDERS
from surveys.services.wave_preview import Preview
from surveys.services.wave_rhythm import RHYTHMS

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


class ChangedWaveSerializer(WaveFactsSerializer):
    """The same, and what it was decided upon."""

    # Left out is not the same as empty where something of the plan is no longer offered.
    parts = WavePartSerializer(many=True, required=False)
    seen = serializers.CharField(
        max_length=16,
        required=False,
        help_text="The `mark` of what was read: nothing is overwritten.",
    )


class NewWaveSerializer(WaveFactsSerializer):
    """A wave to be planned, and whether it is the first of many."""

    survey = serializers.UUIDField()
    repeats_months = serializers.ChoiceField(
        choices=RHYTHMS,
        required=False,
        allow_null=True,
        help_text="The survey is asked again by itself after so many months; left out: as it was. "
        "A wave of only some of those who are asked anyway is not repeated.",
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
        "`closed` and reckoned had fewer than five answers: nobody ever reads them; "
        "one that is `planned` and reckoned was missed: its days passed and nobody was asked."
    )


class WholeWaveSerializer(WaveSerializer):
    """The same with whom it asks."""

    seed = serializers.CharField(help_text="Draws the same sample from the same people.")
    remind_after_days = serializers.ListField(child=serializers.IntegerField())
    parts = WavePartSerializer(many=True)
    mark = serializers.CharField(help_text="Sent back as `seen`, it overwrites nothing else.")


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
    asked = serializers.IntegerField(
        allow_null=True, help_text="None: even everybody, asked, would give too few answers."
    )
    best = serializers.FloatField(help_text="Points, if everybody is asked.")


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
            {name: getattr(hint, name) for name in ("points", "answers", "asked", "best")}
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


def as_part(sent: dict[str, Any]) -> Part:
    """A part as the services know it."""
    return Part(sent["source"], tuple(sent["keys"]), sent.get("months"))
