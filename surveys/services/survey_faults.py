"""What is wrong with a questionnaire, in sentences for whoever writes it."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _, gettext_lazy

from surveys.questionnaire import Fault, Questionnaire

SENTENCES: Mapping[str, Any] = {
    "not_an_object": gettext_lazy("An object is expected here."),
    "not_a_list": gettext_lazy("A list is expected here."),
    "not_a_text": gettext_lazy("This is no text that can be kept."),
    "not_a_number": gettext_lazy("This is no number."),
    "not_a_key": gettext_lazy(
        "“%(detail)s” is no key: small letters, digits and _ only, a letter first, 30 at most."
    ),
    "key_taken": gettext_lazy("One key stands for two things."),
    "unknown_kind": gettext_lazy("There is no kind of question “%(detail)s”."),
    "unknown_test": gettext_lazy("There is no condition “%(detail)s”."),
    "unknown_dimension": gettext_lazy("There is no dimension “%(detail)s”."),
    "text_missing": gettext_lazy("The text is missing."),
    "text_too_long": gettext_lazy("The text is too long: %(detail)s characters at most."),
    "too_many_choices": gettext_lazy("There are too many choices: %(detail)s at most."),
    "too_many_questions": gettext_lazy("There are too many questions: %(detail)s at most."),
    "nothing_asked": gettext_lazy("There is no question yet."),
    "too_few_choices": gettext_lazy("There is nothing to choose: two choices at least."),
    "no_rows": gettext_lazy("There is nothing to rate: one row at least."),
    "dimension_needs_rating": gettext_lazy(
        "Only ratings from 1 to 5 stand for a dimension: take the dimension away, or ask for a"
        " rating."
    ),
    "asks_ahead": gettext_lazy(
        "It waits for the answer to “%(detail)s”, which comes later. Move it behind that"
        " question, or take the condition away."
    ),
    "asks_nothing": gettext_lazy(
        "It waits for the answer to a question that is not there any more."
    ),
    "test_does_not_fit": gettext_lazy(
        "What it wants to know of “%(detail)s” does not fit how that question is answered."
    ),
    "unknown_choice": gettext_lazy(
        "It waits for a choice of “%(detail)s” that is not there, or for none at all."
    ),
    "never_asked": gettext_lazy(
        "Nobody could ever be asked this: the conditions on its way exclude each other."
    ),
}


def said(fault: Fault, asked: Questionnaire) -> str:
    """The sentence of a fault; questions are named by their words."""
    if fault.code == "asks_ahead" and fault.detail == fault.place:
        return _("It waits for its own answer.")
    named = asked.by_key.get(fault.detail)
    return str(SENTENCES[fault.code]) % {"detail": named.text if named else fault.detail}


def by_place(faults: Iterable[Fault], asked: Questionnaire) -> dict[str, list[str]]:
    """The sentences at their places."""
    found: dict[str, list[str]] = {}
    for fault in faults:
        found.setdefault(fault.place, []).append(said(fault, asked))
    return found
