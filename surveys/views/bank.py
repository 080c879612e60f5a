"""The bank of questions: looked through, and taken from."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _, ngettext

from surveys.forms.bank import BankSearchForm, TakeForm
from surveys.models import BankQuestion, Survey
from surveys.services.bank import bank, forget_question, take_from_bank
from surveys.services.survey import company_language, newest, questionnaire_of
from surveys.views.builder import DIMENSION_NAMES, KIND_NAMES
from tenancy.pages import ActionPage, Page
from tenancy.permissions import Can
from tenancy.services.refusal import Refused


class BankPage(Page):
    """What the company keeps and what the templates ask; ticked and taken into a survey.

    Three queries: the kept questions, the surveys, and the edition they are taken into.
    """

    needs = Can.SET_SURVEYS
    title = _("Question bank")
    template_name = "surveys/bank.html"

    @cached_property
    def surveys(self) -> Any:
        rows = Survey.objects.visible_to(self.me).filter(is_archived=False)
        return list(rows.order_by("-created_at", "-id")[:50])

    @property
    def into(self) -> Survey | None:
        """The survey that somebody comes from."""
        wanted = self.request.GET.get("into", "")
        return next((each for each in self.surveys if str(each.pk) == wanted), None)

    def context(self, **more: Any) -> dict[str, Any]:
        form = BankSearchForm(self.request.GET)
        said = form.cleaned_data if form.is_valid() else {}
        offers = bank(
            BankQuestion.objects.visible_to(self.me),
            language=company_language(),
            words=said.get("q", ""),
            dimension=said.get("dimension", ""),
        )
        into = self.into
        sections = questionnaire_of(newest(into))[0].sections if into else ()
        return super().context(
            form=form,
            offers=[
                (each, KIND_NAMES[each.question.kind.value], self.dimension(each))
                for each in offers
            ],
            into=into,
            surveys=self.surveys,
            section=self.request.GET.get("section", ""),
            sections=sections,
            **more,
        )

    def dimension(self, offer: Any) -> Any:
        found = offer.question.dimension
        return DIMENSION_NAMES[found.value] if found else ""


class BankTakePage(Page):
    """Ticked questions go into a survey, with their translations."""

    needs = Can.SET_SURVEYS
    http_method_names = ["post", "options"]

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        surveys = Survey.objects.visible_to(self.me).filter(is_archived=False)
        form = TakeForm(self.request.POST, surveys=surveys)
        if not form.is_valid():
            for problems in form.errors.values():
                messages.error(self.request, " ".join(str(each) for each in problems))
            return HttpResponseRedirect(self.back(form))
        said = form.cleaned_data
        try:
            taken = take_from_bank(
                survey=said["into"], names=said["take"], section=said["section"],
                rows=BankQuestion.objects.visible_to(self.me), by=self.actor, now=self.now,
            )  # fmt: skip
        except Refused as refusal:
            messages.error(self.request, str(refusal))
            return HttpResponseRedirect(self.back(form))
        done = ngettext(
            "%(count)s question is there.", "%(count)s questions are there.", len(taken)
        )
        messages.success(self.request, done % {"count": len(taken)})
        where = reverse(
            "surveys:survey_questions", args=[self.request.company.slug, said["into"].pk]
        )
        return HttpResponseRedirect(f"{where}#part-{taken[0].key}")

    def back(self, form: TakeForm) -> str:
        found = reverse("surveys:bank", args=[self.request.company.slug])
        into = form.cleaned_data.get("into") if hasattr(form, "cleaned_data") else None
        return f"{found}?into={into.pk}" if into else found


class BankForgetPage(ActionPage):
    """A kept question less."""

    needs = Can.SET_SURVEYS
    model = BankQuestion
    form_class = Form
    done = _("The question is no longer in the bank. Surveys that have it keep it.")

    def back(self) -> str:
        return reverse("surveys:bank", args=[self.request.company.slug])

    def do(self, form: Form) -> None:
        forget_question(row=self.row, by=self.actor, now=self.now)
