"""What a survey says in other languages."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _, ngettext

from surveys.forms.words import TableForm, WordsForm
from surveys.models import Survey
from surveys.questionnaire import Questionnaire
from surveys.services.survey import ChangedMeanwhile
from surveys.services.titles import languages_of
from surveys.services.wording import WAYS
from surveys.services.words import (
    lines_of,
    mark_of_words,
    missing,
    propose_words,
    read_table,
    save_words,
    stale,
    table_of,
    to_translate,
)
from tenancy.files import CSV, to_save
from tenancy.pages import ActionPage, DetailPage, EditPage
from tenancy.permissions import Can

AT_ONCE = 200  # texts on a page


class Translating(DetailPage):
    """A page about one language of one survey."""

    needs = Can.SET_SURVEYS
    model = Survey

    @cached_property
    def language(self) -> str:
        offered = languages_of(self.row)
        wanted: str = self.request.GET.get("language", offered[0])
        if wanted not in offered:
            raise Http404
        return wanted

    @cached_property
    def asked(self) -> Questionnaire:
        return to_translate(self.row)

    def address(self) -> str:
        found = reverse("surveys:survey_words", args=[self.request.company.slug, self.row.pk])
        return f"{found}?language={self.language}"


class WordsPage(Translating, EditPage):
    """Both languages beside each other."""

    template_name = "surveys/words.html"
    form_class: Any = WordsForm
    done = _("Saved.")

    @property
    def number(self) -> int:
        asked = self.request.GET.get("page", "1")
        return min(int(asked), 100) if asked.isdecimal() and len(asked) < 4 and int(asked) else 1

    def form_arguments(self) -> dict[str, Any]:
        start = (self.number - 1) * AT_ONCE
        lines = lines_of(self.asked, self.language)[start : start + AT_ONCE]
        seen = mark_of_words(self.asked, self.language)
        return {"lines": lines, "language": self.language, "initial": {"seen": seen}}

    def context(self, **more: Any) -> dict[str, Any]:
        names = dict(settings.LANGUAGES)
        total = len(self.asked.texts())
        return super().context(
            **{
                "title": _("Translations"),
                "survey": self.row,
                "language": self.language,
                "language_name": names[self.language],
                "written_in": self.row.language,
                "languages": [
                    (code, names[code], missing(self.asked, code), stale(self.asked, code))
                    for code in languages_of(self.row)
                ],
                "to_do": missing(self.asked, self.language) + stale(self.asked, self.language),
                "can_propose": any(target == self.language for _source, target in WAYS),
                "page_number": self.number,
                "has_next": self.number * AT_ONCE < total,
                "table_form": TableForm(),
                **more,
            }
        )

    def act(self, form: Any) -> str:
        try:
            save_words(
                survey=self.row, language=self.language, words=form.words, right=form.right,
                seen=form.cleaned_data["seen"], by=self.actor, now=self.now,
            )  # fmt: skip
        except ChangedMeanwhile:
            # Shown beside what was written; saved again, this stands.
            form.data = form.data.copy()
            form.data["seen"] = mark_of_words(self.asked, self.language)
            form.is_meanwhile = True
            raise
        return f"{self.address()}&page={self.number}"


class WordsProposePage(Translating, ActionPage):
    """What is missing in one writing of Chinese, out of the other."""

    form_class = Form

    def back(self) -> str:
        return self.address()

    def do(self, form: Form) -> None:
        count = propose_words(survey=self.row, language=self.language, by=self.actor, now=self.now)
        said = ngettext(
            "%(count)s text is proposed. Please look it over.",
            "%(count)s texts are proposed. Please look them over.",
            count,
        )
        messages.success(self.request, said % {"count": count})


class WordsTablePage(Translating, ActionPage):
    """The words as a table: downloaded, and read when it comes back."""

    http_method_names = ["get", "post", "options"]
    form_class = TableForm

    def get(self, *args: Any, **kwargs: Any) -> HttpResponse:
        table = table_of(self.asked, self.language)
        return to_save(table, CSV, f"words-{self.language}.csv")

    def back(self) -> str:
        return self.address()

    def do(self, form: Any) -> None:
        words, strange = read_table(form.cleaned_data["table"], self.asked)
        save_words(
            survey=self.row, language=self.language, words=words, by=self.actor, now=self.now
        )
        said = ngettext("%(count)s text was read.", "%(count)s texts were read.", len(words)) % {
            "count": len(words)
        }
        messages.success(self.request, said)
        if strange:
            left = ngettext(
                "%(count)s line was left out: it fits nothing that is asked now.",
                "%(count)s lines were left out: they fit nothing that is asked now.",
                strange,
            )
            messages.warning(self.request, left % {"count": strange})
