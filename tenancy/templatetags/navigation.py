"""Where one can go from every page of a company, by what one may do."""

from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _

from tenancy.models import Company, Membership
from tenancy.permissions import Can


@dataclass(frozen=True, slots=True)
class Entry:
    """One place in the navigation. `main` entries stand in the tab bar of a phone.

    `holds` are the pages that lie inside it, where it is marked as well.
    """

    name: str
    label: str | LazyText
    icon: str
    needs: Can
    main: bool = False
    holds: tuple[str, ...] = ()
    key: str = ""  # for those who work without a mouse
    is_for_desks: bool = False  # nothing that one does on a telephone


@dataclass(frozen=True, slots=True)
class Link:
    """An entry that the visitor may use, with its address."""

    entry: Entry
    url: str
    is_current: bool


# The settings' own navigation.
SETTINGS = (
    Entry("reports:setup", _("Overview"), "home", Can.SET_COMPANY),
    Entry("tenancy:company_edit", _("Company"), "company", Can.SET_COMPANY),
    Entry("tenancy:looks", _("Looks"), "contrast", Can.SET_COMPANY),
    Entry(
        "owners:community_list",
        _("Communities and units"),
        "unit",
        Can.SET_STRUCTURE,
        holds=(
            "owners:community_add",
            "owners:community",
            "owners:unit_range",
            "owners:building",
            "owners:unit",
        ),
    ),
    Entry(
        "tenancy:department_list",
        _("Departments"),
        "department",
        Can.SET_STRUCTURE,
        holds=("tenancy:department",),
    ),
    Entry(
        "tenancy:member_list",
        _("Members"),
        "owners",
        Can.SET_MEMBERS,
        holds=("tenancy:member_add", "tenancy:member", "tenancy:member_dismiss"),
    ),
    Entry("tenancy:role_table", _("Roles"), "lock", Can.SET_MEMBERS),
    Entry(
        "complaints:category_list",
        _("Categories"),
        "filter",
        Can.SET_PROMISES,
        holds=("complaints:category_add", "complaints:category"),
    ),
    Entry(
        "complaints:rules",
        _("Promises"),
        "promise",
        Can.SET_PROMISES,
        holds=("complaints:promise_add", "complaints:promise_edit", "complaints:policy_edit"),
    ),
    Entry(
        "complaints:calendar",
        _("Working calendar"),
        "calendar",
        Can.SET_PROMISES,
        holds=("complaints:calendar_week", "complaints:calendar_days"),
    ),
    Entry("tenancy:token_all", _("API tokens"), "key", Can.REVOKE_TOKENS),
    Entry("notifications:dead_letters", _("Undelivered"), "mail-failed", Can.READ_DEAD_LETTERS),
    Entry("tenancy:audit", _("Audit log"), "eye", Can.READ_AUDIT),
    Entry("tenancy:second_factor", _("Second factor"), "security", Can.SET_COMPANY),
    Entry("tenancy:access_list", _("Access of the platform"), "key", Can.READ_PLATFORM_ACCESS),
)

