"""What is done to many tickets of the queue at once: those that were ticked, or all of a filter."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _, ngettext

from complaints.filters.saved_view import normal, shown_by
from complaints.services.accepting import accept_many
from complaints.services.reassigning import MOST_AT_ONCE
from complaints.views.reassign import ReassignPage
from tenancy.pages import Page
from tenancy.permissions import Can

NAMED = 5  # refusals that are spelled out


class ChosenPage(Page):
    """One button for many tickets: POST only, back to the queue as it was narrowed."""

    needs = Can.ACCEPT
    http_method_names = ["post", "options"]

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        sent = self.request.POST.copy()
        if "all" in sent:
            rows = shown_by(sent.get("here", ""), self.request).by_due()
            ids = list(rows.values_list("id", flat=True)[:MOST_AT_ONCE])
            sent.setlist("tickets", [str(pk) for pk in ids])
        if sent.get("act") == "assign" and self.me.can(Can.ASSIGN):
            return self.hand_over(sent)
        self.accept(sent.getlist("tickets")[:MOST_AT_ONCE])
        return HttpResponseRedirect(self.back())

    def back(self) -> str:
        queue = reverse("complaints:queue", kwargs={"company": self.request.company.slug})
        here = normal(self.request.POST.get("here", ""))
        return f"{queue}?{here}" if here else queue

    def hand_over(self, sent: Any) -> HttpResponse:
        """The page on which one chooses who gets them."""
        sent["back"] = "queue"
        sent.pop("all", None)
        page = ReassignPage()
        page.setup(self.request, *self.args, **self.kwargs)
        page.asked = sent
        return page.get()

    def accept(self, texts: list[str]) -> None:
        outcome = accept_many(tickets=ids_in(texts), by=self.actor, now=self.now)
        if done := len(outcome.done):
            text = ngettext("%(n)s ticket accepted.", "%(n)s tickets accepted.", done)
            messages.success(self.request, text % {"n": done})
        elif not outcome.refused:
            messages.error(self.request, _("Choose at least one ticket."))
        for ticket, refusal in outcome.refused[:NAMED]:
            messages.error(self.request, f"{ticket.number}: {refusal}")
        if (rest := len(outcome.refused) - NAMED) > 0:
            text = ngettext("%(n)s more was refused.", "%(n)s more were refused.", rest)
            messages.error(self.request, text % {"n": rest})


def ids_in(texts: list[str]) -> list[UUID]:
    """The ids among what was sent."""
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found
