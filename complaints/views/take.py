"""The desk files a ticket for somebody on the telephone: who is it, and what is the matter."""

from itertools import groupby
from typing import Any
from uuid import UUID

from django import forms
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from complaints.forms.take import TakeForm
from complaints.models import Category, Kind, Ticket
from complaints.services.filing import file_ticket
from complaints.views.contacts import Contact, last_contacts
from complaints.views.history import Beside, beside_owner
from owners.models import Owner, Ownership
from owners.services.archive import best_first, create_owner, find_owners
from owners.services.personal import BadPhone, index, mask_phone, normal_phone
from tenancy.models import Community, uuid7
from tenancy.pages import CreatePage, Page
from tenancy.permissions import Can

MOST_FOUND = 10
# Instead of a person: one who has to be taken into the archive, one who does not say who they are.
NEW, NOBODY = "new", "nobody"
LONGEST_PHONE = 40
# Under this name the browser learns that what it kept has arrived.
FILED = "filed"
FILED_SECONDS = 600


SEARCH = _("Who is calling?")


def found_owners(page: Page, query: str) -> list[dict[str, Any]]:
    """People of the archive that the typed characters may mean, with their homes."""
    if not query.strip():
        return []
    return described(page, best_first(find_owners(query[:100]), query[:100]))


def described(page: Page, people: Any) -> list[dict[str, Any]]:
    """Some people with their homes."""
    rows = list(people.visible_to(page.me)[:MOST_FOUND])
    homes: dict[UUID, list[str]] = {}
    for owner_id, label in (
        Ownership.objects.visible_to(page.me)
        .current()
        .filter(owner_id__in=[row.pk for row in rows])
        .order_by("unit__label")
        .values_list("owner_id", "unit__label")
    ):
        homes.setdefault(owner_id, []).append(label)
    return [
        {"owner": row, "phone": mask_phone(row.phone), "homes": homes.get(row.pk, [])}
        for row in rows
    ]


class TakeOwnersPage(Page):
    """Who may be calling, while the desk types; a fragment, or a page of its own."""

    needs = Can.FILE_FOR_OWNER
    title = _("Who is calling?")
    template_name = "complaints/take_find.html"

    def get(self, *args: Any, **kwargs: Any) -> HttpResponse:
        query = self.request.GET.get("q", "")
        found = found_owners(self, query)
        name = "complaints/take_found.html" if getattr(self.request, "htmx", False) else ""
        context = self.context(query=query, found=found)
        return render(self.request, name or self.template_name, context)