STAFF = (
    Entry(
        "reports:figures",
        _("Figures"),
        "report",
        Can.READ_FIGURES,
        main=True,
        holds=("reports:figure_tickets",),
    ),
    Entry(
        "complaints:jobs",
        _("My jobs"),
        "repair",
        Can.DO_JOBS,
        main=True,
        holds=("complaints:job_detail",),
    ),
    Entry(
        "complaints:queue",
        _("Queue"),
        "queue",
        Can.READ_QUEUE,
        main=True,
        holds=("complaints:ticket_detail",),
        key="g q",
    ),
    Entry("complaints:call_list", _("Call list"), "phone", Can.CALL_BACK, main=True, key="g c"),
    Entry(
        "complaints:late",
        _("Late"),
        "late",
        Can.READ_LATE,
        main=True,
        holds=("complaints:escalated", "complaints:loads", "complaints:reassign"),
    ),
    Entry(
        "owners:owner_list",
        _("Owners"),
        "owners",
        Can.READ_OWNERS,
        holds=("owners:owner_detail", "complaints:owner_history"),
    ),
    Entry(
        "complaints:answer_list",
        _("Prepared answers"),
        "comment",
        Can.SET_ANSWERS,
        holds=("complaints:answer_add", "complaints:answer"),
    ),
    Entry(
        "surveys:interviews",
        _("Interviews and paper"),
        "phone",
        Can.INTERVIEW,
        holds=(
            "surveys:interview",
            "surveys:paper",
            "surveys:paper_table",
            "surveys:slips",  # these three are held by the next entry for whoever has it
            "surveys:unreached",
            "surveys:poster",
        ),
    ),
    Entry(
        "surveys:survey_list",
        _("Surveys"),
        "survey",
        Can.READ_SURVEYS,
        holds=(
            "surveys:survey_add",
            "surveys:survey",
            "surveys:survey_change",
            "surveys:survey_questions",
            "surveys:question_add",
            "surveys:question",
            "surveys:section_add",
            "surveys:section",
            "surveys:survey_words",
            "surveys:survey_editions",
            "surveys:bank",
            "surveys:wave",
            "surveys:wave_add",
            "surveys:wave_change",
            "surveys:wave_unanswered",
            "surveys:improvement_list",
            "surveys:improvement_add",
            "surveys:improvement_of",
            "surveys:publication_list",
            "surveys:wave_publications",
            "surveys:publication",
            "surveys:publication_change",
            "surveys:publication_quotes",
            "surveys:after_service",
            "surveys:wave_index",
            "surveys:wave_results",
            "surveys:wave_compare",
            "surveys:wave_texts",
            "surveys:slips",
            "surveys:unreached",
            "surveys:poster",
            "surveys:index_trend",
            "surveys:index_weights",
        ),
    ),
    Entry(
        "reports:setup",
        _("Settings"),
        "settings",
        Can.SET_COMPANY,
        holds=tuple(name for entry in SETTINGS for name in (entry.name, *entry.holds)),
    ),
)
MAKE = (Entry("complaints:ticket_take", _("New ticket"), "plus", Can.FILE_FOR_OWNER, main=True),)
OWNER = (
    Entry(
        "complaints:my_tickets",
        _("My tickets"),
        "home",
        Can.READ_TICKETS,
        main=True,
        holds=("complaints:ticket_detail", "complaints:ticket_receipt"),
    ),
    Entry("complaints:ticket_file", _("Speak up"), "plus", Can.FILE_TICKET, main=True),
    Entry("notifications:inbox", _("Inbox"), "bell", Can.READ_OWN_INBOX, main=True),
    Entry("complaints:owner_me", _("Me"), "user", Can.BE_HERE, main=True),
)
INBOX = (Entry("notifications:inbox", _("Inbox"), "bell", Can.READ_OWN_INBOX),)
PREFERENCES = (
    Entry("notifications:preferences", _("What I am told"), "bell", Can.READ_OWN_INBOX),
    Entry("reports:guide", _("Guide"), "info", Can.BE_HERE, holds=("reports:guide_chapter",)),
)
ACCOUNT = (
    *PREFERENCES,
    Entry("tenancy:tokens", _("API tokens"), "key", Can.MAKE_TOKENS, is_for_desks=True),
    Entry("surveys:my_surveys", _("Surveys for me"), "survey", Can.BE_HERE),
    # Some who work for the company also live with it.
    Entry("complaints:my_tickets", _("My own tickets"), "home", Can.FILE_TICKET),
)
PLACES = {
    "staff": STAFF,
    "make": MAKE,
    "inbox": INBOX,
    "account": ACCOUNT,
    "owner": OWNER,
    "settings": SETTINGS,
    # Owners may make tokens too, but it is no part of their day.
    "owner_account": (*PREFERENCES, Entry("complaints:queue", _("Queue"), "queue", Can.READ_QUEUE)),
}


def address(name: str, company: Company) -> str:
    """The address of a company's page; empty when the page is not part of this installation."""
    try:
        return reverse(name, kwargs={"company": company.slug})
    except NoReverseMatch:
        return ""


def links(place: str, company: Company, me: Membership, request: Any) -> list[Link]:
    """What stands in one place of the navigation for this member."""
    found: list[Link] = []
    for entry in reversed(PLACES[place]):  # a page that two entries hold belongs to the later one
        url = address(entry.name, company) if me.can(entry.needs) else ""
        if url:
            here = is_current(entry, request) and not any(each.is_current for each in found)
            found.insert(0, Link(entry, url, here))
    return found


def is_current(entry: Entry, request: Any) -> bool:
    """Whether the visitor is there already."""
    match = getattr(request, "resolver_match", None)
    return match is not None and match.view_name in (entry.name, *entry.holds)
