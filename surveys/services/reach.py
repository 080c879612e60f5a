"""How far the letters of a wave have come, and who could not be reached."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, Exists, Min, OuterRef, Q, QuerySet, Value, When

from notifications.models import Channel, Delivery, DeliveryState
from surveys.models import Invitation, ToldBy, Wave
from surveys.services.house_order import BUILDINGS
from surveys.services.live import told_buildings
from tenancy.models import Membership

SENT, WAITING, DEAD = range(3)
# Buildings as people go past them.
ORDER = ("building__community__name", *BUILDINGS)
BEST = Case(
    When(state=DeliveryState.SENT, then=Value(SENT)),
    When(state=DeliveryState.WAITING, then=Value(WAITING)),
    default=Value(DEAD),
)


@dataclass(frozen=True, slots=True)
class Sent:
    """How far the letters of one channel have come; each home counts once, by its best."""

    sent: int
    waiting: int
    dead: int


@dataclass(frozen=True, slots=True)
class Reach:
    """By which ways the invited were told. Who is told by two ways counts in both."""

    portal: int
    sms: Sent
    email: Sent
    # Of those who have not answered: neither told in the portal nor by a letter that arrived.
    unreachable: int


@dataclass(frozen=True, slots=True)
class Place:
    """A building, and how many of its homes are still to be asked.

    How many of them have answered follows from these, so where that is not told (`live`), they
    are not either: None.
    """

    id: UUID
    name: str
    community: str
    invited: int
    unanswered: int | None
    unreachable: int | None


def seen_by(wave: Wave, member: Membership) -> QuerySet[Any]:
    """The invitations of a wave that a member may see: of their communities."""
    rows: QuerySet[Any] = Invitation.objects.filter(wave=wave)
    if member.all_communities:
        return rows
    return rows.filter(building__community_id__in=member.community_ids())


def reach_of(*, wave: Wave, member: Membership) -> Reach:
    """How the letters of a wave stand; four questions, served by `mailing_about`."""
    seen = seen_by(wave, member)
    letters = Delivery.objects.filter(
        mailing__subject_id=wave.pk, mailing__reference_id__in=seen.values("id")
    )
    best = letters.values("mailing__reference_id", "channel").annotate(best=Min(BEST))
    counts = best.aggregate(
        **{
            f"{channel}_{number}": Count("channel", filter=Q(channel=channel, best=number))
            for channel in Channel.values
            for number in (SENT, WAITING, DEAD)
        }
    )
    sent = {
        channel: Sent(*(counts[f"{channel}_{number}"] for number in (SENT, WAITING, DEAD)))
        for channel in Channel.values
    }
    return Reach(
        portal=seen.filter(told_by=ToldBy.INBOX).count(),
        sms=sent[Channel.SMS],
        email=sent[Channel.EMAIL],
        unreachable=unreachable(wave=wave, member=member).count(),
    )


def unreachable(*, wave: Wave, member: Membership) -> QuerySet[Any]:
    """Who has not answered and could not be told: to be called, or asked on paper."""
    return seen_by(wave, member).filter(cannot_be_reached(wave), is_used=False)


def cannot_be_reached(wave: Wave) -> Q:
    """There was nobody to write to, or nothing that was written arrived or still may."""
    arrived = Delivery.objects.filter(
        mailing__subject_id=wave.pk,
        mailing__reference_id=OuterRef("pk"),
        state__in=(DeliveryState.SENT, DeliveryState.WAITING),
    )
    written = Q(told_by__in=(ToldBy.SMS, ToldBy.EMAIL))
    return Q(told_by=ToldBy.NOBODY) | (written & Q(~Exists(arrived)))


def places_of(*, wave: Wave, member: Membership) -> list[Place]:
    """The buildings of a wave in the order of the house numbers; three questions."""
    told = told_buildings(wave, member)
    rows = (
        seen_by(wave, member)
        .exclude(building=None)
        .values_list("building_id", "building__name", "building__community__name")
    )
    counted = rows.annotate(
        invited=Count("id"),
        unanswered=Count("id", filter=Q(is_used=False)),
        unreachable=Count("id", filter=cannot_be_reached(wave) & Q(is_used=False)),
    )
    found = [Place(*row) for row in counted.order_by(*ORDER)]
    return [
        each if each.id in told else replace(each, unanswered=None, unreachable=None)
        for each in found
    ]
