"""Handing many tickets over at once: a colleague is ill, a department drowns."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _, gettext_noop

from complaints.models import EventKind, Ticket
from complaints.services.handing_over import Receiver, change, has_it_already
from complaints.services.news import facts, path_of, queue_path
from complaints.services.timeline import Line, write_many
from notifications.models import Kind
from notifications.services.telling import Telling, tell_many
from tenancy.models import Department, Membership
from tenancy.services.actor import Actor
from tenancy.services.audit import record
from tenancy.services.refusal import Refused

MOST_AT_ONCE = 500


class TooMany(Refused):
    """More tickets than one hand-over takes."""

    code = "too_many"
    sentence = _("At most %(most)s tickets can be handed over at once.")


@dataclass(slots=True)
class HandedOver:
    """What became of each ticket: gone, there already, refused and why, or not to be seen."""

    moved: list[Ticket] = field(default_factory=list)
    unchanged: list[Ticket] = field(default_factory=list)
    refused: list[tuple[Ticket, Refused]] = field(default_factory=list)
    missing: list[UUID] = field(default_factory=list)


@transaction.atomic
def reassign_many(
    *,
    tickets: Collection[UUID],
    department: Department | None,
    assignee: Membership | None,
    by: Actor,
    now: datetime,
    note: str = "",
    insist: bool = False,
) -> HandedOver:
    """Hand these tickets to a department, or to a person (of it); each on its own terms.

    What cannot go is named with its reason, the others go. Sent twice it happens once: what lies
    there already is left alone, and nobody hears of it again. `insist` gives tickets even to
    somebody who is away; `note` is written beside each ticket, for staff.
    """
    wanted = set(tickets)
    if len(wanted) > MOST_AT_ONCE:
        raise TooMany(most=MOST_AT_ONCE)
    to = Receiver(department, assignee)
    if not insist:
        to.make_sure_is_here(now=now, by=by)
    claimed = claim_many(wanted, by)
    outcome = HandedOver(missing=sorted(wanted - {ticket.pk for ticket in claimed}))
    handlers = {ticket.pk: ticket.assignee_id for ticket in claimed}
    lines: list[Line] = []
    for ticket in claimed:
        lines += _move(ticket, to, outcome, note.strip())
    if outcome.moved:
        Ticket.objects.bulk_update(outcome.moved, ["department", "assignee"])
        write_many(lines, by=by, now=now)
        left = Counter(handlers[ticket.pk] for ticket in outcome.moved)
        _record(outcome.moved, to, by, now)
        tell_many(_tellings(outcome.moved, to, left, by, now), now=now)
    return outcome


def claim_many(wanted: Collection[UUID], by: Actor) -> list[Ticket]:
    """The tickets that the actor may see, locked in the order of their ids: two people who hand
    over the same ones wait for each other instead of blocking each other."""
    member = by.membership
    rows = Ticket.objects.all() if member is None else Ticket.objects.visible_to(member)
    return list(
        rows.filter(id__in=wanted).order_by("id").select_for_update(of=("self",), no_key=True)
    )


def _move(ticket: Ticket, to: Receiver, outcome: HandedOver, note: str) -> list[Line]:
    """Hand one over, or say why it stays; what its timeline will say."""
    if has_it_already(ticket, to):
        outcome.unchanged.append(ticket)
        return []
    try:
        assigned = change(ticket, to)
    except Refused as refusal:
        outcome.refused.append((ticket, refusal))
        return []
    outcome.moved.append(ticket)
    noted: list[Line] = [(ticket, EventKind.NOTED, {"text": note})] if note else []
    return [(ticket, EventKind.ASSIGNED, assigned), *noted]


def _record(moved: Sequence[Ticket], to: Receiver, by: Actor, now: datetime) -> None:
    subject = to.assignee or to.department
    if subject is not None:
        record(
            action="reassign_many",
            subject=subject,
            by=by,
            now=now,
            count=len(moved),
            tickets=[ticket.number for ticket in moved],
        )


def _tellings(
    moved: Sequence[Ticket],
    to: Receiver,
    left: Counter[UUID | None],
    by: Actor,
    now: datetime,
) -> list[Telling]:
    """One line for whoever gets them, and one for each who had them: not one per ticket."""
    uninvolved = {None, by.membership_id}
    key = f"reassigned:{now.isoformat()}:{moved[0].pk}"
    mine = queue_path(moved[0].company.slug, tab="mine")
    found = []
    if to.assignee is not None and to.assignee.pk not in uninvolved:
        found.append(_received(to.assignee, moved, mine, key))
        uninvolved.add(to.assignee.pk)
    for handler, count in left.items():
        if handler is not None and handler not in uninvolved:
            message = gettext_noop("%(count)s of your tickets lie with %(name)s now.")
            params = {"count": count, "name": to.name}
            found.append(Telling([handler], Kind.ASSIGNED, message, mine, key, params))
    return found


def _received(assignee: Membership, moved: Sequence[Ticket], mine: str, key: str) -> Telling:
    """What whoever gets the tickets reads: of one ticket its title, of several their number."""
    if len(moved) == 1:
        message = gettext_noop("%(number)s was handed to you: %(title)s")
        ticket = moved[0]
        return Telling([assignee.pk], Kind.ASSIGNED, message, path_of(ticket), key, facts(ticket))
    message = gettext_noop("%(count)s tickets were handed to you at once.")
    return Telling([assignee.pk], Kind.ASSIGNED, message, mine, key, {"count": len(moved)})
