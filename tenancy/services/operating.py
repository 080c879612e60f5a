"""What operators of the platform do with companies, each time with a reason and on the record."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from tenancy.models import Company, CompanyModel, OperatorEntry, User
from tenancy.scope import company_scope
from tenancy.services.actor import MACHINE
from tenancy.services.audit import record
from tenancy.services.refusal import Refused
from tenancy.services.second_factor import SHORTEST_REASON, ReasonMissing, has_second_factor

LONGEST_REASON = 300


class Suspended(Refused):
    """A company whose portal rests."""

    code = "company_suspended"
    status = 403
    sentence = _("The portal of this company is suspended.")


class AlreadySo(Refused):
    """Somebody was quicker."""

    code = "already_so"
    sentence = _("It is so already.")


@dataclass(frozen=True, slots=True)
class Size:
    """How large a company is, without a word of what is in it."""

    company: Company
    staff: int
    owners: int


def is_operator(user: Any) -> bool:
    """Whether somebody runs the platform, and has shown more than a password."""
    runs = bool(user.is_authenticated and user.is_active and user.is_staff and user.is_superuser)
    if not runs or not settings.OPERATORS_NEED_SECOND_FACTOR:
        return runs
    return has_second_factor(user)


def reason_of(text: str) -> str:
    """A reason that can be written down."""
    tidy = " ".join(text.split())[:LONGEST_REASON]
    if len(tidy) < SHORTEST_REASON:
        raise ReasonMissing
    return tidy


def note(
    *,
    action: str,
    by: User | None,
    now: datetime,
    about: Company | None = None,
    reason: str = "",
    address: str = "",
    **detail: Any,
) -> OperatorEntry:
    """Write one entry of the operators' log."""
    entry = OperatorEntry(
        at=now, by=by, action=action, about=about, reason=reason, detail=detail, address=address
    )
    entry.save(force_insert=True)
    return entry


@transaction.atomic
def suspend_company(
    *, company: Company, reason: str, by: User | None, now: datetime, address: str = ""
) -> Company:
    """Close a company's portal: nobody gets in, nothing is sent, no deadline is enforced.

    The clocks of its promises go on. Its members read the reason.
    """
    return _set_active(company, False, reason_of(reason), by, now, address)


@transaction.atomic
def resume_company(
    *, company: Company, reason: str, by: User | None, now: datetime, address: str = ""
) -> Company:
    """Open it again. What has become late meanwhile is late, and is told once."""
    return _set_active(company, True, reason_of(reason), by, now, address)


def _set_active(
    company: Company, active: bool, reason: str, by: User | None, now: datetime, address: str
) -> Company:
    row = Company.objects.select_for_update().get(pk=company.pk)
    if row.is_active == active:
        raise AlreadySo
    row.is_active, row.suspended_because = active, "" if active else reason
    row.save(update_fields=["is_active", "suspended_because"])
    action = "resume" if active else "suspend"
    note(action=action, by=by, about=row, reason=reason, address=address, now=now)
    tell_company(row, action, now, reason=reason, operator=name_of(by))
    return row


def tell_company(company: Company, action: str, now: datetime, **detail: Any) -> None:
    """The company's own audit log knows what the platform did with it."""
    with company_scope(company.id):
        record(action=f"platform_{action}", subject=company, by=MACHINE, now=now, **detail)


def name_of(user: User | None) -> str:
    """An operator as a company reads of them."""
    return str(user) if user else ""


def sizes() -> list[Size]:
    """Every company by name, with the numbers of its people and nothing behind them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT company_id, staff, owners FROM tenancy_members_counted()")
        counted: dict[UUID, tuple[int, int]] = {row[0]: (row[1], row[2]) for row in cursor}
    companies = Company.objects.order_by("name", "pk")
    return [Size(each, *counted.get(each.pk, (0, 0))) for each in companies]


def rows_counted(company: Company) -> list[tuple[str, int]]:
    """How many rows of each kind a company has, the most first: numbers only."""
    models = [
        model
        for model in apps.get_models()
        # What has no name of its own is a part of something else, or the machine's.
        if issubclass(model, CompanyModel) and "verbose_name" in model._meta.original_attrs
    ]
    counts = [
        f'SELECT {number}, count(*) FROM "{model._meta.db_table}" WHERE company_id = %s'  # noqa: S608
        for number, model in enumerate(models)
    ]
    with company_scope(company.id), connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(counts), [company.pk] * len(models))
        found = [(models[number], count) for number, count in cursor.fetchall() if count]
    found.sort(key=lambda each: (-each[1], each[0]._meta.label))
    return [(str(model._meta.verbose_name), count) for model, count in found]
