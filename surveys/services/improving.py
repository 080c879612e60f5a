"""Improving: from a weak item to something that somebody does by a day, and whether it helped."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _, gettext_noop

from complaints.models import Kind, Ticket
from complaints.services.figures_days import start_of
from complaints.services.news import tell_staff
from complaints.services.own_work import set_task
from notifications.models import Kind as News
from owners.models import Building
from surveys.measuring import Change, Estimate, Verdict
from surveys.models import Effect, Improvement, Stage, Wave
from surveys.questionnaire import Dimension, read
from surveys.services.cells import Scope
from surveys.services.comparable import Pair
from surveys.services.improving_index import IndexBefore
from surveys.services.improving_values import (
    DIMENSIONS,
    WHOLE_INDEX,
    Item,
    value_of,
    words_of,
)
from tenancy.models import Community, Company, Membership
from tenancy.scope import require_company_id
from tenancy.services.actor import Actor
from tenancy.services.audit import record
from tenancy.services.refusal import Refused

HUNDREDTH = Decimal("0.01")
SAID = {
    Effect.BETTER: gettext_noop("%(number)s has helped: the next wave says better. %(title)s"),
    Effect.UNCLEAR: gettext_noop("%(number)s: the next wave shows no clear change. %(title)s"),
    Effect.WORSE: gettext_noop("%(number)s has not helped: the next wave says worse. %(title)s"),
    Effect.UNKNOWN: gettext_noop("%(number)s: too few answers to say whether it helped. %(title)s"),
}


class NotCounted(Refused):
    """Before the box is opened nobody knows what is weak."""

    code = "wave_not_counted"
    sentence = _("There are no results yet: this wave has not been counted.")


class NoSuchItem(Refused):
    """Nothing that this wave has asked, or nothing with a scale."""

    code = "no_such_item"
    sentence = _("This wave has asked nothing of that kind.")


class NothingKnown(Refused):
    """What is not told cannot be improved by number."""

    code = "nothing_known"
    sentence = _(
        "Fewer than five have answered there, or so few elsewhere that they could be recognised: "
        "how it stands is not told."
    )


class ExpectsNoBetter(Refused):
    """The value that is expected is not above the present one, or above all there is."""

    code = "expects_no_better"
    sentence = _("It stands at %(before)s now: expect more than that, and at most 100.")


class NotYourPlace(Refused):
    """Whoever looks after some communities decides about those, never about all of them."""

    code = "not_your_place"
    sentence = _("You look after some of the communities: say which of them this is about.")


class NobodyThere(Refused):
    """The person in charge looks after none of the places that the wave was asked in."""

    code = "nobody_there"
    sentence = _("%(name)s looks after none of the communities that this is about.")


@transaction.atomic
def improve(
    *,
    wave: Wave,
    item: Item,
    assignee: Membership,
    due_on: date,
    title: str,
    expected: Decimal,
    by: Actor,
    now: datetime,
    description: str = "",
    community: Community | None = None,
    building: Building | None = None,
) -> Improvement:
    """Decide what is done about a weak item, by whom and until when, and what it is to change."""
    words = item_words(wave, item)
    place = building.community if building is not None else community
    _make_sure_is_theirs(place, by)
    row = _expected(wave, item, scope_of(place, building), expected)
    ticket = set_task(
        kind=Kind.IMPROVEMENT,
        title=title,
        description=description,
        community=place or _first_place(wave, assignee),
        assignee=assignee,
        due_on=due_on,
        by=by,
        now=now,
    )
    row.ticket, row.item, row.created_at = ticket, words[:300], now
    row.community, row.building = place, building
    row.save(force_insert=True)
    detail = {"number": ticket.number, "item": item.name, "before": str(row.value_before)}
    record(action="improve", subject=row, by=by, now=now, **detail, expected=str(expected))
    return row


def _expected(wave: Wave, item: Item, scope: Scope, expected: Decimal) -> Improvement:
    """The values of an improvement: what may be told of the item there, and more than that."""
    if wave.stage != Stage.COUNTED:
        raise NotCounted
    found = value_of(wave, item, scope)
    if found is None:
        raise NothingKnown
    before, expected = rounded(found.value), expected.quantize(HUNDREDTH)
    if not before < expected <= 100:
        raise ExpectsNoBetter(before=before)
    return Improvement(
        wave=wave,
        question=item.question,
        row=item.row,
        dimension=item.dimension,
        value_before=before,
        answers_before=found.answered,
        value_expected=expected,
    )


def _make_sure_is_theirs(place: Community | None, by: Actor) -> None:
    me = by.membership
    if me is None or me.all_communities:
        return
    if place is None or place.pk not in me.community_ids():
        raise NotYourPlace


def item_words(wave: Wave, item: Item) -> str:
    """What an item is called; raises `NoSuchItem` for a question that the wave did not ask."""
    if item.question:
        words = words_of(item, read(wave.edition.document))
        if not words:
            raise NoSuchItem
        return words
    return str(DIMENSIONS[Dimension(item.dimension)] if item.dimension else WHOLE_INDEX)


def scope_of(community: Community | None, building: Building | None) -> Scope:
    """Of whom a value is asked for."""
    return Scope(community.pk if community else None, building.pk if building else None)


def _first_place(wave: Wave, assignee: Membership) -> Community:
    """Where something lies that is about everywhere: the first place of the wave, by name, that
    the person in charge looks after."""
    asked = wave.places.values_list("community_id", flat=True)
    places = Community.objects.in_use().order_by("name", "id")
    if named := set(asked):
        places = places.filter(id__in=named)
    if not assignee.all_communities:
        places = places.filter(id__in=assignee.community_ids())
    found: Community | None = places.first()
    if found is None:
        raise NobodyThere(name=assignee.name)
    return found


# --- whether it helped ---


@transaction.atomic
def check_effects(*, wave: Wave, now: datetime) -> int:
    """Hold a counted wave against those before it: what became of what was improved since.

    How many effects were found. Asked again for the same wave it finds no more: what has its
    effect keeps it.
    """
    earlier = Q(wave__opens_on__lt=wave.opens_on)
    earlier |= Q(wave__opens_on=wave.opens_on, wave_id__lt=wave.pk)
    rows = (
        Improvement.objects.awaiting()
        .filter(earlier, spoken_of(wave), wave__survey=wave.survey_id)
        .order_by("id")
        .select_for_update(of=("self",))
        .select_related("wave__edition", "community", "building", "ticket__company")
    )
    past = IndexBefore(wave)
    return sum(_check(row, wave, past, now) for row in rows)


def spoken_of(wave: Wave) -> Q:
    """Of which improvements the answers of a wave can say anything: of those that were decided
    before the day it opened, and done before its last day.

    Who answers before something is decided or done tells nothing of it. What is not done waits
    for the first wave that finds it done.
    """
    zone = ZoneInfo(Company.objects.values_list("zone", flat=True).get(pk=require_company_id()))
    return Q(
        created_at__lt=start_of(wave.opens_on, zone),
        ticket__resolved_at__lt=start_of(wave.closes_on, zone),
    )


def _check(row: Improvement, wave: Wave, past: IndexBefore, now: datetime) -> bool:
    """What this wave says of one improvement; nothing, while it does not ask the same there, in
    the same way, of the same people."""
    item = Item(row.question, row.row, row.dimension)
    scope = scope_of(row.community, row.building)
    pair = Pair(row.wave, wave)
    if not pair.same_people(scope) or (item.question and not pair.same_question(item.question)):
        return False
    after = value_of(wave, item, scope)
    before = value_of(row.wave, item, scope) if item.question else past.of(row.wave, item, scope)
    if before is None or after is None:
        return False
    found = _change(before, after)
    row.wave_after, row.checked_at = wave, now
    row.value_after, row.answers_after = rounded(after.value), after.answered
    row.change_low, row.change_high = rounded(found.low), rounded(found.high)
    row.effect = effect_of(found)
    row.save(
        update_fields=[
            "wave_after", "checked_at", "value_after", "answers_after",
            "change_low", "change_high", "effect",
        ]
    )  # fmt: skip
    _tell(row, row.ticket, now)
    return True


def _change(before: Estimate, after: Estimate) -> Change:
    # Brings numpy along: only whoever measures waits for it.
    from surveys.measuring.comparing import change  # noqa: PLC0415

    return change(before, after)


def effect_of(found: Change) -> Effect:
    """What may be said of a difference."""
    if found.verdict == Verdict.TOO_FEW:
        return Effect.UNKNOWN
    if found.verdict == Verdict.CHANCE:
        return Effect.UNCLEAR
    return Effect.BETTER if found.difference > 0 else Effect.WORSE


def _tell(row: Improvement, ticket: Ticket, now: datetime) -> None:
    """Tell who did it and who decided it."""
    both = (ticket.assignee_id, ticket.filed_by_id)
    tell_staff(
        ticket=ticket,
        recipients=dict.fromkeys(each for each in both if each is not None),
        kind=News.ASSIGNED,
        message=SAID[Effect(row.effect)],
        key=f"effect:{row.pk}",
        now=now,
    )


def rounded(value: float) -> Decimal:
    """As it is kept and told."""
    return Decimal(value).quantize(HUNDREDTH)
