"""Words of a publication in the languages in which it is read."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings

from surveys.models import Survey, Wave
from surveys.questionnaire import Questionnaire, read
from surveys.services.improving_values import Item, words_of
from surveys.services.titles import titles_of
from surveys.services.wording import WAYS, read_in, rewritten

LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)
Words = dict[str, str]  # language → text


def translated_to(own: str) -> str:
    """The language beside its own in which somebody writes it; the third comes by itself."""
    return "zh-hans" if own == "en" else "en"


def worded(text: str, own: str, translations: Mapping[str, Any], name: str) -> Words:
    """One of its texts in every language there is."""
    found = {own: text} if text else {}
    for language, words in translations.items():
        if words.get(name):
            found[language] = words[name]
    return both_writings(found)


def both_writings(found: Words) -> Words:
    """The same, with Chinese in the other way of writing where nobody wrote that."""
    for source, target in WAYS:
        if found.get(source) and target not in found:
            return {**found, target: rewritten(found[source], source, target)}
    return found


def titles(survey: Survey) -> Words:
    """What a survey is called, in every language there is."""
    return both_writings({survey.language: survey.title, **titles_of(survey)})


def asked_in(wave: Wave) -> dict[str, Questionnaire]:
    """What was asked, its own language first, in every language in which somebody has put it."""
    asked = read(wave.edition.document)
    found = {wave.survey.language: asked}
    for language in LANGUAGES:
        if language in asked.translations and language not in found:
            found[language] = read_in(asked, language, wave.survey.language)
    return found


def words_in(item: Item, asked: Mapping[str, Questionnaire]) -> Words:
    """A question, or a row of a matrix; nothing for what was not asked."""
    found = {language: words_of(item, each) for language, each in asked.items()}
    return both_writings({language: words for language, words in found.items() if words})


def said(words: Words, language: str) -> str:
    """In the reader's language, else as it was written."""
    return words.get(language) or next(iter(words.values()), "")
