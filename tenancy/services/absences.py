"""Who is away, from when until when, and who answers for them meanwhile."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext_lazy as _, pgettext

from tenancy.models import Absence, Company, Membership
from tenancy.permissions import Can
from tenancy.scope import require_company_id
from tenancy.services.actor import Actor
from tenancy.services.audit import record
from tenancy.services.refusal import Refused


class AwayAlready(Refused):
    """Two absences of one person that overlap: which cover counts nobody could say."""

    code = "away_already"
    sentence = _("%(name)s is away from %(starts_on)s until %(ends_on)s already.")


class WrongDays(Refused):
    """An absence that ends before it begins, or is over."""

    code = "wrong_days"
    sentence = _("The last day must not be before the first, nor in the past.")


class WrongCover(Refused):
    """Somebody who cannot answer for the absent one."""

    code = "wrong_cover"
    sentence = _("%(name)s cannot cover: choose somebody else who is here and handles tickets.")


def today(now: datetime) -> date:
    """The date on the company's wall."""
    company: Company = Company.objects.only("zone").get(pk=require_company_id())
    return now.astimezone(ZoneInfo(company.zone)).date()


def spoken(day: date) -> str:
    """A day as one says it, e.g. 11月22日 or 22 Nov."""
    return format_date(day, pgettext("date without year", "j M"))


def away(*, members: Iterable[UUID], now: datetime) -> Mapping[UUID, Absence]:
    """Of these members those who are away today."""
    rows = Absence.objects.on(today(now)).filter(membership_id__in=list(members))
    return {row.membership_id: row for row in rows.select_related("membership", "covered_by")}


def covers(*, now: datetime) -> dict[UUID, UUID | None]:
    """Who is away today, and who answers for each: the cover who is here, following on where a
    cover is away as well; None where that leads to nobody."""
    rows = Absence.objects.on(today(now)).values_list("membership_id", "covered_by_id")
    named: dict[UUID, UUID | None] = dict(rows)
    return {absent: _who_is_here(absent, named) for absent in named}


def _who_is_here(absent: UUID, named: Mapping[UUID, UUID | None]) -> UUID | None:
    asked = {absent}
    cover = named[absent]
    while cover is not None and cover in named and cover not in asked:
        asked.add(cover)
        cover = named[cover]
    return None if cover in asked else cover


@transaction.atomic
def set_absence(
    *,
    membership: Membership,
    starts_on: date,
    ends_on: date,
    covered_by: Membership | None,
    by: Actor,
    now: datetime,
) -> Absence:
    """Write down that somebody is away, and who covers."""
    if ends_on < starts_on or ends_on < today(now):
        raise WrongDays
    if covered_by is not None and not _can_cover(covered_by, membership):
        raise WrongCover(name=covered_by.name)
    # Two at once must see each other: whoever is second waits for the person's row.
    Membership.objects.select_for_update(of=("self",), no_key=True).get(pk=membership.pk)
    others = Absence.objects.filter(
        membership=membership, starts_on__lte=ends_on, ends_on__gte=starts_on
    )
    if clash := others.first():
        raise AwayAlready(
            name=membership.name, starts_on=spoken(clash.starts_on), ends_on=spoken(clash.ends_on)
        )
    absence = Absence(
        membership=membership, starts_on=starts_on, ends_on=ends_on, covered_by=covered_by
    )
    absence.save(force_insert=True)
    record(
        action="set_absence",
        subject=membership,
        by=by,
        now=now,
        starts_on=starts_on.isoformat(),
        ends_on=ends_on.isoformat(),
        covered_by=covered_by.name if covered_by else "",
    )
    return absence


def _can_cover(cover: Membership, membership: Membership) -> bool:
    return cover.pk != membership.pk and cover.is_active and cover.can(Can.RESOLVE)


@transaction.atomic
def end_absence(*, absence: Absence, by: Actor, now: datetime) -> None:
    """They are back, or will not go: the days are taken out."""
    person = absence.membership
    record(
        action="end_absence",
        subject=person,
        by=by,
        now=now,
        starts_on=absence.starts_on.isoformat(),
        ends_on=absence.ends_on.isoformat(),
    )
    absence.delete()
