"""What a manager counts: kept up to date day by day, never counted by hand."""

from typing import TYPE_CHECKING, Self
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints.models.kinds import Kind
from complaints.models.promise import PromiseKind
from tenancy.fields import CompanyForeignKey
from tenancy.models import CompanyManager, CompanyModel, CompanyQuerySet

if TYPE_CHECKING:
    from tenancy.models import Membership

# The key of tickets without a department, building or handler.
NONE = UUID(int=0)
# What is counted of each ticket, 0 or 1; `stars` are those of the owner's last verdict.
COUNTED = (
    "filed", "resolved", "closed", "reopened", "asked", "rated", "low", "stars",
    *(f"{promise}_{fate}" for promise in PromiseKind.values for fate in ("kept", "missed")),
)  # fmt: skip


class Grain(models.TextChoices):
    """How long a stretch of days a figure covers."""

    DAY = "day", _("day")
    MONTH = "month", _("month")


class Dimension(models.TextChoices):
    """By what tickets are told apart."""

    ALL = "all", _("all")
    CATEGORY = "category", _("category")
    DEPARTMENT = "department", _("department")
    BUILDING = "building", _("building")
    PERSON = "person", _("handler")


class FigureQuerySet(CompanyQuerySet):
    def visible_to(self, membership: "Membership") -> Self:
        """Those of the communities they look after; owners none."""
        if not membership.is_staff:
            return self.none()
        if membership.all_communities:
            return self.all()
        return self.filter(community_id__in=membership.community_ids())


class Figure(CompanyModel):
    """A figure (数据): what became of the tickets of one kind that came in from one community
    on one day or in one month, all of them or those with one category, department, building or
    handler. Counted from the tickets; a day whose tickets changed is counted anew."""

    grain = models.CharField(max_length=5, choices=Grain.choices)
    dimension = models.CharField(max_length=10, choices=Dimension.choices)
    day = models.DateField(_("day"))  # the company's; of a month its first
    community = CompanyForeignKey("tenancy.Community", models.CASCADE, related_name="+")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    key = models.UUIDField()  # of the category, department …; NONE where there is none
    filed = models.IntegerField(_("received"))
    resolved = models.IntegerField(_("resolved"))
    closed = models.IntegerField(_("closed"))
    reopened = models.IntegerField(_("reopened"))
    asked = models.IntegerField(_("asked for a rating"))
    rated = models.IntegerField(_("rated"))
    low = models.IntegerField(_("one or two stars"))
    stars = models.IntegerField(_("stars"))
    acceptance_kept = models.IntegerField()
    acceptance_missed = models.IntegerField()
    callback_kept = models.IntegerField()
    callback_missed = models.IntegerField()
    resolution_kept = models.IntegerField()
    resolution_missed = models.IntegerField()
    follow_up_kept = models.IntegerField()
    follow_up_missed = models.IntegerField()

    objects = CompanyManager.from_queryset(FigureQuerySet)()

    class Meta(CompanyModel.Meta):
        verbose_name = _("figure")
        constraints = [
            # Serves every question of the dashboard as well: one dimension, some days.
            models.UniqueConstraint(
                fields=["company", "grain", "dimension", "day", "community", "kind", "key"],
                name="one_figure_per_cell",
            )
        ]

    def __str__(self) -> str:
        return f"{self.filed} on {self.day}"


class FigureFact(CompanyModel):
    """What is counted of one ticket, whose id it bears: the figures of its day are the sum of
    these, and questions that figures cannot answer are answered from them.

    Rewritten by the pass that counts the day. It refers to nothing: the ticket does.
    """

    day = models.DateField()  # the company's
    kind = models.CharField(max_length=12, choices=Kind.choices)
    community_id = models.UUIDField()
    category_id = models.UUIDField()
    department_id = models.UUIDField()  # NONE where there is none, as below
    building_id = models.UUIDField()
    person_id = models.UUIDField()
    filed = models.SmallIntegerField()
    resolved = models.SmallIntegerField()
    closed = models.SmallIntegerField()
    reopened = models.SmallIntegerField()
    asked = models.SmallIntegerField()
    rated = models.SmallIntegerField()
    low = models.SmallIntegerField()
    stars = models.SmallIntegerField()
    acceptance_kept = models.SmallIntegerField()
    acceptance_missed = models.SmallIntegerField()
    callback_kept = models.SmallIntegerField()
    callback_missed = models.SmallIntegerField()
    resolution_kept = models.SmallIntegerField()
    resolution_missed = models.SmallIntegerField()
    follow_up_kept = models.SmallIntegerField()
    follow_up_missed = models.SmallIntegerField()

    objects = CompanyManager.from_queryset(CompanyQuerySet)()

    class Meta(CompanyModel.Meta):
        indexes = [
            # Serves the pass, and the figures of a category or a department: some days.
            models.Index(fields=["company", "day"], name="fact_of_day"),
            # Serves the ratings after service: how many stars, by day and community.
            models.Index(
                fields=["company", "day", "community_id", "stars"],
                condition=Q(rated=1),
                name="fact_stars",
            ),
        ]

    def __str__(self) -> str:
        return f"facts of {self.id}"


class FigureMark(CompanyModel):
    """Says that a ticket changed, and hence the figures of the day on which it came in.

    Written with every change, taken away by the pass that counts that day anew. Nobody waits for
    anybody: each change has its own row.
    """

    filed_at = models.DateTimeField()  # of the ticket

    objects = CompanyManager.from_queryset(CompanyQuerySet)()

    class Meta(CompanyModel.Meta):
        verbose_name = _("changed day")

    def __str__(self) -> str:
        return f"changed: {self.filed_at}"


class FigureBook(CompanyModel):
    """A company's book of figures: in which time zone its days were counted, and when last.

    While there is none, or the company has moved to another zone, everything is counted live.
    The facts of tickets are as old as the figures, or not to be relied on.
    """

    zone = models.CharField(max_length=40)
    counted_at = models.DateTimeField(_("counted at"))
    # When the facts were written with the figures; a pass that knows of none leaves it behind.
    facts_at = models.DateTimeField(null=True)

    objects = CompanyManager.from_queryset(CompanyQuerySet)()

    class Meta(CompanyModel.Meta):
        verbose_name = _("book of figures")
        constraints = [models.UniqueConstraint(fields=["company"], name="one_book_per_company")]

    def __str__(self) -> str:
        return f"figures of {self.company_id}"
