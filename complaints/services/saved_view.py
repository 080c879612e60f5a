"""Keeping views of the queue: one's own, and those that are shared with everybody."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from complaints.models import SavedView
from tenancy.models import Membership
from tenancy.permissions import Can
from tenancy.services.actor import Actor
from tenancy.services.refusal import Refused

MOST = 20  # of one member: more are no help, and each is counted when the queue is shown
LONGEST_QUERY = 500


class NameTaken(Refused):
    """Two views of one member under one name."""

    code = "name_taken"
    sentence = _("You have a view called “%(name)s” already.")


class TooManyViews(Refused):
    """More views than anybody looks at."""

    code = "too_many_views"
    sentence = _("You keep %(most)s views already. Delete one first.")


class NotYourView(Refused):
    """Somebody else's view, or sharing without being allowed to."""

    code = "not_your_view"
    sentence = _("Only supervisors and those above share views or change shared ones.")


class TooLong(Refused):
    """Filters that nobody has chosen by hand."""

    code = "filters_too_long"
    sentence = _("These filters are too long to be kept.")


def may_change(view: SavedView, membership: Membership) -> bool:
    """Whether a member may rename, move, share or delete a view."""
    return view.membership_id == membership.pk or (
        view.is_shared and membership.can(Can.SHARE_VIEWS)
    )


@transaction.atomic
def save_view(
    *, name: str, query: str, by: Actor, now: datetime, is_shared: bool = False
) -> SavedView:
    """Keep these filters under a name, below the views that are there."""
    member = _alone(by)
    mine = list(SavedView.objects.filter(membership_id=member.pk))
    if len(mine) >= MOST:
        raise TooManyViews(most=MOST)
    if len(query) > LONGEST_QUERY:
        raise TooLong
    _check(member, name, is_shared, others=mine)
    place = max((view.position for view in mine), default=-1) + 1
    view = SavedView(membership=member, name=name, query=query, is_shared=is_shared, position=place)
    view.save(force_insert=True)
    return view


@transaction.atomic
def change_view(
    *, view: SavedView, name: str, is_shared: bool, by: Actor, now: datetime
) -> SavedView:
    """Call a view something else, or let others see it (no longer)."""
    member = _alone(by)
    if not may_change(view, member):
        raise NotYourView
    others = SavedView.objects.filter(membership_id=view.membership_id).exclude(pk=view.pk)
    _check(member, name, is_shared and not view.is_shared, others=list(others))
    view.name, view.is_shared = name, is_shared
    view.save(update_fields=["name", "is_shared"])
    return view


@transaction.atomic
def move_view(*, view: SavedView, step: int, by: Actor, now: datetime) -> SavedView:
    """Put a view before (-1) or behind (1) its neighbour of the same lot."""
    member = _alone(by)
    if not may_change(view, member):
        raise NotYourView
    lot = SavedView.objects.filter(is_shared=view.is_shared)
    if not view.is_shared:
        lot = lot.filter(membership_id=member.pk)
    rows = list(lot.select_for_update(of=("self",)).in_order())
    place = next(index for index, row in enumerate(rows) if row.pk == view.pk)
    target = min(max(place + (1 if step > 0 else -1), 0), len(rows) - 1)
    rows.insert(target, rows.pop(place))
    for index, row in enumerate(rows):
        row.position = index
    SavedView.objects.bulk_update(rows, ["position"])
    moved: SavedView = rows[target]
    return moved


@transaction.atomic
def delete_view(*, view: SavedView, by: Actor, now: datetime) -> None:
    """Forget a view; the tickets stay as they are."""
    if not may_change(view, _alone(by)):
        raise NotYourView
    view.delete()


def _alone(by: Actor) -> Membership:
    """Whoever does it, their row locked, so that two tabs cannot both be the first."""
    member: Membership = (
        Membership.objects.select_for_update(of=("self",), no_key=True)
        .filter(pk=by.membership_id)
        .get()
    )
    return member


def _check(member: Membership, name: str, is_shared: bool, *, others: list[SavedView]) -> None:
    if is_shared and not member.can(Can.SHARE_VIEWS):
        raise NotYourView
    if any(each.name == name for each in others):
        raise NameTaken(name=name)
