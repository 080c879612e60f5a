"""The second wall: one table, role → what it may do. Nothing else grants anything."""

from functools import cache

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a member is to the company."""

    OWNER = "owner", _("owner")
    TECHNICIAN = "technician", _("technician")
    DESK = "desk", _("front desk")
    SUPERVISOR = "supervisor", _("supervisor")
    MANAGER = "manager", _("project manager")
    ADMIN = "admin", _("company admin")
    # Given by `tenancy.services.access` alone, for a time and with a reason.
    PLATFORM = "platform", _("platform operator")


STAFF_ROLES = frozenset(set(Role.values) - {Role.OWNER.value, Role.PLATFORM.value})
# Who sees the side of the company rather than that of the owners.
INSIDE_ROLES = STAFF_ROLES | {Role.PLATFORM.value}


class Can(models.TextChoices):
    """Something a page or an operation needs its caller to be allowed."""

    BE_HERE = "be_here", _("sign in to the company")
    READ_OWN_INBOX = "read_own_inbox", _("read one's own notifications")
    READ_STRUCTURE = "read_structure", _("read communities, categories and departments")
    MAKE_TOKENS = "make_tokens", _("make API tokens for oneself")
    READ_TICKETS = "read_tickets", _("read the tickets one may see")
    FILE_TICKET = "file_ticket", _("file a ticket for one's own unit")
    FILE_FOR_OWNER = "file_for_owner", _("file a ticket for an owner")
    URGE = "urge", _("urge one's own ticket")
    RATE = "rate", _("rate the answer to one's own ticket")
    JOIN = "join", _("join a matter that a neighbour has reported")
    KEEP_HOUSEHOLD = "keep_household", _("say who belongs to one's own home")
    ATTACH = "attach", _("add photos and documents")
    COMMENT = "comment", _("write to the other side on a ticket")
    NOTE = "note", _("write internal notes")
    READ_QUEUE = "read_queue", _("work in the queue")
    ACCEPT = "accept", _("accept tickets")
    ASSIGN = "assign", _("assign tickets")
    PAUSE = "pause", _("pause and resume tickets")
    RESOLVE = "resolve", _("resolve tickets")
    DO_JOBS = "do_jobs", _("do jobs on site")
    CORRECT_WORK = "correct_work", _("correct work records")
    CLOSE = "close", _("close tickets")
    REOPEN = "reopen", _("reopen tickets")
    CALL_BACK = "call_back", _("log callbacks")
    KEEP_VIEWS = "keep_views", _("keep views of the queue")
    SHARE_VIEWS = "share_views", _("share views of the queue with everybody")
    READ_ANSWERS = "read_answers", _("use prepared answers")
    SET_ANSWERS = "set_answers", _("prepare answers for everybody")
    READ_LATE = "read_late", _("see what is late")
    SET_ABSENCES = "set_absences", _("write down who is away")
    READ_FIGURES = "read_figures", _("see the figures of the company")
    READ_UNITS = "read_units", _("read units")
    READ_OWNERS = "read_owners", _("read the owner archive")
    EDIT_OWNERS = "edit_owners", _("correct what is known about an owner")
    REVEAL_PERSONAL = "reveal_personal", _("see personal data in clear, on the record")
    READ_MEMBERS = "read_members", _("read the list of staff")
    SET_STRUCTURE = "set_structure", _("set up communities, buildings, units and departments")
    SET_MEMBERS = "set_members", _("add, change and dismiss members of staff")
    SET_COMPANY = "set_company", _("change the company's facts and looks")
    REVOKE_TOKENS = "revoke_tokens", _("see and revoke everybody's API tokens")
    SET_PROMISES = "set_promises", _("set promises, calendar and categories")
    READ_DEAD_LETTERS = "read_dead_letters", _("see and resend what could not be delivered")
    READ_AUDIT = "read_audit", _("read the audit log")
    READ_PLATFORM_ACCESS = "read_platform_access", _("see who of the platform was here")
    END_PLATFORM_ACCESS = "end_platform_access", _("send the platform's people away")
    READ_SURVEYS = "read_surveys", _("see surveys and what they found")
    SET_SURVEYS = "set_surveys", _("write surveys and ask people")
    INTERVIEW = "interview", _("write down answers given by telephone or on paper")
    IMPROVE = "improve", _("decide on improvements")
    PUBLISH = "publish", _("publish to owners what was said and done")
    RESET_SECOND_FACTOR = "reset_second_factor", _("let somebody set up a lost second factor anew")


EVERYBODY = {
    Can.BE_HERE,
    Can.READ_OWN_INBOX,
    Can.READ_STRUCTURE,
    Can.MAKE_TOKENS,
    Can.READ_TICKETS,
    Can.ATTACH,
    Can.COMMENT,
    Can.READ_UNITS,
}
STAFF = EVERYBODY | {
    Can.NOTE,
    Can.READ_ANSWERS,
    Can.READ_MEMBERS,
    Can.READ_QUEUE,
    Can.KEEP_VIEWS,
    Can.ACCEPT,
    Can.PAUSE,
    Can.RESOLVE,
}
DESK = STAFF | {
    Can.FILE_FOR_OWNER,
    Can.ASSIGN,
    Can.CLOSE,
    Can.REOPEN,
    Can.CALL_BACK,
    Can.READ_OWNERS,
    Can.EDIT_OWNERS,
    Can.REVEAL_PERSONAL,
    Can.CORRECT_WORK,
    Can.INTERVIEW,
}
SUPERVISOR = DESK | {
    Can.READ_LATE,
    Can.SET_ABSENCES,
    Can.SET_ANSWERS,
    Can.SHARE_VIEWS,
    Can.READ_SURVEYS,
    Can.IMPROVE,
}
MANAGER = SUPERVISOR | {Can.READ_FIGURES, Can.SET_SURVEYS, Can.PUBLISH}

TABLE: dict[str, frozenset[Can]] = {
    Role.OWNER: frozenset(
        EVERYBODY | {Can.FILE_TICKET, Can.URGE, Can.RATE, Can.JOIN, Can.KEEP_HOUSEHOLD}
    ),
    Role.TECHNICIAN: frozenset(STAFF | {Can.DO_JOBS}),
    Role.DESK: frozenset(DESK),
    Role.SUPERVISOR: frozenset(SUPERVISOR),
    Role.MANAGER: frozenset(MANAGER),
    Role.ADMIN: frozenset(
        MANAGER
        | {
            Can.SET_STRUCTURE,
            Can.SET_MEMBERS,
            Can.SET_COMPANY,
            Can.REVOKE_TOKENS,
            Can.SET_PROMISES,
            Can.READ_DEAD_LETTERS,
            Can.READ_AUDIT,
            Can.READ_PLATFORM_ACCESS,
            Can.END_PLATFORM_ACCESS,
            Can.RESET_SECOND_FACTOR,
        }
    ),
    # Reads what there is to help with, changes nothing, sees no personal data in clear.
    Role.PLATFORM: frozenset(
        {
            Can.BE_HERE,
            Can.READ_STRUCTURE,
            Can.READ_TICKETS,
            Can.READ_UNITS,
            Can.READ_OWNERS,
            Can.READ_MEMBERS,
            Can.READ_QUEUE,
            Can.READ_LATE,
            Can.READ_AUDIT,
            Can.READ_PLATFORM_ACCESS,
        }
    ),
}
# From the least to the most trusted: nobody gives a role that stands behind their own.
RANKS = (
    Role.OWNER,
    Role.TECHNICIAN,
    Role.DESK,
    Role.SUPERVISOR,
    Role.MANAGER,
    Role.ADMIN,
    Role.PLATFORM,  # hence nobody in a company gives it
)


@cache
def allowed(roles: tuple[str, ...]) -> frozenset[Can]:
    """Everything that a member with these roles may do."""
    return frozenset().union(*(TABLE.get(role, frozenset()) for role in roles))
