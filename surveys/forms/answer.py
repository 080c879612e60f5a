"""What a filled-in questionnaire says, read from the form it was sent with.

There is no Django form: what is asked is a document, and `surveys.questionnaire.take` checks it.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.datastructures import MultiValueDict

from surveys.questionnaire import Kind, Question, Questionnaire
from surveys.questionnaire.answering import asked_so_far

PREFIX = "q-"


def given_of(questionnaire: Questionnaire, sent: MultiValueDict[str, str]) -> dict[str, Any]:
    """Question key → what was answered, as it was written: nothing is checked, nothing is lost."""
    found = {each.key: _value(each, sent) for each in questionnaire}
    return {key: value for key, value in found.items() if value not in ("", [], {})}


def _value(question: Question, sent: MultiValueDict[str, str]) -> Any:
    name = PREFIX + question.key
    match question.kind:
        case Kind.MULTIPLE:
            return [each for each in sent.getlist(name) if each]
        case Kind.MATRIX:
            return _parts(name, (row.key for row in question.rows), sent)
        case Kind.RANKING:
            return _parts(name, (choice.key for choice in question.choices), sent)
        case _:
            return sent.get(name, "").strip()


def _parts(name: str, keys: Any, sent: MultiValueDict[str, str]) -> dict[str, str]:
    found = {key: sent.get(f"{name}-{key}", "").strip() for key in keys}
    return {key: value for key, value in found.items() if value}


def not_seen(
    questionnaire: Questionnaire, given: Mapping[str, Any], sent: MultiValueDict[str, str]
) -> frozenset[str]:
    """The questions that the answers have led to and that were not on the page that was sent.

    Without a script a question that depends on another one appears when the page comes back.
    """
    asked = {each.key for each in asked_so_far(questionnaire, given)}
    return frozenset(asked - set(sent.getlist("seen")))
