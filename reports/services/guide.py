"""The user guide of `docs/guide/`, one chapter for each role, shown inside the portal."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.functional import Promise as LazyText
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from markdown_it import MarkdownIt

from tenancy.models import Membership
from tenancy.permissions import INSIDE_ROLES, Role

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "guide"
PICTURE = re.compile(r'(?<=src=")pictures/([a-z0-9-]+\.png)(?=")')
CHAPTER = re.compile(r'(?<=href=")([A-Za-z]+)\.md(?=[#"])')
HEADING = re.compile(r"\A# (.+)\n")
PART = re.compile(r"<(h[23])>(.+?)</\1>")


@dataclass(frozen=True, slots=True)
class Chapter:
    """One page of the guide and whom it is for."""

    slug: str
    label: str | LazyText
    roles: frozenset[str]

    @property
    def path(self) -> Path:
        return FOLDER / f"{self.slug}.md"


EVERYBODY = frozenset(Role.values)
CHAPTERS = (
    Chapter("README", _("Where to begin"), EVERYBODY),
    Chapter("owner", _("Owners"), EVERYBODY),
    Chapter("desk", _("Front desk"), INSIDE_ROLES),
    Chapter("technician", _("Technicians"), INSIDE_ROLES),
    Chapter("supervisor", _("Supervisors"), INSIDE_ROLES),
    Chapter("manager", _("Project managers"), INSIDE_ROLES),
    Chapter("admin", _("Company admins"), INSIDE_ROLES),
    Chapter("account", _("Account and security"), EVERYBODY),
    # Companies may know what the people of the platform can do, and what they cannot.
    Chapter("operator", _("Platform operators"), INSIDE_ROLES),
)
# Whose chapter opens first when somebody has several roles.
BEGIN_WITH = ("admin", "manager", "supervisor", "desk", "technician", "owner")


def chapters(me: Membership) -> list[Chapter]:
    """The chapters that concern a member: owners are not led through the desk's work."""
    return [each for each in CHAPTERS if each.roles & set(me.roles) and each.path.exists()]


def own_chapter(me: Membership) -> str:
    """The chapter of a member's first role."""
    return next((role for role in BEGIN_WITH if role in me.roles), "README")


def place(heading: str) -> str:
    """Where a heading is found within its chapter, as those who show the files elsewhere say it."""
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


def with_places(html: str) -> str:
    """The same text, its headings to be jumped to."""
    return PART.sub(
        lambda found: f'<{found[1]} id="{place(found[2])}">{found[2]}</{found[1]}>', html
    )


@cache
def source(slug: str) -> tuple[str, str]:
    """A chapter's title and its HTML, with the addresses as the files have them.

    The files are part of the product, so their own HTML (pictures with a width) is kept.
    """
    text = (FOLDER / f"{slug}.md").read_text()
    found = HEADING.match(text)
    title = found.group(1) if found else slug
    body = text[found.end() :] if found else text
    html = MarkdownIt("commonmark", {"html": True}).enable("table").render(body)
    return title, with_places(html)


def read(
    slug: str, *, picture: Callable[[str], str], chapter: Callable[[str], str]
) -> tuple[str, SafeString]:
    """A chapter's title and text; `picture` and `chapter` turn names into addresses."""
    title, html = source(slug)
    html = PICTURE.sub(lambda found: picture(found.group(1)), html)
    html = CHAPTER.sub(lambda found: chapter(found.group(1)), html)
    return title, mark_safe(html)  # noqa: S308 - our own files, see `source`
