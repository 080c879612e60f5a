"""The working calendar as a year one can look at, and change."""

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _, ngettext

from complaints.forms.calendar import DaysForm, WeekForm
from complaints.services import opening
from complaints.services.year import months, runs
from tenancy.models import CalendarDay, Community
from tenancy.pages import FormPage
from tenancy.permissions import Can
from tenancy.services.refusal import Refused
from tenancy.services.working_time import WorkingTimes
from tenancy.views.guided import Guided

FIRST_YEAR, LAST_YEAR = 2015, 2099


class CalendarView(Guided, FormPage):
    """What the parts of the calendar share: the one page that shows them.

    What would move open promises is said first, and done when it is sent once more.
    """

    needs = Can.SET_PROMISES
    title = _("Working calendar")
    template_name = "complaints/calendar.html"
    shown_as = ""

    @cached_property
    def year(self) -> int:
        asked = self.request.GET.get("year", "")
        if asked.isdecimal() and len(asked) == 4 and FIRST_YEAR <= int(asked) <= LAST_YEAR:
            return int(asked)
        return self.now.astimezone(self.times.of(None).tz).year

    @cached_property
    def times(self) -> WorkingTimes:
        return WorkingTimes()

    @cached_property
    def community(self) -> Community | None:
        """Whose calendar is looked at; none is the company's."""
        try:
            asked = UUID(self.request.GET.get("community", ""))
        except ValueError:
            return None
        found: Community | None = Community.objects.filter(pk=asked).first()
        return found

    def context(self, **more: Any) -> dict[str, Any]:
        community = self.community
        calendar = self.times.of(community.pk if community else None)
        shown = months(calendar, self.year)
        return super().context(
            **{
                "year": self.year,
                "previous": self.at(year=self.year - 1),
                "following": self.at(year=self.year + 1),
                "months": shown,
                "runs": runs(shown),
                "estimated": bool(self.times.row.country)
                and calendar.official.estimated(self.year),
                "community": community,
                "communities": list(Community.objects.filter(is_active=True).order_by("name")),
                "week_form": self.week_form(),
                "days_form": self.days_form(),
                "own": self.own_days(),
                "here": self.at(year=self.year),
                "today": self.now.astimezone(calendar.tz).date(),
                "picked": self.picked,
                **more,
            }
        )

    def week_form(self) -> WeekForm:
        row = self.times.row
        facts = {f"day{day}": row.week.get(str(day), []) for day in range(7)}
        official = {"follows_official": bool(row.country), "moves_weekends": row.moves_weekends}
        return WeekForm(initial={**facts, **official}, auto_id="week-%s")

    @cached_property
    def picked(self) -> date | None:
        """The day that was pointed at."""
        try:
            return date.fromisoformat(self.request.GET.get("on", ""))
        except ValueError:
            return None

    def days_form(self) -> DaysForm:
        """Empty, or about the day that was pointed at."""
        on = self.picked
        if on is None:
            return DaysForm(initial={"community": self.community}, auto_id="days-%s")
        own = [day for day in self.times.days if day.on == on]
        mine = [day for day in own if day.community_id == getattr(self.community, "pk", None)]
        facts: dict[str, Any] = {"since": on, "until": on, "community": self.community}
        for day in mine:
            facts |= {"hours": day.periods, "note": day.note}
        return DaysForm(initial=facts, auto_id="days-%s")

    def own_days(self) -> list[CalendarDay]:
        """The company's own days of the year, in order."""
        return [day for day in self.times.days if day.on.year == self.year]

    def at(self, **asked: Any) -> str:
        """The calendar at another place."""
        query = self.request.GET.copy()
        for name in ("on", "confirmed"):
            query.pop(name, None)
        query.update({name: str(value) for name, value in asked.items()})
        place = reverse("complaints:calendar", kwargs={"company": self.request.company.slug})
        return f"{place}?{query.urlencode()}"

    # --- changing something: first what it would move, then for good ---

    def show(self, status: int = 200, **more: Any) -> HttpResponse:
        form = more.pop("form", None)
        if form is not None and self.shown_as:
            more[self.shown_as] = form
        # After a rehearsal the rows in memory are those of the change that was undone.
        self.__dict__.pop("times", None)
        return super().show(status, **more)

    def change(self, form: Any) -> int:
        raise NotImplementedError

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form(self.request.POST)
        if "confirmed" not in self.request.POST and form.is_valid():
            try:
                moved = opening.rehearse(lambda: self.change(form))
            except Refused as refusal:
                form.add_error(None, str(refusal))
                return self.show(422, form=form)
            if moved:
                return self.show(200, form=form, would_move=moved)
        return super().post(*args, **kwargs)

    def act(self, form: forms.Form) -> str:
        moved = self.change(form)
        text = ngettext(
            "Saved. %(n)s open deadline moved; its timeline says so.",
            "Saved. %(n)s open deadlines moved; their timelines say so.",
            moved,
        )
        messages.success(self.request, text % {"n": moved})
        return self.after(self.at(year=self.year))


class CalendarPage(CalendarView):
    """A year of the company, or of one community."""

    http_method_names = ["get", "head", "options"]
    form_class = DaysForm

    def get(self, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show()


class WeekPage(CalendarView):
    """Changes the usual opening times."""

    http_method_names = ["post", "options"]
    shown_as = "week_form"

    def form(self, *args: Any) -> forms.Form:
        return WeekForm(*args, auto_id="week-%s")

    def change(self, form: Any) -> int:
        said = form.cleaned_data
        return opening.set_week(
            week=form.week,
            follows_official=said["follows_official"],
            moves_weekends=said["moves_weekends"],
            by=self.actor,
            now=self.now,
        )


class DaysPage(CalendarView):
    """Sets days of the company's own, or lets them be as usual again."""

    http_method_names = ["post", "options"]
    shown_as = "days_form"

    def form(self, *args: Any) -> forms.Form:
        return DaysForm(*args, auto_id="days-%s")

    def change(self, form: Any) -> int:
        said = form.cleaned_data
        days = {name: said[name] for name in ("since", "until", "community")}
        if "clear" in self.request.POST:
            return opening.clear_days(**days, by=self.actor, now=self.now)
        return opening.set_days(
            **days, periods=said["hours"], note=said["note"], by=self.actor, now=self.now
        )
