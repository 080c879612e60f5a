"""Numbers that people read out on the telephone."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import connection

from tenancy.models import Company, uuid7
from tenancy.scope import require_company_id

NEXT = """
INSERT INTO tenancy_counter AS c (company_id, id, name, value) VALUES (%s, %s, %s, %s)
ON CONFLICT (company_id, name) DO UPDATE SET value = c.value + excluded.value
RETURNING value
"""


def take_numbers(name: str, count: int = 1) -> range:
    """The next free numbers under a name, from 1 on; no two callers get the same."""
    with connection.cursor() as cursor:
        cursor.execute(NEXT, [require_company_id(), uuid7(), name, count])
        last: int = cursor.fetchone()[0]
    return range(last - count + 1, last + 1)


def ticket_number(company: Company, now: datetime) -> str:
    """A ticket's number: the local day and a count within it, e.g. 261122-0007."""
    day = now.astimezone(ZoneInfo(company.zone)).strftime("%y%m%d")
    return f"{day}-{take_numbers(f'ticket:{day}')[0]:04d}"
