"""What the owner says afterwards."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tenancy.fields import CompanyForeignKey
from tenancy.models import CompanyManager, CompanyModel, CompanyQuerySet


class Rating(CompanyModel):
    """The owner's verdict on how a ticket was handled: 1–5 and words. Nobody edits it."""

    append_only = True

    ticket = CompanyForeignKey("complaints.Ticket", related_name="ratings")
    cycle = models.PositiveSmallIntegerField()
    score = models.PositiveSmallIntegerField(_("score"))
    comment = models.TextField(_("words"), blank=True)
    fixed = models.BooleanField(_("fixed"), default=True)
    by = CompanyForeignKey("tenancy.Membership", related_name="+")
    at = models.DateTimeField(_("rated at"))

    objects = CompanyManager.from_queryset(CompanyQuerySet)()

    class Meta(CompanyModel.Meta):
        verbose_name = _("rating")
        constraints = [
            models.UniqueConstraint(
                fields=["company", "ticket", "cycle"], name="one_rating_per_cycle"
            ),
            models.CheckConstraint(
                condition=Q(score__gte=1) & Q(score__lte=5),
                name="rating_is_one_to_five",
                violation_error_message=_("Give one to five stars."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.score}/5"
