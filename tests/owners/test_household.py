"""Who belongs to a home: kept by its owners, seen by nobody else, recorded, not to be guessed."""

from datetime import timedelta

import pytest
from django.test import Client

from owners.models import Owner, Ownership, OwnershipRole, Unit
from owners.services import household
from owners.services.archive import create_owner
from owners.services.household import (
    BelongsAlready,
    HomeLaidAside,
    HouseholdFull,
    KnownOtherwise,
    NotFamily,
    NotYourHome,
    TooManyTries,
    add_family_member,
    end_family_tie,
)
from owners.services.personal import BadPhone
from tenancy.models import AuditEntry, Membership, User
from tenancy.models.user import phone_index
from tenancy.scope import company_scope
from tenancy.services import limiting
from tenancy.services.actor import MACHINE
from tenancy.services.invitations import by_phone
from tests.complaints.test_owner_pages import count_queries, noon, owner, text_of
from tests.conftest import SignIn
from tests.factories.cast import TUESDAY, Cast

__all__ = ["noon", "owner"]  # the fixtures

PHONE = "17400000042"
URL = "/jinxiu/household/"


@pytest.fixture(autouse=True)
def fresh_count(noon: None, request: pytest.FixtureRequest) -> None:
    """Every test has all its tries."""
    if "jinxiu" in request.fixturenames:
        cast: Cast = request.getfixturevalue("jinxiu")
        limiting.forget(f"household:{cast.owner.pk}", window=household.TRIES_WINDOW)


def add(cast: Cast, name: str = "陈静", phone: str = PHONE, by: str = "owner") -> Ownership:
    return add_family_member(unit=cast.unit, name=name, phone=phone, by=cast.actor(by), now=TUESDAY)


def test_family_member_can_sign_in_and_speak_for_the_home(scoped: Cast) -> None:
    tie = add(scoped)
    member = Membership.objects.get(owners=tie.owner)
    assert (tie.role, str(tie.since), member.roles) == ("family", "2026-11-10", ["owner"])
    assert list(Unit.objects.lived_in_by(member)) == [scoped.unit]
    assert member.user == User.objects.get(phone_index=phone_index("+8617400000042"))
    assert AuditEntry.objects.filter(action="add_family_member", subject_id=tie.pk).count() == 1


def test_nobody_new_comes_in_through_a_home_that_is_laid_aside(scoped: Cast) -> None:
    scoped.unit.is_active = False
    with pytest.raises(HomeLaidAside):
        add(scoped)
    assert User.objects.filter(phone_index=phone_index(f"+86{PHONE}")).count() == 0


def test_known_person_of_that_name_and_number_is_taken_as_they_are(scoped: Cast) -> None:
    known = create_owner(name="陈静", phone=PHONE, by=scoped.actor("desk"), now=TUESDAY)
    assert (add(scoped, name=" 陈 静 ").owner, Owner.objects.count()) == (known, 2)
    with pytest.raises(BelongsAlready):
        add(scoped)


def test_name_that_does_not_fit_the_number_says_not_which_would(scoped: Cast) -> None:
    create_owner(name="赵敏", phone=PHONE, by=scoped.actor("desk"), now=TUESDAY)
    with pytest.raises(KnownOtherwise) as refused:
        add(scoped)
    assert "赵敏" not in str(refused.value)
    assert Ownership.objects.count() == 1


def test_staff_and_those_shut_out_are_let_in_by_the_company_alone(scoped: Cast) -> None:
    user = scoped.desk.user
    user.set_phone("+8617400000042")
    user.save()
    with pytest.raises(KnownOtherwise):
        add(scoped)
    tie = add(scoped, phone="17400000043")
    end_family_tie(tie=tie, by=scoped.actor("owner"), now=TUESDAY)
    Membership.objects.filter(owners=tie.owner).update(is_active=False)
    with pytest.raises(KnownOtherwise):
        add(scoped, phone="17400000043")


def test_account_that_the_platform_closed_is_let_in_by_no_neighbour(scoped: Cast) -> None:
    User.objects.filter(pk=by_phone("+8617400000044", "陈静").pk).update(is_active=False)
    with pytest.raises(KnownOtherwise):
        add(scoped, phone="17400000044")
    assert not Owner.objects.filter(name="陈静").exists()


@pytest.mark.parametrize("role", [OwnershipRole.FAMILY, OwnershipRole.LESSEE])
def test_family_and_lessees_do_not_say_who_belongs(scoped: Cast, role: str) -> None:
    Ownership.objects.update(role=role)
    with pytest.raises(NotYourHome):
        add(scoped)
    for actor in (scoped.actor("desk"), MACHINE):
        with pytest.raises(NotYourHome):
            add_family_member(unit=scoped.unit, name="陈静", phone=PHONE, by=actor, now=TUESDAY)


