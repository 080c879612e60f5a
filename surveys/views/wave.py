"""One wave: how far it has come, and what can be done with it."""

from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.forms import Form
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy as _

from surveys.forms.wave import ProlongForm
from surveys.models import Audience, Invitation, Stage, Wave
from surveys.services.asking_again import repeated_after
from surveys.services.audiences import PARTITIONS, parts_of
from surveys.services.cells import LEAST
from surveys.services.house_order import HOMES
from surveys.services.letters import withdraw
from surveys.services.live import live
from surveys.services.reach import ORDER, places_of, reach_of
from surveys.services.wave import (
    begin_wave,
    cancel_wave,
    close_wave,
    prolong_wave,
    reaches,
)
from surveys.services.wave_preview import described, listed
from tenancy.pages import ActionPage, DetailPage, ListPage, Page
from tenancy.permissions import Can


def today_of(page: Page) -> date:
    """The date on the company's wall."""
    return page.now.astimezone(ZoneInfo(page.request.company.zone)).date()


def place(name: str, page: Page, pk: Any) -> str:
    """The address of a page of a wave, or of its survey."""
    return reverse(name, kwargs={"company": page.request.company.slug, "pk": pk})


def begun(page: Page, wave: Wave) -> None:
    """Ask now, and say what happens."""
    if begin_wave(wave=wave, by=page.actor, now=page.now):
        said = _("The wave is open: whoever is invited is being told.")
    else:
        said = _("So many are invited that it takes a few minutes. You can go on meanwhile.")
    messages.success(page.request, said)


class WavePage(DetailPage):
    """A wave at a glance; while it is open, how many have answered."""

    needs = Can.READ_SURVEYS
    model = Wave
    template_name = "surveys/wave.html"

    def rows(self) -> Any:
        return super().rows().select_related("survey", "edition")

    def context(self, **more: Any) -> dict[str, Any]:
        wave = self.row
        may_change = self.me.can(Can.SET_SURVEYS) and reaches(self.me, wave)
        return super().context(
            title=f"{wave.survey.title} · {wave.name}",
            wave=wave,
            may_change=may_change,
            is_missed=wave.stage == Stage.PLANNED and wave.closes_on < today_of(self),
            is_due=wave.stage == Stage.PLANNED and wave.opens_on <= today_of(self),
            repeats_months=repeated_after(wave),
            is_for_staff=wave.survey.audience == Audience.STAFF,
            parts=described(parts_of(wave), self.me),
            reminders=listed(wave.remind_after_days),
            form=ProlongForm(initial={"closes_on": wave.closes_on}),
            reach=reach_of(wave=wave, member=self.me) if wave.stage == Stage.OPEN else None,
            **self.response(),
            **more,
        )

    def response(self) -> dict[str, Any]:
        """How many have answered, once anybody was asked."""
        wave = self.row
        if wave.stage == Stage.PLANNED:
            return {}
        partition = PARTITIONS.get(Audience(wave.survey.audience))
        return {
            "live": live(wave, self.me),
            "least": LEAST,
            "group_label": partition.label if partition else "",
        }


class WaveLivePage(WavePage):
    """The response rate alone, for a page that asks for it again and again."""

    template_name = "surveys/wave_live.html"

    def context(self, **more: Any) -> dict[str, Any]:
        return DetailPage.context(self, wave=self.row, **self.response(), **more)


class WaveUnansweredPage(ListPage):
    """The homes and people who have not answered yet, for whoever calls them or knocks."""

    needs = Can.INTERVIEW
    title = _("Not answered yet")
    template_name = "surveys/wave_unanswered.html"
    wave: Wave

    def prepare(self) -> None:
        # What staff are asked is nobody's business person by person; nor is who did not answer,
        # once nobody can.
        waves = Wave.objects.visible_to(self.me).filter(survey__audience=Audience.OWNERS)
        found = waves.filter(stage=Stage.OPEN, pk=self.kwargs["pk"])
        wave = found.select_related("survey").first()
        if wave is None:
            raise Http404(gettext("There is nothing here."))
        self.wave = wave

    def rows(self) -> Any:
        """Served by `invited_by_place`."""
        rows = Invitation.objects.visible_to(self.me).filter(wave=self.wave, is_used=False)
        if self.building:
            rows = rows.filter(building=self.building)
        named = rows.select_related("unit__community", "owner")
        return named.order_by(*ORDER, *HOMES)

    def context(self, **more: Any) -> dict[str, Any]:
        places = places_of(wave=self.wave, member=self.me)
        return super().context(wave=self.wave, places=places, building=self.building, **more)

    @property
    def building(self) -> UUID | None:
        """Where to look; what names no building names all of them."""
        try:
            return UUID(self.request.GET.get("building", ""))
        except ValueError:
            return None


class WaveAction(ActionPage):
    """Something done to a wave; afterwards one is on its page."""

    needs = Can.SET_SURVEYS
    model = Wave
    form_class = Form

    def back(self) -> str:
        return place("surveys:wave", self, self.row.pk)


class WaveOpenPage(WaveAction):
    """Ask now, whatever day was planned."""

    def do(self, form: Form) -> None:
        begun(self, self.row)


class WaveProlongPage(WaveAction):
    """Leave it open longer."""

    form_class = ProlongForm
    done = _("The wave stays open longer.")

    def do(self, form: Form) -> None:
        closes_on = form.cleaned_data["closes_on"]
        prolong_wave(wave=self.row, closes_on=closes_on, by=self.actor, now=self.now)


class WaveClosePage(WaveAction):
    """Take no more answers from now on."""

    done = _("The wave is closed. Its results are there in a few minutes.")

    def do(self, form: Form) -> None:
        wave = close_wave(wave=self.row, by=self.actor, now=self.now)
        withdraw(wave=wave)


class WaveCancelPage(WaveAction):
    """Ask nobody after all."""

    done = _("The wave is called off. Nobody was asked.")

    def back(self) -> str:
        if Wave.objects.filter(pk=self.row.pk).exists():
            return super().back()
        return place("surveys:survey", self, self.row.survey_id)

    def do(self, form: Form) -> None:
        cancel_wave(wave=self.row, by=self.actor, now=self.now)
