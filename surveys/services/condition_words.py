"""When a question is asked, as a sentence for whoever writes it."""

from collections.abc import Mapping

from django.utils.text import Truncator
from django.utils.translation import gettext as _, pgettext

from surveys.questionnaire import Condition, Question, Questionnaire, Test


def amount_text(amount: float) -> str:
    """An amount to the last digit: what is shown may be saved again."""
    return str(int(amount)) if amount.is_integer() else repr(amount)


def sentences(question: Question, asked: Questionnaire, numbers: Mapping[str, int]) -> list[str]:
    """One for each condition."""
    return [_sentence(each, asked, numbers) for each in question.conditions]


def _sentence(condition: Condition, asked: Questionnaire, numbers: Mapping[str, int]) -> str:
    before = asked.by_key.get(condition.question)
    if before is None:
        return _("Asked only after a question that is not there any more")
    texts = [each.text for each in before.choices if each.key in condition.choices]
    facts = {
        "number": numbers[before.key],
        "question": Truncator(before.text).chars(30),
        "choices": pgettext("between items", ", ").join(texts) or "…",
        "amount": amount_text(float(condition.amount)),
    }
    return _pattern(condition.test) % facts


def _pattern(test: Test) -> str:
    match test:
        case Test.ANY_OF:
            return _("Asked if %(number)s “%(question)s” was answered with: %(choices)s")
        case Test.NONE_OF:
            return _("Asked if %(number)s “%(question)s” was not answered with: %(choices)s")
        case Test.AT_MOST:
            return _("Asked if %(number)s “%(question)s” was answered with %(amount)s or less")
        case Test.AT_LEAST:
            return _("Asked if %(number)s “%(question)s” was answered with %(amount)s or more")
        case _:
            return _("Asked if %(number)s “%(question)s” was answered")
