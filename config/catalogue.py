"""Collects every text to translate into the catalogues: `python -m config.catalogue`.

Works without gettext's programs. New texts arrive untranslated (in English: as they stand),
texts that nobody uses any more leave, translations stay. With --check nothing is written, and
what is missing or stale is said.
"""

import ast
import io
import re
import sys
import tokenize
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import Path

import polib
from django.utils.translation.template import templatize

from config.translations import LOCALE

ROOT = LOCALE.parent
CODE = ("config", "tenancy", "notifications", "owners", "complaints", "surveys", "reports")
LANGUAGES = ("zh_Hans", "zh_Hant", "en")
# English counts one and many; Chinese does not.
PLURALS = {"en": "nplurals=2; plural=(n != 1);"}
ONE_FORM = "nplurals=1; plural=0;"
# What each marking function takes, in order.
MARKERS: dict[str, tuple[str, ...]] = {
    "gettext": ("msgid",),
    "ngettext": ("msgid", "plural"),
    "pgettext": ("context", "msgid"),
    "npgettext": ("context", "msgid", "plural"),
}
MARKED = re.compile(r"\b(_|n?p?gettext)\(")

Key = tuple[str, str]  # context, msgid


@dataclass
class Text:
    """One text to translate, and where it stands."""

    msgid: str
    context: str = ""
    plural: str = ""
    places: set[str] = field(default_factory=set)

    @property
    def key(self) -> Key:
        return self.context, self.msgid


def marker(name: str) -> tuple[str, ...]:
    """The arguments of a marking function by any of its names, or nothing."""
    plain = name.removesuffix("_lazy").removesuffix("_noop")
    return MARKERS.get("gettext" if plain == "_" else plain, ())


def text_of(name: str, strings: list[str]) -> Text:
    """A text out of what a marking function was called with."""
    said = dict(zip(marker(name), strings, strict=False))
    return Text(said["msgid"], said.get("context", ""), said.get("plural", ""))


def in_python(source: str) -> Iterator[Text]:
    """The texts marked in a module."""
    tree = ast.parse(source)
    names = aliases(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        name = names.get(node.func.id, "")
        wanted = node.args[: len(marker(name))]
        strings = [each.value for each in wanted if isinstance(each, ast.Constant)]
        if strings and len(strings) == len(marker(name)):
            yield text_of(name, [str(each) for each in strings])


def aliases(tree: ast.AST) -> dict[str, str]:
    """What the marking functions are called in a module."""
    return {
        each.asname or each.name: each.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for each in node.names
        if marker(each.name)
    }


def in_template(source: str) -> Iterator[Text]:
    """The texts marked in a template."""
    code = templatize(source)
    for found in MARKED.finditer(code):
        yield text_of(found.group(1), list(strings_after(code[found.end() :])))


def strings_after(code: str) -> Iterator[str]:
    """The string literals up to the bracket that closes a call."""
    tokens = tokenize.generate_tokens(io.StringIO(code).readline)
    for token in takewhile(lambda token: token.string != ")", tokens):
        if token.type == tokenize.STRING:
            yield ast.literal_eval(token.string)


def sources() -> Iterator[tuple[Path, Iterable[Text]]]:
    """Every file that may hold texts, with those it holds."""
    for room in CODE:
        for path in sorted((ROOT / room).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path, in_python(path.read_text())
    templates = ROOT / "templates"
    for path in sorted([*templates.rglob("*.html"), *templates.rglob("*.txt")]):
        yield path, in_template(path.read_text())


def collect() -> dict[Key, Text]:
    """Every text of the product."""
    texts: dict[Key, Text] = {}
    for path, found in sources():
        for text in found:
            known = texts.setdefault(text.key, text)
            known.plural = known.plural or text.plural
            known.places.add(path.relative_to(ROOT).as_posix())
    return texts


def catalogue_of(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def read(language: str) -> polib.POFile:
    """The catalogue as it stands; an empty one if there is none."""
    path = catalogue_of(language)
    return polib.pofile(str(path), wrapwidth=98) if path.exists() else polib.POFile(wrapwidth=98)


def entry_for(text: Text, known: polib.POEntry | None, language: str) -> polib.POEntry:
    """A text's entry, with the translation it already had."""
    entry = polib.POEntry(
        msgid=text.msgid,
        msgctxt=text.context or None,
        msgid_plural=text.plural,
        occurrences=[(place, "") for place in sorted(text.places)],
        flags=["python-format"] if re.search(r"%(\(\w+\))?[sd]", text.msgid) else [],
    )
    if known is not None:
        entry.msgstr, entry.msgstr_plural = known.msgstr, dict(known.msgstr_plural)
    fill(entry, language)
    return entry


def fill(entry: polib.POEntry, language: str) -> None:
    """Give an entry the forms its language has; English says what the code says."""
    if not entry.msgid_plural:
        entry.msgstr_plural = {}
        entry.msgstr = entry.msgstr or (entry.msgid if language == "en" else "")
        return
    said = [entry.msgid, entry.msgid_plural] if language == "en" else [""]
    entry.msgstr = ""
    entry.msgstr_plural = {
        number: entry.msgstr_plural.get(number) or form for number, form in enumerate(said)
    }


def update(language: str, texts: dict[Key, Text]) -> polib.POFile:
    """The catalogue with exactly these texts."""
    old = {(entry.msgctxt or "", entry.msgid): entry for entry in read(language)}
    new = polib.POFile(wrapwidth=98)
    new.metadata = {
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Language": language,
        "Plural-Forms": PLURALS.get(language, ONE_FORM),
    }
    new.extend(entry_for(texts[key], old.get(key), language) for key in sorted(texts))
    return new


def differences(language: str, texts: dict[Key, Text]) -> Iterator[str]:
    """What a catalogue lacks, and what it has too much, a line each."""
    known = {(entry.msgctxt or "", entry.msgid) for entry in read(language)}
    for _context, msgid in sorted(set(texts) - known):
        yield f"{language}: not in the catalogue: {msgid!r}"
    for _context, msgid in sorted(known - set(texts)):
        yield f"{language}: nobody says this any more: {msgid!r}"


def main() -> int:
    """The command line."""
    texts = collect()
    if "--check" in sys.argv:
        found = [line for language in LANGUAGES for line in differences(language, texts)]
        sys.stdout.write("".join(f"{line}\n" for line in found))
        return 1 if found else 0
    for language in LANGUAGES:
        path = catalogue_of(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        catalogue = update(language, texts)
        catalogue.save(str(path))
        left = len(catalogue.untranslated_entries())
        sys.stdout.write(f"{language}: {len(catalogue)} texts, {left} to do\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
