"""Results for paper: the same cells as on the page and in the workbook, and no others.

It is read by an owners' committee, so it begins with what matters and explains itself. What
people wrote comes last, on pages of its own that need not be handed on.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext as _, ngettext, pgettext
from reportlab.lib.units import mm

from surveys.models import Audience, Wave
from surveys.questionnaire import Kind, Question
from surveys.services.cells import LEAST
from surveys.services.coding import codes_of, counts_by_category, text_questions, texts_of
from surveys.services.index_reading import Reading
from surveys.services.results import Results
from surveys.services.results_definitions import DEFINITIONS
from surveys.services.results_pdf_index import add_index
from surveys.services.results_words import Card, Line, Shown, percent, shown
from surveys.services.results_workbook import name_of
from surveys.services.titles import title_in
from tenancy.models import Company, Membership
from tenancy.services.pdf import WIDE, Paper
from tenancy.services.pdf_shapes import Bar, Pile, Row, Rule, Stack

MOST_TEXTS = 1000  # some 40 pages; the workbook has the others
FIGURE = 28 * mm
LABEL, COUNT, SHARE = 66 * mm, 16 * mm, 15 * mm
TERM = 32 * mm


def results_pdf(
    *,
    wave: Wave,
    found: Results,
    member: Membership,
    company: Company,
    language: str,
    now: datetime,
) -> bytes:
    """What this member may be told of the wave in one place, as a document of A4 pages."""
    made = date_format(timezone.localtime(now, ZoneInfo(company.zone)), "DATE_FORMAT")
    title = title_in(wave.survey, language)
    about = [company.name, title, wave.name, name_of(found.place)]
    paper = Paper(
        title=" · ".join(about[1:]),
        author=company.name,
        foot=" · ".join([*about, made]),
        language=get_language() or "",
    )
    add_head(paper, found, company, title, made)
    if wave.survey.audience == Audience.OWNERS:
        add_index(paper, Reading(wave, member, language), found.place.key)
    add_questions(paper, found)
    told = text_questions(wave, found.place.scope, member)
    add_topics(paper, found, told)
    add_definitions(paper)
    add_texts(paper, found, told)
    return paper.done()


def add_head(paper: Paper, found: Results, company: Company, title: str, made: str) -> None:
    """Whose survey it is, when, of whom, and how many answered."""
    wave, place = found.wave, found.place
    days = " – ".join(date_format(each, "DATE_FORMAT") for each in (wave.opens_on, wave.closes_on))
    paper.add(
        paper.words(company.name, "subtitle"),
        Rule(1.5, above=4, below=10),
        paper.words(title, "title"),
        paper.words(f"{wave.name} · {_('Results')} · {name_of(place)}", "subtitle"),
    )
    paper.space(3)
    facts = [
        f"{pgettext('of a survey', 'Who was asked')}: {wave.survey.get_audience_display()}", days,
        _("made on %(day)s") % {"day": made},
    ]  # fmt: skip
    paper.add(paper.words("   |   ".join(facts), "small"))
    paper.space(8)
    rate = percent(place.n / found.invited) if found.invited else "–"
    tiles = [
        (_("Invited"), found.invited),
        (_("Answered"), place.n),
        (_("Response rate"), rate),
        (_("Did not answer"), max(found.invited - place.n, 0)),
    ]
    quarter = WIDE / len(tiles)
    paper.add(
        Rule(0.5, below=6),
        Row([(paper.words(number, "figure"), quarter) for _name, number in tiles]),
        Row([(paper.words(name, "small"), quarter) for name, _number in tiles]),
        Rule(0.5, above=6, below=4),
    )


# --- questions ---


def add_questions(paper: Paper, found: Results) -> None:
    section = None
    for number, each in enumerate(found.found, start=1):
        if each.section != section:
            section = each.section
            paper.section(section or _("Questions"))
        add_question(paper, number, shown(each))


def add_question(paper: Paper, number: int, each: Shown) -> None:
    """One question; its words stay with the first of what was answered."""
    question = each.found.question
    n = each.found.n
    answers = ngettext("%(n)s answer", "%(n)s answers", n) % {"n": n}
    head = [paper.words(f"{number}. {question.text}", "heading")]
    if not each.is_matrix and each.cards:
        head.append(paper.words(f"{answers}{hint(question)}", "small"))
    first, *others = [card_parts(paper, card, is_row=each.is_matrix) for card in each.cards] or [[]]
    paper.add(*head, *first, together=True)
    for parts in others:
        paper.add(*parts, together=True)
    if withheld := untold(each):
        paper.add(paper.words(withheld, "small"))
    paper.space(9)


def untold(each: Shown) -> str:
    """That nothing may be told of a question, or of some rows of a matrix."""
    told = {card.item.row for card in each.cards}
    rows = [row.text for row in each.found.question.rows if row.key not in told]
    if each.cards and not rows:
        return ""
    sentence = _(
        "Fewer than five answered this here, or so few were left elsewhere that they could be"
        " recognised."
    )
    return f"{pgettext('between items', ', ').join(rows)} — {sentence}" if told else f"— {sentence}"


def hint(question: Question) -> str:
    """Where the rest is of what is no figure."""
    if question.kind is Kind.TEXT:
        return " · " + _("in their own words, see the end")
    return " · " + _("photos are in the portal") if question.kind is Kind.PHOTO else ""


def card_parts(paper: Paper, card: Card, *, is_row: bool) -> list[object]:
    """The figure that says most, its bars, and every number in words."""
    parts: list[object] = []
    item = card.item
    if is_row:
        answers = ngettext("%(n)s answer", "%(n)s answers", item.n) % {"n": item.n}
        parts.append(paper.words(f"{card.label} · {answers}", "body"))
    if card.segments:
        figure = Pile([paper.words(card.figure, "figure"), paper.words(card.unit, "small")])
        marks = [(str(mark), count, percent(count / item.n)) for mark, count in item.marks]
        bars = Pile([Stack(marks, item.n), chips(paper, card)])
        return [*parts, Row([(figure, FIGURE), (bars, WIDE - FIGURE)])]
    if card.figure:
        parts.append(paper.words(f"{card.unit} {card.figure}", "strong"))
    if card.chips:
        parts.append(chips(paper, card))
    return parts + [line_row(paper, line, item.n) for line in card.lines]


def chips(paper: Paper, card: Card) -> object:
    weak = [f"▲ {pgettext('of an item', 'Weak')}"] if card.item.is_weak else []
    return paper.words(" · ".join([*weak, *(said for _tone, said in card.chips)]), "small")


def line_row(paper: Paper, line: Line, n: int) -> Row:
    """One choice, class or month: its words, its bar, how many and which share."""
    label = " ".join(f"{line.label} {line.note and f'({line.note})'}".split())
    bar = WIDE - LABEL - COUNT - SHARE
    return Row([
        (paper.words(label, "small"), LABEL),
        (Bar(line.count / n), bar),
        (paper.words(line.count, "number"), COUNT),
        (paper.words(line.percent, "number"), SHARE),
    ])  # fmt: skip


# --- own words ---


def add_topics(paper: Paper, found: Results, told: list[Question]) -> None:
    """What own words were about: to whoever reads the paper only what five have named."""
    texts = texts_of(found.wave, found.place.scope, [each.key for each in told])
    counts = [each for each in counts_by_category(found.wave, texts) if each[1] >= LEAST]
    if not told or not counts:
        return
    most = max(count for _category, count in counts)
    paper.section(_("What own words were about"))
    for category, count in counts:
        paper.add(
            Row([
                (paper.words(category, "small"), LABEL),
                (Bar(count / most), WIDE - LABEL - COUNT),
                (paper.words(count, "number"), COUNT),
            ])
        )  # fmt: skip
    paper.add(paper.words(_("Only what at least five have named."), "small"))


def add_definitions(paper: Paper) -> None:
    paper.section(_("How to read it"))
    signs = (
        _("Sign"),
        _("A □ stands for a character that cannot be printed, such as a smiley."),
    )
    for term, definition in (*DEFINITIONS, signs):
        paper.add(
            Row([
                (paper.words(term, "term"), TERM),
                (paper.words(definition, "small"), WIDE - TERM),
            ])
        )  # fmt: skip
        paper.space(3)


def add_texts(paper: Paper, found: Results, told: list[Question]) -> None:
    """In the order of their random keys: no text belongs to the one before it."""
    rows = list(
        texts_of(found.wave, found.place.scope, [each.key for each in told])[: MOST_TEXTS + 1]
    )
    if not rows:
        return
    more, rows = len(rows) > MOST_TEXTS, rows[:MOST_TEXTS]
    codes = codes_of(rows)
    paper.new_page()
    paper.section(_("Own words"))
    paper.add(paper.words(_(
        "As they were written. Read them before these pages are handed on: somebody may have said"
        " who they or others are."
    ), "small"))  # fmt: skip
    if more:
        sentence = _("These are %(n)s of them; the Excel file has them all.")
        paper.add(paper.words(sentence % {"n": MOST_TEXTS}, "small"))
    for question in told:
        texts = [each for each in rows if each.question == question.key]
        if texts:
            paper.space(8)
            asked = found.questionnaire.by_key[question.key].text
            paper.add(paper.words(asked, "heading"), Rule(0.5, above=3, below=3))
        for each in texts:
            about = pgettext("between items", ", ").join(str(code) for code in codes[each.pk])
            paper.add(paper.words(each.text + (f"  [{about}]" if about else ""), lines=True))
            paper.add(Rule(0.25, above=2, below=2))
