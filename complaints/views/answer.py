"""Prepared answers: the page of those who keep them, and what is offered beside a ticket."""

from dataclasses import dataclass
from typing import Any

from django.forms import Form
from django.utils.translation import gettext_lazy as _

from complaints.forms.answer import AnswerForm
from complaints.models import Answer, Ticket
from complaints.services.answer import add_answer, change_answer, delete_answer, filled
from owners.services.naming import sound_of
from tenancy.pages import ActionPage, CreatePage, DetailPage, EditPage, Page
from tenancy.permissions import Can
from tenancy.templatetags.navigation import address


class AnswerListPage(Page):
    """Every prepared answer, category by category."""

    needs = Can.SET_ANSWERS
    title = _("Prepared answers")
    template_name = "complaints/answer_list.html"

    def context(self, **more: Any) -> dict[str, Any]:
        rows = Answer.objects.visible_to(self.me).select_related("category").in_order()
        groups: dict[Any, list[Answer]] = {}
        for row in rows:
            groups.setdefault(row.category, []).append(row)
        return super().context(groups=list(groups.items()), **more)


class AnswerChange(Page):
    """After something was done to an answer: back to all of them."""

    needs = Can.SET_ANSWERS

    def back(self) -> str:
        return address("complaints:answer_list", self.request.company)


class AnswerAddPage(AnswerChange, CreatePage):
    """An answer more."""

    title = _("Prepare an answer")
    template_name = "complaints/answer_form.html"
    form_class = AnswerForm
    done = _("The answer is prepared.")

    def act(self, form: Form) -> str:
        add_answer(**form.cleaned_data, by=self.actor, now=self.now)
        return self.back()


class AnswerPage(AnswerChange, EditPage):
    """One answer, to be said otherwise from now on."""

    model = Answer
    template_name = "complaints/answer_form.html"
    form_class = AnswerForm
    done = _("Saved.")

    def form_arguments(self) -> dict[str, Any]:
        row = self.row
        kept = {"title": row.title, "text": row.text, "language": row.language}
        return {"initial": {**kept, "category": row.category_id}}

    def context(self, **more: Any) -> dict[str, Any]:
        return super().context(**{"title": self.row.title, **more})

    def act(self, form: Form) -> str:
        change_answer(answer=self.row, **form.cleaned_data, by=self.actor, now=self.now)
        return self.back()


class AnswerDeletePage(AnswerChange, ActionPage):
    """An answer less."""

    model = Answer
    form_class = Form
    done = _("The prepared answer is deleted.")

    def do(self, form: Form) -> None:
        delete_answer(answer=self.row, by=self.actor, now=self.now)


@dataclass(frozen=True, slots=True)
class Offer:
    """A prepared answer as it would be said now. It is found by `sound`."""

    title: str
    text: str
    sound: str


class AnswersToSayPage(DetailPage):
    """What is prepared for a ticket, with its places filled in; a fragment."""

    needs = Can.READ_ANSWERS
    http_method_names = ["get"]
    model = Ticket
    template_name = "complaints/answers_to_say.html"

    def rows(self) -> Any:
        return super().rows().select_related("company", "owner__membership__user")

    def context(self, **more: Any) -> dict[str, Any]:
        fitting: list[Offer] = []
        general: list[Offer] = []
        others: list[Offer] = []
        for answer in self.answers():
            if answer.category_id == self.row.category_id:
                lot = fitting
            else:
                lot = others if answer.category_id else general
            lot.append(self.offer(answer))
        groups = [
            (_("For this category"), fitting),
            (_("For every category"), general),
            (_("For other categories"), others),
        ]
        return super().context(groups=[each for each in groups if each[1]], **more)

    def answers(self) -> list[Answer]:
        """Those in the owner's language first."""
        rows = Answer.objects.visible_to(self.me).in_order()
        theirs = self.language()
        return sorted(rows, key=lambda row: row.language != theirs)

    def language(self) -> str:
        """The owner's, where it is not the company's own; what is prepared in that names none."""
        owner = self.row.owner
        chosen: str = owner.membership.user.language if owner and owner.membership else ""
        return "" if chosen == self.request.company.language else chosen

    def offer(self, answer: Answer) -> Offer:
        text = filled(answer.text, ticket=self.row, by=self.me)
        return Offer(answer.title, text, sound_of(answer.title).search_text)
