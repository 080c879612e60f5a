"""Who is who in a company."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.utils import timezone

from tenancy.models import Company, Membership, User
from tenancy.permissions import STAFF_ROLES
from tenancy.scope import require_company_id
from tenancy.services.second_factor import FACTORS, SecondFactorMissing
from tenancy.services.tokens import columns

MEMBER, MEMBER_COLUMNS = columns(Membership, "m")
# By hand, because every page asks it. Whose time has ended is no member, nor is a guest who is no
# operator any more. A second factor is asked of the staff of a company that requires one, and of
# whoever comes from the platform.
FIND = f"""
SELECT {MEMBER_COLUMNS},
    (m.roles && %(staff)s::varchar[] AND c.second_factor_from <= %(now)s
        OR m.ends_at IS NOT NULL AND %(operators)s)
    AND NOT EXISTS (SELECT 1 FROM mfa_authenticator f
                    WHERE f.user_id = m.user_id AND f.type = ANY(%(factors)s))
FROM tenancy_membership m
JOIN tenancy_company c ON c.id = m.company_id JOIN tenancy_user u ON u.id = m.user_id
WHERE m.company_id = %(company)s AND m.user_id = %(user)s AND m.is_active
  AND (m.ends_at IS NULL OR m.ends_at > %(now)s AND u.is_staff AND u.is_superuser)
"""  # noqa: S608 - made of the columns of a model


def member_of_this_company(user: User) -> Membership | None:
    """What the signed-in person is in the company being served, or None for a stranger.

    Every door asks here, so none can forget the second factor: raises `SecondFactorMissing`.
    """
    facts: dict[str, Any] = {
        "company": require_company_id(),
        "user": user.pk,
        "now": timezone.now(),
        "staff": sorted(STAFF_ROLES),
        "operators": settings.OPERATORS_NEED_SECOND_FACTOR,
        "factors": list(FACTORS),
    }
    with connection.cursor() as cursor:
        cursor.execute(FIND, facts)
        row = cursor.fetchone()
    if row is None:
        return None
    if row[-1]:
        raise SecondFactorMissing
    found: Membership = Membership.from_db(connection.alias, MEMBER, row[:-1])
    return found


def companies_of(user: User) -> list[Company]:
    """The active companies a person belongs to, by name. Asked outside any company."""
    return list(Company.objects.active().filter(id__in=ids_of(user)).order_by("name", "pk"))


def ids_of(user: User) -> list[UUID]:
    """The companies a person belongs to, suspended ones included."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT company_id FROM tenancy_companies_of(%s)", [user.pk])
        return [row[0] for row in cursor.fetchall()]
