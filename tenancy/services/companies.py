"""Bringing a property company on board: its row, calendar, departments and first admin."""

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from tenancy.models import Company, CompanyCalendar, Department, Membership, User
from tenancy.models.company import RESERVED_SLUGS
from tenancy.permissions import Role
from tenancy.scope import company_scope
from tenancy.services.actor import MACHINE
from tenancy.services.operating import name_of, note, tell_company
from tenancy.services.refusal import Refused
from tenancy.services.staffing import Duties, invite_member
from tenancy.signals import company_founded

DEPARTMENTS = ("客服部", "工程部", "秩序部", "保洁绿化部", "财务部")
OFFICE_HOURS = [["08:30", "12:00"], ["13:30", "18:00"]]
WEEK: Mapping[str, list[list[str]]] = {str(weekday): OFFICE_HOURS for weekday in range(5)}

SLUG = re.compile(r"[a-z][a-z0-9-]{1,39}")
# No letters and digits that look alike: the password is read from a screen and typed.
PASSWORD_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # noqa: S105  an alphabet
PASSWORD_LENGTH = 16
NAME_LENGTH, USERNAME_LENGTH, PERSON_LENGTH = 80, 150, 60


class BadSlug(Refused):
    """A short name that cannot stand in an address."""

    code = "bad_slug"
    sentence = _(
        "“%(slug)s” cannot be a short name: use 2 to 40 of a–z, 0–9 and hyphens,"
        " beginning with a letter."
    )


class ReservedSlug(Refused):
    """A short name that is a page of the installation."""

    code = "reserved_slug"
    sentence = _("“%(slug)s” is reserved for the portal itself. Choose another short name.")


class SlugTaken(Refused):
    """Two companies cannot share an address."""

    code = "slug_taken"
    sentence = _("There is already a company with the short name “%(slug)s”.")


class BadName(Refused):
    """No name for the company or its admin, or one that is too long."""

    code = "bad_name"
    sentence = _("Give the company a name of at most 80 and the admin one of at most 150 letters.")


@dataclass(frozen=True, slots=True)
class NewCompany:
    """A company that has just come on board."""

    company: Company
    admin: Membership
    # Shown once; empty when the admin had an account already.
    password: str


@transaction.atomic
def create_company(
    *,
    slug: str,
    name: str,
    admin: str,
    zone: str = "Asia/Shanghai",
    week: Mapping[str, Sequence[Sequence[str]]] = WEEK,
    moves_weekends: bool = True,
) -> NewCompany:
    """Make a company with its calendar, departments and first admin; all of it or nothing.

    The admin's account is made if nobody has that username yet.
    """
    name, admin = name.strip(), admin.strip()
    if not (0 < len(name) <= NAME_LENGTH and 0 < len(admin) <= USERNAME_LENGTH):
        raise BadName
    company = _found(slug, name, zone)
    user, password = _admin(admin)
    with company_scope(company.id):
        _set_up(company, week, moves_weekends)
        membership = Membership(user=user, name=user.name or user.username, roles=[Role.ADMIN])
        membership.name = membership.name[:60]
        membership.save(force_insert=True)
    return NewCompany(company, membership, password)


@transaction.atomic
def invite_company(
    *,
    slug: str,
    name: str,
    admin: str,
    by: User,
    now: datetime,
    email: str = "",
    phone: str = "",
    address: str = "",
) -> Company:
    """The same by an operator: the first admin is invited, and nobody ever sees their password."""
    name, admin = name.strip(), admin.strip()
    if not (0 < len(name) <= NAME_LENGTH and 0 < len(admin) <= PERSON_LENGTH):
        raise BadName
    company = _found(slug, name, "Asia/Shanghai")
    with company_scope(company.id):
        _set_up(company, WEEK, moves_weekends=True)
        invite_member(
            name=admin, duties=Duties([Role.ADMIN.value]), by=MACHINE, now=now,
            email=email, phone=phone,
        )  # fmt: skip
    note(action="create", by=by, about=company, address=address, now=now, slug=slug)
    tell_company(company, "create", now, operator=name_of(by))
    return company


def _set_up(
    company: Company, week: Mapping[str, Sequence[Sequence[str]]], moves_weekends: bool
) -> None:
    """What it needs on its first day; the floors above add theirs."""
    CompanyCalendar(week=dict(week), moves_weekends=moves_weekends).save(force_insert=True)
    Department.objects.bulk_create(
        Department(name=each, position=position) for position, each in enumerate(DEPARTMENTS)
    )
    company_founded.send(Company, company=company)


def _found(slug: str, name: str, zone: str) -> Company:
    """The company's row, or a refusal that says what is wrong with its short name."""
    if slug in RESERVED_SLUGS:
        raise ReservedSlug(slug=slug)
    if not SLUG.fullmatch(slug):
        raise BadSlug(slug=slug)
    company = Company(slug=slug, name=name, zone=zone)
    try:
        with transaction.atomic():
            company.save(force_insert=True)
    except IntegrityError as error:
        raise SlugTaken(slug=slug) from error
    return company


def _admin(username: str) -> tuple[User, str]:
    """The account of that name, and its password if it had to be made."""
    known = User.objects.filter(username=username).first()
    if known is not None:
        return known, ""
    password = "".join(secrets.choice(PASSWORD_LETTERS) for _ in range(PASSWORD_LENGTH))
    return User.objects.create_user(username, password=password), password
