"""Telling members something: once, in bulk, by the ways they want."""

import threading
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from notifications.models import Channel, Delivery, Kind, Notification
from notifications.services.preferences import kinds_for, preferences_of, set_preferences
from notifications.services.telling import tell, tell_many
from tenancy.scope import NoScope, company_scope
from tests.factories.cast import TUESDAY, Cast
from tests.notifications.conftest import telling


def test_tell_writes_a_line_and_its_departure(scoped: Cast) -> None:
    count = tell(
        recipients=[scoped.desk.pk],
        kind=Kind.WARNING,
        message="%(number)s is due at %(due_at)s.",
        params={"number": "261110-0001", "due_at": TUESDAY},
        path="/jinxiu/tickets/1/",
        dedupe_key="warning:1",
        now=TUESDAY,
    )
    line = Notification.objects.get()
    assert count == 1
    assert (line.recipient_id, line.kind, line.path) == (
        scoped.desk.pk,
        "warning",
        "/jinxiu/tickets/1/",
    )
    assert line.params == {"number": "261110-0001", "due_at": "2026-11-10T09:00:00+08:00"}
    assert (line.created_at, line.read_at) == (TUESDAY, None)
    departure = Delivery.objects.get()
    assert (departure.notification_id, departure.channel) == (line.pk, "email")
    assert (departure.state, departure.attempts, departure.last_error) == ("waiting", 0, "")
    assert (departure.next_attempt_at, departure.created_at) == (TUESDAY, TUESDAY)


def test_tell_repeated_tells_only_whom_it_has_not_told(scoped: Cast) -> None:
    assert tell_many([telling(scoped.desk.pk)], now=TUESDAY) == 1
    again = telling(scoped.desk.pk, scoped.manager.pk, scoped.manager.pk)
    assert tell_many([again, again], now=TUESDAY) == 1
    assert Notification.objects.count() == Delivery.objects.count() == 2
    assert tell_many([again], now=TUESDAY) == 0
    assert Delivery.objects.count() == 2


def test_tell_keeps_the_same_key_of_two_companies_apart(jinxiu: Cast, heyue: Cast) -> None:
    for cast in (jinxiu, heyue):
        with company_scope(cast.company.pk):
            assert tell_many([telling(cast.desk.pk)], now=TUESDAY) == 1


def test_tell_refuses_a_member_of_another_company(scoped: Cast, heyue: Cast) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        tell_many([telling(heyue.desk.pk)], now=TUESDAY)
    assert Notification.objects.count() == 0


def test_tell_outside_a_company_raises(jinxiu: Cast) -> None:
    with pytest.raises(NoScope):
        tell_many([telling(jinxiu.desk.pk)], now=TUESDAY)


@pytest.mark.parametrize("count", [1, 3])
def test_tell_many_needs_three_queries(
    scoped: Cast, count: int, django_assert_num_queries: Any
) -> None:
    many = [telling(scoped.desk.pk, scoped.manager.pk, key=str(n)) for n in range(count)]
    with django_assert_num_queries(3):
        assert tell_many(many, now=TUESDAY) == 2 * count


def test_tell_many_of_nothing_asks_nothing(scoped: Cast, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert tell_many([telling()], now=TUESDAY) == 0


def test_tell_keeps_params_of_any_type(scoped: Cast) -> None:
    params = {
        "list": ["一", TUESDAY, 2],
        "kind": Kind.URGED,
        "none": None,
        "yes": True,
        "id": scoped.desk.pk,
        "nul": "a\x00b",
        "emoji": "🛗",
    }
    tell_many([telling(scoped.desk.pk, params=params)], now=TUESDAY)
    assert Notification.objects.get().params == {
        "list": ["一", "2026-11-10T09:00:00+08:00", 2],
        "kind": "urged",
        "none": None,
        "yes": True,
        "id": str(scoped.desk.pk),
        "nul": "ab",
        "emoji": "🛗",
    }


def departures(kind: Kind = Kind.ASSIGNED) -> list[str]:
    rows = Delivery.objects.filter(notification__kind=kind).order_by("channel")
    return list(rows.values_list("channel", flat=True))


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({}, ["email"]),
        ({(Kind.ASSIGNED, Channel.EMAIL): False}, []),
        ({(Kind.ASSIGNED, Channel.SMS): True}, ["email", "sms"]),
        ({(Kind.URGED, Channel.EMAIL): False}, ["email"]),
    ],
)
def test_preferences_decide_what_leaves(
    scoped: Cast, wanted: dict[tuple[str, str], bool], expected: list[str]
) -> None:
    set_preferences(membership=scoped.manager, wanted={(Kind.ASSIGNED, Channel.EMAIL): False})
    set_preferences(membership=scoped.desk, wanted=wanted)
    tell_many([telling(scoped.desk.pk)], now=TUESDAY)
    assert departures() == expected


def test_preferences_keep_the_last_word(scoped: Cast) -> None:
    for wanted in (False, True, False):
        set_preferences(membership=scoped.desk, wanted={(Kind.URGED, Channel.EMAIL): wanted})
    mine = preferences_of(scoped.desk)
    assert mine[Kind.URGED, Channel.EMAIL] is False
    assert sorted(mine.values()) == [False] * 11 + [True] * 9


def test_kinds_are_those_that_can_happen_to_a_member(scoped: Cast) -> None:
    assert kinds_for(scoped.owner) == [Kind.PROGRESS, Kind.MESSAGE, Kind.SURVEY]
    assert kinds_for(scoped.desk) == [
        Kind.ASSIGNED,
        Kind.WARNING,
        Kind.ESCALATION,
        Kind.URGED,
        Kind.RATING,
        Kind.MESSAGE,
        Kind.SURVEY,
    ]


@pytest.mark.django_db(transaction=True)
def test_tell_at_once_from_two_workers_tells_once(jinxiu: Cast) -> None:
    members = [member.pk for member in jinxiu.members.values()]
    facts = [telling(*members, key=str(n)) for n in range(50)]
    counts: list[int] = []
    started = threading.Barrier(2)

    def work(many: list[Any]) -> None:
        started.wait()
        try:
            with company_scope(jinxiu.company.pk):
                counts.append(tell_many(many, now=datetime.now(UTC)))
        finally:
            connection.close()

    workers = [threading.Thread(target=work, args=(many,)) for many in (facts, facts[::-1])]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sum(counts) == 50 * len(members)
    with company_scope(jinxiu.company.pk):
        assert Notification.objects.count() == Delivery.objects.count() == 50 * len(members)
