"""By which ways a person is told, beside their inbox."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db import transaction

from notifications.models import Channel, Kind, Preference
from tenancy.models import Membership

# Everything goes by e-mail until they say otherwise; an SMS costs money, so it is asked for.
BY_DEFAULT: dict[str, frozenset[str]] = {kind: frozenset({Channel.EMAIL}) for kind in Kind.values}
FOR_OWNERS = frozenset({Kind.PROGRESS, Kind.MESSAGE, Kind.SURVEY})

Wish = tuple[UUID, str, str]


def is_wanted(wishes: Mapping[Wish, bool], member_id: UUID, kind: str, channel: str) -> bool:
    """Whether this person wants this kind by this channel: their own word, else the default."""
    return wishes.get((member_id, kind, channel), channel in BY_DEFAULT.get(kind, ()))


def wishes_of(member_ids: Iterable[UUID]) -> dict[Wish, bool]:
    """What these members have said themselves, in one query."""
    rows = Preference.objects.filter(membership_id__in=set(member_ids))
    return {
        (member_id, kind, channel): wanted
        for member_id, kind, channel, wanted in rows.values_list(
            "membership_id", "kind", "channel", "wanted"
        )
    }


def kinds_for(membership: Membership) -> list[Kind]:
    """What a member can choose to be told: owners about their own tickets, staff about their work.

    Both are asked for their opinion.

    What concerns their own place in the company, and who of the platform looks into it, is told
    in any case.
    """
    own = {Kind.MESSAGE, Kind.SURVEY} | (set(Kind) - {Kind.MEMBERSHIP, Kind.PLATFORM} - FOR_OWNERS)
    return [kind for kind in Kind if kind in (own if membership.is_staff else FOR_OWNERS)]


def preferences_of(membership: Membership) -> dict[tuple[str, str], bool]:
    """By which channels a member is told what, the defaults included."""
    wishes = wishes_of([membership.id])
    return {
        (kind, channel): is_wanted(wishes, membership.id, kind, channel)
        for kind in Kind.values
        for channel in Channel.values
    }


@transaction.atomic
def set_preferences(*, membership: Membership, wanted: Mapping[tuple[str, str], bool]) -> None:
    """Take down a member's own wishes: (kind, channel) → wanted. The last word counts."""
    Preference.objects.bulk_create(
        [
            Preference(membership=membership, kind=kind, channel=channel, wanted=yes)
            for (kind, channel), yes in sorted(wanted.items())
        ],
        update_conflicts=True,
        unique_fields=["company", "membership", "kind", "channel"],
        update_fields=["wanted"],
    )
