"""Surveys, what they ask, and the editions of it."""

from typing import Any, ClassVar
from uuid import UUID

from django.conf import settings
from django.db.models import OuterRef, Subquery
from django.http import Http404
from drf_spectacular.utils import extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from surveys.api.survey_parts import DOCUMENT, DocumentField, DocumentSerializer, pointed
from surveys.filters.survey import SurveyFilter
from surveys.models import Audience, Edition, OnePer, Survey
from surveys.services.survey import (
    FaultyQuestionnaire,
    change_survey,
    company_language,
    copy_survey,
    create_survey,
    mark_of,
    newest,
    questionnaire_of,
    rewrite,
)
from surveys.services.survey_faults import said
from surveys.services.templates import CODES, Template, template, templates
from surveys.services.titles import LONGEST
from surveys.services.words import propose_words
from tenancy.permissions import Can
from tenancy.viewsets import CompanyViewSet, ListAndRead, Need, Order, idempotent, operation


class TitlesField(serializers.DictField):
    """What a survey is called in other languages."""

    child: Any = serializers.CharField(max_length=LONGEST, allow_blank=True)

    def __init__(self, **kwargs: Any) -> None:
        text = "Language → title. An empty one is taken away; a language left out stays."
        super().__init__(help_text=text, **kwargs)


class SurveyFactsSerializer(serializers.Serializer[Any]):
    """What may be changed of a survey."""

    title = serializers.CharField(max_length=100, required=False)
    audience = serializers.ChoiceField(choices=Audience.choices, required=False)
    one_per = serializers.ChoiceField(choices=OnePer.choices, required=False)
    is_archived = serializers.BooleanField(required=False)
    titles = TitlesField(required=False)


class NewSurveySerializer(serializers.Serializer[Any]):
    """A survey to be made: with a template, with a document, or with nothing yet."""

    title = serializers.CharField(max_length=100)
    audience = serializers.ChoiceField(choices=Audience.choices, default=Audience.OWNERS)
    one_per = serializers.ChoiceField(choices=OnePer.choices, default=OnePer.HOUSEHOLD)
    language = serializers.ChoiceField(
        choices=settings.LANGUAGES,
        required=False,
        help_text="The one it is written in; the company's own if left out.",
    )
    titles = TitlesField(required=False)
    template = serializers.ChoiceField(choices=CODES, required=False)
    document = DocumentField(required=False)
    unfinished = serializers.BooleanField(
        default=False, help_text="Keep it although it cannot be asked yet."
    )


class TitleSerializer(serializers.Serializer[Any]):
    """What a copy is called."""

    title = serializers.CharField(max_length=100)


class IntoLanguageSerializer(serializers.Serializer[Any]):
    """Into which language."""

    language = serializers.ChoiceField(choices=settings.LANGUAGES)


class TitleInLanguageSerializer(serializers.Serializer[Any]):
    """A title in another language."""

    of = serializers.CharField()
    text = serializers.CharField()


class SurveySerializer(serializers.Serializer[Any]):
    """A survey (问卷)."""

    id = serializers.UUIDField()
    title = serializers.CharField()
    audience = serializers.ChoiceField(choices=Audience.choices)
    one_per = serializers.ChoiceField(choices=OnePer.choices)
    language = serializers.CharField()
    is_archived = serializers.BooleanField()
    created_at = serializers.DateTimeField()
    titles = serializers.DictField(
        child=TitleInLanguageSerializer(),
        help_text="Language → the title in it, and the title it was made `of`; where that is not"
        " the `title`, it is outdated and not shown to anybody.",
    )
    edition = serializers.IntegerField(help_text="The newest one.")
    is_sound = serializers.BooleanField(help_text="Whether the newest edition can be asked.")


class EditionSerializer(serializers.Serializer[Any]):
    """A version of what is asked (版本)."""

    number = serializers.IntegerField()
    is_sound = serializers.BooleanField()
    frozen_on = serializers.DateField(
        allow_null=True, help_text="The day of its first answer; it never changes after that."
    )
    changed_at = serializers.DateTimeField()


class QuestionnaireFaultSerializer(serializers.Serializer[Any]):
    """Something that is wrong with a questionnaire."""

    place = serializers.CharField(
        allow_blank=True, help_text="The key of a section or question; empty: the whole."
    )
    code = serializers.CharField()
    detail = serializers.CharField()


