"""“Reported already – add me”: an owner joins a matter that a neighbour has filed.

What one neighbour learns of another's ticket is what anybody in the stairwell could know: what it
is about, the building, since when, how far it is and what was promised. Nobody's words, pictures,
name or door.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _, gettext_noop

from complaints.models import (
    Category,
    ComplaintClass,
    Deadline,
    Kind,
    PromiseKind,
    Supporter,
    Ticket,
)
from complaints.services.lifecycle import claim
from complaints.services.news import supported_path
from notifications.models import Kind as News
from notifications.services.telling import Telling, tell_many
from owners.models import Building, Owner, Unit
from tenancy.models import Community, Membership
from tenancy.services.actor import Actor
from tenancy.services.audit import record
from tenancy.services.refusal import Refused

# What is older has to be said anew: it may long be something else.
KNOWN_FOR = timedelta(days=14)
MOST_SHOWN = 3
# In a building of one or two homes everybody knows whose ticket it is.
CROWD = 3
# What several homes can have in common; a bill, or how somebody was spoken to, is one's own.
SHARED = Q(kind=Kind.REPAIR) | Q(
    kind=Kind.COMPLAINT,
    category__complaint_class__in=(ComplaintClass.FACILITIES, ComplaintClass.INCIDENT),
)


class NotNear(Refused):
    """Not a matter that this person could have in common: elsewhere, their own, done, or old."""

    code = "not_near"
    sentence = _("This matter is no longer open, or not near your home. Please tell us yourself.")


def joinable(me: Membership, now: datetime) -> QuerySet[Ticket]:
    """The open matters of others in one's own building, or of the whole community.

    Homes are asked for first: with their few ids in it, the question is answered by `ticket_near`.
    """
    homes = list(Unit.objects.lived_in_by(me).values_list("building_id", "community_id"))
    buildings = (
        Building.objects.filter(id__in={building for building, _community in homes})
        .annotate(size=Count("units"))
        .filter(size__gte=CROWD)
    )
    around = Q(unit=None) | Q(unit__building_id__in=list(buildings.values_list("id", flat=True)))
    mine = Owner.objects.filter(membership_id=me.pk).values_list("id", flat=True)
    found: QuerySet[Ticket] = (
        Ticket.objects.open()
        .filter(community_id__in={community for _building, community in homes})
        .filter(around, SHARED, created_at__gte=now - KNOWN_FOR)
        .exclude(owner_id__in=list(mine))
    )
    return found


def known_near(
    *, category: Category, place: Unit | Community, me: Membership, now: datetime
) -> list[Ticket]:
    """What is known already of the same kind around a place, the newest first."""
    here = Q(unit=None)
    community_id = place.pk
    if isinstance(place, Unit):
        here |= Q(unit__building_id=place.building_id)
        community_id = place.community_id
    rows = joinable(me, now).filter(here, community_id=community_id, category_id=category.pk)
    mine = Supporter.objects.visible_to(me).filter(ticket_id=OuterRef("id"))
    return list(
        rows.annotate(
            promised_at=resolution_due(),
            others=supporters_of(OuterRef("id")),
            is_joined=Exists(mine),
        )
        .select_related("category", "community", "unit__building")
        .order_by("-created_at", "-id")[:MOST_SHOWN]
    )


def resolution_due(ticket: Any = None, cycle: Any = None) -> Subquery:
    """When a ticket is to be solved, as long as that promise stands."""
    unmet = Deadline.objects.unmet().filter(
        ticket_id=ticket or OuterRef("id"),
        cycle=cycle or OuterRef("cycle"),
        promise=PromiseKind.RESOLUTION,
        paused_at=None,
    )
    return Subquery(unmet.values("due_at")[:1])


def supporters_of(ticket: Any) -> Coalesce:
    """How many others have said that they wait for a ticket too."""
    rows = Supporter.objects.filter(ticket_id=ticket).order_by().values("ticket_id")
    return Coalesce(Subquery(rows.annotate(n=Count("id")).values("n")), 0)


@transaction.atomic
def join(*, ticket: Ticket, by: Actor, now: datetime) -> Supporter:
    """Wait for somebody else's ticket too. Joining twice is joining once."""
    ticket = claim(ticket)
    me = by.membership
    if me is None or not joinable(me, now).filter(pk=ticket.pk).exists():
        raise NotNear
    supporter: Supporter
    supporter, is_new = Supporter.objects.get_or_create(
        ticket=ticket,
        owner=Owner.objects.get(membership_id=me.pk),
        defaults={"joined_at": now},
    )
    if is_new:
        record(action="join_ticket", subject=ticket, by=by, now=now)
    return supporter


@transaction.atomic
def leave(*, supporter: Supporter, by: Actor, now: datetime) -> None:
    """Wait no longer."""
    record(action="leave_ticket", subject=supporter.ticket, by=by, now=now)
    supporter.delete()


def tell_supporters(*, ticket: Ticket, now: datetime) -> None:
    """Tell those who waited too that it has been solved."""
    rows = (
        Supporter.objects.filter(ticket_id=ticket.pk, owner__membership__isnull=False)
        .select_related("owner")
        .order_by("id")
    )
    tell_many(
        [
            Telling(
                recipients=[row.owner.membership_id],
                kind=News.PROGRESS,
                message=gettext_noop("What you reported together with others is done: %(matter)s"),
                path=supported_path(ticket.company.slug, row.pk),
                dedupe_key=f"{ticket.pk}:supported:{ticket.cycle}",
                params={"matter": ticket.category.name},
            )
            for row in rows
        ],
        now=now,
    )
