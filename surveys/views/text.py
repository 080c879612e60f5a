"""What people said in their own words, and what it is about."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.forms import Form
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from owners.services.folding import fold
from surveys.forms.text import CodingForm, TextForm
from surveys.models import TextCode
from surveys.questionnaire import Question
from surveys.services.cells import WHOLE
from surveys.services.coding import (
    categories,
    code_texts,
    codes_of,
    narrowed,
    text_questions,
    texts_by_category,
    texts_of,
    uncode_texts,
)
from surveys.services.coding_suggesting import Suggester
from surveys.views.result import ResultsView
from tenancy.pages import ActionPage
from tenancy.permissions import Can

PAGE = 40
# So many decisions of before are learnt from, the newest.
LEARNT = 3000


@dataclass(frozen=True, slots=True)
class Text:
    """One text with its categories, and those that it may be about."""

    pk: Any
    text: str
    question: str
    codes: list[Any]
    likely: list[Any]


class TextsView(ResultsView):
    """Which texts whoever looks may read here."""

    @cached_property
    def questions(self) -> list[Question]:
        if self.place is None:
            return []
        return text_questions(self.row, self.place.scope, self.me)

    @cached_property
    def texts(self) -> Any:
        """Of every question that is told here."""
        scope = self.place.scope if self.place else WHOLE
        return texts_of(self.row, scope, [each.key for each in self.questions])

    @cached_property
    def categories(self) -> list[Any]:
        return list(categories())


class TextsPage(TextsView):
    """The texts of a place, with words looked for, and a category given by one key."""

    template_name = "surveys/wave_texts.html"

    @cached_property
    def text_form(self) -> TextForm:
        form = TextForm(
            {"at": self.place.key if self.place else "", **self.request.GET.dict()},
            places=self.places,
            questions=self.questions,
            categories=self.categories,
        )
        form.is_valid()
        return form

    @property
    def number(self) -> int:
        asked = self.request.GET.get("page", "1")
        return min(max(int(asked), 1), 500) if asked.isdecimal() and len(asked) < 5 else 1

    def context(self, **more: Any) -> dict[str, Any]:
        form, texts = self.text_form, self.texts
        if question := form.value("question"):
            texts = texts.filter(question=question)
        found = narrowed(texts, search=form.value("search"), code=form.value("code"))
        start = (self.number - 1) * PAGE
        rows = list(found[start : start + PAGE + 1])
        return super().context(
            text_form=form,
            rows=self.shown(rows[:PAGE]),
            counts=[self.counted(*each) for each in texts_by_category(self.row, texts)],
            categories=self.categories,
            page_number=self.number,
            has_next=len(rows) > PAGE,
            may_code=self.me.can(Can.IMPROVE),
            asks_several=len(self.questions) > 1,
            **more,
        )

    def counted(self, category: Any, count: int) -> tuple[Any, int, str]:
        """A category with how many texts, and the address that shows these."""
        asked = {**self.request.GET.dict(), "code": str(category.pk)}
        asked.pop("page", None)
        return category, count, urlencode(asked)

    def shown(self, rows: list[Any]) -> list[Text]:
        names = {each.key: each.text for each in self.questions}
        codes = codes_of(rows)
        by_id = {each.pk: each for each in self.categories}
        suggester = self.suggester()
        found = []
        for row in rows:
            has = {each.pk for each in codes[row.pk]}
            likely = [by_id[key] for key in suggester.of(row.search_text) if key not in has]
            found.append(Text(row.pk, row.text, names[row.question], codes[row.pk], likely))
        return found

    def suggester(self) -> Suggester[Any]:
        """By the names of the categories, and by what was decided before, in any wave."""
        decided = TextCode.objects.order_by("-id").values_list("mark__search_text", "category_id")
        names = {each.pk: [fold(each.name), fold(each.name_en)] for each in self.categories}
        return Suggester(names, decided[:LEARNT])


class CodePage(TextsView, ActionPage):
    """Put one text or several to a category, or take them away."""

    needs = Can.IMPROVE
    form_class = CodingForm
    template_name = "surveys/wave_texts.html"

    # The form of the page that was posted, not the one that narrows texts.
    form = ActionPage.form  # type: ignore[assignment]

    @cached_property
    def place(self) -> Any:
        by_key = {each.key: each for each in self.places}
        return by_key.get(self.request.GET.get("at", "")) or next(iter(self.places), None)

    def do(self, form: Form) -> None:
        sent = form.cleaned_data
        category = next((each for each in self.categories if each.pk == sent["category"]), None)
        if category is None:
            raise Http404(_("There is nothing here."))
        self.at = sent["ids"][-1]
        service = uncode_texts if sent["away"] else code_texts
        service(
            wave=self.row, texts=self.texts, ids=sent["ids"], category=category,
            by=self.actor, now=self.now,
        )  # fmt: skip

    def back(self) -> str:
        """To the same texts, at the one it was about."""
        kwargs = {"company": self.request.company.slug, "pk": self.row.pk}
        address = reverse("surveys:wave_texts", kwargs=kwargs)
        query = self.request.GET.urlencode()
        anchor = f"#t-{self.at}" if hasattr(self, "at") else ""
        return f"{address}?{query}{anchor}" if query else f"{address}{anchor}"
