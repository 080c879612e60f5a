"""When the company is open: its usual week, and the days that are otherwise."""

from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from complaints.filters.calendar import DayFilter
from complaints.services import opening
from tenancy.models import CalendarDay, Community, CompanyCalendar
from tenancy.permissions import Can
from tenancy.viewsets import CompanyViewSet, ListAndRead, Need, Order, idempotent, operation, text
from tenancy.viewsets.named import named

CLOCK = r"^(?:([01]\d|2[0-3]):[0-5]\d|24:00)$"
MIDNIGHT = {"24:00": "00:00"}  # as the end of a day it is kept
HOURS_EXAMPLE = [["09:00", "12:00"], ["13:30", "17:00"]]


def hours(**more: Any) -> serializers.ListField:
    """Opening times of a day: [["09:00", "12:00"], …]. None: closed."""
    moment = serializers.RegexField(CLOCK)
    period = serializers.ListField(child=moment, min_length=2, max_length=2)
    return serializers.ListField(child=period, max_length=6, **more)


def kept(periods: list[list[str]]) -> list[list[str]]:
    """Opening times as they are kept."""
    return [[opens, MIDNIGHT.get(closes, closes)] for opens, closes in periods]


class OpeningWeekSerializer(serializers.Serializer[Any]):
    """The usual opening times of each day; what is not there is closed."""

    monday = hours(default=list)
    tuesday = hours(default=list)
    wednesday = hours(default=list)
    thursday = hours(default=list)
    friday = hours(default=list)
    saturday = hours(default=list)
    sunday = hours(default=list)


WEEK = tuple(OpeningWeekSerializer().fields)


class CalendarSerializer(serializers.Serializer[Any]):
    """The working calendar (工作日历)."""

    week = OpeningWeekSerializer()
    follows_official = serializers.BooleanField(help_text="Closed on China's public holidays.")
    moves_weekends = serializers.BooleanField(
        help_text="Open on make-up workdays, closed on moved days off."
    )


class CalendarChangeSerializer(CalendarSerializer):
    """The whole of it, anew."""

    rehearse = serializers.BooleanField(
        default=False, help_text="Change nothing: only say how many open deadlines would move."
    )


class MovedSerializer(serializers.Serializer[Any]):
    """What a change did to promises that are still open."""

    moved = serializers.IntegerField(help_text="Open deadlines that have moved, or would.")


class DaySerializer(serializers.Serializer[Any]):
    """A day on which the company, or one community, is open otherwise than usual."""

    id = serializers.UUIDField()
    on = serializers.DateField()
    community = serializers.UUIDField(allow_null=True, help_text="None: the whole company.")
    periods = hours(help_text="None: closed.")
    note = serializers.CharField()


class NewDaysSerializer(serializers.Serializer[Any]):
    """Days that are to be otherwise, whatever was set for them before."""

    since = serializers.DateField()
    until = serializers.DateField(required=False, help_text="The last day, itself included.")
    periods = hours(help_text="None: closed.")
    note = serializers.CharField(max_length=80, default="", allow_blank=True)
    community = serializers.UUIDField(required=False, allow_null=True)
    rehearse = serializers.BooleanField(
        default=False, help_text="Change nothing: only say how many open deadlines would move."
    )


class CalendarViewSet(CompanyViewSet):
    """The usual week, and whose holidays are kept."""

    needs: ClassVar[dict[str, Need]] = {"read": Can.SET_PROMISES, "change": Can.SET_PROMISES}

    @operation("Read the working calendar", answers=CalendarSerializer)
    def read(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        row: CompanyCalendar = CompanyCalendar.objects.get()
        return Response(
            {
                "week": {name: row.week.get(str(day), []) for day, name in enumerate(WEEK)},
                "follows_official": bool(row.country),
                "moves_weekends": row.moves_weekends,
            }
        )

    @operation(
        "Change the working calendar",
        sends=CalendarChangeSerializer,
        answers=MovedSerializer,
        more="Open deadlines move with it, and say so.",
        refusals=("bad_hours", "never_open"),
        sent={
            "week": dict.fromkeys(WEEK[:5], HOURS_EXAMPLE),
            "follows_official": True,
            "moves_weekends": True,
        },
    )
    def change(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        asked = self.sent(CalendarChangeSerializer)
        week = {str(day): kept(asked["week"][name]) for day, name in enumerate(WEEK)}

        def change() -> int:
            return opening.set_week(
                week=week,
                follows_official=asked["follows_official"],
                moves_weekends=asked["moves_weekends"],
                by=self.actor,
                now=self.now,
            )

        return moved(change, rehearse=asked["rehearse"])


def moved(change: Any, *, rehearse: bool) -> Response:
    """Do it, or only try it, and say how many deadlines it moves."""
    return Response({"moved": opening.rehearse(change) if rehearse else change()})


def day(value: Any) -> date:
    """A date out of a cursor."""
    return date.fromisoformat(text(value))


@extend_schema_view(
    list=operation("List the company's own days", answers=DaySerializer(many=True)),
    retrieve=operation("Read one of the company's own days", answers=DaySerializer),
)
class DayViewSet(ListAndRead):
    """Days on which the company, or one community, is open otherwise than usual."""

    model = CalendarDay
    filterset_class = DayFilter
    needs: ClassVar[dict[str, Need]] = dict.fromkeys(
        ("list", "retrieve", "create", "destroy"), Can.SET_PROMISES
    )
    fields: ClassVar[dict[str, Any]] = {
        **{name: name for name in ("id", "on", "periods", "note")},
        "community": "community_id",
    }
    orders: ClassVar[dict[str, Order]] = {"on": Order("on", day)}
    ordering = "on"

    def rows(self) -> QuerySet[Any]:
        """All of them: whoever sets the calendar sees the whole company's."""
        rows: QuerySet[Any] = CalendarDay.objects.all()
        return rows

    @operation(
        "Set days of the company's own",
        sends=NewDaysSerializer,
        answers=MovedSerializer,
        more="Closed, or open otherwise than usual; for one community, if one is named.",
        refusals=("bad_hours", "bad_range", "never_open"),
        sent={"since": "2026-12-31", "periods": [["09:00", "12:00"]], "note": "年终盘点"},
    )
    @idempotent
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        asked = self.sent(NewDaysSerializer)
        community = named(Community.objects.visible_to(self.member), asked, "community")

        def change() -> int:
            return opening.set_days(
                since=asked["since"],
                until=asked.get("until", asked["since"]),
                periods=kept(asked["periods"]),
                note=asked["note"],
                community=community,
                by=self.actor,
                now=self.now,
            )

        return moved(change, rehearse=asked["rehearse"])

    @operation(
        "Let a day be as usual again",
        answers=MovedSerializer,
        refusals=("never_open",),
    )
    def destroy(self, request: Request, pk: UUID, *args: Any, **kwargs: Any) -> Response:
        row: CalendarDay = self.one(self.rows().select_related("community"), pk)
        days = {"since": row.on, "until": row.on, "community": row.community}
        return Response({"moved": opening.clear_days(**days, by=self.actor, now=self.now)})
