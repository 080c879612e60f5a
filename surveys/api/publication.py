"""Publications: what owners are told of a wave, written by one and approved by another."""

from typing import Any, ClassVar
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from surveys.filters.publication import PublicationFilter
from surveys.models import LineState, Publication, PublicationStage, Wave
from surveys.models.publication import LONGEST_LINE, LONGEST_TITLE, LONGEST_WORDS
from surveys.services.publishing import (
    Content,
    LineSaid,
    QuoteSaid,
    approve_publication,
    change_publication,
    draft_publication,
    mark_of_draft,
    withdraw_publication,
)
from surveys.services.publishing_document import document_of
from tenancy.models import Community
from tenancy.permissions import Can
from tenancy.viewsets import ListAndRead, Need, Order, idempotent, operation
from tenancy.viewsets.named import named

LANGUAGES = [code for code, _name in settings.LANGUAGES]


def spoken(value: dict[str, Any]) -> None:
    """Raises for translations into languages that the portal does not speak."""
    if not set(value) <= set(LANGUAGES):
        raise serializers.ValidationError(_("There is no such language."), code="invalid_choice")


class PublicationTitleSerializer(serializers.Serializer[Any]):
    """The words at the top in another language."""

    title = serializers.CharField(max_length=LONGEST_TITLE, allow_blank=True, default="")
    introduction = serializers.CharField(max_length=LONGEST_WORDS, allow_blank=True, default="")


class NewPublicationSerializer(serializers.Serializer[Any]):
    """Which wave, and whose community."""

    wave = serializers.UUIDField(help_text="It must have been counted.")
    community = serializers.UUIDField()


class PublicationLineSerializer(serializers.Serializer[Any]):
    """One thing under "what we did": an improvement in words for owners, or something else."""

    text = serializers.CharField(max_length=LONGEST_LINE)
    translations: Any = serializers.DictField(
        child=serializers.CharField(max_length=LONGEST_LINE), default=dict,
        help_text="language → text", validators=[spoken],
    )  # fmt: skip
    improvement = serializers.UUIDField(
        allow_null=True, default=None, help_text="It brings its day, its state and its effect."
    )
    state = serializers.ChoiceField(
        choices=LineState.choices, allow_blank=True, default="",
        help_text="Of something else; empty with an improvement.",
    )  # fmt: skip


class PublicationQuoteSerializer(serializers.Serializer[Any]):
    """Somebody's own words: a text of the community, shortened perhaps."""

    mark = serializers.UUIDField(help_text="The id of the text, of `surveys/waves/{id}/texts/`.")
    text = serializers.CharField(
        max_length=LONGEST_WORDS,
        help_text="As it was written, with “…” for what is left out; at "
        "the beginning and the end it is put where it is missing.",
    )
    is_checked = serializers.BooleanField(
        default=False, help_text="Somebody has looked: nobody can be recognised by it."
    )


class PublicationWordsSerializer(serializers.Serializer[Any]):
    """Everything that is written and chosen."""

    title = serializers.CharField(max_length=LONGEST_TITLE)
    introduction = serializers.CharField(max_length=LONGEST_WORDS, allow_blank=True)
    translations: Any = serializers.DictField(
        child=PublicationTitleSerializer(), default=dict, validators=[spoken],
        help_text="language → `title`, `introduction` → text",
    )  # fmt: skip
    items = serializers.ListField(
        child=serializers.CharField(max_length=80), max_length=500,
        help_text="What is shown: `index`, `dimension:empathy`, a question, `question.row`.",
    )  # fmt: skip
    may_be_found = serializers.BooleanField(default=False, help_text="By search engines.")
    lines = PublicationLineSerializer(many=True)
    quotes = PublicationQuoteSerializer(many=True)
    seen = serializers.CharField(
        max_length=16, help_text="The `seen` of what was read before: nothing is overwritten."
    )


class PublicationSerializer(serializers.Serializer[Any]):
    """A publication (公示): what one community is told of one wave."""

    id = serializers.UUIDField()
    wave = serializers.UUIDField()
    community = serializers.UUIDField()
    title = serializers.CharField()
    language = serializers.CharField(help_text="The one it is written in.")
    stage = serializers.ChoiceField(choices=PublicationStage.choices)
    created_at = serializers.DateTimeField()
    changed_by = serializers.UUIDField(help_text="Who wrote last: somebody else approves it.")
    changed_at = serializers.DateTimeField()
    approved_by = serializers.UUIDField(allow_null=True)
    approved_at = serializers.DateTimeField(allow_null=True)
    published_at = serializers.DateTimeField(
        allow_null=True, help_text="For the first time; a correction does not make it new."
    )
    withdrawn_at = serializers.DateTimeField(allow_null=True)
    withdrawn_reason = serializers.CharField(allow_blank=True)


class WholePublicationSerializer(PublicationSerializer):
    """The same with its words, with what it would say now, and with what everybody reads."""

    introduction = serializers.CharField(allow_blank=True)
    translations: Any = serializers.DictField(child=PublicationTitleSerializer())
    items = serializers.ListField(child=serializers.CharField())
    may_be_found = serializers.BooleanField()
    lines = PublicationLineSerializer(many=True)
    quotes = PublicationQuoteSerializer(many=True)
    seen = serializers.CharField(help_text="Send it along with a change and with an approval.")
    draft: Any = serializers.DictField(help_text="What everybody would read if it were approved.")
    document: Any = serializers.DictField(
        allow_null=True, help_text="What everybody reads: frozen when it was approved."
    )


class ApprovalSerializer(serializers.Serializer[Any]):
    """Let everybody read it, as it was read before."""

    seen = serializers.CharField(max_length=16)
    note = serializers.CharField(
        max_length=LONGEST_LINE, allow_blank=True, default="",
        help_text="What was corrected: needed where it was published before.",
    )  # fmt: skip


