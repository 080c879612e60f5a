"""What only the owner can do."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils.translation import override

from complaints.models import EventKind, Rating, Status, Ticket
from complaints.services import handling, owner_voice, talking
from complaints.services.lifecycle import WrongState
from notifications.models import Kind, Notification
from notifications.services.rendering import text_of
from tests.factories.cast import SHANGHAI, TUESDAY, Cast, resident

LATER = TUESDAY + timedelta(hours=1)


@pytest.fixture
def ticket(scoped: Cast) -> Ticket:
    return scoped.file()


@pytest.fixture
def resolved(scoped: Cast, ticket: Ticket) -> Ticket:
    return handling.resolve(
        ticket=ticket, solution="换了门机", by=scoped.actor("technician"), now=LATER
    )


def test_urge_tells_the_supervisor_when_nobody_took_it(scoped: Cast, ticket: Ticket) -> None:
    owner_voice.urge(ticket=ticket, by=scoped.actor("owner"), now=LATER)

    assert Notification.objects.get(kind=Kind.URGED).recipient == scoped.supervisor


def test_urge_twice_on_one_working_day_is_refused(scoped: Cast, ticket: Ticket) -> None:
    owner = scoped.actor("owner")
    owner_voice.urge(ticket=ticket, by=owner, now=LATER)

    with pytest.raises(owner_voice.UrgedAlready):
        owner_voice.urge(ticket=ticket, by=owner, now=LATER + timedelta(hours=3))
    row = owner_voice.urge(ticket=ticket, by=owner, now=LATER + timedelta(days=1))

    assert row.urged_at == LATER + timedelta(days=1)


def test_urging_at_night_counts_for_the_next_working_day(scoped: Cast, ticket: Ticket) -> None:
    owner, night = scoped.actor("owner"), TUESDAY + timedelta(hours=13)
    owner_voice.urge(ticket=ticket, by=owner, now=night)

    with pytest.raises(owner_voice.UrgedAlready):
        owner_voice.urge(ticket=ticket, by=owner, now=night + timedelta(hours=12))


@pytest.mark.parametrize("role", ["desk", "supervisor", "manager", "admin", "technician"])
def test_staff_can_neither_urge_nor_rate(scoped: Cast, resolved: Ticket, role: str) -> None:
    with pytest.raises(owner_voice.NotYours):
        owner_voice.urge(ticket=resolved, by=scoped.actor(role), now=LATER)
    with pytest.raises(owner_voice.NotYours):
        owner_voice.rate(ticket=resolved, score=5, by=scoped.actor(role), now=LATER)

    assert Rating.objects.count() == 0


def test_another_owner_cannot_rate(scoped: Cast, resolved: Ticket) -> None:
    resolved.owner = resident(scoped, "李娜")
    resolved.save()

    with pytest.raises(owner_voice.NotYours):
        owner_voice.rate(ticket=resolved, score=5, by=scoped.actor("owner"), now=LATER)


@pytest.mark.parametrize("score", [3, 4, 5])
def test_a_content_owner_closes_the_ticket(scoped: Cast, resolved: Ticket, score: int) -> None:
    owner_voice.rate(ticket=resolved, score=score, by=scoped.actor("owner"), now=LATER)

    resolved.refresh_from_db()
    assert (resolved.status, resolved.closed_at) == (Status.CLOSED, LATER)


@pytest.mark.parametrize(("score", "fixed"), [(1, True), (2, True), (5, False)])
def test_a_discontent_owner_reopens_and_raises(
    scoped: Cast, resolved: Ticket, score: int, fixed: bool
) -> None:
    owner_voice.rate(ticket=resolved, score=score, fixed=fixed, by=scoped.actor("owner"), now=LATER)

    resolved.refresh_from_db()
    assert (resolved.status, resolved.cycle) == (Status.ACCEPTED, 2)
    assert resolved.assignee == scoped.supervisor
    assert Notification.objects.get(kind=Kind.RATING).recipient == scoped.supervisor
    last = list(resolved.events.order_by("id").values_list("kind", flat=True))[-3:]
    assert last == [EventKind.RATED, EventKind.REOPENED, EventKind.ESCALATED]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"score": 4, "fixed": False}, "的业主不满意：未解决"),
        ({"score": 2}, "的业主不满意：2/5"),
        ({"score": 2, "fixed": False, "comment": "not fixed"}, "的业主不满意：not fixed"),
    ],
)
def test_discontent_is_told_in_the_readers_language(
    scoped: Cast, resolved: Ticket, said: dict[str, Any], told: str
) -> None:
    owner_voice.rate(ticket=resolved, by=scoped.actor("owner"), now=LATER, **said)

    news = Notification.objects.get(kind=Kind.RATING)
    with override("zh-hans"):
        assert text_of(news, zone=SHANGHAI, now=LATER) == f"{resolved.number} {told}"


def test_rating_twice_is_refused(scoped: Cast, resolved: Ticket) -> None:
    owner = scoped.actor("owner")
    owner_voice.rate(ticket=resolved, score=4, by=owner, now=LATER)

    with pytest.raises(owner_voice.RatedAlready):
        owner_voice.rate(ticket=resolved, score=1, by=owner, now=LATER)


@pytest.mark.parametrize("score", [0, 6, -1])
def test_a_score_outside_one_to_five_is_refused(scoped: Cast, resolved: Ticket, score: int) -> None:
    with pytest.raises(owner_voice.BadScore):
        owner_voice.rate(ticket=resolved, score=score, by=scoped.actor("owner"), now=LATER)


def test_rating_before_anything_was_done_is_refused(scoped: Cast, ticket: Ticket) -> None:
    with pytest.raises(WrongState):
        owner_voice.rate(ticket=ticket, score=5, by=scoped.actor("owner"), now=LATER)


def test_the_owners_message_reaches_staff_and_theirs_the_owner(
    scoped: Cast, ticket: Ticket
) -> None:
    talking.comment(ticket=ticket, text="几点来？", by=scoped.actor("owner"), now=LATER)
    assert Notification.objects.get(kind=Kind.MESSAGE).recipient == scoped.supervisor

    talking.comment(ticket=ticket, text="下午两点", by=scoped.actor("desk"), now=LATER)
    newest = Notification.objects.filter(recipient=scoped.owner).order_by("-id").first()
    assert newest is not None
    assert newest.message == "New message about %(number)s."


def test_a_note_is_told_to_nobody_and_hidden_from_the_owner(scoped: Cast, ticket: Ticket) -> None:
    before = Notification.objects.count()

    talking.note(ticket=ticket, text="业主情绪激动", by=scoped.actor("desk"), now=LATER)

    assert Notification.objects.count() == before
    shown = ticket.events.visible_to(scoped.owner).values_list("kind", flat=True)
    assert list(shown) == [EventKind.FILED]


@pytest.mark.parametrize("say", [talking.comment, talking.note])
def test_saying_nothing_is_refused(scoped: Cast, ticket: Ticket, say: object) -> None:
    with pytest.raises(talking.NothingSaid):
        say(ticket=ticket, text=" \n", by=scoped.actor("desk"), now=LATER)  # type: ignore[operator]
