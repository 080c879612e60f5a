"""The design language to look at: every component in both themes, with its markup.

A page for those who build the portal: it is there in development and in the demo only.
"""

import re
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.safestring import SafeString, mark_safe
from django.views import View

from tenancy.templatetags.icons import DRAWINGS

THEMES = ("light", "dark")
# Name of the component (and of its template here) → when to use it.
COMPONENTS = {
    "panel": "One matter on a raised ground; flush where a list fills it.",
    "split": "What matters at the left, what helps beside it; one column on a phone.",
    "arranging": "stack, cluster and spread: the three ways to put things beside each other.",
    "btn": "Something that can be done. One primary button in sight, danger only for what hurts.",
    "chip": "A state in a word; countdowns are chips that tick.",
    "notice": "A sentence that has to be read, with its icon.",
    "facts": "Names and values, e.g. what a ticket is about.",
    "table": "Numbers and lists to compare; with table-cards each row is a card on a phone.",
    "rows": "A list of links to other pages.",
    "queue": "Tickets, ordered by what is due next.",
    "timeline": "What happened, and what comes next.",
    "promises": "What was promised, and how it stands.",
    "tiles": "A choice of a few, by picture and word; for thumbs.",
    "stars": "A verdict from one to five.",
    "photos": "Pictures and documents that belong to a ticket.",
    "receipt": "The number and the promise, big enough to read out.",
    "stats": "A number that leads to the list behind it.",
    "tabs": "Parts of one page; segments where only two or three fit together.",
    "filters": "How a list is narrowed; works as a plain form.",
    "fold": "What only some want to read.",
    "menu": "Few actions behind one button; closes by Escape and by a click beside it.",
    "field": "A labelled field with help and error; Django forms draw it by themselves.",
    "empty": "What to do when there is nothing.",
    "pagination": "Leafing; the filters stay.",
    "skeleton": "Holds the place of what is still on its way, in its size.",
    "job-steps": "How far a job is: four stations, the present one marked.",
    "outbox": "What waits on this phone until there is a signal.",
    "sticky-submit": "The one button of a long form, always in reach.",
    "load-bar": "How full somebody is; the number stands beside it.",
}
COLOURS = (
    "ground", "surface", "surface-sunk", "surface-raised", "ink", "ink-soft", "line",
    "line-strong", "brand", "brand-strong", "brand-ink", "brand-soft", "gold", "ok-ink",
    "ok-ground", "soon-ink", "soon-ground", "late-ink", "late-ground", "calm-ink", "calm-ground",
    "danger", "danger-ink", "star",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shown:
    """A component in one theme."""

    theme: str
    html: SafeString


@dataclass(frozen=True, slots=True)
class Specimen:
    """A component with its purpose, as it looks, and as it is written."""

    name: str
    purpose: str
    shown: list[Shown]

    @property
    def source(self) -> str:
        """The markup without the drawings inside its icons."""
        return re.sub(r"<svg class=\"icon.*?</svg>", "<svg …/>", self.shown[0].html, flags=re.S)


@method_decorator(login_not_required, name="dispatch")
class StyleguidePage(View):
    """All components on one page."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if not (settings.DEBUG or settings.DEMO):
            raise Http404
        context = {
            "title": "Styleguide",
            "specimens": [specimen(name, purpose) for name, purpose in COMPONENTS.items()],
            "themes": THEMES,
            "colours": COLOURS,
            "icons": sorted(DRAWINGS),
        }
        return render(request, "styleguide/page.html", context)


def specimen(name: str, purpose: str) -> Specimen:
    """A component drawn in both themes; ids differ by theme."""
    now = timezone.now()
    facts = {"now": now, "soon_at": now + timedelta(minutes=50), "before": now - timedelta(hours=3)}
    template = f"styleguide/{name.replace('-', '_')}.html"
    shown = [
        Shown(theme, mark_safe(render_to_string(template, {**facts, "theme": theme})))  # noqa: S308
        for theme in THEMES
    ]
    return Specimen(name, purpose, shown)
