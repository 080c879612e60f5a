"""Paper for the letter boxes: how the letters stand by building, and slips to print."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from surveys.forms.slip import SlipForm
from surveys.models import Stage, Wave
from surveys.services.house_order import HOMES
from surveys.services.reach import ORDER, places_of, reach_of, unreachable
from surveys.services.slips import parts_of, print_slips
from surveys.services.titles import title_in
from tenancy.pages import DetailPage, EditPage, ListPage
from tenancy.permissions import Can
from tenancy.services.refusal import Refused


class SlipsPage(DetailPage):
    """Who was told by which way, who could not be, and what can be printed."""

    needs = Can.INTERVIEW
    model = Wave
    template_name = "surveys/slip_list.html"
    title = _("Letters and paper")

    def rows(self) -> QuerySet[Any]:
        return super().rows().select_related("survey")

    def context(self, **more: Any) -> dict[str, Any]:
        places = places_of(wave=self.row, member=self.me)
        return super().context(
            wave=self.row,
            reach=reach_of(wave=self.row, member=self.me),
            places=[(place, parts_of(place)) for place in places],
            **more,
        )


class UnreachedPage(ListPage):
    """The homes that no letter has reached, building by building: to call at, or to call up."""

    needs = Can.INTERVIEW
    template_name = "surveys/slip_unreached.html"
    title = _("Not reached")
    page_size = 100

    def prepare(self) -> None:
        # Once nobody can answer any more, nobody has to know who has not.
        waves = Wave.objects.visible_to(self.me).filter(stage=Stage.OPEN)
        self.wave: Any = waves.select_related("survey").filter(pk=self.kwargs["pk"]).first()
        if self.wave is None:
            raise Http404(_("There is nothing here."))

    def rows(self) -> QuerySet[Any]:
        found = unreachable(wave=self.wave, member=self.me).exclude(unit=None)
        if building := self.request.GET.get("building", ""):
            try:
                found = found.filter(building_id=UUID(building))
            except ValueError:
                found = found.none()
        rows: QuerySet[Any] = found.select_related("unit", "building__community")
        return rows.order_by(*ORDER, *HOMES)

    def context(self, **more: Any) -> dict[str, Any]:
        return super().context(wave=self.wave, **more)


class PrintSlipsPage(EditPage):
    """The slips of a building, ready for the printer. To print them is to take codes out."""

    http_method_names = ["post", "options"]
    needs = Can.INTERVIEW
    model = Wave
    form_class = SlipForm
    template_name = "surveys/slip_print.html"
    title = _("Slips")

    def rows(self) -> QuerySet[Any]:
        return super().rows().select_related("survey")

    def form_arguments(self) -> dict[str, Any]:
        return {"member": self.me}

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form(self.request.POST)
        if not form.is_valid():
            return self.sent_back(_("Choose a building."))
        asked = form.cleaned_data
        try:
            slips = print_slips(
                wave=self.row,
                building=asked["building"],
                part=asked["part"] or 1,
                only=asked["only"],
                by=self.actor,
                now=self.now,
            )
        except Refused as refusal:
            return self.sent_back(refusal)
        # As people type it: without the scheme.
        host = settings.PUBLIC_URL.split("//", 1)[-1]
        address = f"{host}/{self.request.company.slug}/s/"
        building = asked["building"]
        title = title_in(self.row.survey, "zh-hans")
        return self.show(
            wave=self.row, survey_title=title, slips=slips, building=building, address=address
        )

    def sent_back(self, why: object) -> HttpResponse:
        messages.error(self.request, str(why))
        args = [self.request.company.slug, self.row.pk]
        return HttpResponseRedirect(reverse("surveys:slips", args=args))
