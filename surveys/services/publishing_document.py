"""What a publication says, put together from what may be told: a document of plain values.

It is worked out for a draft whenever somebody looks, and frozen when it is approved. Nobody's
name is in it, and no figure but those that were counted for the community (tallies, index
figures, figures of promises).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Sum

from complaints.models import PromiseKind
from complaints.services.figures_days import ONE_DAY, Period, day_of
from complaints.services.figures_reading import Question as Asked, read as read_figures
from surveys.measuring import Estimate, Verdict
from surveys.models import (
    IndexFigure,
    IndexReport,
    Place,
    Publication,
    Tally,
    Wave,
    WaveStratum,
)
from surveys.questionnaire import Dimension, Questionnaire
from surveys.services.cells import LEAST, Scope
from surveys.services.coding import counts_by_category, text_questions, texts_of
from surveys.services.comparable import Pair, before_among
from surveys.services.comparing_chance import FEWEST, RARE, Sample, chance_of_means
from surveys.services.improving_values import BY_DIMENSION, INDEX, Item, values_of
from surveys.services.publishing_lines import earlier_than, lines_of
from surveys.services.publishing_words import (
    Words,
    asked_in,
    both_writings,
    titles,
    worded,
    words_in,
)
from surveys.services.rounding import tenth
from surveys.services.wave_rhythm import HALF, months_after

# Readers know every version there ever was. Before 2 the survey bore one title, as it was written.
VERSION = 2
MOST = 5  # of the strongest, and of the weakest, unless somebody chooses


def document_of(publication: Publication, *, zone: ZoneInfo, now: datetime) -> dict[str, Any]:
    """Everything that is told, as it is now. `zone` is the company's."""
    wave, community = publication.wave, publication.community
    scope = Scope(community.pk)
    own = publication.language
    translations = publication.translations
    return {
        "version": VERSION,
        "community": community.name,
        "survey": titles(wave.survey),
        "wave": wave.name,
        "opens_on": wave.opens_on.isoformat(),
        "closes_on": wave.closes_on.isoformat(),
        "title": worded(publication.title, own, translations, "title"),
        "introduction": worded(publication.introduction, own, translations, "introduction"),
        "response": response_of(wave, scope),
        **index_of(wave, scope, publication.items),
        **items_of(wave, scope, publication.items),
        "topics": topics_of(wave, scope),
        "quotes": quotes_of(publication),
        "may_be_found": publication.may_be_found,
        "promises": promises_of(wave, scope, zone, now),
        "lines": lines_of(publication, zone, now),
    }


# --- how many ---


def response_of(wave: Wave, scope: Scope) -> dict[str, Any]:
    """How many could have been asked, were asked, and answered; None where that is withheld."""
    strata = WaveStratum.objects.filter(wave=wave, community_id=scope.community)
    sums = strata.aggregate(population=Sum("population"), invited=Sum("invited"))
    told = Tally.objects.filter(
        wave=wave, community_id=scope.community, building=None, question="", choice="", number=None
    ).first()
    return {
        "population": sums["population"] or 0,
        "invited": sums["invited"] or 0,
        "answered": told.count if told else None,
        "is_census": wave.sample_size is None,
        "one_per": wave.one_per,
    }


# --- how satisfied ---


def index_of(wave: Wave, scope: Scope, chosen: Iterable[str]) -> dict[str, Any]:
    """The index and the dimensions that were chosen, each None where it may not be told."""
    rows = IndexFigure.objects.filter(
        wave=wave, place=Place.COMMUNITY, key=str(scope.community)
    ).defer("items")
    figures = {each.dimension: figure_of(each) for each in rows}
    report = IndexReport.objects.filter(wave=wave).select_related("before", "weights").first()
    measured = report is not None and not report.finding
    names = set(chosen)
    dimensions = [
        {"dimension": each.value, "figure": figures.get(each.value)}
        for each in Dimension
        if f"{BY_DIMENSION}{each.value}" in names
    ]
    return {
        "index": figures.get("") if INDEX in names else None,
        "index_withheld": measured and INDEX in names and "" not in figures,
        "dimensions": dimensions if measured else [],
        "weights": report.weights.by_dimension if measured and report else {},
        "before": report.before.name if report and report.before else "",
        "items_differ": bool(report and report.items_differ),
        "people_differ": bool(
            report and report.before and not Pair(report.before, wave).same_people(scope)
        ),
    }


def figure_of(row: IndexFigure) -> dict[str, Any]:
    """A figure as it is told: to a tenth."""
    return {
        "value": tenth(row.value),
        "low": tenth(row.low),
        "high": tenth(row.high),
        "change": tenth(row.change) if row.verdict else None,
        "verdict": row.verdict,
    }