class TakePage(CreatePage):
    """First who is calling, then what is the matter; submitted twice it is still one ticket."""

    needs = Can.FILE_FOR_OWNER
    title = _("New ticket")
    template_name = "complaints/take.html"
    form_class: type[forms.Form] = TakeForm

    @property
    def asked(self) -> str:
        """The person named in the address: an id, or somebody new."""
        return self.request.GET.get("owner", "")

    @cached_property
    def owner(self) -> Owner | None:
        """The person the ticket is for."""
        try:
            pk = UUID(self.asked)
        except ValueError:
            return None
        found: Owner | None = Owner.objects.visible_to(self.me).filter(pk=pk).first()
        return found

    @cached_property
    def beside(self) -> Beside:
        """What is known about the person."""
        return beside_owner(self.owner, self.me)

    @property
    def contacts(self) -> list[Contact]:
        """The last times the person and the company had to do with each other."""
        return [] if self.owner is None else last_contacts(self.owner, self.me)

    @property
    def is_new(self) -> bool:
        return self.asked == NEW

    @property
    def is_known(self) -> bool:
        """Whether it is settled who is calling, even if nobody can say who it is."""
        return self.owner is not None or self.asked in (NEW, NOBODY)

    @cached_property
    def phone(self) -> str:
        """The number that a telephone system shows, as it was given."""
        return self.request.GET.get("phone", "").replace("\x00", "").strip()[:LONGEST_PHONE]

    @cached_property
    def callers(self) -> list[dict[str, Any]]:
        """Whose number that is."""
        try:
            digest = index(normal_phone(self.phone))
        except BadPhone:
            return []
        people = Owner.objects.filter(phone_index=digest).order_by("sort_key", "id")
        return described(self, people)

    def get(self, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.is_known:
            return super().get(*args, **kwargs)
        if self.phone and not self.asked:
            return self.answer_the_phone()
        query = self.request.GET.get("q", "")
        return self.search(query, found_owners(self, query))

    def search(self, query: str, found: list[dict[str, Any]]) -> HttpResponse:
        context = self.context(
            query=query, found=found, missed=bool(self.asked), phone=self.phone, title=SEARCH
        )
        return render(self.request, "complaints/take_find.html", context)

    def answer_the_phone(self) -> HttpResponse:
        """Straight to the form where the number belongs to one person, or to nobody."""
        if len(self.callers) > 1:
            return self.search("", self.callers)
        asked = self.request.GET.copy()
        asked["owner"] = str(self.callers[0]["owner"].pk) if self.callers else NEW
        if self.callers:
            del asked["phone"]  # it is known now, and need not stand in the browser's history
        asked.setdefault("source", "phone")
        return HttpResponseRedirect(f"{self.request.path}?{asked.urlencode()}")

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.is_known:
            return self.get(*args, **kwargs)
        answer = super().post(*args, **kwargs)
        if isinstance(answer, HttpResponseRedirect):
            submission = self.request.POST["submission"]
            answer.set_cookie(
                FILED,
                submission,
                max_age=FILED_SECONDS,
                path=self.request.path,
                samesite="Lax",
                secure=self.request.is_secure(),
            )
        return answer

    def form(self, *args: Any) -> forms.Form:
        if args:
            return TakeForm(of_the_kind(args[0]), *args[1:], **self.form_arguments())
        initial: dict[str, Any] = {"submission": uuid7(), "phone": self.phone}
        if self.request.GET.get("source"):
            initial["source"] = self.request.GET["source"]
        return TakeForm(initial=initial, **self.form_arguments())

    def form_arguments(self) -> dict[str, Any]:
        return {
            "homes": [tie for tie in self.beside.homes if tie.unit.is_in_use],
            "communities": list(Community.objects.visible_to(self.me).in_use().order_by("name")),
            "is_new": self.is_new,
        }

    def context(self, **more: Any) -> dict[str, Any]:
        if "form" in more:
            more = {
                **more,
                "beside": self.beside,
                "contacts": self.contacts,
                "is_new": self.is_new,
                "asked": self.asked,
                "kinds": kinds(more["form"]),
            }
        return super().context(**more)

    def act(self, form: Any) -> str:
        ticket = self.file(form)
        return reverse(
            "complaints:ticket_detail",
            kwargs={"company": self.request.company.slug, "pk": ticket.pk},
        )

    def file(self, form: TakeForm) -> Ticket:
        """File it, with a new person of the archive if it is one. A twin that came first wins,
        and then the person is not kept twice either."""
        said = form.cleaned_data
        unit, community = form.where()
        with transaction.atomic():
            owner = self.owner
            if self.is_new:
                owner = create_owner(
                    name=said["name"], phone=said["phone"], by=self.actor, now=self.now
                )
            ticket = file_ticket(
                kind=said["category"].kind,
                category=said["category"],
                urgency=said["urgency"],
                source=said["source"],
                title=said["title"],
                description=said["description"],
                owner=owner,
                unit=unit,
                community=community,
                submission=form.submission_id(),
                by=self.actor,
                now=self.now,
            )
            if owner is not None and ticket.owner_id != owner.pk:
                transaction.set_rollback(True)
        return ticket


def of_the_kind(data: QueryDict) -> QueryDict:
    """What was sent, with the category of the chosen kind.

    Each kind has radio buttons of its own: what was ticked under another kind does not count,
    and no hidden button stands in the way of the keyboard.
    """
    if "category" in data:
        return data
    read = data.copy()
    read["category"] = data.get(f"category-{data.get('kind', '')}", "")
    return read


def kinds(form: forms.Form) -> list[dict[str, Any]]:
    """The categories, kind by kind, as tiles; what was chosen stays chosen."""
    chosen = str(form["category"].value() or "")
    field: Any = form.fields["category"]
    rows: list[Category] = sorted(field.queryset, key=lambda row: Kind.values.index(row.kind))
    found = [
        {"value": kind, "label": Kind(kind).label, "tiles": list(tiles), "chosen": chosen}
        for kind, tiles in groupby(rows, key=lambda row: row.kind)
    ]
    asked = form.data.get("kind")
    first = next((each for each in found if each["value"] == asked), found[0] if found else None)
    for each in found:
        each["is_open"] = each is first
    return found
