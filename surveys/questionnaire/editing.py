"""Writing a questionnaire: each change gives another one, the old one stays as it was."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace

from surveys.questionnaire.terms import Choice, Question, Questionnaire, Section

Words = Mapping[str, Mapping[str, str]]  # language → place → text
Stale = Mapping[str, Collection[str]]  # language → places


def free(prefix: str, taken: Iterable[str]) -> str:
    """A key that nobody has had: what is counted under a key is one thing for ever."""
    numbers = [
        int(rest)
        for key in taken
        if key.startswith(prefix) and (rest := key[len(prefix) :]).isdecimal() and len(rest) < 9
    ]
    return f"{prefix}{max(numbers, default=0) + 1}"


def keyed(question: Question, taken: Iterable[str]) -> Question:
    """The question with a key for each new choice and row, one that none of it has had."""
    head = f"{question.key}."
    had = {key.removeprefix(head) for key in taken if key.startswith(head)}
    had |= {each.key for each in (*question.choices, *question.rows)}

    def named(parts: tuple[Choice, ...], prefix: str) -> tuple[Choice, ...]:
        found = []
        for each in parts:
            found.append(each if each.key else replace(each, key=free(prefix, had)))
            had.add(found[-1].key)
        return tuple(found)

    return replace(question, choices=named(question.choices, "c"), rows=named(question.rows, "r"))


def remembered(before: Questionnaire, after: Questionnaire) -> Questionnaire:
    """With the keys of what is not there any more: somebody may still wait for it, or undo it."""
    return replace(after, gone=(before.gone | before.keys()) - after.keys())


def section_of(asked: Questionnaire, key: str) -> Section | None:
    """The section of that key, or the one in which the question of that key stands."""
    for section in asked.sections:
        if section.key == key or any(each.key == key for each in section.questions):
            return section
    return None


def earlier(asked: Questionnaire, key: str) -> list[Question]:
    """The questions before this one; of a section's key, all up to its end."""
    found: list[Question] = []
    for section in asked.sections:
        for each in section.questions:
            if each.key == key:
                return found
            found.append(each)
        if section.key == key:
            return found
    return found


def put(asked: Questionnaire, question: Question) -> Questionnaire:
    """The question of the same key as it is now."""
    return _each(
        asked, lambda them: tuple(question if each.key == question.key else each for each in them)
    )


def place(
    asked: Questionnaire, question: Question, *, section: str, at: int | None = None
) -> Questionnaire:
    """The question in a section, at the end unless another place is named."""

    def with_it(one: Section) -> Section:
        where = len(one.questions) if at is None else max(0, min(at, len(one.questions)))
        them = (*one.questions[:where], question, *one.questions[where:])
        return replace(one, questions=them)

    return _sections(
        asked, tuple(with_it(one) if one.key == section else one for one in asked.sections)
    )


def drop(asked: Questionnaire, key: str) -> Questionnaire:
    """Without that question."""
    return _each(asked, lambda them: tuple(each for each in them if each.key != key))


def move(asked: Questionnaire, key: str, steps: int) -> Questionnaire:
    """A question one up (-1) or down (1); over the edge of its section into the next."""
    home = section_of(asked, key)
    if home is None or key not in asked.by_key:
        return asked
    at = [each.key for each in home.questions].index(key) + steps
    if 0 <= at < len(home.questions):
        return bring(asked, key, section=home.key, at=at)
    number = asked.sections.index(home) + (1 if steps > 0 else -1)
    if not 0 <= number < len(asked.sections):
        return asked
    there = asked.sections[number]
    return bring(asked, key, section=there.key, at=0 if steps > 0 else len(there.questions))


def bring(asked: Questionnaire, key: str, *, section: str, at: int) -> Questionnaire:
    """A question at a place of its own or another section, counted without itself."""
    return place(drop(asked, key), asked.by_key[key], section=section, at=at)


def put_section(asked: Questionnaire, section: Section) -> Questionnaire:
    """The section of the same key with other words."""

    def said(one: Section) -> Section:
        return replace(section, questions=one.questions) if one.key == section.key else one

    return _sections(asked, tuple(said(one) for one in asked.sections))


def place_section(
    asked: Questionnaire, section: Section, *, at: int | None = None
) -> Questionnaire:
    """A section more, the last one unless another place is named."""
    where = len(asked.sections) if at is None else max(0, min(at, len(asked.sections)))
    return _sections(asked, (*asked.sections[:where], section, *asked.sections[where:]))


def drop_section(asked: Questionnaire, key: str) -> Questionnaire:
    """Without that section and its questions."""
    return _sections(asked, tuple(one for one in asked.sections if one.key != key))


def move_section(asked: Questionnaire, key: str, steps: int) -> Questionnaire:
    """A section with its questions further up or down."""
    keys = [one.key for one in asked.sections]
    if key not in keys:
        return asked
    at = keys.index(key)
    return place_section(drop_section(asked, key), asked.sections[at], at=max(0, at + steps))


