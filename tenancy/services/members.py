"""Who is who in a company."""

from uuid import UUID

from django.db import connection

from tenancy.models import Company, Membership, User


def member_of_this_company(user: User) -> Membership | None:
    """What the signed-in person is in the company being served, or None for a stranger."""
    found: Membership | None = Membership.objects.active().filter(user_id=user.pk).first()
    return found


def companies_of(user: User) -> list[Company]:
    """The active companies a person belongs to, by name. Asked outside any company."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT company_id FROM tenancy_companies_of(%s)", [user.pk])
        ids: list[UUID] = [row[0] for row in cursor.fetchall()]
    return list(Company.objects.active().filter(id__in=ids).order_by("name", "pk"))
