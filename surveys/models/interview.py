"""Asking by telephone."""

from typing import TYPE_CHECKING, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tenancy.fields import CompanyForeignKey
from tenancy.models import CompanyManager, CompanyModel, CompanyQuerySet

if TYPE_CHECKING:
    from tenancy.models import Membership


class CallOutcome(models.TextChoices):
    """How a call ended that brought no answer."""

    LATER = "later", _("call later")
    NOT_REACHED = "not_reached", _("not reached")
    REFUSED = "refused", _("does not want to answer")
    WRONG_NUMBER = "wrong_number", _("wrong number")


class InterviewQuerySet(CompanyQuerySet):
    def visible_to(self, membership: "Membership") -> Self:
        """Staff see whom to call in their communities."""
        if not membership.is_staff:
            return self.none()
        if membership.all_communities:
            return self.all()
        return self.filter(invitation__building__community_id__in=membership.community_ids())


class Interview(CompanyModel):
    """What is known about calling somebody who was invited (电话访问), until they have answered.

    With the answer the row goes: that somebody answered by telephone, and when, is nowhere.
    """

    is_exported = False

    wave = CompanyForeignKey("surveys.Wave", models.CASCADE, related_name="interviews")
    invitation = CompanyForeignKey("surveys.Invitation", models.CASCADE, related_name="interviews")
    outcome = models.CharField(
        _("outcome"), max_length=12, choices=CallOutcome.choices, blank=True, default=""
    )
    # Calls that reached nobody.
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    tried_on = models.DateField(_("last tried on"), null=True, blank=True)
    again_at = models.DateTimeField(_("call again at"), null=True, blank=True)
    # Owners whose number belongs to somebody else.
    wrong_owners = ArrayField(models.UUIDField(), default=list, blank=True)
    # Who has it on the screen, and until when nobody else gets it.
    claimed_by = CompanyForeignKey(
        "tenancy.Membership", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    claimed_until = models.DateTimeField(null=True, blank=True)

    objects = CompanyManager.from_queryset(InterviewQuerySet)()

    class Meta(CompanyModel.Meta):
        verbose_name = _("interview")
        constraints = [
            models.UniqueConstraint(
                fields=["company", "invitation"], name="invitation_is_interviewed_once"
            ),
            models.CheckConstraint(
                condition=~Q(outcome=CallOutcome.LATER) | Q(again_at__isnull=False),
                name="call_later_says_when",
            ),
        ]
        indexes = [
            # Serves the next call: agreed calls that are due, then tries that can be repeated.
            models.Index(
                fields=["company", "wave", "outcome", "again_at", "tried_on"],
                name="interview_next",
            ),
            # Serves what an interviewer has on the screen.
            models.Index(
                fields=["company", "claimed_by", "claimed_until"],
                name="interview_in_hand",
                condition=Q(claimed_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.outcome
