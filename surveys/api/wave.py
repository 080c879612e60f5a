"""Waves: planned, opened, prolonged and closed; whom they would ask, and who has answered."""

from datetime import date
from typing import Any, ClassVar
from uuid import UUID
from zoneinfo import ZoneInfo

from drf_spectacular.utils import extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from surveys.api.wave_parts import (
    PARTS,
    AudienceSourceSerializer,
    ChangedWaveSerializer,
    ClosingDaySerializer,
    NewWaveSerializer,
    PreviewQuerySerializer,
    PreviewSerializer,
    ResponseRateSerializer,
    WaveSerializer,
    WholeWaveSerializer,
    as_part,
    previewed,
    rated,
)
from surveys.filters.wave import WaveFilter
from surveys.models import Survey, Wave
from surveys.services.asking_again import keep_rhythm
from surveys.services.audiences import parts_of, sources
from surveys.services.letters import withdraw
from surveys.services.live import live
from surveys.services.wave import (
    cancel_wave,
    change_wave,
    close_wave,
    mark_of_plan,
    open_wave,
    plan_wave,
    prolong_wave,
)
from surveys.services.wave_preview import preview
from tenancy.permissions import Can
from tenancy.viewsets import ListAndRead, Need, Order, idempotent, operation
from tenancy.viewsets.named import named


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
            "mark": mark_of_plan(wave),
        }

    def asked(self, pk: UUID) -> Wave:
        found: Wave = self.one(self.rows().select_related("survey", "edition"), pk)
        return found

    def decided(self, sent: dict[str, Any]) -> dict[str, Any]:
        """What was sent, with the parts as the services know them."""
        if "parts" not in sent:
            return sent
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
                  "survey_archived", "rhythm_is_everybodys"),
        more="It asks the newest edition, and opens by itself on its day. Whoever looks after some "
        "communities names them in `parts` (403 `out_of_reach` otherwise) and leaves "
        "`repeats_months` out: how often a survey is asked again holds in all of them.",
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
            keep_rhythm(wave=wave, **repeats, **by)
        return Response(self.shown(wave), status=201)

    @operation(
        "Plan a wave otherwise",
        sends=ChangedWaveSerializer,
        answers=WholeWaveSerializer,
        refusals=("name_taken", "wrong_days", "wrong_stage", "nobody_to_ask", "changed_meanwhile",
                  "parts_lost"),
        more="While it is `planned`. It asks the newest edition; its seed stays. `parts` left out "
        "or empty are everybody; but where something of the plan has been laid aside since, "
        "leaving them out is refused (`parts_lost`): the same parts may always be sent again.",
    )  # fmt: skip
    def update(self, request: Request, pk: UUID, *args: Any, **kwargs: Any) -> Response:
        facts = self.decided(self.sent(ChangedWaveSerializer))
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
