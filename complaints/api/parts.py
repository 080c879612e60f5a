"""What belongs to one ticket: whoever may see the ticket may see it."""

from functools import cached_property
from typing import Any

from django.db.models import QuerySet

from complaints.models import Ticket
from tenancy.viewsets import ReadViewSet


class TicketPartViewSet(ReadViewSet):
    """Rows of a noun that belong to the ticket in the address."""

    @cached_property
    def ticket(self) -> Ticket:
        """The ticket, if the member may see it."""
        ticket: Ticket = self.one(Ticket.objects.visible_to(self.member), self.kwargs["pk"])
        return ticket

    def rows(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = self.model.objects.filter(ticket_id=self.ticket.pk)
        return rows
