"""The surveys that wait for whoever is signed in."""

from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from surveys.models import Invitation
from surveys.services.asking_here import for_whom_one_may_speak, waiting_for
from surveys.services.inviting import secret_of
from tenancy.pages import DetailPage, Page
from tenancy.permissions import Can


class MySurveysPage(Page):
    """What one is asked, one's home or oneself; as a card for one's first page too."""

    needs = Can.BE_HERE
    title = _("Surveys for me")
    template_name = "surveys/answer_mine.html"

    def context(self, **more: Any) -> dict[str, Any]:
        today = self.now.astimezone(ZoneInfo(self.request.company.zone)).date()
        return super().context(rows=waiting_for(self.me, today), **more)


class MySurveysCard(MySurveysPage):
    """The same as a part of another page; nothing where nothing waits."""

    template_name = "surveys/answer_card.html"


class MySurveyPage(DetailPage):
    """The way from the portal to the form: the link itself stands in no page and no letter."""

    needs = Can.BE_HERE
    model = Invitation

    def rows(self) -> QuerySet[Invitation]:
        return for_whom_one_may_speak(self.me)

    def get(self, *args: Any, **kwargs: Any) -> HttpResponse:
        address = reverse("surveys:answer", args=[self.request.company.slug, secret_of(self.row)])
        return HttpResponseRedirect(f"{address}?from=portal")
