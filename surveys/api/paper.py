"""Answers that came on paper, from a program that reads sheets."""

from typing import Any, ClassVar
from uuid import UUID
from zoneinfo import ZoneInfo

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from surveys.api.answer import ANSWERS_HELP, SAID
from surveys.models import Audience, Wave
from surveys.services.paper import MOST_LINES, Line, check_lines, enter_lines, plain_code
from tenancy.permissions import Can
from tenancy.viewsets import Need, operation
from tenancy.viewsets.base import CompanyViewSet


class SheetSerializer(serializers.Serializer[Any]):
    """One sheet of paper."""

    code = serializers.CharField(max_length=60, help_text="As it is printed on the sheet.")
    answers = serializers.DictField(child=serializers.JSONField(), help_text=ANSWERS_HELP)


class SheetsSerializer(serializers.Serializer[Any]):
    """Sheets of one wave."""

    sheets = serializers.ListField(
        child=SheetSerializer(), allow_empty=False, max_length=MOST_LINES
    )
    only_check = serializers.BooleanField(default=False, help_text="Say what is wrong; enter none.")


class WrongSerializer(serializers.Serializer[Any]):
    """What is wrong in one sheet."""

    column = serializers.CharField(help_text="`code`, or the number of the question.")
    code = serializers.CharField()
    sentence = serializers.CharField()


class EnteredSerializer(serializers.Serializer[Any]):
    """What became of one sheet."""

    number = serializers.IntegerField(help_text="From 1, in the order in which they were sent.")
    is_entered = serializers.BooleanField()
    wrong = WrongSerializer(many=True)


class PaperViewSet(CompanyViewSet):
    """Questionnaires that were filled in on paper (纸质问卷)."""

    model = Wave
    pagination_class: Any = None
    needs: ClassVar[dict[str, Need]] = {"enter": Can.INTERVIEW}

    @operation(
        "Enter sheets of paper",
        sends=SheetsSerializer,
        answers=EnteredSerializer(many=True),
        more="Each sheet in all or not at all; one that is wrong holds up no other.",
        sent={"sheets": [{"code": "abcd-efgh-ijkl-mnop", "answers": SAID}]},
    )
    def enter(self, request: Request, pk: UUID, *args: Any, **kwargs: Any) -> Response:
        rows = self.rows().filter(survey__audience=Audience.OWNERS)
        wave = self.one(rows.select_related("survey", "edition"), pk)
        sent = self.sent(SheetsSerializer)
        lines = [
            Line(number, plain_code(each["code"]), given=each["answers"])
            for number, each in enumerate(sent["sheets"], start=1)
        ]
        act = check_lines if sent["only_check"] else enter_lines
        today = self.now.astimezone(ZoneInfo(request.company.zone)).date()  # type: ignore[attr-defined]
        return Response(
            [shown(line) for line in act(wave=wave, lines=lines, by=self.member, today=today)]
        )


def shown(line: Line) -> dict[str, Any]:
    """What became of a sheet; not its code, which would be a key to it in somebody's log."""
    return {
        "number": line.number,
        "is_entered": line.is_entered,
        "wrong": [
            {"column": each.column, "code": each.code, "sentence": each.sentence}
            for each in line.wrong
        ],
    }
