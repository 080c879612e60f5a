"""What the portal does for the benchmark of invitations: opens a wave, relays its letters."""

import resource
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

from notifications.models import Delivery, Mailing
from notifications.services.relaying import relay
from owners.models import Building, Owner, Ownership, Unit
from owners.services.personal import index
from surveys.models import Invitation
from surveys.services.survey import create_survey
from surveys.services.wave import open_wave, plan_wave
from tenancy.models import Community, Company, Membership, User
from tenancy.permissions import Role
from tenancy.scope import company_scope
from tenancy.services.actor import MACHINE

# At ten in the morning in the company's zone, so that no letter waits for day.
NOW = datetime(2026, 11, 10, 2, 0, tzinfo=UTC)
DOCUMENT = {
    "sections": [{"title": "服务", "questions": [{"kind": "rating", "text": "报修处理及时吗？"}]}]
}
DEAD = "+86170"  # what the stub refuses
ALIVE = "+86139"
TENTH = 10


def homes(slug: str, homes: int) -> None:
    """Homes with a telephone each: every tenth is dead, and half of those have an e-mail address.

    Every tenth has an account as well, with an e-mail address that works.
    """
    with company_scope(Company.objects.get(slug=slug).pk):
        units = rooms(homes)
        members = iter(accounts(homes // TENTH))
        owners = []
        for number in range(homes):
            is_dead = number % TENTH == 0
            phone = f"{DEAD if is_dead else ALIVE}{number:08}"
            owners.append(
                Owner(
                    name=f"业主{number}",
                    phone=phone,
                    phone_index=index(phone),
                    email=f"{number}@example.com" if number % (2 * TENTH) == 0 else "",
                    membership=next(members) if number % TENTH == 1 else None,
                )
            )
        Owner.objects.bulk_create(owners, batch_size=2000)
        Ownership.objects.bulk_create(
            (Ownership(owner=owner, unit=unit) for owner, unit in zip(owners, units, strict=True)),
            batch_size=2000,
        )


def rooms(count: int) -> list[Unit]:
    """So many homes in buildings of a hundred."""
    community = Community.objects.create(name="两万户")
    places = Building.objects.bulk_create(
        Building(community=community, name=f"{number}栋") for number in range(-(-count // 100))
    )
    units = [
        Unit(
            building=places[number // 100],
            community=community,
            number=str(number),
            label=str(number),
        )
        for number in range(count)
    ]
    return list(Unit.objects.bulk_create(units, batch_size=2000))


def accounts(count: int) -> list[Membership]:
    users = User.objects.bulk_create(
        User(username=f"letters{number}", email=f"letters{number}@example.com")
        for number in range(count)
    )
    return list(
        Membership.objects.bulk_create(
            Membership(user=user, name=user.username, roles=[Role.OWNER.value]) for user in users
        )
    )


def invite(slug: str) -> dict[str, Any]:
    """Open a wave for everybody: until the outbox is committed, and what of memory it took."""
    with company_scope(Company.objects.get(slug=slug).pk):
        asked = create_survey(title="信函", document=DOCUMENT, by=MACHINE, now=NOW)
        wave = plan_wave(
            survey=asked, name="一", opens_on=NOW.date(), today=NOW.date(),
            closes_on=NOW.date() + timedelta(days=13), by=MACHINE, now=NOW,
        )  # fmt: skip
    before, began = peak(), time.perf_counter()
    with company_scope(wave.company_id):
        wave = open_wave(wave=wave, by=MACHINE, now=NOW)
    seconds = time.perf_counter() - began
    with company_scope(wave.company_id):
        ways = Counter(Invitation.objects.filter(wave=wave).values_list("told_by", flat=True))
    return {
        "wave": str(wave.pk), "company": str(wave.company_id), "invited": wave.invited,
        "seconds": seconds, "megabytes": peak() - before, "ways": dict(ways),
    }  # fmt: skip


def peak() -> float:
    """The most memory this process has had, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def send() -> dict[str, Any]:
    """A pass of the relay, until nothing is due."""
    return asdict(relay(now=NOW + timedelta(minutes=1), batch=100))


def letters(slug: str) -> dict[str, int]:
    """What has become of them, by channel and state."""
    with company_scope(Company.objects.get(slug=slug).pk):
        rows = Delivery.objects.values_list("channel", "state")
        found = Counter(f"{channel} {state}" for channel, state in rows)
        return {"mailings": Mailing.objects.count(), **found}


ASKED: dict[str, Callable[..., Any]] = {
    "homes": homes,
    "invite": invite,
    "send": send,
    "letters": letters,
}
