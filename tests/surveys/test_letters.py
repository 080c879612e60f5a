"""Who is told of a survey, by which way, how often, and what nobody may learn from it."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from notifications.models import Delivery, DeliveryState, Kind, Mailing, Notification
from notifications.services.preferences import set_preferences
from notifications.services.taking_back import IT_IS_OVER
from owners.models import Owner, Ownership, OwnershipRole, Unit
from surveys.models import (
    Audience,
    CallOutcome,
    Interview,
    Invitation,
    OnePer,
    ToldBy,
    Wave,
)
from surveys.services.inviting import secret_of
from surveys.services.letters import leaves_at, withdraw, write_invitations
from surveys.services.moving import move
from surveys.services.reach import Place, Sent, places_of, reach_of, unreachable
from surveys.services.reaching import takes_sms
from surveys.services.reminding import remind
from surveys.services.wave import close_wave
from surveys.services.wave_news import tell_of_plan
from tenancy.models import AuditEntry, Membership, MembershipCommunity
from tests.factories.cast import TUESDAY, Cast
from tests.surveys.asking import TODAY, opened, says, street, survey_of

MOBILE = "+8613900000{:03}"


@pytest.fixture(autouse=True)
def gateway(settings: Any) -> None:
    settings.SMS_URL = "mail://"


def resident(unit: Unit, role: str = OwnershipRole.OWNER, **facts: Any) -> Owner:
    """Somebody more of a home."""
    facts = {"name": f"{role}{unit.label}", **facts}
    owner: Owner = Owner.objects.create(**facts)
    Ownership.objects.create(owner=owner, unit=unit, role=role)
    return owner


def told(wave: Wave) -> dict[str, str]:
    rows = Invitation.objects.filter(wave=wave).order_by("unit__label")
    return dict(rows.values_list("unit__label", "told_by"))


def mails(**which: Any) -> list[tuple[str, str, str]]:
    rows = Mailing.objects.filter(**which).order_by("name")
    return [(row.name, row.phone, row.email) for row in rows]


def written(wave: Wave, now: datetime = TUESDAY) -> Wave:
    """The wave after its letters are written, whoever was to do it."""
    write_invitations(wave=wave, now=now)
    wave.refresh_from_db()
    return wave


@pytest.fixture
def homes(scoped: Cast) -> list[Unit]:
    """Eight homes, each reached otherwise; 3栋1201 of the cast has an account."""
    Ownership.objects.exclude(unit=scoped.unit).delete()
    street(scoped, "8栋", 8)
    homes = list(Unit.objects.filter(building__name="8栋").order_by("label"))
    Ownership.objects.filter(unit__in=homes).delete()
    resident(homes[0], phone=MOBILE.format(0), email="0@example.com")
    resident(homes[1], email="1@example.com")
    # Their telephone stands in the hall: it shows no SMS.
    resident(homes[2], phone="+862884000000", email="")
    resident(homes[2], OwnershipRole.CO_OWNER, phone=MOBILE.format(2))
    resident(homes[3], OwnershipRole.FAMILY, phone=MOBILE.format(31))
    resident(homes[3], OwnershipRole.LESSEE, phone=MOBILE.format(32))
    resident(homes[4])
    resident(homes[5], phone="nonsense", email="5@example.com")
    resident(homes[6], phone=MOBILE.format(6), membership=member(scoped, "closed", False))
    resident(homes[7], phone=MOBILE.format(7), membership=member(scoped, "no-mail", True, ""))
    return homes


def member(cast: Cast, name: str, active: bool, email: str = "x@example.com") -> Membership:
    user = type(cast.desk.user).objects.create(username=name, email=email)
    found: Membership = Membership.objects.create(
        user=user, name=name, roles=["owner"], is_active=active
    )
    return found


def test_every_home_is_told_by_the_best_way(
    scoped: Cast, homes: list[Unit], django_assert_max_num_queries: Any
) -> None:
    wave = written(opened(scoped))
    assert told(wave) == {
        "3栋1201": ToldBy.INBOX,
        "8栋0": ToldBy.SMS,
        "8栋1": ToldBy.EMAIL,
        "8栋2": ToldBy.SMS,
        "8栋3": ToldBy.SMS,
        "8栋4": ToldBy.NOBODY,
        "8栋5": ToldBy.EMAIL,
        "8栋6": ToldBy.SMS,
        "8栋7": ToldBy.SMS,  # an inbox that nobody hears of: they get an SMS as well
    }
    assert mails() == [
        ("co_owner8栋2", MOBILE.format(2), ""),
        ("lessee8栋3", MOBILE.format(32), ""),
        ("owner8栋0", MOBILE.format(0), "0@example.com"),
        ("owner8栋1", "", "1@example.com"),
        ("owner8栋5", "", "5@example.com"),
        ("owner8栋6", MOBILE.format(6), ""),
        ("owner8栋7", MOBILE.format(7), ""),
    ]
    lines = Notification.objects.order_by("recipient__name")
    assert [(line.recipient.name, line.kind) for line in lines] == [
        ("no-mail", Kind.SURVEY),
        ("owner", Kind.SURVEY),
    ]
    mine = Invitation.objects.get(unit=scoped.unit)
    assert lines[1].path == f"/jinxiu/surveys/mine/{mine.pk}/"
    letter = Mailing.objects.get(name="owner8栋0")
    invitation = Invitation.objects.get(unit=homes[0])
    assert letter.secret_path == f"/jinxiu/s/{secret_of(invitation)}/"
    assert (letter.subject_id, letter.reference_id) == (wave.pk, invitation.pk)
    assert letter.params == {"title": "满意度调查", "closes_on": "2026-11-23"}
    assert wave.told_on == TODAY
    with django_assert_max_num_queries(3):  # claim only
        assert write_invitations(wave=wave, now=TUESDAY) == 0


@pytest.mark.parametrize("count", [1, 3])
def test_writing_asks_the_same_for_one_home_and_for_three(
    scoped: Cast, count: int, django_assert_num_queries: Any
) -> None:
    street(scoped, "8栋", count)
    Owner.objects.exclude(pk=scoped.resident.pk).update(email="x@example.com")
    wave = opened(scoped)
    again(wave)
    with django_assert_num_queries(20):
        assert write_invitations(wave=wave, now=TUESDAY) == count + 1


def again(wave: Wave) -> None:
    """As if nobody had been told."""
    Mailing.objects.all().delete()
    Notification.objects.all().delete()
    Wave.objects.filter(pk=wave.pk).update(told_on=None)


def test_persons_and_staff_are_told_each_for_themselves(scoped: Cast) -> None:
    street(scoped, "8栋", 1)
    Owner.objects.exclude(pk=scoped.resident.pk).update(email="x@example.com")
    written(opened(scoped, survey_of(scoped, one_per=OnePer.PERSON)))
    assert [name for name, *_ in mails()] == ["业主8栋0"]
    assert list(Notification.objects.values_list("recipient__name", flat=True)) == ["owner"]
    again(Wave.objects.get())
    staff = survey_of(scoped, title="员工", audience=Audience.STAFF, one_per=OnePer.PERSON)
    wave = written(opened(scoped, staff, name="员工"))
    assert Notification.objects.count() == wave.invited == 5
    assert (Mailing.objects.count(), set(told(wave).values())) == (0, {ToldBy.INBOX})


def test_who_wants_no_mail_of_surveys_gets_none(scoped: Cast) -> None:
    """Their inbox has it; nobody writes to their number behind their back."""
    type(scoped.owner.user).objects.filter(pk=scoped.owner.user_id).update(email="")
    wanted = {(Kind.SURVEY.value, "email"): False}
    set_preferences(membership=scoped.owner, wanted=wanted)
    written(opened(scoped))
    assert (Notification.objects.count(), Delivery.objects.count()) == (1, 0)


def test_stored_numbers_that_take_sms() -> None:
    numbers = {
        "": False,
        "+8613900000000": True,
        "+862884000000": False,
        "+85291234567": True,
        "nonsense": False,
        "+12125550100": True,  # nobody can tell
    }
    assert {number: takes_sms(number) for number in numbers} == numbers


def test_nobodys_telephone_rings_at_night() -> None:
    zone = ZoneInfo("Asia/Shanghai")
    day = datetime(2026, 11, 10, tzinfo=zone)
    for hour, leaves in ((7, 8), (8, 8), (20, 20), (21, 32), (23, 32)):
        moment = day + timedelta(hours=hour)
        assert leaves_at(moment.astimezone(UTC), zone) == day + timedelta(hours=leaves)


def test_reminders_stop_at_an_answer(scoped: Cast) -> None:
    street(scoped, "8栋", 4)
    Owner.objects.exclude(pk=scoped.resident.pk).update(email="x@example.com")
    wave = written(opened(scoped))
    invitations = {row.unit.label: row for row in wave.invitations.select_related("unit")}
    says(secret_of(invitations["8栋0"]))
    facts = {"wave": wave, "attempts": 1}
    Interview.objects.create(invitation=invitations["8栋1"], outcome=CallOutcome.REFUSED, **facts)
    wrong = Ownership.objects.get(unit__label="8栋2").owner_id
    Interview.objects.create(
        invitation=invitations["8栋2"], outcome=CallOutcome.WRONG_NUMBER, wrong_owners=[wrong],
        **facts,
    )  # fmt: skip

    def after(days: int, hour: int = 0) -> int:
        now = TUESDAY + timedelta(days=days, hours=hour)
        return remind(wave=wave, today=now.date(), now=now)

    # Saturday is no working day, nor is nine in the evening; Monday is.
    assert [after(3), after(4), after(6, 12), after(6), after(6), after(7)] == [0, 0, 0, 2, 0, 0]
    reminded = Mailing.objects.filter(dedupe_key__endswith="after-4")
    assert [row.name for row in reminded] == ["业主8栋3"]
    assert Notification.objects.filter(message__startswith="Reminder").count() == 1
    says(secret_of(invitations["8栋3"]))
    wave.refresh_from_db()
    assert wave.reminded_after == 4
    assert [after(9), after(10), after(13)] == [1, 0, 0]
    assert after(14) == 0  # the closing day has passed
    # What was missed in an outage is not made up for twice.
    Wave.objects.update(reminded_after=None)
    written_so_far = Notification.objects.count()
    after(13)
    assert Notification.objects.count() == written_so_far
    close_wave(wave=wave, by=scoped.actor("manager"), now=TUESDAY)
    Wave.objects.update(reminded_after=None)
    assert after(9) == 0


def waiting(wave: Wave) -> list[str]:
    """Whose letters about a wave have not left yet, with and without an account."""
    rows = Delivery.objects.filter(state=DeliveryState.WAITING)
    letters = rows.filter(mailing__subject_id=wave.pk).values_list("mailing__name", flat=True)
    ids = [str(pk) for pk in Invitation.objects.filter(wave=wave).values_list("id", flat=True)]
    news = rows.filter(notification__path__regex="|".join(ids))
    names = news.values_list("notification__recipient__name", flat=True)
    return sorted([*letters, *names])


@pytest.fixture
def letters(scoped: Cast) -> Wave:
    """A wave whose letters wait: of three homes, and of the one with an account."""
    street(scoped, "8栋", 3)
    Owner.objects.exclude(pk=scoped.resident.pk).update(email="x@example.com")
    wave = written(opened(scoped))
    assert waiting(wave) == ["owner", "业主8栋0", "业主8栋1", "业主8栋2"]
    return wave


def test_whoever_has_answered_gets_nothing_more_after_the_next_pass(
    scoped: Cast, letters: Wave
) -> None:
    of_home = {row.unit_id: row for row in letters.invitations.all()}
    first = letters.invitations.get(unit__label="8栋0")
    for each in (first, of_home[scoped.unit.pk]):
        says(secret_of(each))
    assert len(waiting(letters)) == 4  # not at that moment
    now = TUESDAY + timedelta(hours=13)  # when nobody is reminded
    move(company=scoped.company, today=TODAY, now=now)
    assert waiting(letters) == ["业主8栋1", "业主8栋2"]
    # The line in the inbox stays; that it was not sent is written nowhere.
    assert Notification.objects.filter(recipient=scoped.owner, read_at=None).count() == 1
    assert Delivery.objects.count() == 2
    assert not AuditEntry.objects.filter(at__gte=now).exists()


def test_after_the_close_nothing_about_a_wave_leaves(scoped: Cast, letters: Wave) -> None:
    other = written(opened(scoped, letters.survey, name="另一期"))
    tell_of_plan(letters, TUESDAY)  # a line for those who ask, not for those who are asked
    told = Delivery.objects.filter(notification__recipient=scoped.manager)
    assert told.count() == 1
    dead = Delivery.objects.get(mailing__subject_id=letters.pk, mailing__name="业主8栋2")
    Delivery.objects.filter(pk=dead.pk).update(state=DeliveryState.DEAD)
    says(secret_of(letters.invitations.get(unit__label="8栋2")))
    withdraw(wave=letters)
    dead.refresh_from_db()
    assert dead.state == DeliveryState.DEAD  # who answered is not told by what disappears
    close_wave(wave=letters, by=scoped.actor("manager"), now=TUESDAY)
    assert (waiting(letters), len(waiting(other)), told.count()) == ([], 4, 1)
    dead.refresh_from_db()
    assert (dead.state, dead.settled_because) == (DeliveryState.SETTLED, IT_IS_OVER)


def test_looking_for_letters_to_take_back_costs_a_question_of_each_kind(
    letters: Wave, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(6):  # the wave, the company, two kinds, a savepoint's two ends
        assert withdraw(wave=letters) == 0


def test_reach_is_told_by_channel_and_by_building(
    scoped: Cast, homes: list[Unit], django_assert_num_queries: Any
) -> None:
    wave = written(opened(scoped))
    states = {
        "owner8栋0": DeliveryState.SENT,
        "co_owner8栋2": DeliveryState.DEAD,
        "lessee8栋3": DeliveryState.DEAD,
        "owner8栋1": DeliveryState.SETTLED,
    }
    for name, state in states.items():
        Delivery.objects.filter(mailing__name=name).update(state=state)
    # A reminder arrived where the first letter had not: the home was reached.
    lessee = Mailing.objects.get(name="lessee8栋3")
    lessee.pk, lessee.dedupe_key = None, "later"
    lessee._state.adding = True
    facts: dict[str, Any] = {"channel": "sms", "created_at": TUESDAY}
    lessee.id = Mailing._meta.pk.get_default()
    lessee.save()
    Delivery.objects.create(mailing=lessee, state=DeliveryState.SENT, **facts)
    with django_assert_num_queries(3):
        reach = reach_of(wave=wave, member=scoped.manager)
    assert (reach.portal, reach.sms, reach.email) == (1, Sent(2, 2, 1), Sent(0, 1, 1))
    labels = [row.unit.label for row in unreachable(wave=wave, member=scoped.manager)]
    assert (reach.unreachable, sorted(labels)) == (3, ["8栋1", "8栋2", "8栋4"])


def test_counts_of_a_building_are_told_where_its_rate_is(
    scoped: Cast, homes: list[Unit], django_assert_num_queries: Any
) -> None:
    wave = written(opened(scoped))
    states = {"co_owner8栋2": DeliveryState.DEAD, "owner8栋1": DeliveryState.SETTLED}
    for name, state in states.items():
        Delivery.objects.filter(mailing__name=name).update(state=state)
    with django_assert_num_queries(3):
        places = places_of(wave=wave, member=scoped.manager)
    eight, three = homes[0].building, scoped.building
    # Where fewer than five have answered, no count tells how many have not.
    nothing = [
        Place(three.pk, "3栋", "阳光花园", 1, None, None),
        Place(eight.pk, "8栋", "阳光花园", 8, None, None),
    ]
    assert places == nothing
    for number in (0, 3, 4, 5):
        says(secret_of(wave.invitations.get(unit=homes[number])))
    assert places_of(wave=wave, member=scoped.manager) == nothing
    says(secret_of(wave.invitations.get(unit=homes[6])))
    places = places_of(wave=wave, member=scoped.manager)
    assert places == [nothing[0], Place(eight.pk, "8栋", "阳光花园", 8, 3, 2)]
    # The fifth answer of all is the third building's: told apart, it would leave one.
    says(secret_of(wave.invitations.get(unit=scoped.unit)))
    assert places_of(wave=wave, member=scoped.manager) == nothing


def test_reach_is_told_of_ones_own_communities(scoped: Cast) -> None:
    street(scoped, "8栋", 2)
    wave = written(opened(scoped))
    Membership.objects.filter(pk=scoped.desk.pk).update(all_communities=False)
    desk = Membership.objects.get(pk=scoped.desk.pk)
    assert reach_of(wave=wave, member=desk).unreachable == 0
    assert places_of(wave=wave, member=desk) == []
    MembershipCommunity.objects.create(membership=desk, community=scoped.community)
    desk = Membership.objects.get(pk=desk.pk)
    assert reach_of(wave=wave, member=desk).unreachable == 2