class WholeEditionSerializer(EditionSerializer):
    """The same with what it asks."""

    mark = serializers.CharField(help_text="Sent back as `seen`, it overwrites nothing else.")
    faults = QuestionnaireFaultSerializer(many=True)
    document = DocumentSerializer()


class RewritingSerializer(serializers.Serializer[Any]):
    """What a survey asks from now on."""

    document = DocumentField()
    seen = serializers.CharField(max_length=64, required=False, allow_blank=True)
    unfinished = serializers.BooleanField(
        default=False, help_text="Keep it although it cannot be asked yet."
    )


class SurveyTemplateSerializer(serializers.Serializer[Any]):
    """A questionnaire to begin with (模板)."""

    code = serializers.CharField()
    language = serializers.CharField()
    title = serializers.CharField()
    about = serializers.CharField()
    audience = serializers.ChoiceField(choices=Audience.choices)
    one_per = serializers.ChoiceField(choices=OnePer.choices)


class WholeSurveyTemplateSerializer(SurveyTemplateSerializer):
    """The same with what it asks."""

    document = DocumentSerializer()


class ProposedSerializer(serializers.Serializer[Any]):
    """How many texts were proposed."""

    proposed = serializers.IntegerField()


def edition_shown(edition: Edition, *, whole: bool = True) -> dict[str, Any]:
    """An edition as it is sent."""
    names = ("number", "is_sound", "frozen_on", "changed_at")
    found = {name: getattr(edition, name) for name in names}
    if not whole:
        return found
    asked, faults = questionnaire_of(edition)
    return {
        **found,
        "mark": mark_of(edition.document),
        "faults": [
            {"place": each.place, "code": each.code, "detail": said(each, asked)} for each in faults
        ],
        "document": edition.document,
    }


