"""Steps that the machine took."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenancy.fields import CompanyForeignKey
from tenancy.models import CompanyManager, CompanyModel, CompanyQuerySet

if TYPE_CHECKING:
    from tenancy.models import Membership


class Level(models.IntegerChoices):
    """How high a late promise has climbed."""

    WARNING = 0, _("warning")  # before due: the handler, or the supervisor if nobody took it
    BREACH = 1, _("late")  # at due: the handler and the department's supervisor
    MANAGER = 2, _("to the manager")
    ADMIN = 3, _("to the company admin")


class EscalationQuerySet(CompanyQuerySet):
    def visible_to(self, membership: "Membership") -> Self:
        from complaints.models.ticket import Ticket  # noqa: PLC0415 - see Deadline

        return self.filter(ticket_id__in=Ticket.objects.visible_to(membership).values("id"))


class Escalation(CompanyModel):
    """An escalation (督办): one step taken for one deadline, once per level. Append-only."""

    append_only = True

    deadline = CompanyForeignKey("complaints.Deadline", related_name="escalations")
    ticket = CompanyForeignKey("complaints.Ticket", related_name="escalations")
    level = models.PositiveSmallIntegerField(_("level"), choices=Level.choices)
    planned_at = models.DateTimeField(_("when it was to happen"))
    taken_at = models.DateTimeField(_("when it happened"))
    # Ids of the members told at this step; empty when a higher step of the same pass told them.
    told = models.JSONField(default=list)

    objects = CompanyManager.from_queryset(EscalationQuerySet)()

    class Meta(CompanyModel.Meta):
        verbose_name = _("escalation")
        constraints = [
            models.UniqueConstraint(
                fields=["company", "deadline", "level"], name="each_level_exactly_once"
            )
        ]
        indexes = [
            # Serves the ticket page: what was already tried.
            models.Index(fields=["company", "ticket", "taken_at"], name="escalation_of_ticket")
        ]

    def __str__(self) -> str:
        return f"level {self.level} of {self.deadline_id}"
