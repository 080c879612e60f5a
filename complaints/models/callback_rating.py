"""What the owner says about a call."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tenancy.fields import CompanyForeignKey
from tenancy.models import CompanyManager, CompanyModel, CompanyQuerySet

if TYPE_CHECKING:
    from tenancy.models import Membership


class CallbackRatingQuerySet(CompanyQuerySet):
    def visible_to(self, membership: "Membership") -> Self:
        """Of the tickets that they may see."""
        from complaints.models.ticket import Ticket  # noqa: PLC0415 - see Deadline

        seen = Ticket.objects.visible_to(membership).values("id")
        return self.filter(callback__ticket_id__in=seen)


class CallbackRating(CompanyModel):
    """The owner's verdict on one call that reached them: 1–5 and words. Nobody edits it."""

    append_only = True

    callback = CompanyForeignKey("complaints.Callback", related_name="ratings")
    # Of the call, so that who was asked and who answered are counted on the same day.
    community = CompanyForeignKey("tenancy.Community", related_name="+")
    called_at = models.DateTimeField(_("called at"))
    score = models.PositiveSmallIntegerField(_("score"))
    comment = models.TextField(_("words"), blank=True)
    by = CompanyForeignKey("tenancy.Membership", related_name="+")
    at = models.DateTimeField(_("rated at"))

    objects = CompanyManager.from_queryset(CallbackRatingQuerySet)()

    class Meta(CompanyModel.Meta):
        verbose_name = _("rating of a call")
        constraints = [
            models.UniqueConstraint(fields=["company", "callback"], name="one_rating_per_call"),
            models.CheckConstraint(
                condition=Q(score__gte=1) & Q(score__lte=5),
                name="call_rating_is_one_to_five",
                violation_error_message=_("Give one to five stars."),
            ),
        ]
        indexes = [
            # Serves the ratings after service: stars by day and community, no row read.
            models.Index(
                fields=["company", "called_at", "community", "score"], name="callback_rating_trend"
            )
        ]

    def __str__(self) -> str:
        return f"{self.score}/5"
