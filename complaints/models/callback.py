"""Telephoning owners."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tenancy.fields import CompanyForeignKey
from tenancy.models import CompanyManager, CompanyModel, CompanyQuerySet


class CallbackOutcome(models.TextChoices):
    """How an attempt to call ended."""

    REACHED_SATISFIED = "reached_satisfied", _("reached, content")
    REACHED_UNSATISFIED = "reached_unsatisfied", _("reached, not content")
    NO_ANSWER = "no_answer", _("no answer")
    BUSY = "busy", _("busy")
    WRONG_NUMBER = "wrong_number", _("wrong number")
    DECLINED = "declined", _("did not want to talk")


# Only these keep a promise to call; anything else comes back to the call list.
KEEPS_PROMISE = frozenset(
    {
        CallbackOutcome.REACHED_SATISFIED,
        CallbackOutcome.REACHED_UNSATISFIED,
        CallbackOutcome.DECLINED,
    }
)


# Somebody was spoken to: they may say whether it helped.
REACHED = (CallbackOutcome.REACHED_SATISFIED, CallbackOutcome.REACHED_UNSATISFIED)


class CallbackQuerySet(CompanyQuerySet):
    def asked(self) -> Self:
        """Calls after which the owner is asked whether it helped."""
        return self.filter(outcome__in=REACHED, community__isnull=False)


class Callback(CompanyModel):
    """A callback (回访): one attempt to call an owner about a ticket. Append-only."""

    append_only = True

    ticket = CompanyForeignKey("complaints.Ticket", related_name="callbacks")
    # Of the ticket when its owner was called; empty where there is nobody to ask afterwards, and
    # on calls from before anybody was asked.
    community = CompanyForeignKey("tenancy.Community", null=True, related_name="+")
    outcome = models.CharField(_("outcome"), max_length=20, choices=CallbackOutcome.choices)
    note = models.TextField(_("what was said"), blank=True)
    by = CompanyForeignKey("tenancy.Membership", related_name="+")
    at = models.DateTimeField(_("called at"))

    objects = CompanyManager.from_queryset(CallbackQuerySet)()

    class Meta(CompanyModel.Meta):
        verbose_name = _("callback")
        indexes = [
            # Serves the ticket page and the retry rule.
            models.Index(fields=["company", "ticket", "at"], name="callback_of_ticket"),
            # Serves the ratings after service: how many were asked, by day and community. It
            # holds all that is counted, so no row is read.
            models.Index(
                fields=["company", "at", "community"],
                condition=Q(outcome__in=REACHED, community__isnull=False),
                name="callback_asked",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} at {self.at}"
