"""Questionnaires to begin with, each in Chinese and in English."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from surveys.questionnaire import Questionnaire, read, write
from surveys.services.wording import ENGLISH, SIMPLIFIED, TRADITIONAL, traditional
from tenancy.services.refusal import Refused

PLACE = Path(__file__).parent.parent / "questionnaire" / "templates"
NUMBERED = re.compile(r"( [0-9]+)?")  # as `free_title` makes them
# In the order in which they are offered.
CODES = ("satisfaction", "pulse", "moving_in", "event", "meeting", "staff")


class UnknownTemplate(Refused):
    """A template that there is not."""

    code = "unknown_template"
    status = 404
    sentence = _("There is no such template.")


@dataclass(frozen=True, slots=True)
class Template:
    """A questionnaire that others have thought about, ready to be asked."""

    code: str
    language: str
    title: str
    about: str
    audience: str
    one_per: str
    document: Mapping[str, Any]
    titles: Mapping[str, str]  # in the other languages

    def titles_for(self, title: str) -> dict[str, str]:
        """What a survey made of it is called in the other languages, unless it was named anew."""
        number = NUMBERED.fullmatch(title.removeprefix(self.title))
        if not title.startswith(self.title) or number is None:
            return {}
        return {language: text + number[0] for language, text in self.titles.items()}

    @property
    def whole(self) -> dict[str, Any]:
        """The document in its full form."""
        return write(self.questionnaire)

    @property
    def questionnaire(self) -> Questionnaire:
        return read(self.document)


def templates(language: str) -> list[Template]:
    """Every template, written in one language and translated into the others."""
    return [template(code, language) for code in CODES]


@cache
def template(code: str, language: str) -> Template:
    """One template. Raises `UnknownTemplate`."""
    if code not in CODES:
        raise UnknownTemplate
    language = language if language in (TRADITIONAL, ENGLISH) else SIMPLIFIED
    kept = json.loads((PLACE / f"{code}.json").read_text())
    said = {each: _in(kept, each) for each in (SIMPLIFIED, TRADITIONAL, ENGLISH)}
    mine = said[language]
    translations = {each: read(other).texts() for each, other in said.items() if each != language}
    return Template(
        code=code,
        language=language,
        title=mine["title"],
        about=mine["about"],
        audience=kept["audience"],
        one_per=kept["one_per"],
        document={"sections": mine["sections"], "translations": translations},
        titles={each: other["title"] for each, other in said.items() if each != language},
    )


def _in(value: Any, language: str) -> Any:
    """The same with each text in one language."""
    if isinstance(value, list):
        return [_in(each, language) for each in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {"zh", "en"}:
        if language == ENGLISH:
            return value["en"]
        return traditional(value["zh"]) if language == TRADITIONAL else value["zh"]
    return {name: _in(each, language) for name, each in value.items()}