@extend_schema_view(
    list=operation("List surveys", answers=SurveySerializer(many=True)),
    retrieve=operation("Read a survey", answers=SurveySerializer),
)
class SurveyViewSet(ListAndRead):
    """What people are asked. Nobody is before a wave is opened."""

    model = Survey
    filterset_class = SurveyFilter
    needs: ClassVar[dict[str, Need]] = {
        **dict.fromkeys(("list", "retrieve", "editions", "edition", "questionnaire"),
                        Can.READ_SURVEYS),
        **dict.fromkeys(("create", "partial_update", "rewrite", "copy", "propose"),
                        Can.SET_SURVEYS),
    }  # fmt: skip
    orders: ClassVar[dict[str, Order]] = {
        "-created_at": Order("created_at", descending=True),
        "created_at": Order("created_at"),
    }
    ordering = "-created_at"

    def shape(self, now: Any, *, whole: bool) -> dict[str, Any]:
        editions = Edition.objects.filter(survey=OuterRef("pk")).order_by("-number")
        names = (
            "id", "title", "audience", "one_per", "language", "is_archived", "created_at", "titles",
        )  # fmt: skip
        return {
            **{name: name for name in names},
            "edition": Subquery(editions.values("number")[:1]),
            "is_sound": Subquery(editions.values("is_sound")[:1]),
        }

    @operation(
        "Make a survey",
        sends=NewSurveySerializer,
        answers=SurveySerializer,
        status=201,
        refusals=("name_taken", "staff_have_no_household", "unknown_language"),
        more="A `document` with faults is refused (400); each fault has a pointer that ends with "
        "the key of its section or question. `unfinished` keeps what somebody still writes.",
        sent={"title": "2026 年满意度调查", "template": "satisfaction"},
    )
    @idempotent
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        asked = self.sent(NewSurveySerializer)
        code, document = asked.pop("template", ""), asked.pop("document", None)
        unfinished = asked.pop("unfinished")
        if code:
            chosen = template(code, asked.get("language", company_language()))
            document = chosen.document
            asked["titles"] = {**chosen.titles_for(asked["title"]), **asked.get("titles", {})}
        elif document is None:
            document, unfinished = {"sections": []}, True
        try:
            survey = create_survey(
                **asked, document=document, unfinished=unfinished, by=self.actor, now=self.now
            )
        except FaultyQuestionnaire as refusal:
            raise pointed(refusal) from refusal
        return Response(self.just(survey.pk), status=201)

    @operation(
        "Change a survey",
        sends=SurveyFactsSerializer,
        answers=SurveySerializer,
        refusals=(
            "name_taken",
            "staff_have_no_household",
            "has_been_asked",
            "unknown_language",
        ),
        more="What is left out stays. `is_archived` lays it aside.",
        sent={"is_archived": True},
    )
    def partial_update(self, request: Request, pk: UUID, *args: Any, **kwargs: Any) -> Response:
        survey = self.one(self.rows(), pk)
        facts = self.sent(SurveyFactsSerializer)
        change_survey(survey=survey, **facts, by=self.actor, now=self.now)
        return Response(self.just(survey.pk))

    @operation(
        "Copy a survey",
        sends=TitleSerializer,
        answers=SurveySerializer,
        status=201,
        refusals=("name_taken",),
    )
    @idempotent
    def copy(self, request: Request, pk: UUID, *args: Any, **kwargs: Any) -> Response:
        survey = self.one(self.rows(), pk)
        made = copy_survey(survey=survey, **self.sent(TitleSerializer), by=self.actor, now=self.now)
        return Response(self.just(made.pk), status=201)

    @operation("Read what a survey asks", answers=WholeEditionSerializer)
    def questionnaire(self, request: Request, pk: UUID, *args: Any, **kwargs: Any) -> Response:
        return Response(edition_shown(newest(self.one(self.rows(), pk))))

    @operation(
        "Rewrite what a survey asks",
        sends=RewritingSerializer,
        answers=WholeEditionSerializer,
        refusals=("changed_meanwhile",),
        more="An edition that is asked stays as it is; then this makes the next one. Faults are "
        "refused (400) with pointers that end with the key of their section or question.",
        sent={"document": DOCUMENT, "seen": "5f0c3a9b1d2e4f60"},
    )
    def rewrite(self, request: Request, pk: UUID, *args: Any, **kwargs: Any) -> Response:
        survey = self.one(self.rows(), pk)
        try:
            edition = rewrite(
                survey=survey, **self.sent(RewritingSerializer), by=self.actor, now=self.now
            )
        except FaultyQuestionnaire as refusal:
            raise pointed(refusal) from refusal
        return Response(edition_shown(edition))

    @operation("List the editions of a survey", answers=EditionSerializer(many=True))
    def editions(self, request: Request, pk: UUID, *args: Any, **kwargs: Any) -> Response:
        rows = self.one(self.rows(), pk).editions.order_by("-number")
        return Response([edition_shown(each, whole=False) for each in rows.defer("document")])

    @operation("Read an edition", answers=WholeEditionSerializer)
    def edition(
        self, request: Request, pk: UUID, number: int, *args: Any, **kwargs: Any
    ) -> Response:
        rows = self.one(self.rows(), pk).editions.filter(number=min(number, 2**31 - 1))
        for found in rows[:1]:
            return Response(edition_shown(found))
        raise Http404

    @operation(
        "Propose translations into the other writing of Chinese",
        sends=IntoLanguageSerializer,
        answers=ProposedSerializer,
        refusals=("nothing_to_propose_from",),
        sent={"language": "zh-hant"},
    )
    def propose(self, request: Request, pk: UUID, *args: Any, **kwargs: Any) -> Response:
        survey = self.one(self.rows(), pk)
        language = self.sent(IntoLanguageSerializer)["language"]
        count = propose_words(survey=survey, language=language, by=self.actor, now=self.now)
        return Response({"proposed": count})


class TemplateViewSet(CompanyViewSet):
    """Questionnaires to begin with, in the company's language and translated into the others."""

    needs: ClassVar[dict[str, Need]] = dict.fromkeys(("read_all", "read"), Can.READ_SURVEYS)
    model = Survey
    pagination_class: Any = None
    filter_backends: Any = ()

    def shown(self, found: Template, *, whole: bool = False) -> dict[str, Any]:
        names = ("code", "language", "title", "about", "audience", "one_per")
        facts = {name: getattr(found, name) for name in names}
        return {**facts, "document": found.whole} if whole else facts

    @operation("List templates of surveys", answers=SurveyTemplateSerializer(many=True))
    def read_all(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        offered = templates(company_language())
        return Response([self.shown(each) for each in offered])

    @operation("Read a template of a survey", answers=WholeSurveyTemplateSerializer)
    def read(self, request: Request, code: str, *args: Any, **kwargs: Any) -> Response:
        return Response(self.shown(template(code, company_language()), whole=True))
