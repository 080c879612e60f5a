"""Who has how much to do, and who has room."""

from typing import Any, ClassVar

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from complaints.services.loading import Load, Loads
from tenancy.permissions import Can
from tenancy.viewsets import CompanyViewSet, Need, operation


class LoadSerializer(serializers.Serializer[Any]):
    """One person's work against the opening hours they have left."""

    member = serializers.UUIDField()
    name = serializers.CharField()
    departments = serializers.ListField(child=serializers.UUIDField())
    state = serializers.ChoiceField(
        choices=[(each, each) for each in ("ok", "free", "over", "away")]
    )
    tickets = serializers.IntegerField(help_text="Still to be solved, and running.")
    waiting = serializers.IntegerField(help_text="Paused: they weigh nothing now.")
    late = serializers.IntegerField()
    work_minutes = serializers.IntegerField(help_text="By the usual time of each category.")
    room_minutes = serializers.IntegerField(help_text="Opening time left, without absences.")
    away_until = serializers.DateField(allow_null=True)
    covered_by = serializers.UUIDField(allow_null=True)


class LoadsSerializer(serializers.Serializer[Any]):
    """Everybody's work, and the stretch of time it is held against."""

    since = serializers.DateTimeField()
    until = serializers.DateTimeField()
    results = LoadSerializer(many=True)


class LoadViewSet(CompanyViewSet):
    """The load of the people who handle tickets."""

    needs: ClassVar[dict[str, Need]] = {"read": Can.READ_LATE}
    pagination_class: Any = None
    filter_backends: Any = ()

    @operation(
        "Who has room",
        answers=LoadsSerializer,
        more="The fullest first. Held against what is left of this week's opening time, or "
        "against next week's once nothing is left of this one.",
    )
    def read(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        loads = Loads(now=self.now)
        results = [shown(load) for load in loads.of(None)]
        return Response({"since": loads.span.since, "until": loads.span.until, "results": results})


def shown(load: Load) -> dict[str, Any]:
    """One person's load, as it is sent."""
    absence = load.absence
    return {
        "member": load.member.pk,
        "name": load.member.name,
        "departments": [row.pk for row in load.departments],
        "state": load.state,
        "tickets": load.work.tickets,
        "waiting": load.work.waiting,
        "late": load.work.late,
        "work_minutes": int(load.work.length.total_seconds()) // 60,
        "room_minutes": int(load.room.total_seconds()) // 60,
        "away_until": absence.ends_on if absence else None,
        "covered_by": absence.covered_by_id if absence else None,
    }
