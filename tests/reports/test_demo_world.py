"""The demo world: nobody is found in both companies, and the machine agrees with all of it."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.db import transaction
from django.db.models import Q
from django.test import Client, override_settings
from django.urls import reverse

from complaints.models import (
    Attachment,
    Callback,
    Deadline,
    Escalation,
    EventKind,
    Pause,
    PromiseKind,
    Rating,
    Status,
    Ticket,
    TicketEvent,
)
from complaints.models.callback import KEEPS_PROMISE
from complaints.models.kinds import OWN
from complaints.models.ticket import ACTIVE
from complaints.services.promises import Clockwork, count
from notifications.models import Notification
from owners.models import Owner, Unit
from owners.services.archive import find_owners
from owners.services.personal import index
from reports.services.demo.company import CROWD_SEED, HEYUE, JINXIU
from reports.services.demo.estate import SPARE
from reports.services.demo.people import crowd
from reports.services.demo.staff import PASSWORD
from reports.services.demo.world import load
from surveys.models import (
    Audience,
    Effect,
    Improvement,
    Invitation,
    Publication,
    PublicationStage,
    Stage,
    Wave,
)
from tenancy.calendar import is_open
from tenancy.models import Membership, User
from tenancy.models.user import phone_index
from tenancy.services.numbering import ticket_number
from tests.factories.cast import SHANGHAI, leave_nobody
from tests.factories.demo import MORNING, each_company, inside, small

# Loading takes seconds: all tests here look at one world, on one worker.
pytestmark = pytest.mark.xdist_group("demo world")


@pytest.fixture(scope="module")
def loaded(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[datetime]:
    """Both companies, small, on a working morning."""
    media = str(tmp_path_factory.mktemp("media"))
    demo = override_settings(DEMO=True, MEDIA_ROOT=media)
    with django_db_blocker.unblock(), demo, transaction.atomic():
        leave_nobody()
        load(now=MORNING, say=lambda _: None, blueprints=[small(JINXIU), small(HEYUE)])
        yield MORNING
        transaction.set_rollback(True)


@pytest.fixture
def world(loaded: datetime) -> Iterator[datetime]:
    """The same world for every test, whatever the one before did to it."""
    with transaction.atomic():
        yield loaded
        transaction.set_rollback(True)


def test_houses_and_numbers_of_the_two_companies_are_called_alike(world: datetime) -> None:
    units, titles, numbers = [], [], []
    for _ in each_company():
        units.append(set(Unit.objects.values_list("label", flat=True)))
        titles.append(set(Ticket.objects.values_list("title", flat=True)))
        numbers.append(set(Ticket.objects.values_list("number", flat=True)))
    assert units[1] <= units[0]
    assert len(titles[0] & titles[1]) > 15
    assert len(numbers[0] & numbers[1]) > 15


def test_nobody_of_one_company_is_found_in_the_other(world: datetime) -> None:
    owners = [{(owner.name, owner.phone) for owner in Owner.objects.all()} for _ in each_company()]
    for mine, others in (owners, owners[::-1]):
        assert not {name for name, _ in mine} & {name for name, _ in others}
        assert not {phone[-4:] for _, phone in mine} & {phone[-4:] for _, phone in others}


def test_crowds_of_full_size_are_apart_as_well() -> None:
    people = []
    for blueprint in (JINXIU, HEYUE):
        homes = [each.buildings * each.staircases * each.floors * each.doors
                 for each in blueprint.estates]  # fmt: skip
        people.append(crowd(CROWD_SEED, sum(homes) * SPARE, first=blueprint.people_from))
    for fact in ("name", "phone"):
        assert not set.intersection(*({getattr(each, fact) for each in some} for some in people))


@pytest.mark.parametrize("slug", ["jinxiu", "heyue"])
def test_accounts_sign_in_and_have_their_role(world: datetime, slug: str) -> None:
    phones = set()
    for role in ("admin", "manager", "supervisor", "desk", "technician", "owner"):
        user = authenticate(username=f"{role}@{slug}", password=PASSWORD)
        assert isinstance(user, User)
        assert user.email == f"{role}@{slug}.example"
        assert user.phone_index == phone_index(user.phone)
        phones.add(user.phone)
        with inside(slug):
            membership = Membership.objects.get(user=user)
            assert membership.roles == [role]
    assert len(phones) == 6


def test_one_person_manages_both_companies(world: datetime) -> None:
    user = User.objects.get(username="regional")
    for _ in each_company():
        assert Membership.objects.get(user=user).roles == ["manager"]


def test_no_owner_has_one_account_in_both_companies(world: datetime) -> None:
    people = []
    for _ in each_company():
        owners = Owner.objects.exclude(membership=None)
        people.append(set(owners.values_list("membership__user_id", flat=True)))
    assert people[0] & people[1] == set()
    assert min(map(len, people)) > 10


@pytest.mark.parametrize("slug", ["jinxiu", "heyue"])
def test_owner_account_has_tickets_in_different_states(world: datetime, slug: str) -> None:
    user = User.objects.get(username=f"owner@{slug}")
    with inside(slug):
        owner = Owner.objects.get(membership__user_id=user.pk)
        assert owner.phone == user.phone
        tickets = Ticket.objects.filter(owner=owner)
        assert set(tickets.values_list("status", flat=True)) == set(Status.values)
        unrated = tickets.filter(status=Status.RESOLVED, ratings=None)
        assert unrated.count() >= 1
        photo_of_owner = Attachment.objects.get(stage="")
        photographed = photo_of_owner.ticket
        assert (photographed.owner_id, photographed.status) == (owner.pk, Status.ACCEPTED)
        with photo_of_owner.file.open() as photo:
            assert photo.read(4) == b"RIFF"
        assert Notification.objects.filter(recipient_id=owner.membership_id).count() > 3


def test_owners_are_found(world: datetime) -> None:
    for _ in each_company():
        owner = Owner.objects.order_by("id")[0]
        assert owner.phone_index == index(owner.phone)
        queries = [owner.name, owner.search_text.split()[1], owner.phone, owner.phone[-4:]]
        assert [find_owners(query).filter(pk=owner.pk).count() for query in queries] == [1] * 4


def test_hours_of_the_two_companies_differ(world: datetime) -> None:
    saturday = datetime(2026, 11, 14, 10, 0, tzinfo=SHANGHAI)
    lunch = datetime(2026, 11, 13, 12, 30, tzinfo=SHANGHAI)
    made_up = datetime(2026, 10, 10, 10, 0, tzinfo=SHANGHAI)  # a Saturday worked for the holiday
    found = []
    for _ in each_company():
        calendar = Clockwork().times.of(None)
        found.append([is_open(calendar, moment) for moment in (saturday, lunch, made_up)])
    assert found == [[False, False, True], [True, True, True]]


def test_deadlines_are_counted_as_the_company_counts(world: datetime) -> None:
    for _ in each_company():
        clockwork = Clockwork()
        pauses: dict[Any, list[Pause]] = {}
        for pause in Pause.objects.all():
            pauses.setdefault(pause.ticket_id, []).append(pause)
        for row in Deadline.objects.exclude(ticket__kind__in=OWN).select_related("ticket"):
            again = Deadline(
                promise=row.promise,
                amount=row.amount,
                measure=row.measure,
                starts_at=row.starts_at,
                next_level=row.next_level,
            )
            # A pause counts for those it stopped: whatever was still to be kept, save a callback.
            stopped = [
                pause
                for pause in pauses.get(row.ticket_id, [])
                if row.promise != PromiseKind.CALLBACK
                and (row.met_at is None or row.met_at > pause.started_at)
            ]
            count(again, row.ticket.community_id, clockwork, stopped)
            assert (row.due_at, row.explanation["steps"], len(row.explanation["pauses"])) == (
                again.due_at, again.explanation["steps"], len(again.explanation["pauses"]),
            )  # fmt: skip
            if row.is_open and row.paused_at is None:
                assert row.next_action_at == again.next_action_at


def test_levels_taken_are_written_down(world: datetime) -> None:
    for _ in each_company():
        taken = Counter(Escalation.objects.values_list("deadline_id", flat=True))
        for row in Deadline.objects.all():
            assert taken[row.pk] == row.next_level
        told = TicketEvent.objects.filter(
            Q(kind__in=[EventKind.WARNED, EventKind.BREACHED])
            | Q(kind=EventKind.ESCALATED, by=None)
        )
        assert told.count() == Escalation.objects.count()
        assert all(row.told for row in Escalation.objects.all())


def test_queue_is_ordered_by_what_is_due(world: datetime) -> None:
    for _ in each_company():
        for ticket in Ticket.objects.prefetch_related("deadlines"):
            running = [
                row.due_at
                for row in ticket.deadlines.all()
                if row.is_open and row.paused_at is None
            ]
            assert ticket.next_due_at == min(running, default=None)
            assert ticket.status in ACTIVE or not running


def test_timelines_tell_the_state(world: datetime) -> None:
    """What the events say, in their order, is what the ticket shows."""
    leads_to = {
        EventKind.FILED: Status.NEW,
        EventKind.ACCEPTED: Status.ACCEPTED,
        EventKind.PAUSED: Status.PAUSED,
        EventKind.RESUMED: Status.ACCEPTED,
        EventKind.RESOLVED: Status.RESOLVED,
        EventKind.CLOSED: Status.CLOSED,
        EventKind.REOPENED: Status.ACCEPTED,
    }
    for _ in each_company():
        states: dict[Any, str] = {}
        reopened: Counter[Any] = Counter()
        for event in TicketEvent.objects.order_by("ticket_id", "at", "id"):
            assert (event.ticket_id in states) == (event.kind != EventKind.FILED)
            states[event.ticket_id] = leads_to.get(
                EventKind(event.kind), states.get(event.ticket_id, "")
            )
            reopened[event.ticket_id] += event.kind == EventKind.REOPENED
        for ticket in Ticket.objects.all():
            if ticket.kind in OWN and states[ticket.pk] == Status.NEW:
                states[ticket.pk] = Status.ACCEPTED  # in somebody's hands from the beginning
            assert ticket.status == states[ticket.pk]
            assert ticket.cycle == 1 + reopened[ticket.pk]


def test_calls_keep_promises_only_when_somebody_was_reached(world: datetime) -> None:
    for _ in each_company():
        reached = set(
            Callback.objects.filter(outcome__in=KEEPS_PROMISE).values_list("ticket_id", "at")
        )
        kept = Deadline.objects.calls().exclude(met_at=None)
        assert [row.pk for row in kept if (row.ticket_id, row.met_at) not in reached] == []


def test_ratings_are_the_owners_own(world: datetime) -> None:
    for _ in each_company():
        for rating in Rating.objects.select_related("ticket__owner"):
            assert rating.by_id == rating.ticket.owner.membership_id


def test_next_number_follows_the_last(world: datetime) -> None:
    for company in each_company():
        day = world.astimezone(SHANGHAI).strftime("%y%m%d")
        last = Ticket.objects.filter(number__startswith=day).count()
        assert ticket_number(company, world) == f"{day}-{last + 1:04d}"


def test_an_improvement_has_helped_and_another_has_not(world: datetime) -> None:
    """Both were decided on one wave of a survey, and judged by the next."""
    for _ in each_company():
        judged = Improvement.objects.exclude(effect="").select_related(
            "wave", "wave_after", "ticket"
        )
        assert {each.effect for each in judged} >= {Effect.BETTER, Effect.UNCLEAR}
        for each in judged:
            assert each.wave.survey_id == each.wave_after.survey_id
            assert each.ticket.status == Status.CLOSED
        assert Improvement.objects.filter(effect="").exists()


def test_owners_were_told_on_a_page_that_everybody_can_read(world: datetime) -> None:
    for company in each_company():
        published = Publication.objects.filter(stage=PublicationStage.APPROVED)
        assert published
        for row in published:
            address = reverse("surveys:published", args=[company.slug, row.pk])
            answer = Client().get(address, headers={"accept-language": "zh-hans"})
            assert (answer.status_code, row.title in answer.content.decode()) == (200, True)


def test_a_wave_of_owners_is_open_and_some_have_answered(world: datetime) -> None:
    today = world.astimezone(SHANGHAI).date()
    for _ in each_company():
        running = Wave.objects.get(stage=Stage.OPEN)
        assert running.survey.audience == Audience.OWNERS
        assert running.opens_on <= today <= running.closes_on
        used = set(Invitation.objects.filter(wave=running).values_list("is_used", flat=True))
        assert used == {True, False}
