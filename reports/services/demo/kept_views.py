"""Views of the queue that the demo's people have kept."""

from datetime import datetime

from complaints.services.saved_view import save_view
from reports.services.demo.staff import Staff
from tenancy.services.actor import Actor, Via

# Who keeps it, what it is called, its filters, and whether everybody sees it.
VIEWS = (
    ("supervisor", "已超时", "late=true", True),
    ("supervisor", "急事", "urgency=urgent", True),
    ("desk", "待受理的投诉", "kind=complaint&tab=untaken", False),
    ("desk", "我经手的", "assignee=me", False),
)


def keep_views(staff: Staff, now: datetime) -> None:
    """By the service that everybody uses."""
    for account, name, query, is_shared in VIEWS:
        by = Actor(staff.accounts[account], Via.PAGE, "")
        save_view(name=name, query=query, is_shared=is_shared, by=by, now=now)
