"""What a survey is called, in the languages of those who are asked.

The title is kept beside the questionnaire: it may be written otherwise when the questions are
frozen. Each translation is kept with the title it was made of, so that it is outdated exactly
while the title is another one.
"""

from collections.abc import Mapping
from dataclasses import replace

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from surveys.models import Survey
from surveys.questionnaire import Questionnaire
from surveys.questionnaire.terms import TITLE
from surveys.services.wording import read_in
from tenancy.services.refusal import Refused

LONGEST = 200  # other languages need more letters than Chinese
Titles = dict[str, dict[str, str]]  # language → {"of": the title, "text": its translation}


class UnknownLanguage(Refused):
    """A language that the portal does not speak, or the one it is written in."""

    code = "unknown_language"
    sentence = _("A survey is translated into the other languages of the portal.")


class TitleTooLong(Refused):
    """A translated title that fits no line."""

    code = "title_too_long"
    sentence = _("A title is 200 characters long at most.")


def languages_of(survey: Survey) -> list[str]:
    """The languages it can be translated into."""
    return [code for code, _name in settings.LANGUAGES if code != survey.language]


def laid_on(survey: Survey, title: str, words: Mapping[str, str]) -> Titles:
    """Its titles with these translations of `title`; an empty one is taken away."""
    if not set(languages_of(survey)).issuperset(words):
        raise UnknownLanguage
    if any(len(text) > LONGEST for text in words.values()):
        raise TitleTooLong
    kept = {language: each for language, each in survey.titles.items() if language not in words}
    said = {language: {"of": title, "text": text} for language, text in words.items() if text}
    return kept | said


def titled(survey: Survey, asked: Questionnaire) -> Questionnaire:
    """What a survey asks, with what it is called as one more text."""
    words = {
        language: {place: text for place, text in said.items() if place != TITLE}
        for language, said in asked.translations.items()
    }
    stale = dict(asked.stale)
    for language, kept in survey.titles.items():
        words.setdefault(language, {})[TITLE] = kept["text"]
        if kept["of"] != survey.title:
            stale[language] = stale.get(language, frozenset()) | {TITLE}
    return replace(asked, title=survey.title, translations=words, stale=stale)


def title_in(survey: Survey, language: str) -> str:
    """What it is called, for a reader of this language."""
    return read_in(titled(survey, Questionnaire()), language, survey.language).title


def titles_of(survey: Survey) -> dict[str, str]:
    """What it is called in other languages, as far as that is up to date."""
    kept = survey.titles.items()
    return {language: each["text"] for language, each in kept if each["of"] == survey.title}
