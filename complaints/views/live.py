"""What pages that stay open are told: that something changed, and who else is there.

The stream itself is served by the event loop (`config.live`). It asks this page whether it may be
opened, and again every minute, so that the walls stand in one place.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from complaints.models import Ticket
from complaints.services.changes import (
    MOST,
    OVERLAP,
    Change,
    changes_after,
    floor_of,
    moment_of,
    visible_tickets,
)
from complaints.services.presence import WRITES, note_presence
from tenancy.models import Membership
from tenancy.pages import DetailPage, Page
from tenancy.permissions import Can

# Under this name the event loop lays a list into the request, for the grant.
OFFER = "portal.stream"
LONGEST_WINDOW = 40
LONGEST_SECOND = 11  # digits
# Who has been away for longer looks at the list anew.
LONGEST_MINUTES = 10


@dataclass(frozen=True, slots=True)
class Grant:
    """A member may listen, and may say that they have this ticket open."""

    company: UUID
    member: Membership
    ticket: UUID | None


def identity(text: str) -> UUID | None:
    """An id, or nothing."""
    try:
        return UUID(text)
    except ValueError:
        return None


def place_of(text: str) -> UUID | None:
    """Where somebody goes on: after an event, or from a second (of Unix) on."""
    if text.isascii() and text.isdecimal() and len(text) <= LONGEST_SECOND:
        return floor_of(datetime.fromtimestamp(int(text), UTC))
    return identity(text)


def told(changes: list[Change], me: Membership, visible: frozenset[UUID]) -> list[dict[str, Any]]:
    """The changes that this member may know of, as the page reads them."""
    return [
        {
            "event": str(each.event),
            "ticket": str(each.ticket),
            "kind": each.kind,
            "by": each.name,
            "mine": each.by == me.pk,
        }
        for each in changes
        if each.ticket in visible
    ]


class LivePage(Page):
    """Whether a member may listen. Where no event loop serves, there is nothing to listen to, and
    the page asks for news instead."""

    needs = Can.READ_QUEUE
    http_method_names = ["get"]

    def get(self, *args: Any, **kwargs: Any) -> HttpResponse:
        grant = Grant(self.request.company.pk, self.me, self.ticket())
        offered = self.request.META.get(OFFER)
        if offered is None:
            return HttpResponse(status=204)
        offered.append(grant)
        return HttpResponse()

    def ticket(self) -> UUID | None:
        """The ticket that the member has open."""
        asked = self.request.GET.get("ticket", "")
        if not asked:
            return None
        pk = identity(asked)
        if pk is None or not Ticket.objects.visible_to(self.me).filter(pk=pk).exists():
            raise Http404(_("There is nothing here."))
        return pk


class NewsPage(Page):
    """The same news for pages that no stream reaches: asked for every half minute."""

    needs = Can.READ_QUEUE
    http_method_names = ["get"]

    @cached_property
    def since(self) -> UUID:
        """After which event; without one, or after a long time, from now on."""
        return place_of(self.request.GET.get("since", "")) or floor_of(self.now)

    def get(self, *args: Any, **kwargs: Any) -> HttpResponse:
        away = self.now - moment_of(self.since, self.now)
        if away.total_seconds() > LONGEST_MINUTES * 60:
            return self.answer([], many=True)
        # Some of it may have been told before: the page knows which tickets it has marked.
        changes = changes_after(floor_of(moment_of(self.since, self.now) - OVERLAP))
        return self.answer(changes, many=len(changes) == MOST)

    def answer(self, changes: list[Change], *, many: bool) -> HttpResponse:
        tickets = list({each.ticket for each in changes})
        visible = visible_tickets([self.me], tickets)[self.me.pk] if tickets else frozenset()
        after = str(floor_of(self.now))
        return JsonResponse(
            {"after": after, "many": many, "changes": told(changes, self.me, visible)}
        )


class WritingPage(DetailPage):
    """Somebody writes on a ticket: those who have it open too are told."""

    needs = Can.READ_QUEUE
    model = Ticket
    http_method_names = ["post"]

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        note_presence(
            company=self.request.company.pk,
            ticket=self.row.pk,
            member=self.me,
            window=self.request.POST.get("window", "")[:LONGEST_WINDOW],
            state=WRITES,
        )
        return HttpResponse(status=204)
