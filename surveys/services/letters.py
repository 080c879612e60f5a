"""Telling whoever is invited: in their inbox, by SMS, by e-mail, or else on paper and by telephone.

A letter is written before anybody has answered, and says nothing of an answer. Its link is in no
table in clear: an inbox leads to a page that knows whose it is, a mailing's link is encrypted.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_noop

from notifications.models import Kind
from notifications.services.mailing import Mail, mail_many
from notifications.services.taking_back import (
    lay_aside,
    letters_about,
    news_leading_to,
    take_back,
)
from notifications.services.telling import Telling, tell_many
from surveys.models import Invitation, Stage, Wave
from surveys.services.inviting import secret_of
from surveys.services.reaching import Found, Person, find
from tenancy.models import Company
from tenancy.scope import require_company_id

# So many at a time are in memory.
AT_ONCE = 2000
# Nobody's telephone rings for a survey before or after these.
DAY_BEGINS, DAY_ENDS = time(8), time(21)
# Short: with the company's name and the link it should be one SMS of 70 characters.
ASKED = gettext_noop("Anonymous survey, open until %(closes_on)s: please tell us what you think.")


def way_to_mine(company: Company) -> str:
    """Where the page of an invitation lies, for whoever has an account; its id follows."""
    return f"/{company.slug}/surveys/mine/"


@dataclass(frozen=True)
class Writing:
    """What is said to all of them: of which wave, in which words, and when."""

    wave: Wave
    company: Company
    message: str
    step: str  # of the letters of a wave; each is written once to each of them
    now: datetime

    @property
    def params(self) -> dict[str, Any]:
        return {"title": self.wave.survey.title, "closes_on": self.wave.closes_on}

    def key(self, invitation: Invitation) -> str:
        return f"survey:{invitation.pk}:{self.step}"

    def telling(self, invitation: Invitation, member_id: UUID) -> Telling:
        """A line in an inbox; it leads to a page that asks who is looking."""
        return Telling(
            recipients=(member_id,),
            kind=Kind.SURVEY,
            message=self.message,
            params=self.params,
            path=f"{way_to_mine(self.company)}{invitation.pk}/",
            dedupe_key=self.key(invitation),
        )

    def mail(self, invitation: Invitation, person: Person) -> Mail:
        """A letter to an address; its link lets in whoever has it."""
        return Mail(
            kind=Kind.SURVEY,
            name=person.name,
            phone=person.phone,
            email=person.email,
            message=self.message,
            params=self.params,
            secret_path=f"/{self.company.slug}/s/{secret_of(invitation)}/",
            subject_id=self.wave.pk,
            reference_id=invitation.pk,
            dedupe_key=self.key(invitation),
        )


@transaction.atomic
def write_invitations(*, wave: Wave, now: datetime) -> int:
    """Write to everybody who is invited, once; how many can be reached that way."""
    wave = Wave.objects.select_for_update(of=("self",), no_key=True).get(pk=wave.pk)
    if wave.stage != Stage.OPEN or wave.told_on is not None:
        return 0
    company = Company.objects.get(pk=require_company_id())
    writing = Writing(wave, company, ASKED, "asked", now)
    count = write(writing, Invitation.objects.filter(wave=wave), is_first=True)
    wave.told_on = now.astimezone(ZoneInfo(company.zone)).date()
    wave.save(update_fields=["told_on"])
    return count


def write(writing: Writing, invitations: QuerySet[Any], *, is_first: bool = False) -> int:
    """Write to these, a part at a time; to how many."""
    due_at = leaves_at(writing.now, ZoneInfo(writing.company.zone))
    count = 0
    for part in in_parts(invitations):
        found = find(part)
        members = [(each.invitation, each.membership_id) for each in found if each.membership_id]
        tell_many([writing.telling(*each) for each in members], writing.now)
        mails = [writing.mail(each.invitation, each.person) for each in found if each.person]
        mail_many(mails, now=writing.now, due_at=due_at)
        if is_first:
            note_ways(found)
        count += sum(bool(each.membership_id or each.person) for each in found)
    return count


def in_parts(invitations: QuerySet[Any]) -> Iterator[list[Invitation]]:
    """The invitations, so many at a time."""
    last = UUID(int=0)
    rows = invitations.only("wave_id", "unit_id", "owner_id", "membership_id", "company_id")
    while part := list(rows.filter(id__gt=last).order_by("id")[:AT_ONCE]):
        yield part
        last = part[-1].pk


def note_ways(found: list[Found]) -> None:
    """Write down by which way each was told; who could not be is called, or gets paper."""
    ways: dict[str, list[UUID]] = {}
    for each in found:
        ways.setdefault(each.told_by.value, []).append(each.invitation.pk)
    for way, ids in ways.items():
        Invitation.objects.filter(id__in=ids).update(told_by=way)


def leaves_at(now: datetime, zone: ZoneInfo) -> datetime:
    """When a letter written now may leave: at once, or in the morning."""
    here = now.astimezone(zone)
    if here.time() >= DAY_ENDS:
        return datetime.combine(here.date() + timedelta(days=1), DAY_BEGINS, zone)
    return now if here.time() >= DAY_BEGINS else datetime.combine(here.date(), DAY_BEGINS, zone)


@transaction.atomic
def withdraw(*, wave: Wave) -> int:
    """Take back what still waits: for those who have answered, and for all once it has closed.

    With every pass of the machine, and never at the moment of an answer: what disappears then
    would tell when it came. What a pass takes back disappears all at once, of everybody who has
    answered since the last one, and nothing is written of it, neither when nor whose. So it
    tells no more than the invitations, which say who has answered by now. What was given up
    stands with a name on the page of dead letters: taken away from there after an answer, it
    would tell the reader who answered. It is laid aside for all alike, at the close.
    """
    wave = Wave.objects.get(pk=wave.pk)
    invitations = Invitation.objects.filter(wave=wave)
    is_over = wave.stage != Stage.OPEN
    if not is_over:
        invitations = invitations.filter(is_used=True)
    kinds = (
        letters_about(wave.pk, None if is_over else invitations.values("id")),
        news_leading_to(Kind.SURVEY, pages_of(invitations)),
    )
    if is_over:
        for each in kinds:
            lay_aside(each)
    return sum(take_back(each) for each in kinds)


def pages_of(invitations: QuerySet[Any]) -> QuerySet[Any]:
    """Where these invitations are answered by whoever has an account."""
    company = Company.objects.get(pk=require_company_id())
    parts = (Value(way_to_mine(company)), Cast("id", TextField()), Value("/"))
    page = Concat(*parts, output_field=TextField())
    found: QuerySet[Any] = invitations.annotate(page=page).values("page")
    return found
