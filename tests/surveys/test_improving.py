"""From a weak item to a ticket with a day, and from the next wave to its effect."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest

from complaints.models import Kind, Ticket
from notifications.models import Notification
from surveys.models import Effect, Improvement, Survey, Wave
from surveys.services import improving
from surveys.services.cells import Scope
from surveys.services.improving import check_effects, improve
from surveys.services.improving_values import Item, spread, value_of, values_of
from surveys.services.tallying import tally
from tenancy.models import AuditEntry, Community, Membership, MembershipCommunity
from tenancy.services.refusal import Refused
from tests.factories.cast import SHANGHAI, TUESDAY, Cast
from tests.surveys.asking import TODAY, counted, done, opened, says, secrets_of, street, survey_of

SPEED = Item("speed")
DUE = date(2026, 12, 1)
LATER = TUESDAY + timedelta(days=30)
BAD: Sequence[int] = (1, 2, 2, 3, 2, 2, 1, 2, 2, 3, 2, 2)
GOOD: Sequence[int] = (5, 4, 5, 5, 4, 5, 5, 5, 4, 5, 5, 4)


def wave_of(cast: Cast, survey: Survey, marks: Sequence[int], days: int = 0, **more: Any) -> Wave:
    """A wave so many days later, answered with these marks, counted and tallied."""
    opens = TODAY + timedelta(days=days)
    dates = {"opens_on": opens, "closes_on": opens + timedelta(days=9), "today": opens}
    now = TUESDAY + timedelta(days=days)
    wave = opened(cast, survey, name=f"第{days}天", now=now, **dates, **more)
    for secret, mark in zip(secrets_of(wave), marks, strict=False):
        says(secret, mark, today=opens)
    counted(cast, wave)
    tally(wave=wave)
    found: Wave = Wave.objects.select_related("edition").get(pk=wave.pk)
    return found


@pytest.fixture
def survey(scoped: Cast) -> Survey:
    street(scoped, "5栋", 12)
    return survey_of(scoped)


@pytest.fixture
def wave(scoped: Cast, survey: Survey) -> Wave:
    return wave_of(scoped, survey, BAD)


def decide(cast: Cast, wave: Wave, **more: Any) -> Improvement:
    facts: dict[str, Any] = {
        "item": SPEED,
        "assignee": cast.supervisor,
        "due_on": DUE,
        "title": "晚间增派维修值班",
        "expected": Decimal(60),
        "now": TUESDAY,
        **more,
    }
    return improve(wave=wave, by=cast.actor("manager"), **facts)


def test_marks_are_brought_to_a_hundred_with_their_margin() -> None:
    found = spread({Decimal(1): 1, Decimal(3): 2, Decimal(5): 1}, range(1, 6))
    assert (found.value, found.answered, found.freedom) == (50, 4, 3)
    assert found.error == pytest.approx((5000 / 3 / 4 * 5 / 4) ** 0.5)
    assert (found.low, found.high) == (0, 100)
    alike = spread({Decimal(5): 10}, range(1, 6))
    assert (alike.value, alike.high) == (100, 100)
    assert 69 < alike.low < 80
    assert spread({Decimal(10): 1}, range(11)).value == 100


@pytest.mark.parametrize(
    ("name", "item"),
    [
        ("q1", Item("q1")),
        ("q1.r2", Item("q1", "r2")),
        ("dimension:empathy", Item(dimension="empathy")),
        ("index", Item()),
        ("dimension:courage", None),
        ("", None),
    ],
)
def test_items_have_names_for_addresses(name: str, item: Item | None) -> None:
    assert Item.named(name) == item
    assert item is None or item.name == name


def test_improvement_is_a_ticket_that_knows_what_it_is_to_change(scoped: Cast, wave: Wave) -> None:
    row = decide(scoped, wave, description="每晚两人")
    ticket = row.ticket
    assert (ticket.kind, ticket.title, ticket.assignee) == (
        Kind.IMPROVEMENT, "晚间增派维修值班", scoped.supervisor,
    )  # fmt: skip
    assert (row.item, row.value_before, row.answers_before) == (
        "报修处理及时吗？", Decimal("25.00"), 12,
    )  # fmt: skip
    assert (row.value_expected, row.effect, row.community) == (Decimal(60), "", None)
    assert ticket.community == scoped.community
    assert AuditEntry.objects.filter(action="improve", subject_id=row.pk).count() == 1
    assert list(values_of(wave, Scope())) == [SPEED]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"item": Item("words")}, "no_such_item"),  # a text has no scale
        ({"item": Item("speed", "r1")}, "no_such_item"),
        ({"item": Item("never")}, "no_such_item"),
        ({"item": Item(dimension="empathy")}, "nothing_known"),  # nothing was asked of it
        ({"expected": Decimal(25)}, "expects_no_better"),
        ({"expected": Decimal("100.01")}, "expects_no_better"),
        ({"due_on": TODAY - timedelta(days=1)}, "day_is_past"),
    ],
)
def test_decision_that_cannot_stand_is_refused(
    scoped: Cast, wave: Wave, more: dict[str, Any], code: str
) -> None:
    with pytest.raises(Refused) as refusal:
        decide(scoped, wave, **more)
    assert refusal.value.code == code
    assert not Ticket.objects.exists()


def test_before_counting_and_below_five_nothing_is_decided(scoped: Cast, survey: Survey) -> None:
    wave = opened(scoped, survey)
    with pytest.raises(improving.NotCounted):
        decide(scoped, wave)
    alone = street(scoped, "6栋", 2)  # two homes are never told apart
    other = wave_of(scoped, survey, BAD, days=20)
    with pytest.raises(improving.NothingKnown):
        decide(scoped, other, building=alone)


def test_person_in_charge_looks_after_the_place(scoped: Cast, wave: Wave) -> None:
    Membership.objects.filter(pk=scoped.desk.pk).update(all_communities=False)
    with pytest.raises(improving.NobodyThere):
        decide(scoped, wave, assignee=Membership.objects.get(pk=scoped.desk.pk))
    elsewhere = Community.objects.create(name="一品苑")  # first by name
    MembershipCommunity.objects.create(membership=scoped.desk, community=elsewhere)
    mine = decide(scoped, wave, assignee=Membership.objects.get(pk=scoped.desk.pk))
    assert mine.ticket.community == elsewhere


def test_next_wave_says_whether_it_helped(scoped: Cast, survey: Survey, wave: Wave) -> None:
    row, there = decide(scoped, wave), decide(scoped, wave, community=scoped.community)
    done(scoped, row, there)
    assert check_effects(wave=wave, now=TUESDAY) == 0  # its own wave says nothing of it
    after = wave_of(scoped, survey, GOOD, days=20)
    told = Notification.objects.count()
    assert check_effects(wave=after, now=LATER) == 2
    row.refresh_from_db()
    assert (row.effect, row.wave_after, row.checked_at) == (Effect.BETTER, after, LATER)
    assert (row.value_after, row.answers_after) == (Decimal("91.67"), 12)
    assert row.change_low is not None
    assert row.change_high is not None
    assert 40 < row.change_low < row.change_high
    there.refresh_from_db()
    assert there.effect == Effect.BETTER
    assert Notification.objects.count() - told == 4  # two people, of two
    # Once said, it stays.
    assert check_effects(wave=after, now=LATER + timedelta(days=1)) == 0
    assert Improvement.objects.awaiting().count() == 0


def day(number: int) -> datetime:
    """The beginning of a day so many days later, where the company is."""
    return datetime.combine(TODAY + timedelta(days=number), time(), SHANGHAI)


MOMENT = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("decided", "resolved", "is_told"),
    [
        (day(20) - MOMENT, day(29) - MOMENT, True),
        (day(20), day(25), False),  # somebody may have answered it already
        (day(30), day(31), False),  # everybody had
        (day(1), day(29), False),  # done when only the last day was left
        (day(1), None, False),
    ],
)
def test_wave_speaks_of_what_was_decided_before_it_and_is_done(
    scoped: Cast, survey: Survey, wave: Wave, decided: datetime, resolved: datetime | None, *,
    is_told: bool,
) -> None:  # fmt: skip
    row = decide(scoped, wave, now=decided, due_on=date(2027, 3, 1))
    if resolved is not None:
        done(scoped, row, now=resolved)
    after = wave_of(scoped, survey, GOOD, days=20)  # for ten days
    after.closes_on = after.opens_on + timedelta(days=9)
    told = Notification.objects.count()
    assert check_effects(wave=after, now=LATER) == is_told
    row.refresh_from_db()
    assert (row.effect, row.wave_after) == ((Effect.BETTER, after) if is_told else ("", None))
    assert (Notification.objects.count() > told) == is_told


def test_what_was_not_done_waits_for_the_wave_that_finds_it_done(
    scoped: Cast, survey: Survey, wave: Wave
) -> None:
    row = decide(scoped, wave)
    assert check_effects(wave=wave_of(scoped, survey, GOOD, days=20), now=LATER) == 0
    done(scoped, row, now=day(40))
    third = wave_of(scoped, survey, GOOD, days=60)
    assert check_effects(wave=third, now=LATER) == 1
    row.refresh_from_db()
    assert (row.wave_after, row.value_before) == (third, Decimal("25.00"))


@pytest.mark.parametrize(
    ("before", "after", "effect"),
    [
        (BAD, BAD, Effect.UNCLEAR),
        (GOOD[:11], (2, 2, 2, 1, 2, 1, 2, 2, 2, 1, 2), Effect.WORSE),
        (BAD[:6], GOOD[:6], Effect.UNKNOWN),  # told, but too few to say
    ],
)
def test_what_cannot_be_told_from_chance_is_called_so(
    scoped: Cast, survey: Survey, before: Sequence[int], after: Sequence[int], effect: Effect
) -> None:
    row = decide(scoped, wave_of(scoped, survey, before), expected=Decimal(99))
    done(scoped, row)
    check_effects(wave=wave_of(scoped, survey, after, days=20), now=LATER)
    row.refresh_from_db()
    assert row.effect == effect


def test_wave_that_asks_elsewhere_leaves_it_waiting(scoped: Cast, survey: Survey) -> None:
    row = decide(scoped, wave_of(scoped, survey, BAD), community=scoped.community)
    done(scoped, row)
    there = Community.objects.create(name="月亮湾")
    scoped.rows["community"], home = there, scoped.community
    street(scoped, "9栋", 12)
    scoped.rows["community"] = home
    other = wave_of(scoped, survey, GOOD, days=20, communities=[there])
    assert check_effects(wave=other, now=LATER) == 0
    row.refresh_from_db()
    assert (row.effect, value_of(other, SPEED, Scope(home.pk))) == ("", None)


def test_improvements_are_seen_where_their_tickets_are(scoped: Cast, wave: Wave) -> None:
    row = decide(scoped, wave, community=scoped.community)
    Membership.objects.filter(pk=scoped.manager.pk).update(all_communities=False)
    manager = Membership.objects.get(pk=scoped.manager.pk)
    assert not Improvement.objects.visible_to(manager).exists()
    MembershipCommunity.objects.create(membership=manager, community=scoped.community)
    manager = Membership.objects.get(pk=scoped.manager.pk)
    assert list(Improvement.objects.visible_to(manager)) == [row]
    assert not Improvement.objects.visible_to(scoped.members["owner"]).exists()
    # What is about everywhere tells of other places too: it is for whoever is to do it.
    Improvement.objects.update(community=None)
    assert not Improvement.objects.visible_to(manager).exists()
    Membership.objects.filter(pk=scoped.supervisor.pk).update(all_communities=False)
    MembershipCommunity.objects.create(membership=scoped.supervisor, community=scoped.community)
    supervisor = Membership.objects.get(pk=scoped.supervisor.pk)
    assert list(Improvement.objects.visible_to(supervisor)) == [row]