def with_words(asked: Questionnaire, words: Words) -> Questionnaire:
    """With these translations beside those there are; an empty one takes the old one away."""
    known = {language: dict(said) for language, said in asked.translations.items()}
    for language, said in words.items():
        known.setdefault(language, {}).update(said)
    return tidied(replace(asked, translations=known))


def words_of(
    asked: Questionnaire, keys: Iterable[str], *, outdated: bool = False
) -> dict[str, dict[str, str]]:
    """What is translated of these questions and sections.

    Translations of what they said before are none of it unless the `outdated` are wanted too:
    beside another text they would be taken for right.
    """
    wanted = set(keys)
    left_out: Stale = {} if outdated else asked.stale
    return {
        language: {
            at: text
            for at, text in said.items()
            if at.partition(".")[0] in wanted and at not in left_out.get(language, ())
        }
        for language, said in asked.translations.items()
    }


def stale_of(asked: Questionnaire, keys: Iterable[str]) -> dict[str, list[str]]:
    """The places of these questions and sections whose text has changed since."""
    wanted = set(keys)
    return {
        language: sorted(at for at in places if at.partition(".")[0] in wanted)
        for language, places in asked.stale.items()
    }


def with_stale(asked: Questionnaire, stale: Stale) -> Questionnaire:
    """With these translations to be looked over, beside those that are already."""
    known = {language: asked.stale.get(language, frozenset()) for language in stale}
    more = {language: known[language] | set(places) for language, places in stale.items()}
    return tidied(replace(asked, stale={**asked.stale, **more}))


def renamed(words: Words, old: str, new: str) -> dict[str, dict[str, str]]:
    """The same words for another key."""
    return {
        language: {
            new + at[len(old) :]: text
            for at, text in said.items()
            if at == old or at.startswith(f"{old}.")
        }
        for language, said in words.items()
    }


def under(asked: Questionnaire, names: Mapping[str, str]) -> Questionnaire:
    """The same with other keys (old → new) for some of its sections and questions.

    What waits for one of them waits for it under its new key.
    """

    def name(place: str) -> str:
        key, dot, rest = place.partition(".")
        return names.get(key, key) + dot + rest

    def question(each: Question) -> Question:
        waits = (replace(one, question=name(one.question)) for one in each.conditions)
        return replace(each, key=name(each.key), conditions=tuple(waits))

    return replace(
        asked,
        sections=tuple(
            replace(
                one, key=name(one.key), questions=tuple(question(each) for each in one.questions)
            )
            for one in asked.sections
        ),
        translations={
            language: {name(at): text for at, text in said.items()}
            for language, said in asked.translations.items()
        },
        stale={
            language: frozenset(name(at) for at in places)
            for language, places in asked.stale.items()
        },
    )


def tidied(asked: Questionnaire) -> Questionnaire:
    """Without translations of what is not asked any more."""
    places = asked.texts()
    translations = {
        language: {at: text for at, text in said.items() if text and at in places}
        for language, said in asked.translations.items()
    }
    kept = {language: said for language, said in translations.items() if said}
    stale = {
        language: frozenset(at for at in doubted if at in kept.get(language, {}))
        for language, doubted in asked.stale.items()
    }
    known = {language: doubted for language, doubted in stale.items() if doubted}
    return replace(asked, translations=kept, stale=known)


def doubted(before: Questionnaire, after: Questionnaire) -> Questionnaire:
    """With what somebody should look over: translations that stayed while their text changed.

    What came just now with its text is as it is said to be.
    """
    old, new = before.texts(), after.texts()
    changed = {at for at, text in new.items() if at in old and old[at] != text}
    stale: dict[str, frozenset[str]] = {}
    for language, said in after.translations.items():
        was = before.translations.get(language, {})
        stayed = {at for at in said if was.get(at) == said[at]}
        came = {at for at in said if at not in old}
        known = after.stale.get(language, frozenset()) & (stayed | came)
        stale[language] = known | frozenset(changed & stayed)
    found = {language: places for language, places in stale.items() if places}
    return replace(after, stale=found)


def looked_over(asked: Questionnaire, language: str, places: Iterable[str]) -> Questionnaire:
    """These translations are right as they are."""
    left = asked.stale.get(language, frozenset()) - set(places)
    return replace(asked, stale={**asked.stale, language: left})


def _sections(asked: Questionnaire, sections: tuple[Section, ...]) -> Questionnaire:
    return replace(asked, sections=sections)


def _each(
    asked: Questionnaire, change: Callable[[tuple[Question, ...]], tuple[Question, ...]]
) -> Questionnaire:
    return _sections(
        asked,
        tuple(replace(one, questions=change(one.questions)) for one in asked.sections),
    )
