"""Compiles the translations, for machines without gettext: `python -m config.translations`.

With --check: says which texts are missing, unsure, or lost a placeholder on the way.
"""

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import polib

LOCALE = Path(__file__).resolve().parent.parent / "locale"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


def catalogues() -> list[Path]:
    """The sources of all translations."""
    return sorted(LOCALE.glob("*/LC_MESSAGES/*.po"))


def compile_translations() -> int:
    """Compile each catalogue that is newer than its compiled form; how many there were."""
    compiled = 0
    for source in catalogues():
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        # Renamed into place, so that a server starting now never reads half a file.
        draft = target.with_suffix(f".{os.getpid()}.new")
        polib.pofile(str(source)).save_as_mofile(str(draft))
        draft.replace(target)
        compiled += 1
    return compiled


def faults() -> Iterator[str]:
    """What is wrong with the translations, a line each."""
    for source in catalogues():
        for entry in polib.pofile(str(source)):
            if not entry.obsolete and (fault := fault_of(entry)):
                yield f"{source.relative_to(LOCALE)}:{entry.linenum}: {fault}: {entry.msgid!r}"


def fault_of(entry: polib.POEntry) -> str:
    """What is wrong with one translation, or nothing."""
    texts = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
    if not all(texts):
        return "not translated"
    if entry.fuzzy:
        return "unsure (fuzzy)"
    wanted = set(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
    # A singular may leave the number out; a language without plurals has one text for both.
    if any(set(PLACEHOLDER.findall(text)) != wanted for text in texts[-1:]):
        return "placeholders differ"
    return ""


def main() -> int:
    """The command line."""
    if "--check" not in sys.argv:
        print(f"{compile_translations()} catalogues compiled")
        return 0
    found = list(faults())
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
