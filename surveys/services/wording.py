"""Words in another writing of Chinese, and a questionnaire in the language of its reader."""

from dataclasses import replace
from functools import cache

from opencc import OpenCC

from surveys.questionnaire import Questionnaire

SIMPLIFIED, TRADITIONAL, ENGLISH = "zh-hans", "zh-hant", "en"
# With the words of Taiwan, not the characters alone.
WAYS = {(SIMPLIFIED, TRADITIONAL): "s2twp", (TRADITIONAL, SIMPLIFIED): "tw2sp"}


@cache
def _way(name: str) -> OpenCC:
    return OpenCC(name)  # loading its tables takes a moment, so once per process


def rewritten(text: str, source: str, target: str) -> str:
    """Chinese in the other writing."""
    found: str = _way(WAYS[source, target]).convert(text)
    return found


def read_in(asked: Questionnaire, language: str, own: str) -> Questionnaire:
    """What is asked, in a language; `own` is the one it was written in.

    Where the other writing of Chinese says what the original does not say any more, the original
    is rewritten: nobody has looked it over, but it asks what everybody else is asked.
    """
    doubted = asked.stale.get(language, frozenset())
    if doubted and (own, language) in WAYS:
        texts = asked.texts()
        anew = {at: rewritten(texts[at], own, language) for at in doubted if at in texts}
        said = {**asked.translations.get(language, {}), **anew}
        asked = replace(
            asked,
            translations={**asked.translations, language: said},
            stale={**asked.stale, language: frozenset()},
        )
    return asked.in_language(language, own=own)


def traditional(text: str) -> str:
    """Simplified Chinese in Traditional characters."""
    return rewritten(text, SIMPLIFIED, TRADITIONAL)
