"""Planning a wave, and planning it otherwise: the form, and beside it whom it would ask."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from surveys.forms.wave import AudienceForm, WaveForm
from surveys.models import Stage, Survey, Wave
from surveys.services.asking_again import keep_rhythm
from surveys.services.audiences import Part, parts_of
from surveys.services.survey import newest, questionnaire_of
from surveys.services.wave import USUAL_REMINDERS, change_wave, in_time, mark_of_plan, plan_wave
from surveys.services.wave_preview import preview
from surveys.services.wave_rhythm import free_name
from surveys.services.words import to_look_over
from surveys.views.meanwhile import MeanwhilePage
from surveys.views.wave import begun, place, today_of
from tenancy.pages import EditPage
from tenancy.permissions import Can
from tenancy.services.refusal import Refused


class PlanningPage(EditPage):
    """A form that shows whom it would ask before anything is decided."""

    needs = Can.SET_SURVEYS
    template_name = "surveys/wave_form.html"
    form_class = WaveForm

    @property
    def survey(self) -> Survey:
        """What is asked."""
        raise NotImplementedError

    def initial(self) -> dict[str, Any]:
        raise NotImplementedError

    def kept(self) -> list[Part]:
        """Whom it asks already: those can be kept, whatever has been laid aside since."""
        return []

    def form_arguments(self) -> dict[str, Any]:
        return {
            "survey": self.survey,
            "member": self.me,
            "kept": self.kept(),
            "initial": self.initial(),
        }

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        """Only look, where that was asked for; what was written stays as it is."""
        if "look" in self.request.POST:
            return self.show(form=self.form(self.request.POST))
        return super().post(*args, **kwargs)

    def context(self, **more: Any) -> dict[str, Any]:
        seen = self.seen(more["form"])
        edition = newest(self.survey)
        return super().context(
            survey=self.survey,
            is_sound=edition.is_sound,
            to_look_over=to_look_over(self.survey, questionnaire_of(edition)[0]),
            **seen,
            **more,
        )

    def seen(self, form: Any) -> dict[str, Any]:
        """Whom the wave would ask, or why it would ask nobody."""
        asked = AudienceForm(
            form.data if form.is_bound else asked_at_first(form),
            survey=self.survey,
            member=self.me,
            kept=self.kept(),
        )
        if not asked.is_valid():
            return {"trouble": next(iter(asked.errors.values()))[0]}
        try:
            found = preview(
                survey=self.survey,
                parts=asked.parts,
                sample_size=asked.cleaned_data["sample_size"],
                member=self.me,
                now=self.now,
                kept=self.kept(),
            )
        except Refused as refusal:
            return {"trouble": str(refusal)}
        return {"preview": found}

    def rhythm(self, wave: Wave, form: Any) -> None:
        """Keep whether it is asked again by itself."""
        months = form.cleaned_data["repeats_months"]
        keep_rhythm(wave=wave, repeats_months=months, by=self.actor, now=self.now)

    def follow(self, wave: Wave) -> str:
        """What is planned for today is asked at once; where to go next."""
        if wave.opens_on <= today_of(self):
            begun(self, wave)
        return place("surveys:wave", self, wave.pk)


def asked_at_first(form: Any) -> dict[str, Any]:
    """What an untouched form would send about whom it asks."""
    return {name: form.get_initial_for_field(form.fields[name], name) for name in form.fields}


class WaveAddPage(PlanningPage):
    """A wave more of a survey."""

    model = Survey
    title = _("Plan a wave")
    done = _("The wave is planned.")

    @property
    def survey(self) -> Survey:
        survey: Survey = self.row
        return survey

    def initial(self) -> dict[str, Any]:
        today = today_of(self)
        here = [] if self.me.all_communities else [str(pk) for pk in self.me.community_ids()]
        first, last = today + timedelta(days=1), today + timedelta(days=self.survey.open_days)
        return {
            "name": free_name(self.survey, today),
            "how": "census",
            "opens_on": first,
            "closes_on": last,
            "remind_after_days": ", ".join(map(str, in_time(USUAL_REMINDERS, first, last))),
            "repeats_months": self.survey.repeats_months or "",
            "part_community": here,
        }

    @transaction.atomic
    def act(self, form: Any) -> str:
        wave = plan_wave(
            survey=self.survey, by=self.actor, now=self.now, today=today_of(self), **form.facts
        )
        self.rhythm(wave, form)
        return self.follow(wave)


class WaveChangePage(MeanwhilePage, PlanningPage):
    """A planned wave, planned otherwise."""

    model = Wave
    title = _("Plan it otherwise")
    done = _("The plan is changed.")

    def rows(self) -> Any:
        return super().rows().select_related("survey").filter(stage=Stage.PLANNED)

    @property
    def survey(self) -> Survey:
        survey: Survey = self.row.survey
        return survey

    def initial(self) -> dict[str, Any]:
        wave = self.row
        found = {name: getattr(wave, name) for name in FACTS}
        for part in self.kept():
            found[f"part_{part.source}"] = part.keys
            found[f"months_{part.source}"] = part.months
        return {
            **found,
            "seen": self.mark(),
            "how": "census" if wave.sample_size is None else "sample",
            "remind_after_days": ", ".join(map(str, wave.remind_after_days)),
            "repeats_months": self.survey.repeats_months or "",
        }

    def kept(self) -> list[Part]:
        return parts_of(self.row)

    def context(self, **more: Any) -> dict[str, Any]:
        return super().context(wave=self.row, **more)

    def mark(self) -> str:
        return mark_of_plan(self.row)

    def address(self) -> str:
        return place("surveys:wave", self, self.row.pk)

    @transaction.atomic
    def act(self, form: Any) -> str:
        wave = change_wave(
            wave=self.row,
            seen=form.cleaned_data["seen"] or None,
            by=self.actor,
            now=self.now,
            today=today_of(self),
            **form.facts,
        )
        self.rhythm(wave, form)
        return self.follow(wave)


FACTS = ("name", "opens_on", "closes_on", "sample_size", "most_per_building")
