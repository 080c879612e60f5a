"""What owners are told of a wave: what they said, and what was done."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from tenancy.fields import CompanyForeignKey
from tenancy.models import CompanyManager, CompanyModel, CompanyQuerySet

if TYPE_CHECKING:
    from tenancy.models import Membership

LONGEST_TITLE, LONGEST_WORDS, LONGEST_LINE = 100, 3000, 300


class PublicationStage(models.TextChoices):
    """How far a publication has come."""

    DRAFT = "draft", _("draft")
    # It can be read by everybody, as it was approved.
    APPROVED = "approved", pgettext_lazy("of a publication", "published")
    WITHDRAWN = "withdrawn", pgettext_lazy("of a publication", "withdrawn")


class PublicationQuerySet(CompanyQuerySet):
    def visible_to(self, membership: "Membership") -> Self:
        """Staff see those of the communities they look after, whatever stage they are in."""
        if not membership.is_staff:
            return self.none()
        if membership.all_communities:
            return self.all()
        return self.filter(community_id__in=membership.community_ids())

    def published(self) -> Self:
        """Those that stand where everybody can read them."""
        return self.filter(stage=PublicationStage.APPROVED)


class Publication(CompanyModel):
    """A publication (公示): what one community is told of one wave – what you said, what we did.

    What everybody reads is `document` alone, frozen when it was approved. All other words are the
    draft, of this or of the next correction.
    """

    wave = CompanyForeignKey("surveys.Wave", related_name="publications")
    community = CompanyForeignKey("tenancy.Community", related_name="+")
    # The one it is written in; the others are translations.
    language = models.CharField(_("language"), max_length=10)
    title = models.CharField(_("title"), max_length=LONGEST_TITLE)
    introduction = models.TextField(
        _("words of the manager"), max_length=LONGEST_WORDS, blank=True, default=""
    )
    # language → `title`, `introduction` → text
    translations = models.JSONField(_("translations"), default=dict, blank=True)
    # The names of what is shown: `index`, `dimension:empathy`, `q1`, `q1.row`.
    items = models.JSONField(_("what is shown"), default=list, blank=True)
    # Whether search engines may list it.
    may_be_found = models.BooleanField(_("may be found by search engines"), default=False)
    stage = models.CharField(
        max_length=10, choices=PublicationStage.choices, default=PublicationStage.DRAFT
    )
    drafted_by = CompanyForeignKey("tenancy.Membership", related_name="+")
    created_at = models.DateTimeField(_("drafted at"))
    # Whoever wrote last does not approve it.
    changed_by = CompanyForeignKey("tenancy.Membership", related_name="+")
    changed_at = models.DateTimeField(_("changed at"))
    approved_by = CompanyForeignKey("tenancy.Membership", null=True, related_name="+")
    approved_at = models.DateTimeField(_("approved at"), null=True)
    # When it was approved for the first time; a correction does not make it new.
    published_at = models.DateTimeField(_("published at"), null=True)
    document = models.JSONField(_("as it was approved"), null=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True)
    withdrawn_reason = models.CharField(
        _("reason"), max_length=LONGEST_LINE, blank=True, default=""
    )

    objects = CompanyManager.from_queryset(PublicationQuerySet)()

    class Meta(CompanyModel.Meta):
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        constraints = [
            # Its index serves the publications of a wave.
            models.UniqueConstraint(
                fields=["company", "wave", "community"], name="wave_is_published_once"
            ),
            models.CheckConstraint(
                condition=Q(
                    stage=PublicationStage.DRAFT,
                    document=None,
                    approved_by=None,
                    approved_at=None,
                    published_at=None,
                )
                | (
                    ~Q(stage=PublicationStage.DRAFT)
                    & Q(
                        document__isnull=False,
                        approved_by__isnull=False,
                        approved_at__isnull=False,
                        published_at__isnull=False,
                    )
                ),
                name="published_is_approved",
            ),
            models.CheckConstraint(
                condition=(Q(stage=PublicationStage.WITHDRAWN) & Q(withdrawn_at__isnull=False))
                | (~Q(stage=PublicationStage.WITHDRAWN) & Q(withdrawn_at=None)),
                name="withdrawn_has_a_moment",
            ),
        ]
        indexes = [
            # Serves the list of publications, the newest first.
            models.Index(fields=["company", "-created_at", "-id"], name="publication_newest"),
            # Serves what everybody can read, the newest first.
            models.Index(
                fields=["company", "-published_at", "-id"],
                name="published_newest",
                condition=Q(stage=PublicationStage.APPROVED),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_changed(self) -> bool:
        """Whether somebody has written on it since it was approved."""
        return self.approved_at is not None and self.changed_at > self.approved_at


class LineState(models.TextChoices):
    """How far something is that was not decided as an improvement."""

    PLANNED = "planned", _("planned")
    UNDER_WAY = "under_way", _("under way")
    DONE = "done", _("done")


class PublicationLine(CompanyModel):
    """One thing under "what we did": an improvement in words for owners, or something else."""

    publication = CompanyForeignKey("surveys.Publication", models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField(default=0)
    # Its day, whether it is done and what it changed are the improvement's.
    improvement = CompanyForeignKey("surveys.Improvement", null=True, related_name="+")
    text = models.CharField(max_length=LONGEST_LINE)
    # language → text
    translations = models.JSONField(default=dict, blank=True)
    # Empty with an improvement.
    state = models.CharField(max_length=10, choices=LineState.choices, blank=True, default="")

    objects = CompanyManager.from_queryset(CompanyQuerySet)()

    class Meta(CompanyModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["company", "publication", "improvement"], name="improvement_is_told_once"
            ),
            models.CheckConstraint(
                condition=Q(improvement=None) ^ Q(state=""), name="line_says_its_own_state"
            ),
        ]
        indexes = [
            # Serves the lines of a publication in their order.
            models.Index(
                fields=["company", "publication", "position", "id"], name="line_of_publication"
            )
        ]

    def __str__(self) -> str:
        return self.text


class PublicationQuote(CompanyModel):
    """Somebody's own words, chosen by a person and read with one question in mind: could whoever
    wrote this be recognised? They may be shortened, never changed."""

    publication = CompanyForeignKey("surveys.Publication", models.CASCADE, related_name="quotes")
    mark = CompanyForeignKey("surveys.ResponseMark", models.CASCADE, related_name="+")
    text = models.TextField()
    # Somebody has looked whether it tells who wrote it.
    is_checked = models.BooleanField(default=False)

    objects = CompanyManager.from_queryset(CompanyQuerySet)()

    class Meta(CompanyModel.Meta):
        constraints = [
            # Its index serves the quotes of a publication.
            models.UniqueConstraint(
                fields=["company", "publication", "mark"], name="text_is_quoted_once"
            )
        ]

    def __str__(self) -> str:
        return self.text
