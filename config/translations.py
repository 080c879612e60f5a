"""Compiles the translations, for machines without gettext: `python -m config.translations`."""

from pathlib import Path

import polib

LOCALE = Path(__file__).resolve().parent.parent / "locale"


def compile_translations() -> int:
    """Compile each catalogue that is newer than its compiled form; how many there were."""
    compiled = 0
    for source in sorted(LOCALE.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        # Renamed into place, so that a server starting now never reads half a file.
        draft = target.with_suffix(".mo.new")
        polib.pofile(str(source)).save_as_mofile(str(draft))
        draft.replace(target)
        compiled += 1
    return compiled


if __name__ == "__main__":
    print(f"{compile_translations()} catalogues compiled")
