"""The company's own look, on pages of members and on the one where they sign in."""

from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tenancy.middleware import find_company
from tenancy.models import Company
from tenancy.services.addresses import parts_of
from tenancy.services.branding import RAIL, rail_of, version_of

register = template.Library()

LONGEST = 40


@register.simple_tag(takes_context=True)
def visited_company(context: Any) -> Company | None:
    """`{% visited_company as company %}`: whose page this is, or whose page one was on the way to.

    Whoever is asked to sign in on the way to /jinxiu/ sees who asks.
    """
    company, request = context.get("company"), context.get("request")
    if company or request is None:
        return company or None
    if not hasattr(request, "_visited_company"):
        first = parts_of(request.GET.get("next", "")).path[1:].partition("/")[0]
        is_name = 1 < len(first) <= LONGEST and first.isascii() and first.isprintable()
        request._visited_company = find_company(first) if is_name else None
    found: Company | None = request._visited_company
    return found


@register.simple_tag(takes_context=True)
def brand_sheet(context: Any) -> SafeString | str:
    """`{% brand_sheet %}`: the style sheet of the company's colour, if it has one."""
    company = visited_company(context)
    if company is None or not company.colour:
        return ""
    address = reverse("tenancy:brand_sheet", kwargs={"company": company.slug})
    return format_html('<link rel="stylesheet" href="{}?v={}">', address, version_of(company))


@register.simple_tag(takes_context=True)
def rail_colour(context: Any) -> str:
    """`{% rail_colour %}`: the colour of the bar on top, for the browser's own frame."""
    company = visited_company(context)
    return RAIL if company is None else rail_of(company)
