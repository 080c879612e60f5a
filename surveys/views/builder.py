"""The builder: what a survey asks on one page, each part changed by a small form of its own."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlsplit

from csp.constants import SELF
from csp.decorators import csp_update
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from surveys.forms.builder import DIMENSIONS, KINDS
from surveys.models import Edition, Survey
from surveys.questionnaire import Question, Questionnaire, Section, editing
from surveys.services.bank import KEY, keep_question
from surveys.services.condition_words import sentences
from surveys.services.editing import Removed, copy_question, edit, put_back, remove
from surveys.services.survey import is_open_to_change, newest, questionnaire_of
from surveys.services.survey_faults import by_place
from surveys.services.words import to_look_over
from tenancy.pages import DetailPage
from tenancy.permissions import Can
from tenancy.services.refusal import Refused

REMOVED = "survey_removed"  # in the session: what was deleted last, to be put back
KIND_NAMES = dict(KINDS)
DIMENSION_NAMES = dict(DIMENSIONS)


@dataclass(frozen=True, slots=True)
class Card:
    """One question as the builder shows it."""

    number: int
    question: Question
    kind: Any
    dimension: Any
    faults: list[str]
    conditions: list[str]


@dataclass(frozen=True, slots=True)
class Part:
    """One section as the builder shows it."""

    section: Section
    faults: list[str]
    cards: list[Card]


def parts_of(asked: Questionnaire, faults: dict[str, list[str]]) -> list[Part]:
    """Everything that is asked, with what is wrong at its place."""
    numbers = {each.key: number for number, each in enumerate(asked, start=1)}

    def card(each: Question) -> Card:
        return Card(
            number=numbers[each.key],
            question=each,
            kind=KIND_NAMES[each.kind.value],
            dimension=DIMENSION_NAMES[each.dimension.value] if each.dimension else "",
            faults=faults.get(each.key, []),
            conditions=sentences(each, asked, numbers) if each.conditions else [],
        )

    return [
        Part(one, faults.get(one.key, []), [card(each) for each in one.questions])
        for one in asked.sections
    ]


class BuilderPage(DetailPage):
    """A page about what one survey asks."""

    needs = Can.SET_SURVEYS
    model = Survey

    @property
    def edition(self) -> Edition:
        """The newest one, as it was when this request began."""
        if not hasattr(self, "_edition"):
            self._edition = newest(self.row)
        return self._edition

    @property
    def asked(self) -> Questionnaire:
        return questionnaire_of(self.edition)[0]

    @property
    def is_alone(self) -> bool:
        """A form on a page of its own: the builder is not there to be shown anew."""
        seen = getattr(self.request, "htmx", None)
        if not seen:
            return True
        return bool(seen.current_url) and urlsplit(seen.current_url).path != builder_url(self)

    def again(self) -> None:
        """Something was changed: look anew."""
        del self._edition

    def builder(self) -> dict[str, Any]:
        """What `surveys/builder_parts.html` shows."""
        asked, faults = questionnaire_of(self.edition)
        said = by_place(faults, asked)
        waves = [] if is_open_to_change(self.edition) else list(self.edition.waves.all()[:3])
        return {
            "survey": self.row,
            "edition": self.edition,
            "parts": parts_of(asked, said),
            "whole_faults": said.get("", []),
            "faults_number": len(faults),
            "waves": waves,
            "is_closed": bool(waves) or self.edition.frozen_on is not None,
            "next_number": self.edition.number + 1,
            "questions_number": len(asked.by_key),
            "removed": removed_of(self),
            "to_look_over": to_look_over(self.row, asked),
        }

    def answer(self, anchor: str = "", saved: str = "") -> HttpResponse:
        """After a change: the parts anew for the script, the page for everybody else.

        `saved` is the key of what was written: the script goes back to it and says so."""
        if not getattr(self.request, "htmx", False):
            return HttpResponseRedirect(builder_url(self, anchor))
        if self.is_alone:
            return HttpResponseClientRedirect(builder_url(self, anchor))
        if hasattr(self, "_edition"):
            self.again()
        shown = self.context(saved=saved, **self.builder())
        found = render(self.request, "surveys/builder_parts.html", shown)
        found["HX-Retarget"], found["HX-Reswap"] = "#builder", "outerHTML"
        says = _("Saved") if saved else str(getattr(self, "says", ""))
        news = {"builder-changed": {"at": anchor, "says": says}}
        found["HX-Trigger-After-Settle"] = json.dumps(news)
        return found


def builder_url(page: Any, anchor: str = "") -> str:
    """The builder of the survey, at one of its parts."""
    kwargs = {"company": page.request.company.slug, "pk": page.row.pk}
    return reverse("surveys:survey_questions", kwargs=kwargs) + (f"#{anchor}" if anchor else "")


def removed_of(page: Any) -> Removed | None:
    """What was deleted last from this survey, in this session."""
    kept = page.request.session.get(REMOVED)
    if not kept or kept["survey"] != str(page.row.pk):
        return None
    stale = kept.get("stale", {})
    return Removed(kept["place"], kept["at"], kept["document"], kept["words"], stale)


@method_decorator(csp_update({"frame-src": [SELF]}), name="dispatch")
class QuestionsPage(BuilderPage):
    """Sections and questions, and beside them how an owner sees them."""

    template_name = "surveys/builder.html"

    def get(self, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.answer() if getattr(self.request, "htmx", False) else self.show()

    def context(self, **more: Any) -> dict[str, Any]:
        title = _("Questions: %(title)s") % {"title": self.row.title}
        return super().context(**{"title": title, **self.builder(), **more})


class QuestionsActPage(BuilderPage):
    """What the buttons do: up, down, copy, delete, keep in the bank, put back."""

    http_method_names = ["post", "options"]
    says: Any = ""
    is_refused = False

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        what, _space, key = self.request.POST.get("act", "").partition(" ")
        act = ACTS.get(what)
        anchor = f"part-{key}"
        if act is not None:
            try:
                anchor = act(self, key) or anchor
            except Refused as refusal:
                self.says, self.is_refused = str(refusal), True
        if self.says and not getattr(self.request, "htmx", False):
            level = messages.ERROR if self.is_refused else messages.SUCCESS
            messages.add_message(self.request, level, self.says)
        return self.answer(anchor)

    def context(self, **more: Any) -> dict[str, Any]:
        return super().context(says=self.says, is_refused=self.is_refused, **more)

    @property
    def facts(self) -> dict[str, Any]:
        return {"survey": self.row, "by": self.actor, "now": self.now}

    def up(self, key: str) -> None:
        self.shift(key, -1)

    def down(self, key: str) -> None:
        self.shift(key, 1)

    def shift(self, key: str, steps: int) -> None:
        def change(asked: Questionnaire) -> Questionnaire:
            is_question = key in asked.by_key
            return (editing.move if is_question else editing.move_section)(asked, key, steps)

        edit(change=change, **self.facts)

    def copy(self, key: str) -> None:
        copy_question(key=key, **self.facts)

    def delete(self, key: str) -> str:
        removed = remove(key=key, **self.facts)
        if removed is not None:
            self.request.session[REMOVED] = {"survey": str(self.row.pk), **asdict(removed)}
        return "builder"

    def put_back(self, _key: str) -> str:
        removed = removed_of(self)
        if removed is None:
            return "builder"
        key = put_back(removed=removed, **self.facts)
        del self.request.session[REMOVED]
        return f"part-{key}"

    def keep(self, key: str) -> None:
        asked = self.asked
        question, home = asked.by_key.get(key), editing.section_of(asked, key)
        if question is None or home is None:
            return
        keep_question(
            question=question,
            words=editing.renamed(editing.words_of(asked, [key]), key, KEY),
            topic=home.title,
            language=self.row.language,
            by=self.actor,
            now=self.now,
        )
        self.says = _("The question is in the bank.")


ACTS: dict[str, Callable[[QuestionsActPage, str], str | None]] = {
    "up": QuestionsActPage.up,
    "down": QuestionsActPage.down,
    "copy": QuestionsActPage.copy,
    "delete": QuestionsActPage.delete,
    "back": QuestionsActPage.put_back,
    "keep": QuestionsActPage.keep,
}