class WithdrawalSerializer(serializers.Serializer[Any]):
    """Take it back."""

    reason = serializers.CharField(
        max_length=LONGEST_LINE, help_text="Whoever opens the page reads it."
    )


FACTS = (
    "id", "title", "language", "stage", "created_at", "changed_at", "approved_at", "published_at",
    "withdrawn_at", "withdrawn_reason",
)  # fmt: skip
KEYS = ("wave", "community", "changed_by", "approved_by")
WORDS = ("introduction", "translations", "items", "may_be_found", "document")


@extend_schema_view(list=operation("List publications", answers=PublicationSerializer(many=True)))
class PublicationViewSet(ListAndRead):
    """What you said, what we did."""

    model = Publication
    filterset_class = PublicationFilter
    needs: ClassVar[dict[str, Need]] = {
        **dict.fromkeys(("list", "retrieve"), Can.READ_SURVEYS),
        **dict.fromkeys(("create", "update", "approve", "withdraw"), Can.PUBLISH),
    }
    fields: ClassVar[dict[str, Any]] = {
        **{name: name for name in FACTS},
        **{name: f"{name}_id" for name in KEYS},
    }
    orders: ClassVar[dict[str, Order]] = {
        "-created_at": Order("created_at", descending=True),
        "created_at": Order("created_at"),
    }
    ordering = "-created_at"

    def shown(self, row: Publication) -> dict[str, Any]:
        """A publication with its words, and what it says."""
        company: Any = self.request.company  # type: ignore[attr-defined]
        lines = row.lines.order_by("position", "id")
        return {
            **{name: getattr(row, name) for name in (*FACTS, *WORDS)},
            **{name: getattr(row, f"{name}_id") for name in KEYS},
            "lines": [
                {
                    "text": each.text, "translations": each.translations,
                    "improvement": each.improvement_id, "state": each.state,
                }
                for each in lines
            ],
            "quotes": list(row.quotes.order_by("mark_id").values("mark", "text", "is_checked")),
            "seen": mark_of_draft(row),
            "draft": document_of(row, zone=ZoneInfo(company.zone), now=self.now),
        }  # fmt: skip

    def asked(self, pk: UUID) -> Publication:
        rows = self.rows().select_related("wave__survey", "wave__edition", "community")
        found: Publication = self.one(rows, pk)
        return found

    @operation("Read a publication", answers=WholePublicationSerializer)
    def retrieve(self, request: Request, pk: UUID, *args: Any, **kwargs: Any) -> Response:
        return Response(self.shown(self.asked(pk)))

    @operation(
        "Begin a publication",
        sends=NewPublicationSerializer,
        answers=WholePublicationSerializer,
        status=201,
        refusals=("wave_not_counted", "staff_survey", "not_asked_there", "out_of_reach"),
        more="With what is usually told. One for each wave and community: begun twice is once.",
    )
    @idempotent
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        sent = self.sent(NewPublicationSerializer)
        waves = Wave.objects.select_related("survey", "edition").visible_to(self.member)
        row = draft_publication(
            wave=named(waves, sent, "wave"),
            community=named(Community.objects.visible_to(self.member), sent, "community"),
            by=self.actor,
            now=self.now,
        )
        return Response(self.shown(row), status=201)

    @operation(
        "Write a publication",
        sends=PublicationWordsSerializer,
        answers=WholePublicationSerializer,
        refusals=(
            "changed_meanwhile", "no_such_item", "no_such_improvement", "text_not_told",
            "quote_changed",
        ),
        more="All of it. What everybody reads stays as it is until it is approved.",
        sent={
            "title": "您说的，我们做的", "introduction": "谢谢您。", "items": ["index", "rel_time"],
            "lines": [{"text": "大堂增设轮椅", "state": "done"}], "quotes": [],
            "seen": "0123456789abcdef",
        },
    )  # fmt: skip
    def update(self, request: Request, pk: UUID, *args: Any, **kwargs: Any) -> Response:
        sent = self.sent(PublicationWordsSerializer)
        seen = sent.pop("seen")
        content = Content(
            **{
                **sent,
                "lines": [LineSaid(**each) for each in sent["lines"]],
                "quotes": [QuoteSaid(**each) for each in sent["quotes"]],
            }
        )
        row = change_publication(
            publication=self.asked(pk), content=content, seen=seen, by=self.actor, now=self.now
        )
        return Response(self.shown(row))

    @operation(
        "Approve a publication",
        sends=ApprovalSerializer,
        answers=WholePublicationSerializer,
        refusals=(
            "four_eyes", "changed_meanwhile", "quote_not_checked", "promise_kept_silent",
            "note_missing", "nothing_corrected",
        ),
        more="Everybody can read it from then on. Whoever wrote last does not approve it, unless "
        "nobody else may.",
        sent={"seen": "0123456789abcdef"},
    )  # fmt: skip
    def approve(self, request: Request, pk: UUID, *args: Any, **kwargs: Any) -> Response:
        row = approve_publication(
            publication=self.asked(pk), **self.sent(ApprovalSerializer), by=self.actor,
            now=self.now,
        )  # fmt: skip
        return Response(self.shown(row))

    @operation(
        "Withdraw a publication",
        sends=WithdrawalSerializer,
        answers=WholePublicationSerializer,
        refusals=("not_published",),
    )
    def withdraw(self, request: Request, pk: UUID, *args: Any, **kwargs: Any) -> Response:
        row = withdraw_publication(
            publication=self.asked(pk), **self.sent(WithdrawalSerializer), by=self.actor,
            now=self.now,
        )  # fmt: skip
        return Response(self.shown(row))