def test_household_is_full_one_day(scoped: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(household, "MOST_FAMILY", 1)
    add(scoped)
    with pytest.raises(HouseholdFull):
        add(scoped, name="陈明", phone="17400000043")


def test_numbers_cannot_be_tried_out(scoped: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for _number in range(household.MOST_TRIES):
        with pytest.raises(BadPhone):
            add(scoped, phone="123")
    with pytest.raises(TooManyTries):
        add(scoped)
    limiting.forget(f"household:{scoped.owner.pk}", window=household.TRIES_WINDOW)
    monkeypatch.setattr(limiting._Breaker, "down_until", float("inf"))
    with pytest.raises(TooManyTries):
        add(scoped)


def test_end_takes_the_home_away_at_once_and_twice_is_once(scoped: Cast) -> None:
    tie = add(scoped)
    for _ in "12":
        ended = end_family_tie(tie=tie, by=scoped.actor("owner"), now=TUESDAY + timedelta(days=1))
    assert str(ended.until) == "2026-11-11"
    member = Membership.objects.get(owners=tie.owner)
    assert list(Unit.objects.lived_in_by(member)) == []
    assert AuditEntry.objects.filter(action="end_family_tie").count() == 1


def test_only_family_can_be_removed(scoped: Cast) -> None:
    mine = Ownership.objects.get()
    with pytest.raises(NotFamily):
        end_family_tie(tie=mine, by=scoped.actor("owner"), now=TUESDAY)


# --- the page ---


def tie_of(cast: Cast) -> Ownership:
    with company_scope(cast.company.pk):
        return add(cast)


def test_household_shows_people_with_masked_numbers(owner: Client, jinxiu: Cast) -> None:
    tie_of(jinxiu)
    page = owner.get(URL)
    text = text_of(page)
    assert ("张伟" in text, "陈静" in text, "174****0042" in text) == (True, True, True)
    assert PHONE not in page.content.decode()


def test_family_member_sees_only_themselves(jinxiu: Cast, sign_in: SignIn) -> None:
    tie = tie_of(jinxiu)
    with company_scope(jinxiu.company.pk):
        member = Membership.objects.get(owners=tie.owner)
        mine = Ownership.objects.get(owner=jinxiu.resident)
    client = sign_in(member)
    client.cookies["django_language"] = "en"
    text = text_of(client.get(URL))
    assert ("陈静" in text, "张伟" in text) == (True, False)
    assert "Who belongs to this home is kept by its owner." in text
    assert client.post(f"{URL}{jinxiu.unit.pk}/add/", {"name": "x"}).status_code == 404
    assert client.post(f"{URL}{mine.pk}/end/").status_code == 404


def test_adding_by_the_page(owner: Client, jinxiu: Cast) -> None:
    url = f"{URL}{jinxiu.unit.pk}/add/"
    answer = owner.post(url, {"name": "陈静", "phone": "174 0000 0042"}, follow=True)
    assert "Added. The person can now sign in" in text_of(answer)
    assert owner.get(url).headers["Location"] == URL


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ({"name": "陈静", "phone": "12"}, "This is not a valid telephone number."),
        ({"name": "", "phone": PHONE}, "This field is required."),
        ({"name": "好" * 61, "phone": PHONE}, "at most 60 characters"),
        ({"name": "陈\x00静", "phone": PHONE}, "Null characters are not allowed."),
    ],
)
def test_adding_what_is_wrong_keeps_what_was_typed(
    owner: Client, jinxiu: Cast, said: dict[str, str], problem: str
) -> None:
    answer = owner.post(f"{URL}{jinxiu.unit.pk}/add/", said)
    assert (answer.status_code, problem in text_of(answer)) == (422, True)
    assert f'value="{said["phone"]}"' in answer.content.decode()


def test_removing_by_the_page(owner: Client, jinxiu: Cast) -> None:
    tie = tie_of(jinxiu)
    text = text_of(owner.post(f"{URL}{tie.pk}/end/", follow=True))
    assert ("Removed." in text, "陈静" in text) == (True, False)


def test_nobody_keeps_the_household_of_another(owner: Client, jinxiu: Cast, heyue: Cast) -> None:
    with company_scope(heyue.company.pk):
        rival = Ownership.objects.get()
    said = {"name": "陈静", "phone": PHONE}
    codes = [
        owner.post(f"{URL}{heyue.unit.pk}/add/", said).status_code,
        owner.post(f"{URL}{rival.pk}/end/").status_code,
    ]
    assert codes == [404, 404]


def test_account_without_a_home_is_told_so(owner: Client, jinxiu: Cast) -> None:
    with company_scope(jinxiu.company.pk):
        Ownership.objects.all().delete()
    assert "No home is linked to your account." in text_of(owner.get(URL))


@pytest.mark.parametrize("people", [1, 3])
def test_household_costs_the_same_for_many(owner: Client, jinxiu: Cast, people: int) -> None:
    for number in range(people):
        with company_scope(jinxiu.company.pk):
            add(jinxiu, phone=f"1740000005{number}")
    assert count_queries(owner, URL) == HOUSEHOLD_QUERIES


HOUSEHOLD_QUERIES = 8
