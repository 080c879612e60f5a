"""Which company, who you are, what you may do, when we work, what was recorded."""

from tenancy.models.absence import Absence
from tenancy.models.access import PlatformAccess
from tenancy.models.audit import AuditEntry
from tenancy.models.base import CompanyManager, CompanyModel, CompanyQuerySet, uuid7
from tenancy.models.calendar import CalendarDay, CompanyCalendar
from tenancy.models.community import Community
from tenancy.models.company import Company
from tenancy.models.counter import Counter
from tenancy.models.department import Department, DepartmentMember
from tenancy.models.heartbeat import Heartbeat
from tenancy.models.idempotency import IdempotencyKey
from tenancy.models.logo import CompanyLogo
from tenancy.models.membership import Membership, MembershipCommunity
from tenancy.models.operator import OperatorEntry
from tenancy.models.token import ApiToken
from tenancy.models.user import User

__all__ = [
    "Absence",
    "ApiToken",
    "AuditEntry",
    "CalendarDay",
    "Community",
    "Company",
    "CompanyCalendar",
    "CompanyLogo",
    "CompanyManager",
    "CompanyModel",
    "CompanyQuerySet",
    "Counter",
    "Department",
    "DepartmentMember",
    "Heartbeat",
    "IdempotencyKey",
    "Membership",
    "MembershipCommunity",
    "OperatorEntry",
    "PlatformAccess",
    "User",
    "uuid7",
]
