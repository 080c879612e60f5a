"""Results for Excel: the same cells as on the page, and no others."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _, pgettext

from surveys.models import Wave
from surveys.questionnaire import Kind
from surveys.services.coding import codes_of, text_questions, texts_of
from surveys.services.results import Item, Place, Results, results
from surveys.services.results_definitions import DEFINITIONS
from surveys.services.tallying import BELOW, FROM
from surveys.services.titles import title_in
from tenancy.models import Membership
from tenancy.services.sheets import Mean, Sheets

MOST_TEXTS = 20_000


def workbook(
    *, wave: Wave, found: Results, places: Sequence[Place], member: Membership, language: str
) -> bytes:
    """Everything that this member may be told of the wave; texts of the place asked for."""
    title = f"{title_in(wave.survey, language)} · {wave.name}"
    sheets = Sheets(title=title)
    everywhere = results(wave=wave, places=places, language=language)
    sheets.add(_("Responses"), response_head(title), (response(each) for each in everywhere))
    sheets.add(_("Questions"), item_head(), (item_row(each) for each in found.items.values()))
    sheets.add(pgettext("every choice", "Answers"), answer_head(), answer_rows(found))
    sheets.add(_("By place"), *by_place(found, everywhere))
    sheets.add(_("Own words"), [_("Text"), _("Question"), _("Category")],
               text_rows(wave, found, member), words=True)  # fmt: skip
    sheets.add(_("Definitions"), [_("Figure"), _("Definition")], DEFINITIONS, words=True)
    return sheets.done()


def name_of(place: Place) -> str:
    return place.name or _("everybody")


def response_head(title: str) -> list[str]:
    return [title, _("Invited"), _("Answered"), _("Response rate")]


def response(found: Results) -> list[Any]:
    n, invited = found.place.n, found.invited
    return [name_of(found.place), invited, n, n / invited if invited else None]


def item_head() -> list[str]:
    return [
        _("Question"), pgettext("of a matrix", "Row"), _("Answers"), _("Mean"),
        _("Low marks"), _("High marks"), pgettext("net promoter score", "NPS"), _("Median"),
    ]  # fmt: skip


def item_row(item: Item) -> list[Any]:
    scale = bool(item.question.scale)
    return [
        item.question.text,
        item.label,
        item.n,
        None if item.mean is None else Mean(item.mean),
        item.low / item.n if scale else None,
        item.high / item.n if scale else None,
        None if item.nps is None else Mean(item.nps),
        None if item.median is None else Mean(item.median),
    ]


def answer_head() -> list[str]:
    return [
        _("Question"),
        pgettext("of a matrix", "Row"),
        pgettext("what was answered", "Answer"),
        _("Count"),
        _("Share"),
    ]


def answer_rows(found: Results) -> Iterable[list[Any]]:
    for item in found.items.values():
        names = {each.key: each.text for each in item.question.choices}
        for bar in item.bars:
            yield [
                item.question.text, item.label, said(item, bar, names), bar.count, bar.share
            ]  # fmt: skip


def said(item: Item, bar: Any, names: dict[str, str]) -> str:
    """A choice, a mark, a month, or a class of amounts."""
    if bar.key in (BELOW, FROM):
        words = _("below %(amount)s") if bar.key == BELOW else _("from %(amount)s")
        return words % {"amount": f"{bar.number:f}".rstrip("0").rstrip(".")}
    if item.question.kind is Kind.RANKING:
        return _("%(choice)s in the first place") % {"choice": names[bar.key]}
    return names.get(bar.key, bar.key) or f"{bar.number:.0f}"


def by_place(
    found: Results, everywhere: Sequence[Results]
) -> tuple[list[str], Iterable[list[Any]]]:
    """Means of marks, a column for each place; empty where nothing may be told."""
    head = [_("Question"), *(name_of(each.place) for each in everywhere)]
    items = [each for each in found.items.values() if each.question.scale]
    return head, (
        [f"{each.question.text} {each.label}".strip(), *(mean(one, each.key) for one in everywhere)]
        for each in items
    )


def mean(found: Results, key: str) -> Mean | None:
    item = found.items.get(key)
    return None if item is None or item.mean is None else Mean(item.mean)


def text_rows(wave: Wave, found: Results, member: Membership) -> Iterable[list[Any]]:
    """In the order of their random keys: no row belongs to the one before it."""
    scope = found.place.scope
    names = {each.key: each.text for each in text_questions(wave, scope, member)}
    rows = list(texts_of(wave, scope, list(names))[:MOST_TEXTS])
    codes = codes_of(rows)
    for row in rows:
        about = pgettext("between items", ", ").join(str(each) for each in codes[row.pk])
        yield [row.text, names[row.question], about]
