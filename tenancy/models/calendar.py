"""When the company is open, as its people enter it. The counting is in `tenancy.calendar`."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenancy.fields import CompanyForeignKey
from tenancy.models.base import CompanyManager, CompanyModel, CompanyQuerySet


class CompanyCalendar(CompanyModel):
    """The working calendar (工作日历) of a company: its usual week and whose holidays it keeps.

    `week` is {"0": [["08:30", "12:00"], ["13:30", "18:00"]], …}, Monday = 0, local wall time.
    """

    week = models.JSONField(_("usual week"), default=dict)
    country = models.CharField(_("country of the official calendar"), max_length=2, default="CN")
    moves_weekends = models.BooleanField(
        _("keeps moved weekends and make-up workdays"), default=True
    )
    revision = models.PositiveIntegerField(default=1, editable=False)

    objects = CompanyManager.from_queryset(CompanyQuerySet)()

    class Meta(CompanyModel.Meta):
        verbose_name = _("working calendar")
        constraints = [models.UniqueConstraint(fields=["company"], name="one_calendar_per_company")]

    def __str__(self) -> str:
        return f"calendar of {self.company_id}"


class CalendarDay(CompanyModel):
    """A day on which the company, or one community, is open otherwise than usual.

    No periods = closed. It wins over the week and over the official calendar.
    """

    on = models.DateField(_("day"))
    community = CompanyForeignKey(
        "tenancy.Community", models.CASCADE, null=True, blank=True, related_name="+"
    )
    periods = models.JSONField(_("opening periods"), default=list, blank=True)
    note = models.CharField(_("reason"), max_length=80, blank=True)

    objects = CompanyManager.from_queryset(CompanyQuerySet)()

    class Meta(CompanyModel.Meta):
        verbose_name = _("special day")
        constraints = [
            models.UniqueConstraint(
                fields=["company", "on", "community"],
                name="one_special_day_per_community",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.note}"
