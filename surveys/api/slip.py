"""How the letters of a wave stand, and the codes of slips for whoever prints them elsewhere."""

from typing import Any, ClassVar
from uuid import UUID

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from owners.models import Building
from surveys.models import Wave
from surveys.services.reach import places_of, reach_of
from surveys.services.slips import MOST, print_slips
from tenancy.permissions import Can
from tenancy.viewsets import Need, operation
from tenancy.viewsets.base import CompanyViewSet


class SentSerializer(serializers.Serializer[Any]):
    """How far the letters of one channel have come; a home counts once."""

    sent = serializers.IntegerField()
    waiting = serializers.IntegerField()
    dead = serializers.IntegerField()


class LetterPlaceSerializer(serializers.Serializer[Any]):
    """A building of the wave."""

    building = serializers.UUIDField(source="id")
    name = serializers.CharField()
    community = serializers.CharField()
    invited = serializers.IntegerField()
    unreachable = serializers.IntegerField(
        allow_null=True, help_text="null: how many have answered there is not told."
    )


class LettersSerializer(serializers.Serializer[Any]):
    """By which ways the invited were told."""

    portal = serializers.IntegerField()
    sms = SentSerializer()
    email = SentSerializer()
    unreachable = serializers.IntegerField(
        help_text="Of those who have not answered: no letter has reached them."
    )
    buildings = LetterPlaceSerializer(many=True)


class SlipsSerializer(serializers.Serializer[Any]):
    """Which slips."""

    building = serializers.UUIDField()
    part = serializers.IntegerField(
        default=1,
        min_value=1,
        max_value=50,
        help_text=f"From 1: the next {MOST} who were invited there, without those who answered.",
    )
    only_unreachable = serializers.BooleanField(default=False)


class SlipSerializer(serializers.Serializer[Any]):
    """One home's way in."""

    home = serializers.CharField()
    code = serializers.CharField()
    link = serializers.CharField()


class SlipViewSet(CompanyViewSet):
    """Letters and slips of a wave (通知与纸条)."""

    model = Wave
    pagination_class: Any = None
    needs: ClassVar[dict[str, Need]] = {"letters": Can.INTERVIEW, "codes": Can.INTERVIEW}

    @operation("Read how the letters stand", answers=LettersSerializer)
    def letters(self, request: Request, pk: UUID, *args: Any, **kwargs: Any) -> Response:
        wave = self.one(self.rows(), pk)
        reach = reach_of(wave=wave, member=self.member)
        found = {
            "portal": reach.portal,
            "sms": reach.sms,
            "email": reach.email,
            "unreachable": reach.unreachable,
            "buildings": places_of(wave=wave, member=self.member),
        }
        return Response(LettersSerializer(found).data)

    @operation(
        "Take the codes of slips",
        sends=SlipsSerializer,
        answers=SlipSerializer(many=True),
        more="Of homes that have not answered. The audit log says who took them.",
    )
    def codes(self, request: Request, pk: UUID, *args: Any, **kwargs: Any) -> Response:
        wave = self.one(self.rows(), pk)
        sent = self.sent(SlipsSerializer)
        slips = print_slips(
            wave=wave,
            building=self.one(Building.objects.visible_to(self.member), sent["building"]),
            part=sent["part"],
            only=sent["only_unreachable"],
            by=self.actor,
            now=self.now,
        )
        return Response(SlipSerializer(slips, many=True).data)
