"""A promise made to one ticket, with its clock."""

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from complaints.models.promise import MeasureChoices, PromiseKind
from tenancy.fields import CompanyForeignKey
from tenancy.models import CompanyManager, CompanyModel, CompanyQuerySet

if TYPE_CHECKING:
    from tenancy.models import Membership

# Not counted from anything: somebody named the day, and no calendar moves it.
GIVEN_DAY = "given_day"
MEASURES = [*MeasureChoices.choices, (GIVEN_DAY, _("a day that somebody named"))]


class DeadlineQuerySet(CompanyQuerySet):
    def unmet(self) -> Self:
        """Promises that still have to be kept (late or not)."""
        return self.filter(met_at=None, dropped_at=None)

    def actionable(self, now: datetime) -> Self:
        """Those whose next step (warning, breach, escalation) has come."""
        return self.filter(next_action_at__lte=now)

    def late(self, now: datetime) -> Self:
        """Broken and still unmet."""
        return self.unmet().filter(due_at__lt=now, paused_at=None)

    def calls(self) -> Self:
        """Promises kept by telephoning."""
        return self.filter(promise__in=(PromiseKind.CALLBACK, PromiseKind.FOLLOW_UP))

    def visible_to(self, membership: "Membership") -> Self:
        from complaints.models.ticket import Ticket  # noqa: PLC0415 - the two nouns know each other

        return self.filter(ticket_id__in=Ticket.objects.visible_to(membership).values("id"))


class Deadline(CompanyModel):
    """A deadline (时限): one promise made to one ticket, and the moment it falls due.

    Being late is computed from `due_at` and `met_at`, never stored. `next_action_at` is when
    the machine must look at it again; NULL = nothing to do.
    """

    ticket = CompanyForeignKey("complaints.Ticket", related_name="deadlines")
    promise = models.CharField(_("promise"), max_length=10, choices=PromiseKind.choices)
    cycle = models.PositiveSmallIntegerField(default=1)  # of the ticket, when it was promised
    amount = models.PositiveIntegerField(_("amount"))  # 0 where a day was named
    measure = models.CharField(_("counted in"), max_length=16, choices=MEASURES)
    starts_at = models.DateTimeField(_("counted from"))
    due_at = models.DateTimeField(_("due at"))
    # How due_at came about: `tenancy.calendar.Explanation.as_dict()`.
    explanation = models.JSONField(default=dict)
    met_at = models.DateTimeField(_("kept at"), null=True)
    dropped_at = models.DateTimeField(_("no longer owed since"), null=True)
    paused_at = models.DateTimeField(_("paused since"), null=True)
    paused_time = models.DurationField(_("paused in all, opening time"), null=True)
    # Callbacks: when to try again after somebody could not be reached.
    retry_at = models.DateTimeField(_("call again at"), null=True)
    # The machine's own columns.
    next_level = models.PositiveSmallIntegerField(default=0)
    next_action_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=300, blank=True)

    objects = CompanyManager.from_queryset(DeadlineQuerySet)()

    class Meta(CompanyModel.Meta):
        verbose_name = _("deadline")
        constraints = [
            models.UniqueConstraint(
                fields=["company", "ticket", "promise", "cycle"], name="one_deadline_per_promise"
            ),
            models.CheckConstraint(
                condition=~Q(promise=PromiseKind.CALLBACK) | Q(paused_at=None),
                name="callback_is_never_paused",
            ),
            models.CheckConstraint(
                condition=Q(next_action_at=None) | Q(met_at=None, dropped_at=None, paused_at=None),
                name="only_a_running_deadline_acts",
            ),
        ]
        indexes = [
            # Serves the sweep: which companies have something due (asked over all of them,
            # hence the moment first), and then the rows of one company.
            models.Index(
                fields=["next_action_at", "company"],
                condition=Q(next_action_at__isnull=False),
                name="deadline_sweep",
            ),
            models.Index(
                fields=["company", "next_action_at"],
                condition=Q(next_action_at__isnull=False),
                name="deadline_sweep_company",
            ),
            # Serves the call list and the page of what is late.
            models.Index(
                fields=["company", "promise", "due_at"],
                condition=Q(met_at=None, dropped_at=None),
                name="deadline_unmet",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.promise} by {self.due_at}"

    def breached_at(self, now: datetime) -> datetime | None:
        """When the promise was broken, if it was: computed from the facts, never stored."""
        if self.dropped_at is not None and self.met_at is None:
            end = self.dropped_at
        else:
            end = self.met_at or self.paused_at or now
        return self.due_at if end > self.due_at else None

    @property
    def is_given(self) -> bool:
        """Whether somebody named its day."""
        return self.measure == GIVEN_DAY

    @property
    def is_open(self) -> bool:
        """Whether it still has to be kept."""
        return self.met_at is None and self.dropped_at is None


NEXT_DUE = F("due_at")