@dataclass(frozen=True, slots=True)
class Standing:
    """How one item stands, and how it stood in the wave before, if that asked the same people in
    the same way."""

    item: Item
    now: Estimate
    before: Estimate | None


def standings(wave: Wave, scope: Scope) -> list[Standing]:
    """Every item with a scale that may be told there, the weakest first."""
    earlier = before_among(Wave.objects.filter(earlier_than(wave)), wave)
    before: Mapping[Item, Estimate] = {}
    if earlier is not None and (pair := Pair(earlier, wave)).same_people(scope):
        before = {
            item: value
            for item, value in values_of(earlier, scope).items()
            if pair.same_question(item.question)
        }
    return [Standing(item, now, before.get(item)) for item, now in values_of(wave, scope).items()]


def usual_items(wave: Wave, scope: Scope) -> list[str]:
    """What is shown unless somebody chooses: the index, the dimensions, the five strongest items
    and the five weakest."""
    names = [each.item.name for each in standings(wave, scope)]
    shown = names if len(names) <= 2 * MOST else names[:MOST] + names[-MOST:]
    return [INDEX, *(f"{BY_DIMENSION}{each.value}" for each in Dimension), *shown]


def items_of(wave: Wave, scope: Scope, chosen: Iterable[str]) -> dict[str, Any]:
    """The chosen items from the strongest to the weakest, and how many are not shown, and why."""
    asked, names = asked_in(wave), set(chosen)
    told = standings(wave, scope)
    shown = [each for each in reversed(told) if each.item.name in names]
    return {
        "items": [standing_of(each, asked) for each in shown],
        "not_chosen": len(told) - len(shown),
        "withheld": len(with_scale(asked[wave.survey.language])) - len(told),
    }


def standing_of(each: Standing, asked: Mapping[str, Questionnaire]) -> dict[str, Any]:
    return {
        "name": each.item.name,
        "words": words_in(each.item, asked),
        "value": tenth(each.now.value),
        "low": tenth(each.now.low),
        "high": tenth(each.now.high),
        "answered": each.now.answered,
        "change": tenth(each.now.value - each.before.value) if each.before else None,
        "verdict": verdict_of(each),
    }


def with_scale(asked: Questionnaire) -> list[Item]:
    """Everything that was asked and gets a mark."""
    return [
        Item(question.key, row)
        for question in asked
        if question.scale
        for row in ([each.key for each in question.rows] or [""])
    ]


def verdict_of(each: Standing) -> str:
    """What may be said of the change since the wave before; nothing where there was none."""
    if each.before is None:
        return ""
    if min(each.now.answered, each.before.answered) < FEWEST:
        return Verdict.TOO_FEW
    chance = chance_of_means(sample_of(each.now), sample_of(each.before))
    return Verdict.REAL if chance < RARE else Verdict.CHANCE


def sample_of(found: Estimate) -> Sample:
    return Sample(found.answered, found.value, found.error**2 * found.answered)


# --- own words ---


def topics_of(wave: Wave, scope: Scope) -> list[dict[str, Any]]:
    """What own words were about, by category; what fewer than five named is left out."""
    texts = texts_of(wave, scope, [each.key for each in text_questions(wave, scope)])
    return [
        {"words": category_words(category), "count": count}
        for category, count in counts_by_category(wave, texts)
        if count >= LEAST
    ]


def category_words(category: Any) -> Words:
    english = {"en": category.name_en} if category.name_en else {}
    return both_writings({"zh-hans": category.name, **english})


def quotes_of(publication: Publication) -> list[str]:
    """The quotes that somebody has checked, in an order that says nothing."""
    rows = publication.quotes.filter(is_checked=True).order_by("mark_id")
    return [each.text for each in rows]


# --- promises ---


def promises_of(wave: Wave, scope: Scope, zone: ZoneInfo, now: datetime) -> dict[str, Any]:
    """How many promises to owners were kept and missed in the half-year up to the last day."""
    last = min(wave.closes_on, day_of(now, zone))
    first = months_after(last, -HALF) + ONE_DAY
    assert scope.community is not None  # noqa: S101 - a publication is one community's
    asked = Asked(communities=(scope.community,))
    total = read_figures(asked, Period(first, last), zone=zone, now=now).total
    rows = [
        {"promise": each.value, "kept": total.kept(each), "missed": total.missed(each)}
        for each in PromiseKind
    ]
    return {"first": first.isoformat(), "last": last.isoformat(), "filed": total.filed,
            "rows": [each for each in rows if each["kept"] or each["missed"]]}  # fmt: skip
