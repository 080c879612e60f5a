"""What the company promises."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints.models.kinds import Kind, Urgency
from tenancy.calendar import Measure
from tenancy.fields import CompanyForeignKey
from tenancy.models import CompanyManager, CompanyModel, CompanyQuerySet


class PromiseKind(models.TextChoices):
    """What is promised to somebody who speaks up."""

    ACCEPTANCE = "acceptance", _("acceptance")
    CALLBACK = "callback", _("callback")
    RESOLUTION = "resolution", _("resolution")
    FOLLOW_UP = "follow_up", _("follow-up call")


class MeasureChoices(models.TextChoices):
    """What an amount of promised time is counted in."""

    WORKING_DAYS = Measure.working_days.value, _("working days")
    WORKING_MINUTES = Measure.working_minutes.value, _("minutes of opening time")
    CLOCK_MINUTES = Measure.clock_minutes.value, _("minutes around the clock")


class PromiseQuerySet(CompanyQuerySet):
    pass


class Promise(CompanyModel):
    """A service promise: how soon something is done for tickets of a kind, category, urgency.

    An empty kind, category or urgency means "any"; for a ticket the most specific row counts,
    category before urgency before kind. No row = nothing is promised.
    """

    promise = models.CharField(_("promise"), max_length=10, choices=PromiseKind.choices)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, blank=True)
    category = CompanyForeignKey(
        "complaints.Category", models.CASCADE, null=True, blank=True, related_name="+"
    )
    urgency = models.CharField(_("urgency"), max_length=10, choices=Urgency.choices, blank=True)
    amount = models.PositiveIntegerField(_("amount"))
    measure = models.CharField(_("counted in"), max_length=16, choices=MeasureChoices.choices)
    is_active = models.BooleanField(_("active"), default=True)

    objects = CompanyManager.from_queryset(PromiseQuerySet)()

    class Meta(CompanyModel.Meta):
        verbose_name = _("promise")
        verbose_name_plural = _("promises")
        constraints = [
            models.UniqueConstraint(
                fields=["company", "promise", "kind", "category", "urgency"],
                name="one_promise_per_case",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0) & Q(amount__lte=525_600),
                name="promise_amount_is_sensible",
                violation_error_message=_("Promise more than nothing, and less than a year."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.promise}: {self.amount} {self.measure}"
