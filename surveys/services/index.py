"""The satisfaction index of a wave, measured once, and the weights it is measured with."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from owners.models import Building
from surveys.measuring.terms import Estimate
from surveys.models import IndexFigure, IndexReport, IndexWeights, Place, Stage, Tally, Wave
from surveys.questionnaire import Dimension, read
from surveys.services.cells import WHOLE, Scope
from surveys.services.comparable import Pair, before_among
from surveys.services.index_figures import estimate_of, place_of, scope_of
from surveys.services.index_items import items_of, whole_of
from surveys.services.tallying import tally
from surveys.services.wave import claim
from tenancy.models import Community
from tenancy.services.actor import Actor
from tenancy.services.audit import record
from tenancy.services.refusal import Refused

if TYPE_CHECKING:
    from surveys.services.index_measuring import Figure, Measurement

# Parasuraman, Zeithaml and Berry asked customers to share out 100 points: these are their means.
FIRST = {
    Dimension.RELIABILITY: 32,
    Dimension.RESPONSIVENESS: 22,
    Dimension.ASSURANCE: 19,
    Dimension.EMPATHY: 16,
    Dimension.TANGIBLES: 11,
}
WHOLE_IS = 100
METHOD = "stratified_t_three_beside"  # of the intervals, see docs/adr/0017
# Why there is no index.
NOTHING_ASKED, TOO_FEW = "nothing_asked", "too_few"
AT_ONCE = 1000

Past = dict[Scope, dict[str, Estimate]]  # what was measured, place by place, by dimension
Names = dict[str, tuple[str, UUID | None]]  # of places, by their keys, and whose they are


class WeightsAreEverybodys(Refused):
    """Somebody who looks after some communities would change the index of all."""

    code = "weights_are_everybodys"
    sentence = _(
        "The weights hold in every community. Somebody who looks after all of them sets them."
    )


class WeightsNotWhole(Refused):
    """Shares that leave something over, or take more than there is."""

    code = "weights_not_whole"
    sentence = _("The five weights add up to %(sum)s. They must add up to 100.")


class WeightsChanged(Refused):
    """Somebody else set weights at the same moment."""

    code = "weights_changed"
    sentence = _("Somebody has just set other weights. Have a look at them first.")


def first_weights(now: datetime) -> IndexWeights:
    """Version 1, not yet written down."""
    shares = {dimension.value: weight for dimension, weight in FIRST.items()}
    return IndexWeights(number=1, created_at=now, **shares)


@transaction.atomic
def weights_now(*, now: datetime) -> IndexWeights:
    """The newest version; the first is written down when it is needed."""
    newest: IndexWeights | None = IndexWeights.objects.order_by("-number").first()
    if newest is None:
        # Two waves that are measured at once both find none: one of them writes it.
        IndexWeights.objects.bulk_create([first_weights(now)], ignore_conflicts=True)
        newest = IndexWeights.objects.get(number=1)
    return newest


@transaction.atomic
def set_weights(*, weights: Mapping[str, int], by: Actor, now: datetime) -> IndexWeights:
    """Weigh the dimensions otherwise in every wave measured from now on."""
    if by.membership is not None and not by.membership.all_communities:
        raise WeightsAreEverybodys
    before = weights_now(now=now)
    chosen = {each.value: int(weights[each.value]) for each in Dimension}
    if chosen == before.by_dimension:
        return before
    total = sum(chosen.values())
    if total != WHOLE_IS or min(chosen.values()) < 0:
        raise WeightsNotWhole(sum=total)
    row = IndexWeights(number=before.number + 1, created_at=now, by_id=by.membership_id, **chosen)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as caught:
        raise WeightsChanged from caught
    record(
        action="set_index_weights", subject=row, by=by, now=now,
        before=before.by_dimension, after=chosen,
    )  # fmt: skip
    return row


@transaction.atomic
def measure(*, wave: Wave, now: datetime) -> IndexReport:
    """Measure a counted wave: the index, its dimensions, its changes and what drives it.

    Twice is once: what was measured stays as it was, whatever the weights are by then.
    """
    wave = claim(wave, Stage.COUNTED)
    done: IndexReport | None = IndexReport.objects.filter(wave=wave).first()
    if done is not None:
        return done
    tally(wave=wave)
    weights = weights_now(now=now)
    report = IndexReport(
        wave=wave,
        weights=weights,
        method=METHOD,
        answered=_answered(wave),
        population=0,
        strata=0,
        measured_on=now.astimezone(ZoneInfo(wave.company.zone)).date(),
    )
    measurement = _measurement(wave, weights)
    if measurement is None or not measurement.told:
        report.finding = NOTHING_ASKED if measurement is None else TOO_FEW
        report.save(force_insert=True)
        return report
    _fill(report, measurement)
    return report


def _answered(wave: Wave) -> int:
    """How many responses there are, if so much may be told."""
    rows = Tally.objects.filter(wave=wave, question="", community=None, building=None, group="")
    return sum(rows.values_list("count", flat=True))


def _measurement(wave: Wave, weights: IndexWeights) -> "Measurement | None":
    """What there is to measure; None where nothing was asked of any dimension that counts."""
    # Statistics take seconds to load: no process does that until something is measured.
    from surveys.services.index_measuring import Measurement  # noqa: PLC0415

    questionnaire = read(wave.edition.document)
    shares = weights.by_dimension
    items = [each for each in items_of(questionnaire) if shares[each.dimension]]
    return Measurement(wave, items, shares, whole_of(questionnaire)) if items else None


def _fill(report: IndexReport, measurement: "Measurement") -> None:
    """Write down what was measured, beside what the wave before had said."""
    from surveys.services.index_drivers import drivers_of  # noqa: PLC0415 - as above

    figures = measurement.figures()
    everybody = [each for each in figures if each.scope == WHOLE]
    _strata, sizes, merged = measurement.strata(WHOLE)
    report.population = everybody[0].estimate.population
    report.strata, report.merged = len(sizes), merged
    report.drivers = drivers_of(measurement, everybody)
    before = _report_before(report.wave)
    past = figures_by(before, report) if before else {}
    if before:
        pair = Pair(before.wave, report.wave)
        past = {place: figures for place, figures in past.items() if pair.same_people(place)}
        report.before_id = before.wave_id
        report.items_differ = _items_before(before) != {
            (each.question, each.row) for each in measurement.items
        }
    report.save(force_insert=True)
    names = _names()
    rows = [_row(report, each, names, past.get(each.scope, {})) for each in figures]
    IndexFigure.objects.bulk_create(rows, batch_size=AT_ONCE)


# --- beside the wave before ---


def _report_before(wave: Wave) -> IndexReport | None:
    """Of the same survey, the last wave before this one that gave an index, and asked the same
    people; where none did, the last that gave one."""
    sooner = Q(opens_on__lt=wave.opens_on) | Q(opens_on=wave.opens_on, id__lt=wave.pk)
    measured = IndexReport.objects.filter(finding="")
    waves = Wave.objects.filter(sooner, survey=wave.survey_id, id__in=measured.values("wave"))
    before = before_among(waves, wave)
    rows = measured.filter(wave=before).select_related("wave__edition")
    found: IndexReport | None = rows.first() if before else None
    return found


def _items_before(before: IndexReport) -> set[tuple[str, str]]:
    """What the index was made of then."""
    kept = IndexFigure.objects.filter(report=before, place=Place.ALL).values_list(
        "items", flat=True
    )
    return {(item["question"], item["row"]) for items in kept for item in items}


def figures_by(before: IndexReport, report: IndexReport) -> Past:
    """Its figures by the weights and the method of another report: neither alone is a change in
    the service."""
    past: Past = defaultdict(dict)
    if (before.weights_id, before.method) == (report.weights_id, report.method):
        for row in IndexFigure.objects.filter(report=before).defer("items"):
            past[scope_of(row)][row.dimension] = estimate_of(row)
        return past
    measurement = _measurement(before.wave, report.weights)
    for each in measurement.figures() if measurement else ():
        past[each.scope][each.dimension] = each.estimate
    return past


def _row(
    report: IndexReport,
    figure: "Figure",
    names: Names,
    past: Mapping[str, Estimate],
) -> IndexFigure:
    from surveys.measuring.comparing import change  # noqa: PLC0415 - as above

    place, key = place_of(figure.scope)
    label, community = names.get(key, (figure.scope.group, None))
    found = figure.estimate
    row = IndexFigure(
        report=report,
        wave=report.wave,
        place=place,
        key=key,
        label=label,
        community_id=community,
        dimension=figure.dimension,
        items=figure.items,
        **{name: getattr(found, name) for name in Estimate.__slots__},
    )
    was = past.get(figure.dimension)
    if was is not None:
        told = change(was, found)
        row.was, row.change_low, row.change_high = was.value, told.low, told.high
        row.chance, row.verdict = told.chance, told.verdict.value
    return row


def _names() -> Names:
    """What communities and buildings are called, and whose they are."""
    found: Names = {str(pk): (name, pk) for pk, name in Community.objects.values_list("pk", "name")}
    rows = Building.objects.values_list("pk", "name", "community_id", "community__name")
    for pk, name, community, called in rows:
        found[str(pk)] = (f"{called} {name}", community)
    return found
