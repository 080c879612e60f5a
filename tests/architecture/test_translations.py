"""Every text of code and templates is in every catalogue, translated, and nothing else is."""

from pathlib import Path

import polib
import pytest
import rest_framework

from config import catalogue, translations
from config.borrowed import BORROWED


@pytest.fixture(scope="module")
def texts() -> dict[catalogue.Key, catalogue.Text]:
    return catalogue.collect()


@pytest.mark.parametrize("language", catalogue.LANGUAGES)
def test_catalogue_holds_exactly_the_texts_of_the_product(
    language: str, texts: dict[catalogue.Key, catalogue.Text]
) -> None:
    assert list(catalogue.differences(language, texts)) == []


def test_every_text_is_translated_with_its_placeholders() -> None:
    assert list(translations.faults()) == []


def test_texts_are_found_in_code_and_templates() -> None:
    code = (
        "from django.utils.translation import gettext as _, ngettext, pgettext_lazy\n"
        "_('one' ' text'); ngettext('%(n)s day', '%(n)s days', n)\n"
        "pgettext_lazy('weekday', 'Mon'); _(variable); other('not this')\n"
    )
    template = (
        '{% load i18n %}{% translate "Send" %}{% icon "late" _("late") %}'
        "{% blocktranslate count n=n context 'x' %}{{ n }} file{% plural %}{{ n }} files"
        "{% endblocktranslate %}"
    )
    found = [*catalogue.in_python(code), *catalogue.in_template(template)]
    assert [(text.context, text.msgid, text.plural) for text in found] == [
        ("", "one text", ""),
        ("", "%(n)s day", "%(n)s days"),
        ("weekday", "Mon", ""),
        ("", "Send", ""),
        ("", "late", ""),
        ("x", "%(n)s file", "%(n)s files"),
    ]


def test_collecting_keeps_translations_and_forgets_what_nobody_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(catalogue, "LOCALE", tmp_path)
    monkeypatch.setattr("sys.argv", ["catalogue"])
    assert catalogue.main() == 0
    path = catalogue.catalogue_of("zh_Hans")
    written = polib.pofile(str(path))
    send, remove = written.find("Send"), written.find("Remove")
    assert send is not None
    assert remove is not None
    send.msgstr = "提交"
    written.append(polib.POEntry(msgid="Nobody says this", msgstr="没人说"))
    written.remove(remove)
    written.save()
    capsys.readouterr()
    monkeypatch.setattr("sys.argv", ["catalogue", "--check"])
    assert catalogue.main() == 1
    assert capsys.readouterr().out.splitlines() == [
        "zh_Hans: not in the catalogue: 'Remove'",
        "zh_Hans: nobody says this any more: 'Nobody says this'",
    ]
    monkeypatch.setattr("sys.argv", ["catalogue"])
    catalogue.main()
    again = {entry.msgid: entry.msgstr for entry in polib.pofile(str(path))}
    assert (again["Send"], "Nobody says this" in again) == ("提交", False)
    assert polib.pofile(str(catalogue.catalogue_of("en"))).untranslated_entries() == []


def test_borrowed_texts_are_still_said_by_the_framework() -> None:
    sources = [path.read_text() for path in Path(rest_framework.__file__).parent.glob("*.py")]
    said = {text.msgid for source in sources for text in catalogue.in_python(source)}
    assert sorted(set(BORROWED) - said) == []
