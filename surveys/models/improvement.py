"""What is to become better, and whether it did."""

from decimal import Decimal
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from complaints.models import Ticket
from tenancy.fields import CompanyForeignKey
from tenancy.models import CompanyManager, CompanyModel, CompanyQuerySet

if TYPE_CHECKING:
    from tenancy.models import Membership


ROUNDED = Decimal("0.02")  # what three figures of two places may be off together


class Effect(models.TextChoices):
    """What the next wave says about it."""

    BETTER = "better", _("better")
    UNCLEAR = "unclear", _("no clear change")
    WORSE = "worse", _("worse")
    # Too few answers, or no longer asked.
    UNKNOWN = "unknown", _("cannot be told")


class ImprovementQuerySet(CompanyQuerySet):
    def visible_to(self, membership: "Membership") -> Self:
        """Whoever sees the ticket: owners none, staff those of their communities.

        One that is about everywhere lies in one of the communities, and tells how all of them
        stand: whoever is limited to some sees it only if it is theirs to do.
        """
        seen = self.filter(ticket_id__in=Ticket.objects.visible_to(membership).values("id"))
        if membership.all_communities:
            return seen
        return seen.filter(Q(community__isnull=False) | Q(ticket__assignee_id=membership.pk))

    def awaiting(self) -> Self:
        """Those whose effect no wave has shown yet."""
        return self.filter(wave_after=None)


class Improvement(CompanyModel):
    """An improvement (改进): what is done about a weak item of a wave, and what it is to change.

    Who does it by when, and whether it is late, is its ticket's. All values lie between 0 and 100.
    """

    ticket = CompanyForeignKey("complaints.Ticket", related_name="+")
    wave = CompanyForeignKey("surveys.Wave", related_name="improvements")
    # The weak item: a question, with the row of a matrix; or a dimension; or, all empty, the index.
    question = models.CharField(max_length=30, blank=True, default="")
    row = models.CharField(max_length=30, blank=True, default="")
    dimension = models.CharField(max_length=20, blank=True, default="")
    # Its words as they were asked.
    item = models.CharField(_("weak item"), max_length=300)
    # Where; nothing: everywhere.
    community = CompanyForeignKey("tenancy.Community", null=True, blank=True, related_name="+")
    building = CompanyForeignKey("owners.Building", null=True, blank=True, related_name="+")
    value_before = models.DecimalField(
        pgettext_lazy("value", "before"), max_digits=5, decimal_places=2
    )
    answers_before = models.PositiveIntegerField(_("answers before"))
    value_expected = models.DecimalField(_("expected"), max_digits=5, decimal_places=2)
    created_at = models.DateTimeField(_("decided at"))
    # What the first wave of the same survey said that can speak of it (`improving.spoken_of`).
    wave_after = CompanyForeignKey("surveys.Wave", null=True, blank=True, related_name="+")
    value_after = models.DecimalField(_("after"), max_digits=5, decimal_places=2, null=True)
    answers_after = models.PositiveIntegerField(_("answers after"), null=True)
    # Of the difference, with 95 % confidence.
    change_low = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    change_high = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    effect = models.CharField(_("effect"), max_length=10, choices=Effect.choices, blank=True)
    checked_at = models.DateTimeField(_("checked at"), null=True)

    objects = CompanyManager.from_queryset(ImprovementQuerySet)()

    class Meta(CompanyModel.Meta):
        verbose_name = _("improvement")
        verbose_name_plural = _("improvements")
        constraints = [
            models.UniqueConstraint(fields=["company", "ticket"], name="improvement_is_one_ticket"),
            models.CheckConstraint(
                condition=Q(value_expected__gt=F("value_before")) & Q(value_expected__lte=100),
                name="improvement_expects_better",
            ),
            models.CheckConstraint(
                condition=Q(wave_after=None, effect="", checked_at=None)
                | (Q(wave_after__isnull=False, checked_at__isnull=False) & ~Q(effect="")),
                name="effect_comes_of_a_wave",
            ),
        ]
        indexes = [
            # Serves the list of improvements, the newest first.
            models.Index(fields=["company", "-created_at", "-id"], name="improvement_newest"),
            # Serves what was decided after a wave, and the check of effects after the next.
            models.Index(fields=["company", "wave"], name="improvement_of_wave"),
        ]

    def __str__(self) -> str:
        return self.item

    @property
    def was(self) -> Decimal | None:
        """The value before, as the wave after measures it: by other weights, the same answers
        give another index. The change lies in the middle of its interval."""
        if self.value_after is None or self.change_low is None or self.change_high is None:
            return None
        found: Decimal = self.value_after - (self.change_low + self.change_high) / 2
        return found

    @property
    def is_measured_anew(self) -> bool:
        """Whether that is another value than the one that was known when it was decided."""
        return self.was is not None and abs(self.was - self.value_before) > ROUNDED

    @property
    def is_as_expected(self) -> bool:
        """Whether it has become better by what was expected."""
        if self.was is None or self.value_after is None:
            return False
        before = self.was if self.is_measured_anew else self.value_before
        expected: Decimal = self.value_expected - self.value_before
        return self.value_after - before >= expected
