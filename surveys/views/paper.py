"""Entering what was filled in on paper."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext, gettext_lazy as _

from surveys.forms.answer import given_of
from surveys.forms.paper import TableForm
from surveys.models import Audience, Wave
from surveys.questionnaire import Fault
from surveys.services.answering import FaultyAnswers, photo_questions, questionnaire_of
from surveys.services.asking_form import laid_out
from surveys.services.paper import (
    Line,
    check_table,
    enter_paper,
    enter_table,
    heads_of,
    left_over,
    written,
)
from surveys.views.wave import place, today_of
from tenancy.files import CSV, to_save
from tenancy.pages import DetailPage, EditPage
from tenancy.permissions import Can
from tenancy.services.refusal import Refused


class PaperPage(DetailPage):
    """One sheet after the other: code, marks, Enter."""

    needs = Can.INTERVIEW
    model = Wave
    template_name = "surveys/paper.html"

    def rows(self) -> QuerySet[Wave]:
        owners: QuerySet[Wave] = super().rows().filter(survey__audience=Audience.OWNERS)
        return owners.select_related("survey", "edition")

    def context(self, **more: Any) -> dict[str, Any]:
        questionnaire = questionnaire_of(self.row.edition)
        given: dict[str, Any] = more.pop("given", {})
        faults: list[Fault] = more.pop("faults", [])
        parts = laid_out(
            questionnaire, given, faults=faults, without=photo_questions(questionnaire)
        )
        return super().context(
            title=_("Enter paper"), wave=self.row, parts=parts, faults=faults, **more
        )

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        given = given_of(questionnaire_of(self.row.edition), self.request.POST)
        code = self.request.POST.get("code", "")
        try:
            enter_paper(wave=self.row, code=code, given=given, by=self.me, today=today_of(self))
        except FaultyAnswers as refusal:
            return self.show(422, given=given, code=code, faults=refusal.faults)
        except Refused as refusal:
            return self.show(422, given=given, code=code, code_wrong=str(refusal))
        messages.success(self.request, gettext("The answer is in the box."))
        return HttpResponseRedirect(place("surveys:paper", self, self.row.pk))


class PaperTablePage(EditPage):
    """Many sheets at once: looked at first, entered when somebody says so."""

    needs = Can.INTERVIEW
    model = Wave
    form_class = TableForm
    template_name = "surveys/paper_table.html"
    title = _("Paper from a table")

    def rows(self) -> QuerySet[Wave]:
        owners: QuerySet[Wave] = super().rows().filter(survey__audience=Audience.OWNERS)
        return owners.select_related("survey", "edition")

    @property
    def heads(self) -> list[str]:
        return heads_of(questionnaire_of(self.row.edition))

    def get(self, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page, or the empty table for a spreadsheet, which knows UTF-8 by its first bytes."""
        if "empty" not in self.request.GET:
            return super().get(*args, **kwargs)
        content = written([self.heads], delimiter=",").encode("utf-8-sig")
        return to_save(content, CSV, "paper.csv")

    def context(self, **more: Any) -> dict[str, Any]:
        return super().context(heads="\t".join(self.heads), **more)

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        form = TableForm(self.request.POST, self.request.FILES)
        if not form.is_valid():
            return self.show(422, form=form)
        act = enter_table if "enter" in self.request.POST else check_table
        text = form.cleaned_data["text"]
        try:
            lines = act(wave=self.row, text=text, by=self.me, today=today_of(self))
        except Refused as refusal:
            form.add_error("text", str(refusal))
            return self.show(422, form=form)
        rest = left_over(text, lines)
        return self.show(form=TableForm(initial={"text": rest}), text=text, **told(lines))


def told(lines: list[Line]) -> dict[str, Any]:
    """The lines of a table, by what became of them."""
    return {
        "entered": [line for line in lines if line.is_entered],
        "wrong": [line for line in lines if line.wrong],
        "right": [line for line in lines if not line.wrong and not line.is_entered],
    }
