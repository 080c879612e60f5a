"""What a ticket is about."""

from typing import TYPE_CHECKING, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language, gettext_lazy as _

from complaints.models.kinds import OWN, ComplaintClass, Kind, Urgency
from tenancy.fields import CompanyForeignKey
from tenancy.models import CompanyManager, CompanyModel, CompanyQuerySet

if TYPE_CHECKING:
    from tenancy.models import Membership

__all__ = ["Category", "ComplaintClass"]


class CategoryQuerySet(CompanyQuerySet):
    def active(self) -> Self:
        return self.filter(is_active=True)

    def spoken(self) -> Self:
        """Those that somebody can come with."""
        return self.active().exclude(kind__in=OWN)

    def visible_to(self, membership: "Membership") -> Self:
        """What one can complain about is no secret; what staff do by themselves is theirs."""
        return self.all() if membership.is_staff else self.exclude(kind__in=OWN)


class Category(CompanyModel):
    """A category (分类) of tickets, kept by the company; complaints' lie in four classes."""

    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    complaint_class = models.CharField(
        _("class"), max_length=12, choices=ComplaintClass.choices, blank=True
    )
    name = models.CharField(_("name"), max_length=40)
    name_en = models.CharField(_("English name"), max_length=60, blank=True)
    icon = models.CharField(_("icon"), max_length=30, default="message-report")
    department = CompanyForeignKey(
        "tenancy.Department",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("department"),
    )
    urgency = models.CharField(
        _("usual urgency"), max_length=10, choices=Urgency.choices, default=Urgency.NORMAL
    )
    # Working time that one such ticket usually takes: what somebody's load is counted in.
    usual_minutes = models.PositiveSmallIntegerField(
        _("usual working time (minutes)"),
        default=60,
        validators=[MinValueValidator(5), MaxValueValidator(5 * 8 * 60)],
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_active = models.BooleanField(_("active"), default=True)

    objects = CompanyManager.from_queryset(CategoryQuerySet)()

    class Meta(CompanyModel.Meta):
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        constraints = [
            models.UniqueConstraint(
                fields=["company", "kind", "name"], name="category_name_is_unique"
            ),
            models.CheckConstraint(
                condition=(Q(kind=Kind.COMPLAINT) & ~Q(complaint_class=""))
                | (~Q(kind=Kind.COMPLAINT) & Q(complaint_class="")),
                name="complaint_category_has_a_class",
                violation_error_message=_("Complaints need a class, other kinds have none."),
            ),
        ]

    def __str__(self) -> str:
        if self.name_en and (get_language() or "").startswith("en"):
            return self.name_en
        return self.name
