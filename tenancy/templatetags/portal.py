"""What every template of the portal may say: who may, where to, when, how long still, and why."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tenancy.models import Company, Membership
from tenancy.permissions import Can
from tenancy.templatetags import explaining, icons, moments, navigation

register = template.Library()

WRITTEN: dict[str, Callable[[datetime, datetime], str]] = {
    "moment": moments.written_moment,
    "day": moments.written_day,
    "time": lambda at, _now: f"{at:%H:%M}",
}


@register.filter
def can(me: Membership | None, action: str) -> bool:
    """`{% if me|can:"read_queue" %}`; an action that does not exist is an error, not a no."""
    return me.can(Can(action)) if me else False


@register.simple_tag
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """`{% icon "phone" %}`, or with words of its own: `{% icon "late" _("late") %}`."""
    return icons.draw(name, str(label), css)


@register.simple_tag
def company_url(name: str, company: Company | None) -> str:
    """The address of a company's page, or nothing outside a company."""
    return navigation.address(name, company) if company else ""


@register.simple_tag(takes_context=True)
def places(context: Any, place: str) -> list[navigation.Link]:
    """`{% places "staff" as links %}`: one part of the navigation, for whoever is looking."""
    company, me = context.get("company"), context.get("me")
    if company is None or me is None:
        return []
    return navigation.links(place, company, me, context.get("request"))


@register.simple_tag(takes_context=True)
def when(context: Any, moment: datetime | None, shape: str = "moment") -> str | SafeString:
    """`{% when row.created_at %}` in the company's zone; shapes: moment, day, time."""
    if moment is None:
        return ""
    local, now = moment.astimezone(moments.zone_of(context)), moments.now_of(context)
    text = WRITTEN[shape](local, now)
    return format_html('<time datetime="{}">{}</time>', local.isoformat(timespec="seconds"), text)


@register.inclusion_tag("components/countdown.html", takes_context=True)
def countdown(
    context: Any,
    due_at: datetime | None,
    met_at: datetime | None = None,
    paused: Any = False,
    label: str = "",
    starts_at: datetime | None = None,
) -> dict[str, Any]:
    """`{% countdown d.due_at d.met_at d.paused_at starts_at=d.starts_at %}`: a chip that ticks."""
    if due_at is None:
        return {"chip": None}
    now = moments.now_of(context)
    promised = due_at - starts_at if starts_at else None
    chip = moments.countdown(due_at, now, met_at=met_at, paused=bool(paused), promised=promised)
    local = due_at.astimezone(moments.zone_of(context))
    return {
        "chip": chip,
        "label": label,
        "due": moments.written_moment(local, now),
        "iso": local.isoformat(timespec="seconds"),
        "ticks": chip.state in moments.ICONS,
        "promised": int(promised.total_seconds()) // 60 if promised else "",
        # What the ticker in the browser fills in, in the words of the chip itself.
        "left": _("%(length)s left") % {"length": "{}"},
        "late": _("%(length)s late") % {"length": "{}"},
    }


@register.inclusion_tag("components/explanation.html", takes_context=True)
def explanation(context: Any, stored: Mapping[str, Any] | None) -> dict[str, Any]:
    """`{% explanation deadline.explanation %}`: why a promise falls due when it does."""
    zone, now = moments.zone_of(context), moments.now_of(context)
    return {"sentences": explaining.tell(stored, zone, now) if stored else []}


@register.simple_tag(takes_context=True)
def other_page(context: Any, number: int, step: int) -> str:
    """The query string of a neighbouring page of the same filtered list."""
    asked = context["request"].GET.copy()
    asked["page"] = str(number + step)
    return f"?{asked.urlencode()}"


@register.filter
def age(moment: datetime, now: datetime | None = None) -> str:
    """How long ago, in one unit: `{{ row.created_at|age:now }}`."""
    return moments.rough_length((now or timezone.now()) - moment)


@register.filter
def shell(me: Membership | None) -> str:
    """Which frame a page is shown in: for the company's people, for owners, or for a visitor."""
    if not me:  # a page of no company has no such variable: templates say "" then
        return "visitor"
    return "staff" if me.is_staff else "owner"
