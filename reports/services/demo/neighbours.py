"""What the demo's own owner shares with others: two homes, a family, and a lift that stands."""

from datetime import datetime, timedelta

from django.db import connection
from django.db.models import QuerySet

from complaints.models import EventKind, Supporter, Ticket
from complaints.models.ticket import OPEN
from complaints.services.supporting import joinable
from complaints.services.timeline import write
from owners.models import Owner, Ownership, OwnershipRole, Unit
from owners.services.archive import describe
from reports.services.demo.company import Blueprint
from reports.services.demo.people import staff_phone
from tenancy.models import Membership
from tenancy.services.actor import Actor, Via

DAUGHTER = 998  # her telephone number, beyond those of staff
MOST_WAITING = 4
QUESTION = "师傅今天下午三点到，您家里有人吗？"


def add_neighbours(blueprint: Blueprint, account: Membership, *, now: datetime) -> None:
    """Everything around the owner that takes more than one person."""
    with connection.cursor() as cursor:
        # Of what this very transaction has written the database can know no numbers: row by row
        # takes minutes, and what refreshes them afterwards comes too late.
        cursor.execute("SET LOCAL enable_nestloop = off")
    owner = Owner.objects.get(membership_id=account.pk)
    home = Ownership.objects.current().filter(owner=owner).select_related("unit")[0].unit
    second_home(owner, home, now)
    family(blueprint, owner, home, now)
    wait_together(account, owner, home, now)
    ask(owner, now)


def second_home(owner: Owner, home: Unit, now: datetime) -> None:
    """A flat for the parents, in another building."""
    others = Unit.objects.filter(community_id=home.community_id).exclude(
        building_id=home.building_id
    )
    other = others.order_by("label").first()
    if other is not None:
        since = (now - timedelta(days=700)).date()
        Ownership.objects.create(owner=owner, unit=other, role=OwnershipRole.CO_OWNER, since=since)


def family(blueprint: Blueprint, owner: Owner, home: Unit, now: datetime) -> None:
    """A daughter, who has not signed in yet."""
    phone = staff_phone(blueprint.block, DAUGHTER)
    daughter = describe(Owner(), name=blueprint.daughter, phone=phone)
    daughter.save(force_insert=True)
    since = (now - timedelta(days=90)).date()
    Ownership.objects.create(owner=daughter, unit=home, role=OwnershipRole.FAMILY, since=since)


def wait_together(account: Membership, owner: Owner, home: Unit, now: datetime) -> None:
    """The owner waits for a neighbour's lift, and neighbours for the owner's roof."""
    near = joinable(account, now).order_by("-created_at", "-id").first()
    mine = own_open(owner).last()
    ties = Ownership.objects.current().filter(unit__building_id=home.building_id)
    neighbours = Owner.objects.filter(id__in=ties.values("owner_id")).exclude(id=owner.pk)
    rows = [Supporter(ticket=near, owner=owner, joined_at=now)] if near else []
    if mine is not None:
        rows += [
            Supporter(ticket=mine, owner=each, joined_at=now)
            for each in neighbours.order_by("sort_key", "id")[:MOST_WAITING]
        ]
    Supporter.objects.bulk_create(rows)


def ask(owner: Owner, now: datetime) -> None:
    """A handler has written and waits for an answer."""
    ticket = own_open(owner).exclude(assignee=None).first()
    if ticket is not None:
        by = Actor(ticket.assignee, Via.PAGE)
        write(ticket=ticket, kind=EventKind.COMMENTED, by=by, now=now, text=QUESTION)


def own_open(owner: Owner) -> QuerySet[Ticket]:
    return Ticket.objects.filter(owner=owner, status__in=OPEN).order_by("created_at", "id")
