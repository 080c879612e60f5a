"""Asking by telephone: the next call, the questions to read out, how it ended."""

from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext, gettext_lazy as _, pgettext

from owners.services.personal import mask_phone
from surveys.forms.answer import given_of, not_seen
from surveys.forms.interview import OutcomeForm
from surveys.models import Audience, CallOutcome, Interview, Stage, Wave
from surveys.questionnaire import Fault
from surveys.services.answering import FaultyAnswers, photo_questions, questionnaire_of
from surveys.services.asking_form import Part, laid_out
from surveys.services.interviewing import (
    MOST_TRIES,
    answer_call,
    give_back,
    hold_on,
    next_call,
    note_call,
    people_of,
    progress_of,
)
from surveys.views.wave import today_of
from tenancy.pages import ActionPage, DetailPage, Page
from tenancy.permissions import Can
from tenancy.services.refusal import Refused


class InterviewListPage(Page):
    """The surveys that run, each with its next call and its paper."""

    needs = Can.INTERVIEW
    title = _("Interviews and paper")
    template_name = "surveys/interview_list.html"

    def context(self, **more: Any) -> dict[str, Any]:
        today = today_of(self)
        running = Wave.objects.visible_to(self.me).filter(
            stage=Stage.OPEN,
            opens_on__lte=today,
            closes_on__gte=today,
            survey__audience=Audience.OWNERS,
        )
        waves = list(running.select_related("survey").order_by("closes_on", "id"))
        progress = progress_of(waves, self.me)
        return super().context(rows=[(wave, progress[wave.pk]) for wave in waves], **more)


class InterviewNext(ActionPage):
    """Give me somebody to call."""

    needs = Can.INTERVIEW
    model = Wave
    form_class: type[forms.Form] = forms.Form

    def rows(self) -> QuerySet[Wave]:
        return super().rows().select_related("survey")

    def do(self, form: forms.Form) -> None:
        self.found = next_call(wave=self.row, by=self.me, now=self.now, today=today_of(self))

    def back(self) -> str:
        found = getattr(self, "found", None)
        return address_of(self, found) if found else list_of(self)


class InterviewPage(DetailPage):
    """One call: whom, what to say, the questions; an answer is sent like every other.

    Whatever stands in the way of it, what was said on the telephone comes back with the page.
    """

    needs = Can.INTERVIEW
    model = Interview
    template_name = "surveys/interview.html"

    def rows(self) -> QuerySet[Interview]:
        found: QuerySet[Interview] = (
            super()
            .rows()
            .select_related(
                "wave__survey",
                "wave__edition",
                "invitation__unit__community",
                "invitation__unit__building",
            )
        )
        # They may have answered by link while they were asked: what is sent is shown again then.
        is_sent = self.request.method == "POST"
        return found if is_sent else found.filter(invitation__is_used=False)

    def context(self, **more: Any) -> dict[str, Any]:
        interview, wave = self.row, self.row.wave
        more.setdefault("given", {})
        more.setdefault("faults", [])
        with translation.override(wave.survey.language):
            opening = gettext(
                "Hello, this is %(company)s. We are asking our owners how content they are. It "
                "takes a few minutes, and it is anonymous: nobody learns who said what. May I ask "
                "you some questions?"
            ) % {"company": self.request.company.name}
        people = people_of(interview)
        return super().context(
            title=_("Interview"),
            wave=wave,
            opening=opening,
            people=[(owner, mask_phone(owner.phone)) for owner in people],
            tries_left=MOST_TRIES - interview.attempts,
            parts=self.parts(more.pop("given"), more["faults"]),
            **more,
        )

    def parts(self, given: dict[str, Any], faults: list[Fault]) -> list[Part]:
        questionnaire = questionnaire_of(self.row.wave.edition)
        return laid_out(
            questionnaire,
            given,
            seed=self.row.invitation.secret_hash,
            faults=faults,
            without=photo_questions(questionnaire),
        )

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        questionnaire = questionnaire_of(self.row.wave.edition)
        given = given_of(questionnaire, self.request.POST)
        photos = photo_questions(questionnaire)
        facts: dict[str, Any] = {"by": self.me, "now": self.now, "today": today_of(self)}
        try:
            # Whatever comes of it: they were talking just now.
            hold_on(interview=self.row, **facts)
            more = not_seen(questionnaire, given, self.request.POST) - photos
            if more:
                return self.show(given=given, more=more)
            answer_call(interview=self.row, given=given, **facts)
        except FaultyAnswers as refusal:
            return self.show(422, given=given, faults=refusal.faults)
        except Refused as refusal:
            return self.show(refusal.status, given=given, refusal=str(refusal))
        messages.success(self.request, gettext("The answer is in the box."))
        return on_to_the_next(self, self.row.wave)


class InterviewHold(DetailPage):
    """The page of a call says that somebody works in it, and is told what has come between."""

    http_method_names = ["post", "options"]
    needs = Can.INTERVIEW
    model = Interview

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            hold_on(interview=self.row, by=self.me, now=self.now, today=today_of(self))
        except Refused as refusal:
            return JsonResponse({"sentence": str(refusal)}, status=refusal.status)
        return HttpResponse(status=204)


class InterviewOutcome(ActionPage):
    """It brought no answer: how it ended, and on to the next."""

    needs = Can.INTERVIEW
    model = Interview
    form_class: type[forms.Form] = OutcomeForm

    def rows(self) -> QuerySet[Interview]:
        return super().rows().select_related("wave__survey", "invitation")

    def do(self, form: forms.Form) -> None:
        again_at = form.cleaned_data["again_at"]
        wanted = form.cleaned_data["owner"]
        people = {each.pk: each for each in people_of(self.row)}
        self.noted = note_call(
            interview=self.row,
            outcome=form.cleaned_data["outcome"],
            by=self.actor,
            now=self.now,
            today=today_of(self),
            again_at=again_at and again_at.replace(tzinfo=ZoneInfo(self.request.company.zone)),
            owner=people.get(wanted),
        )

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        answer = super().post(*args, **kwargs)
        if not hasattr(self, "noted"):
            return answer
        outcome = CallOutcome(self.request.POST["outcome"])
        is_unreached = outcome == CallOutcome.NOT_REACHED
        # Of a letter one says it otherwise.
        label = pgettext("by telephone", "not reached") if is_unreached else outcome.label
        messages.success(self.request, gettext("Noted: %(outcome)s.") % {"outcome": label})
        return on_to_the_next(self, self.row.wave)

    def back(self) -> str:
        return address_of(self, self.row)


class InterviewBreak(ActionPage):
    """Enough for now: the home goes back to where it was."""

    needs = Can.INTERVIEW
    model = Interview
    form_class: type[forms.Form] = forms.Form

    def do(self, form: forms.Form) -> None:
        give_back(interview=self.row, by=self.me, now=self.now)

    def back(self) -> str:
        return list_of(self)


def on_to_the_next(page: Page, wave: Wave) -> HttpResponse:
    """To the next call, or to the list where there is none."""
    try:
        found = next_call(wave=wave, by=page.me, now=page.now, today=today_of(page))
    except Refused as refusal:  # nobody is left, or the day is over
        messages.info(page.request, str(refusal))
        return HttpResponseRedirect(list_of(page))
    return HttpResponseRedirect(address_of(page, found))


def address_of(page: Page, interview: Interview) -> str:
    return reverse("surveys:interview", args=[page.request.company.slug, interview.pk])


def list_of(page: Page) -> str:
    return reverse("surveys:interviews", args=[page.request.company.slug])
