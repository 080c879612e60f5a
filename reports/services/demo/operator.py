"""Who runs the demo's platform, and the one time they looked into each company."""

from datetime import datetime, timedelta

from tenancy.models import Company, Membership, PlatformAccess, User
from tenancy.permissions import Role
from tenancy.services.access import PAGE
from tenancy.services.actor import Actor, Via
from tenancy.services.audit import record

ACCOUNT, NAME = "operator", "平台运营 林岚"
REASON = "贵公司来电反映：回访清单打开很慢，协助排查"
PAGES = ("queue/", "calls/", "late/")


def operator(password_hash: str) -> User:
    """The account, made once for all companies."""
    facts = {
        "name": NAME,
        "email": "operator@portal.example",
        "password": password_hash,
        "is_staff": True,
        "is_superuser": True,
    }
    user, _made = User.objects.get_or_create(username=ACCOUNT, defaults=facts)
    return user


def look_once(company: Company, user: User, now: datetime) -> None:
    """The day before yesterday, for 20 minutes of the hour that was given."""
    began = now - timedelta(days=2, minutes=50)
    left = began + timedelta(minutes=20)
    member = Membership(user=user, name=NAME, roles=[Role.PLATFORM.value], ends_at=left)
    member.save(force_insert=True)
    access = PlatformAccess(
        membership=member,
        reason=REASON,
        began_at=began,
        until=began + timedelta(hours=1),
        ended_at=left,
        ended_by=member,
    )
    access.save(force_insert=True)
    by = Actor(member, Via.PAGE, "203.0.113.8")
    record(action="platform_enter", subject=access, by=by, now=began, reason=REASON)
    for number, page in enumerate(PAGES, start=1):
        at = began + timedelta(minutes=5 * number)
        record(action=PAGE, subject=access, by=by, now=at, page=f"/{company.slug}/{page}")
    record(action="platform_leave", subject=access, by=by, now=left, reason=REASON)
