"""Speaking up: one phone screen, then a receipt with the number and the promise."""

from contextlib import suppress
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db import transaction
from django.forms import Form
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from complaints.forms.owner import FileTicketForm
from complaints.models import (
    Attachment,
    Category,
    Deadline,
    PromiseKind,
    Source,
    Ticket,
    Urgency,
)
from complaints.services.attaching import attach
from complaints.services.filing import file_ticket
from complaints.services.supporting import known_near
from complaints.views.owner_near import chosen
from complaints.views.owner_tiles import tiles
from owners.models import Owner, Unit
from tenancy.models import Community, uuid7
from tenancy.pages import CreatePage, DetailPage
from tenancy.permissions import Can
from tenancy.services.refusal import Refused

SEVERAL = 2  # homes, of which one has to be chosen


class FileRefused(Refused):
    """One of the files cannot be taken; the sentence says which and why."""

    code = "file_refused"
    sentence = _("“%(name)s”: %(reason)s")


class NoArchive(Refused):
    """The account belongs to nobody in the owner archive."""

    code = "not_in_archive"
    sentence = _("Your account is not linked to a home yet. Please call us.")


class FileTicketPage(CreatePage):
    """The owner says what is wrong. Sending it twice makes one ticket."""

    needs = Can.FILE_TICKET
    template_name = "complaints/owner_file.html"
    form_class = FileTicketForm
    title = _("Speak up")

    @cached_property
    def owner(self) -> Owner | None:
        found: Owner | None = Owner.objects.filter(membership_id=self.me.pk).first()
        return found

    @cached_property
    def categories(self) -> Any:
        return Category.objects.visible_to(self.me).active().order_by("position", "id")

    @cached_property
    def places(self) -> Any:
        """The homes one may speak of; without any, the communities."""
        homes = Unit.objects.lived_in_by(self.me).select_related("community").order_by("label")
        if homes or self.is_laid_aside:
            return homes
        return Community.objects.visible_to(self.me).in_use().order_by("name")

    @cached_property
    def is_laid_aside(self) -> bool:
        """Whether there are homes, but none that the company still looks after."""
        ties = Unit.objects.tied_to(self.me)
        return ties.exists() and not ties.in_use().exists()

    @cached_property
    def submission(self) -> UUID:
        """The name of this act of submitting: the browser sends it back with the words."""
        with suppress(ValueError):
            return UUID(self.request.POST.get("submission", ""))
        return uuid7()

    def form_arguments(self) -> dict[str, Any]:
        return {"categories": self.categories, "places": self.places}

    def get(self, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(form=self.begun({"place": self.last_home()}))

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        """File it; or, without scripts, only look whether it is known already."""
        if "look" not in self.request.POST:
            return super().post(*args, **kwargs)
        typed = self.request.POST.dict()
        return self.show(form=self.begun(typed), known_near=self.known_near(typed))

    def begun(self, typed: dict[str, Any]) -> FileTicketForm:
        """The form with what is known so far, not looked at for mistakes yet."""
        return FileTicketForm(initial=typed, **self.form_arguments())

    def known_near(self, typed: dict[str, Any]) -> list[Ticket]:
        """What neighbours have reported of the kind that was chosen."""
        category = chosen(self.categories, typed.get("category", ""))
        place = chosen(self.places, typed.get("place", "")) or next(iter(self.places), None)
        if category is None or not isinstance(place, Unit):
            return []
        return known_near(category=category, place=place, me=self.me, now=self.now)

    def last_home(self) -> str:
        """Of several homes, the one that was spoken of last."""
        if self.owner is None or len(self.places) < SEVERAL:
            return ""
        last = Ticket.objects.filter(owner_id=self.owner.pk).exclude(unit=None)
        found = last.order_by("-created_at").values_list("unit_id", flat=True).first()
        return str(found or "")

    def context(self, **more: Any) -> dict[str, Any]:
        form = more["form"]
        places = list(self.places)
        return super().context(
            submission=self.submission,
            kinds=tiles(self.categories, form["kind"].value(), form["category"].value()),
            places=places,
            hotline=hotline_of(places, self.request.company.hotline),
            known=self.owner is not None and bool(places),
            laid_aside=not places and self.is_laid_aside,
            **more,
        )

    def act(self, form: Form) -> str:
        ticket = self.file(form)
        address = {"company": self.request.company.slug, "pk": ticket.pk}
        return reverse("complaints:ticket_receipt", kwargs=address)

    def file(self, form: Any) -> Ticket:
        """The ticket with all its photos, or nothing at all."""
        if self.owner is None:
            raise NoArchive
        stored: list[Attachment] = []
        try:
            with transaction.atomic():
                ticket = file_ticket(
                    submission=self.submission_of(form),
                    source=Source.PORTAL,
                    owner=self.owner,
                    by=self.actor,
                    now=self.now,
                    **form.facts(),
                )
                # A ticket of another moment is the one that the first submit has made.
                if ticket.created_at == self.now:
                    photos = form.cleaned_data["photos"]
                    stored.extend(self.attach(ticket, each) for each in photos)
        except Refused:
            for attachment in stored:
                attachment.file.delete(save=False)
            raise
        return ticket

    def submission_of(self, form: Any) -> UUID:
        """Other words under the same name, after going back, are another ticket."""
        facts = form.facts()
        said = (facts["title"], facts["description"])
        known = Ticket.objects.filter(pk=self.submission).first()
        if known is not None and (known.title, known.description) != said:
            return uuid7()
        return self.submission

    def attach(self, ticket: Ticket, upload: Any) -> Attachment:
        try:
            return attach(ticket=ticket, upload=upload, by=self.actor, now=self.now)
        except Refused as refusal:
            raise FileRefused(name=upload.name, reason=str(refusal)) from refusal


def hotline_of(places: list[Unit | Community], general: str) -> str:
    """Whom to ring when it cannot wait: the community's own number before the company's."""
    for place in places:
        community = place.community if isinstance(place, Unit) else place
        if community.hotline:
            return str(community.hotline)
    return general


class TicketReceiptPage(DetailPage):
    """What the owner holds in hand after speaking up: the number, the promise, and why then."""

    needs = Can.READ_TICKETS
    template_name = "complaints/owner_receipt.html"
    model = Ticket
    title = _("We have it")

    def context(self, **more: Any) -> dict[str, Any]:
        rows = Deadline.objects.filter(ticket_id=self.row.pk, cycle=1, dropped_at=None)
        deadlines = {row.promise: row for row in rows.order_by("due_at")}
        first = next(iter(deadlines.values()), None)
        if self.row.urgency != Urgency.EMERGENCY:  # then what counts is who comes, and how soon
            first = deadlines.get(PromiseKind.CALLBACK) or first
        return super().context(
            first=first,
            calls=first is not None and first.promise == PromiseKind.CALLBACK,
            callback=deadlines.get(PromiseKind.CALLBACK),
            solution=deadlines.get(PromiseKind.RESOLUTION),
            attachments=Attachment.objects.filter(ticket_id=self.row.pk).count(),
            **more,
        )
