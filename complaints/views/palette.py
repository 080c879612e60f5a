"""One field for everything (Ctrl-K): tickets, owners, and the places one may go to."""

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from complaints.models import Status, Ticket
from owners.models import Owner, Ownership
from owners.services.archive import best_first, find_owners
from owners.services.folding import fold
from owners.services.naming import sound_of, squeeze
from owners.services.personal import mask_phone
from tenancy.pages import Page
from tenancy.permissions import Can
from tenancy.templatetags.navigation import links

LONGEST = 60
MOST = 6
MOST_RECENT = 8
# Words are looked for among so many of the newest tickets: it must answer while one types.
NEWEST = 2_000
WHOLE_NUMBER = re.compile(r"\d{6}-\d{1,6}")
COLUMNS = ("id", "number", "title", "status", "kind", "unit__label", "owner__name")


@dataclass(frozen=True, slots=True)
class Found:
    """Something one can go to. `key` names it among the recent ones; places have none."""

    url: str
    icon: str
    label: str
    more: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """What was found of one sort."""

    name: str
    label: str
    found: list[Found]


class PalettePage(Page):
    """What the typed characters may mean, as far as one may see it; a fragment."""

    needs = Can.READ_QUEUE
    http_method_names = ["get"]
    template_name = "complaints/palette_found.html"

    @cached_property
    def query(self) -> str:
        return self.request.GET.get("q", "").replace("\x00", "")[:LONGEST].strip()

    def context(self, **more: Any) -> dict[str, Any]:
        groups = self.searched() if self.query else self.offered()
        found = [group for group in groups if group.found]
        count = sum(len(group.found) for group in found)
        return super().context(groups=found, query=self.query, count=count, **more)

    def searched(self) -> list[Group]:
        return [
            Group("tickets", _("Tickets"), self.tickets()),
            Group("owners", _("Owners"), self.owners()),
            Group("places", _("Go to"), self.places()),
        ]

    def offered(self) -> list[Group]:
        """Before anything is typed: where one was last, and where one can go."""
        return [
            Group("recent", _("Where you were last"), self.recent()),
            Group("places", _("Go to"), self.places()),
        ]

    def tickets(self) -> list[Found]:
        """By number or part of it, and by the words in the newest ones."""
        mine = Ticket.objects.visible_to(self.me)
        if WHOLE_NUMBER.fullmatch(self.query):
            return self.as_tickets(mine.filter(number=self.query))
        newest = mine.order_by("-created_at", "-id").values("id")[:NEWEST]
        fitting = Q(search_text__contains=fold(self.query)) | Q(number__contains=self.query)
        return self.as_tickets(mine.filter(fitting, id__in=newest))

    def as_tickets(self, rows: QuerySet[Any]) -> list[Found]:
        read = rows.order_by("-created_at", "-id").values(*COLUMNS)[:MOST]
        return [
            Found(
                url=self.address("complaints:ticket_detail", row["id"]),
                icon=row["kind"],
                label=row["title"],
                more=" · ".join(
                    filter(
                        None,
                        (
                            row["number"],
                            str(Status(row["status"]).label),
                            row["unit__label"],
                            row["owner__name"],
                        ),
                    )
                ),
                key=f"t:{row['id']}",
            )
            for row in read
        ]

    def owners(self) -> list[Found]:
        """By name, pinyin, initials, telephone number or unit."""
        if not self.me.can(Can.READ_OWNERS):
            return []
        found = find_owners(self.query).visible_to(self.me)
        return self.as_owners(best_first(found, self.query)[:MOST])

    def as_owners(self, rows: Any) -> list[Found]:
        people = list(rows)
        homes: dict[UUID, list[str]] = {}
        for owner_id, label in (
            Ownership.objects.visible_to(self.me)
            .current()
            .filter(owner_id__in=[row.pk for row in people])
            .order_by("unit__label")
            .values_list("owner_id", "unit__label")
        ):
            homes.setdefault(owner_id, []).append(label)
        return [
            Found(
                url=self.address("owners:owner_detail", row.pk),
                icon="user",
                label=row.name,
                more=" · ".join(filter(None, (*homes.get(row.pk, []), mask_phone(row.phone)))),
                key=f"o:{row.pk}",
            )
            for row in people
        ]

    def recent(self) -> list[Found]:
        """What the browser remembers by its id; names it is told only by us, each time anew."""
        asked = self.request.GET.get("recent", "").split(",")[:MOST_RECENT]
        ids: dict[str, list[UUID]] = {"t": [], "o": []}
        places: dict[str, int] = {}  # an id has several spellings
        for text in asked:
            sort, _colon, rest = text.partition(":")
            try:
                ids[sort].append(UUID(rest))
            except (KeyError, ValueError):
                continue
            places.setdefault(f"{sort}:{UUID(rest)}", len(places))
        found = []
        if ids["t"]:
            found += self.as_tickets(Ticket.objects.visible_to(self.me).filter(id__in=ids["t"]))
        if ids["o"] and self.me.can(Can.READ_OWNERS):
            found += self.as_owners(Owner.objects.visible_to(self.me).filter(id__in=ids["o"]))
        return sorted(found, key=lambda each: places[each.key])

    def places(self) -> list[Found]:
        """The pages one may go to; found by the sound of their names too."""
        text = squeeze(self.query)
        company = self.request.company
        found = {
            link.url: Found(link.url, link.entry.icon, str(link.entry.label))
            for place in ("staff", "make", "inbox", "account")
            for link in links(place, company, self.me, self.request)
        }
        return [each for each in found.values() if text in sound_of(each.label).search_text]

    def address(self, name: str, pk: UUID) -> str:
        return reverse(name, kwargs={"company": self.request.company.slug, "pk": pk})
