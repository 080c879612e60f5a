"""Handing many tickets over at once, seeing who has room for them."""

from functools import cached_property
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Min
from django.forms import Form
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy, ngettext

from complaints.forms.reassign import ReassignForm, Rooms
from complaints.models import Ticket
from complaints.services.handing_over import IsAway
from complaints.services.reassigning import MOST_AT_ONCE, HandedOver, reassign_many
from complaints.views.late import LateView
from complaints.views.rows import Presenter, Row, plain
from tenancy.pages import FormPage
from tenancy.permissions import Can
from tenancy.services.refusal import Refused

# Where one may come from, and goes back to.
BACK = {
    "late": "complaints:late",
    "queue": "complaints:queue",
    "loads": "complaints:loads",
    "escalated": "complaints:escalated",
}
SHOWN = 50  # rows; those beyond are carried along unseen
NAMED = 5  # refusals that are spelled out


class ReassignPage(LateView, FormPage):
    """The chosen tickets, everybody's room beside them, and one button."""

    needs = Can.ASSIGN
    title = gettext_lazy("Hand over")
    template_name = "complaints/reassign.html"
    form_class = ReassignForm

    def form_arguments(self) -> dict[str, Any]:
        where = self.chosen_tickets().order_by().values_list("community_id", "department_id")
        found = list(where.distinct())
        rooms = Rooms(
            {community for community, _department in found},
            now=self.now,
            times=self.times,
            departments={department for _community, department in found},
        )
        return {"rooms": rooms}

    # --- which tickets ---

    @cached_property
    def ids(self) -> list[UUID]:
        """The ticked tickets, or all that the list was narrowed to, that the visitor may see."""
        wanted = self.all_of_list() if self.asked.get("all") else self.ticked()
        visible = Ticket.objects.visible_to(self.me).filter(id__in=wanted)
        return list(visible.values_list("id", flat=True))

    def ticked(self) -> list[UUID]:
        ids = []
        for text in self.asked.getlist("tickets")[:MOST_AT_ONCE]:
            try:
                ids.append(UUID(text))
            except ValueError:
                continue
        return ids

    def all_of_list(self) -> list[UUID]:
        """Everything that the page one came from was narrowed to, the most urgent first."""
        if self.asked.get("back") == "late":
            rows = self.narrowed().order_by().values("ticket_id").annotate(first=Min("due_at"))
            found = rows.order_by("first").values_list("ticket_id", flat=True)
        else:
            found = self.work().by_due().values_list("id", flat=True)
        return list(found[:MOST_AT_ONCE])

    def work(self) -> Any:
        """What one person, or one department without a person, still has to solve."""
        rows = Ticket.objects.visible_to(self.me).open()
        if (person := self.chosen("person")) is not None:
            return rows.filter(assignee_id=person)
        if (department := self.chosen("department")) is not None:
            return rows.filter(department_id=department, assignee_id=None)
        return rows.none()

    def chosen_tickets(self) -> Any:
        return Ticket.objects.filter(id__in=self.ids)

    # --- the page ---

    def context(self, **more: Any) -> dict[str, Any]:
        rows: list[Row] = Presenter(self.request.company, self.me.pk, self.now).rows(
            list(plain(self.chosen_tickets().by_due()))
        )
        return super().context(
            rows=rows[:SHOWN],
            more_rows=rows[SHOWN:],
            count=len(rows),
            back=self.back_name,
            back_url=self.back(),
            narrowing=self.narrowing(),
            **more,
        )

    @property
    def back_name(self) -> str:
        asked = self.asked.get("back", "late")
        name = asked if asked in BACK else "late"
        return name if name == "queue" or self.me.can(Can.READ_LATE) else "queue"

    def back(self) -> str:
        """The list one came from, narrowed as it was."""
        address = reverse(BACK[self.back_name], kwargs={"company": self.request.company.slug})
        if self.back_name != "late":
            return address
        query = self.asked.copy()
        for name in list(query):
            if name not in dict(self.narrowing()):
                del query[name]
        return f"{address}?{query.urlencode()}" if query else address

    def get(self, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(form=self.form()) if self.ids else self.nothing()

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.ids:
            return self.nothing()
        if "note" not in self.request.POST and not self.request.POST.get("to"):
            return self.show(form=self.form())  # come from a list, to see who has room
        form = self.form(self.request.POST)
        if form.is_valid():
            try:
                self.hand_over(form)
            except IsAway as refusal:
                form.add_error("insist", str(refusal))
            except Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                return HttpResponseRedirect(self.back())
        return self.show(status=422, form=form)

    def nothing(self) -> HttpResponse:
        messages.error(self.request, _("Choose at least one ticket."))
        return HttpResponseRedirect(self.back())

    def hand_over(self, form: Form) -> None:
        department, assignee = form.cleaned_data["to"]
        outcome = reassign_many(
            tickets=self.ids,
            department=department,
            assignee=assignee,
            note=form.cleaned_data["note"],
            insist=form.cleaned_data["insist"],
            by=self.actor,
            now=self.now,
        )
        self.say(outcome)

    def say(self, outcome: HandedOver) -> None:
        """What became of them, in few sentences."""
        if done := len(outcome.moved):
            text = ngettext("%(n)s ticket handed over.", "%(n)s tickets handed over.", done)
            messages.success(self.request, text % {"n": done})
        if same := len(outcome.unchanged):
            text = ngettext("%(n)s lay there already.", "%(n)s lay there already.", same)
            messages.info(self.request, text % {"n": same})
        for ticket, refusal in outcome.refused[:NAMED]:
            messages.error(self.request, f"{ticket.number}: {refusal}")
        if (rest := len(outcome.refused) - NAMED) > 0:
            text = ngettext("%(n)s more was refused.", "%(n)s more were refused.", rest)
            messages.error(self.request, text % {"n": rest})
