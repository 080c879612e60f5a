"""One question or one section of the builder, on a page or in its place on the builder's."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from surveys.forms.builder import QuestionForm, SectionForm
from surveys.questionnaire import Kind, Question, Questionnaire, Section, editing
from surveys.services.editing import PartGone, add_question, add_section, edit, mark, save_question
from surveys.services.survey import ChangedMeanwhile
from surveys.views.builder import BuilderPage
from tenancy.services.refusal import Refused


class PartPage(BuilderPage):
    """A form about one part: the whole page, or the form alone for the script."""

    fragment_name: str

    def show(self, status: int = 200, **more: Any) -> HttpResponse:
        name = self.fragment_name if getattr(self.request, "htmx", False) else self.template_name
        return render(self.request, name, self.context(**more), status=status)

    @property
    def facts(self) -> dict[str, Any]:
        return {"survey": self.row, "by": self.actor, "now": self.now}

    def context(self, **more: Any) -> dict[str, Any]:
        return super().context(
            **{"title": self.title, "survey": self.row, "is_alone": self.is_alone, **more}
        )


class QuestionPage(PartPage):
    """One question, to be written otherwise."""

    title = _("Question")
    template_name = "surveys/builder_question.html"
    fragment_name = "surveys/builder_question_form.html"

    @property
    def key(self) -> str:
        return str(self.kwargs["key"])

    def question(self, asked: Questionnaire) -> Question:
        """The question as it is; a 404 if it is not there."""
        found = asked.by_key.get(self.key)
        if found is None:
            raise Http404
        return found

    def section(self, asked: Questionnaire) -> str:
        home = editing.section_of(asked, self.key)
        return home.key if home else ""

    def form(self, data: Any = None, **more: Any) -> QuestionForm:
        asked = self.asked
        question = self.question(asked)
        seen = mark(question) if question.key else ""
        return QuestionForm(
            data, asked=asked, question=question, section=self.section(asked), seen=seen, **more
        )

    def get(self, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(form=self.form())

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        sent = self.request.POST
        if "again" in sent:
            return self.show(form=self.form(said=sent, act=sent["again"]))
        try:
            form = self.form(sent)
        except Http404:
            # Deleted meanwhile: what was written stays on the page.
            return self.show(422, form=self.as_written(sent), gone=PartGone.sentence)
        if not form.is_valid():
            return self.show(422, form=form)
        try:
            key = self.act(form)
        except ChangedMeanwhile as refusal:
            return self.conflict(form, refusal)
        except Refused as refusal:
            form.add_error(None, str(refusal))
            return self.show(422, form=form)
        return self.answer(f"part-{key}", saved=key)

    def as_written(self, sent: Any) -> QuestionForm:
        nothing = Question("", Kind.RATING, "")
        return QuestionForm(asked=self.asked, question=nothing, section="", said=sent)

    def conflict(self, form: QuestionForm, refusal: Refused) -> HttpResponse:
        """The words of both beside each other; saved again, these stand."""
        self.again()
        there = self.asked.by_key.get(self.key)
        data = self.request.POST.copy()
        data["seen"] = mark(there) if there else ""
        if not form.moved_to:
            data["section"] = self.section(self.asked)
        data["home"] = self.section(self.asked)
        form = self.form(data)
        form.add_error(None, str(refusal))
        return self.show(422, form=form, there=there)

    def act(self, form: QuestionForm) -> str:
        seen = form.cleaned_data["seen"]
        save_question(question=form.question(), seen=seen, section=form.moved_to, **self.facts)
        return self.key


class QuestionAddPage(QuestionPage):
    """A question more."""

    title = _("Add a question")

    def question(self, asked: Questionnaire) -> Question:
        asked_kind = self.request.GET.get("kind", "")
        return Question("", Kind(asked_kind) if asked_kind in list(Kind) else Kind.RATING, "")

    def section(self, asked: Questionnaire) -> str:
        wanted = self.request.GET.get("section", "")
        keys = [each.key for each in asked.sections]
        return wanted if wanted in keys else (keys[-1] if keys else "")

    def act(self, form: QuestionForm) -> str:
        section = form.cleaned_data["section"]
        return add_question(question=form.question(), section=section, **self.facts).key


class SectionPage(PartPage):
    """What stands above a section."""

    title = _("Section")
    template_name = "surveys/builder_section.html"
    fragment_name = "surveys/builder_section_form.html"

    def section(self) -> Section:
        for each in self.asked.sections:
            if each.key == self.kwargs["key"]:
                return each
        raise Http404

    def get(self, *args: Any, **kwargs: Any) -> HttpResponse:
        section = self.section()
        return self.show(form=SectionForm(initial={"title": section.title, "intro": section.intro}))

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        form = SectionForm(self.request.POST)
        if not form.is_valid():
            return self.show(422, form=form)
        key = self.act(form)
        return self.answer(f"part-{key}", saved=key)

    def act(self, form: SectionForm) -> str:
        section = form.section(self.section().key)
        edit(change=lambda asked: editing.put_section(asked, section), **self.facts)
        return section.key


class SectionAddPage(SectionPage):
    """A section more."""

    title = _("Add a section")

    def get(self, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(form=SectionForm())

    def act(self, form: SectionForm) -> str:
        return add_section(section=form.section(""), **self.facts).key
