"""Surveys: the list of them, a new one, and one with its editions and waves."""

from typing import Any

from django.conf import settings
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext_lazy as _

from surveys.forms.survey import AsideForm, CopyForm, SurveyForm
from surveys.models import Edition, Stage, Survey, Wave
from surveys.services.survey import (
    change_survey,
    company_language,
    copy_survey,
    create_survey,
    free_title,
    is_open_to_change,
    questionnaire_of,
)
from surveys.services.templates import CODES, Template, template, templates
from surveys.services.words import to_look_over
from tenancy.pages import ActionPage, CreatePage, DetailPage, EditPage, ListPage
from tenancy.permissions import Can

NOTHING_YET: dict[str, Any] = {"sections": [], "translations": {}}


def place(name: str, page: Any, survey: Survey) -> str:
    """The address of one of the pages of a survey."""
    return reverse(name, kwargs={"company": page.request.company.slug, "pk": survey.pk})


class SurveyListPage(ListPage):
    """Every survey, the newest first; those laid aside on a page of their own."""

    needs = Can.READ_SURVEYS
    title = _("Surveys")
    template_name = "surveys/survey_list.html"

    @property
    def is_aside(self) -> bool:
        return "aside" in self.request.GET

    def rows(self) -> QuerySet[Any]:
        """Two queries in all: the rows with what is told of each, and the page's own."""
        editions = Edition.objects.filter(survey=OuterRef("pk")).order_by("-number")
        waves = Wave.objects.visible_to(self.me).filter(survey=OuterRef("pk"))
        latest = waves.order_by("-opens_on", "-id")
        number = waves.order_by().values("survey").annotate(n=Count("*")).values("n")
        found: QuerySet[Any] = (
            Survey.objects.visible_to(self.me)
            .filter(is_archived=self.is_aside)
            .annotate(
                edition_number=Subquery(editions.values("number")[:1]),
                is_sound=Subquery(editions.values("is_sound")[:1]),
                waves_number=Subquery(number),
                wave_name=Subquery(latest.values("name")[:1]),
                wave_stage=Subquery(latest.values("stage")[:1]),
                wave_is_reckoned=Subquery(latest.values("is_reckoned")[:1]),
            )
            .order_by("-created_at", "-id")
        )
        return found

    def context(self, **more: Any) -> dict[str, Any]:
        found = super().context(**more)
        for row in found["rows"]:
            row.stage = Stage(row.wave_stage) if row.wave_stage else None
            row.is_missed = row.stage == Stage.PLANNED and row.wave_is_reckoned
        return found


class SurveyAddPage(CreatePage):
    """A survey more: first the templates to choose from, then what it is called."""

    needs = Can.SET_SURVEYS
    title = _("Make a survey")
    template_name = "surveys/survey_add.html"
    form_class = SurveyForm
    done = _("The survey is there. Nobody is asked before you plan a wave.")

    @cached_property
    def chosen(self) -> Template | None:
        """The template that was chosen, if one was."""
        code = self.request.GET.get("template", "")
        return template(code, company_language()) if code in CODES else None

    @property
    def is_chosen(self) -> bool:
        return "template" in self.request.GET

    def form_arguments(self) -> dict[str, Any]:
        if self.chosen is None:
            return {}
        names = ("audience", "one_per")
        facts = {name: getattr(self.chosen, name) for name in names}
        return {"initial": {"title": free_title(self.chosen.title), **facts}}

    def context(self, **more: Any) -> dict[str, Any]:
        offered = [] if self.is_chosen else templates(get_language() or settings.LANGUAGE_CODE)
        return super().context(templates=offered, chosen=self.chosen, **more)

    def act(self, form: Any) -> str:
        chosen = self.chosen
        survey = create_survey(
            **form.cleaned_data,
            document=chosen.document if chosen else NOTHING_YET,
            titles=chosen.titles_for(form.cleaned_data["title"]) if chosen else None,
            unfinished=chosen is None,
            by=self.actor,
            now=self.now,
        )
        return place("surveys:survey_questions", self, survey)


class SurveyPage(DetailPage):
    """One survey: what it asks, in which editions, and when it was asked."""

    needs = Can.READ_SURVEYS
    model = Survey
    template_name = "surveys/survey.html"

    def context(self, **more: Any) -> dict[str, Any]:
        editions = list(self.row.editions.order_by("-number"))
        waves = Wave.objects.visible_to(self.me).filter(survey=self.row)
        newest = editions[0]
        newest.survey = self.row
        questionnaire, faults = questionnaire_of(newest)
        return super().context(
            title=self.row.title,
            survey=self.row,
            editions=editions,
            edition=newest,
            is_open_to_change=is_open_to_change(newest),
            questionnaire=questionnaire,
            questions_number=len(questionnaire.by_key),
            faults=faults,
            to_look_over=to_look_over(self.row, questionnaire),
            waves=list(waves.select_related("edition").order_by("-opens_on", "-id")),
            **more,
        )


class SurveyChangePage(EditPage):
    """What a survey is called, and whom it asks from the next wave on."""

    needs = Can.SET_SURVEYS
    model = Survey
    template_name = "surveys/survey_form.html"
    form_class = SurveyForm
    done = _("Saved.")

    def form_arguments(self) -> dict[str, Any]:
        names = ("title", "audience", "one_per")
        return {"initial": {name: getattr(self.row, name) for name in names}}

    def context(self, **more: Any) -> dict[str, Any]:
        return super().context(**{"title": self.row.title, "survey": self.row, **more})

    def act(self, form: Any) -> str:
        change_survey(survey=self.row, **form.cleaned_data, by=self.actor, now=self.now)
        return place("surveys:survey", self, self.row)


class SurveyAsidePage(ActionPage):
    """A survey laid aside, or taken up again."""

    needs = Can.SET_SURVEYS
    model = Survey
    form_class = AsideForm
    done = _("Saved.")

    def back(self) -> str:
        return place("surveys:survey", self, self.row)

    def do(self, form: Any) -> None:
        change_survey(survey=self.row, **form.cleaned_data, by=self.actor, now=self.now)


class SurveyCopyPage(ActionPage):
    """The same questions in a survey of their own."""

    needs = Can.SET_SURVEYS
    model = Survey
    form_class = CopyForm
    done = _("The copy is there.")

    def back(self) -> str:
        made = getattr(self, "made", self.row)
        return place("surveys:survey", self, made)

    def do(self, form: Any) -> None:
        self.made = copy_survey(survey=self.row, **form.cleaned_data, by=self.actor, now=self.now)
