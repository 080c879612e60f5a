"""What belongs to one ticket: whoever may see the ticket may see it."""

from typing import Any

from django.db.models import QuerySet
from rest_framework.request import Request

from complaints.models import Ticket
from tenancy.viewsets import ReadViewSet


class TicketPartViewSet(ReadViewSet):
    """Rows of a noun that belong to the ticket in the address."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        # Before the body is looked at: to a ticket that is not there nothing can be said.
        visible = Ticket.objects.visible_to(self.member)
        self.ticket: Ticket = self.one(visible, self.kwargs["pk"])

    def rows(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = self.model.objects.filter(ticket_id=self.ticket.pk)
        return rows
