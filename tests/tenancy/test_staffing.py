"""People join, change places and leave; nobody rises above who lets them, and somebody stays."""

import threading
import time
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from complaints.models import EventKind, Ticket
from complaints.services import handling
from notifications.models import Channel, Delivery, Kind, Notification
from notifications.services.letters import letter_for
from owners.services.access import grant_portal_access
from owners.services.archive import create_owner
from tenancy.models import (
    ApiToken,
    AuditEntry,
    Community,
    DepartmentMember,
    Membership,
    MembershipCommunity,
    User,
)
from tenancy.permissions import RANKS, TABLE, Role
from tenancy.scope import company_scope
from tenancy.services.actor import MACHINE
from tenancy.services.invitations import by_phone, path_to_password
from tenancy.services.members import companies_of
from tenancy.services.staffing import (
    AboveYou,
    AlreadyHere,
    BeyondYou,
    Duties,
    LastAdmin,
    NoAddress,
    NoStaffRole,
    change_member,
    dismiss_member,
    invite_member,
    readmit_member,
)
from tenancy.services.tokens import find_token, make_token
from tests.conftest import SignIn
from tests.factories.cast import TUESDAY, Cast

DESK = Duties(roles=["desk"])
MAIL = "li@example.com"


def invite(cast: Cast, **more: Any) -> Membership:
    facts: dict[str, Any] = {"name": " 李  雷 ", "duties": DESK, "email": MAIL, **more}
    return invite_member(by=cast.actor("admin"), now=TUESDAY, **facts)


def letters(row: Membership) -> list[tuple[str, str]]:
    found = []
    for delivery in Delivery.objects.filter(notification__recipient=row).select_related(
        "notification__recipient__user"
    ):
        company = delivery.notification.recipient.company
        letter = letter_for(delivery, company=company, address="x", now=TUESDAY)
        found.append((delivery.channel, letter.text))
    return found


def wait_for_waiting(many: int) -> None:
    """Until so many others wait for a lock."""
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    for _again in range(200):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(waiting)
            if cursor.fetchone()[0] >= many:
                return
        time.sleep(0.05)


def test_ranks_hold_every_role_once() -> None:
    assert sorted(RANKS) == sorted(TABLE) == sorted(Role)


def test_somebody_invited_by_mail_chooses_a_password(scoped: Cast) -> None:
    row = invite(scoped)
    assert (row.name, row.roles, row.user.username, row.user.email) == (
        "李 雷", ["desk"], MAIL, MAIL
    )  # fmt: skip
    assert not row.user.has_usable_password()
    ((channel, text),) = letters(row)
    assert channel == Channel.EMAIL
    assert "/accounts/password/reset/key/" in text
    assert MAIL in text
    # The way in is made when the letter leaves, and kept nowhere.
    assert Notification.objects.get(recipient=row).path == "/jinxiu/"
    row.user.set_password("another good password")
    row.user.save()
    ((_channel, text),) = letters(Membership.objects.select_related("user").get(pk=row.pk))
    assert "/accounts/password/reset/key/" not in text


def test_somebody_invited_by_phone_gets_an_sms(scoped: Cast) -> None:
    row = invite(scoped, email="", phone="+8613900000009")
    assert (row.user.phone, row.user.email) == ("+8613900000009", "")
    assert [channel for channel, _text in letters(row)] == [Channel.EMAIL, Channel.SMS]
    assert "/accounts/password/" not in letters(row)[1][1]


def test_an_address_is_one_account_in_every_company(jinxiu: Cast, heyue: Cast) -> None:
    rows = []
    for cast in (jinxiu, heyue):
        with company_scope(cast.company.pk):
            rows.append(invite(cast, email="Li@Example.com".lower()))
    assert rows[0].user_id == rows[1].user_id
    assert [company.slug for company in companies_of(rows[0].user)] == ["heyue", "jinxiu"]
    with company_scope(heyue.company.pk):
        entry = AuditEntry.objects.get(action="invite_member")
    assert entry.detail == {"name": "李 雷", "roles": ["desk"]}


def test_a_taken_account_name_is_nobodys_way_in(scoped: Cast) -> None:
    stranger = User.objects.create(username=MAIL)
    row = invite(scoped)
    assert row.user_id != stranger.pk
    assert row.user.username.startswith(f"{MAIL}-")


@pytest.mark.parametrize(
    "address", [{"email": "", "phone": ""}, {"email": MAIL, "phone": "+8613900000009"}]
)
def test_an_invitation_has_one_address(scoped: Cast, address: dict[str, str]) -> None:
    with pytest.raises(NoAddress):
        invite(scoped, **address)


@pytest.mark.parametrize("roles", [[], ["owner"]])
def test_nobody_works_here_as_nothing(scoped: Cast, roles: list[str]) -> None:
    with pytest.raises(NoStaffRole):
        invite(scoped, duties=Duties(roles=roles))
    with pytest.raises(NoStaffRole):
        change_member(
            membership=scoped.desk, name="x", duties=Duties(roles=roles),
            by=scoped.actor("admin"), now=TUESDAY,
        )  # fmt: skip


def test_nobody_joins_twice(scoped: Cast) -> None:
    invite(scoped)
    with pytest.raises(AlreadyHere):
        invite(scoped)


def test_an_owner_who_starts_working_stays_owner(scoped: Cast) -> None:
    scoped.owner.user.email = MAIL
    scoped.owner.user.save()
    row = invite(scoped)
    assert (row.pk, row.roles) == (scoped.owner.pk, ["owner", "desk"])
    left = dismiss_member(membership=row, by=scoped.actor("admin"), now=TUESDAY)
    assert (left.roles, left.is_active) == (["owner"], True)


@pytest.mark.parametrize("mine", ["desk", "supervisor", "manager"])
def test_nobody_gives_a_role_above_their_own(scoped: Cast, mine: str) -> None:
    with pytest.raises(AboveYou):
        invite_member(
            name="x", email=MAIL, duties=Duties(roles=["admin"]),
            by=scoped.actor(mine), now=TUESDAY,
        )  # fmt: skip
    with pytest.raises(AboveYou):
        dismiss_member(membership=scoped.admin, by=scoped.actor(mine), now=TUESDAY)
    assert Membership.objects.active().with_role(Role.ADMIN).count() == 1


def test_whoever_is_limited_gives_nobody_more(scoped: Cast) -> None:
    """Not to somebody new, not to themselves; what somebody has they may keep."""
    other = Community.objects.create(name="别处")
    both = [scoped.community, other]
    limit(scoped.admin, scoped.community)
    limit(scoped.desk, other)
    by: Any = {"by": scoped.actor("admin"), "now": TUESDAY}
    for communities in (None, both):
        with pytest.raises(BeyondYou):
            invite_member(
                name="x", email=MAIL, duties=Duties(roles=["desk"], communities=communities), **by
            )
        with pytest.raises(BeyondYou):
            change_member(
                membership=scoped.admin,
                name="x",
                duties=Duties(roles=["admin"], communities=communities),
                **by,
            )
    kept = Duties(roles=["desk"], communities=both)
    row = change_member(membership=scoped.desk, name="y", duties=kept, **by)
    assert set(Membership.objects.get(pk=row.pk).community_ids()) == {each.pk for each in both}


def limit(member: Membership, community: Community) -> None:
    member.all_communities = False
    member.save()
    MembershipCommunity.objects.create(membership=member, community=community)


def test_the_machine_stands_above_all(scoped: Cast) -> None:
    row = invite_member(
        name="x", email=MAIL, duties=Duties(roles=["admin"]), by=MACHINE, now=TUESDAY
    )
    assert row.roles == ["admin"]


def test_the_last_admin_stays(scoped: Cast) -> None:
    admin = scoped.actor("admin")
    with pytest.raises(LastAdmin):
        dismiss_member(membership=scoped.admin, by=admin, now=TUESDAY)
    with pytest.raises(LastAdmin):
        change_member(membership=scoped.admin, name="x", duties=DESK, by=admin, now=TUESDAY)
    invite(scoped, duties=Duties(roles=["admin"]))
    dismiss_member(membership=scoped.admin, by=admin, now=TUESDAY)
    assert Membership.objects.active().with_role(Role.ADMIN).get().name == "李 雷"


@pytest.mark.django_db(transaction=True)
def test_an_invitation_sent_twice_at_once_is_one(jinxiu: Cast, sign_in: SignIn) -> None:
    said = {"name": "李雷", "address": MAIL, "roles": ["desk"]}
    answers: list[int] = []

    def send() -> None:
        answers.append(
            sign_in(jinxiu.admin).post("/jinxiu/settings/members/new/", said).status_code
        )
        connection.close()

    clicks = [threading.Thread(target=send) for _ in range(2)]
    with company_scope(jinxiu.company.pk), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE tenancy_membership IN SHARE MODE")
        for thread in clicks:
            thread.start()
        wait_for_waiting(2)
    for thread in clicks:
        thread.join(20)
    assert sorted(answers) == [302, 422]
    assert User.objects.filter(email=MAIL).count() == 1


def test_a_former_visitor_of_the_platform_can_work_or_live_here(scoped: Cast) -> None:
    ended = {"roles": [Role.PLATFORM.value], "ends_at": TUESDAY - timedelta(days=1)}
    guests = []
    for number, name in enumerate(("奥尔加", "欧文")):
        phone = f"1390000001{number}"
        user = by_phone(f"+86{phone}", name)
        guests.append((phone, Membership.objects.create(user=user, name=name, **ended)))
    (phone, worker), (other, _owner) = guests
    row = invite(scoped, email="", phone=f"+86{phone}")
    assert (row.pk, row.roles, row.ends_at) == (worker.pk, ["desk"], None)
    facts: Any = {"by": scoped.actor("desk"), "now": TUESDAY}
    person = create_owner(name="欧文", phone=other, **facts)
    lives_here = grant_portal_access(owner=person, **facts)
    assert (lives_here.roles, lives_here.ends_at) == (["owner"], None)


def test_a_visitor_of_the_platform_stays_one_while_there(scoped: Cast) -> None:
    phone = "13900000010"
    user = by_phone(f"+86{phone}", "奥尔加")
    there = {"roles": [Role.PLATFORM.value], "ends_at": timezone.now() + timedelta(hours=1)}
    guest = Membership.objects.create(user=user, name="奥尔加", **there)
    facts: Any = {"by": scoped.actor("desk"), "now": timezone.now()}
    person = create_owner(name="奥尔加", phone=phone, **facts)
    with pytest.raises(AlreadyHere):
        grant_portal_access(owner=person, **facts)
    with pytest.raises(AlreadyHere):
        invite(scoped, email="", phone=f"+86{phone}")
    guest.refresh_from_db()
    assert guest.roles == [Role.PLATFORM.value]


@pytest.mark.django_db(transaction=True)
def test_two_admins_who_dismiss_each_other_at_once_leave_one(jinxiu: Cast, sign_in: SignIn) -> None:
    with company_scope(jinxiu.company.pk):
        other = invite(jinxiu, duties=Duties(roles=["admin"]))
    answers: list[int] = []

    def dismiss(me: Membership, whom: Membership) -> None:
        address = f"/jinxiu/settings/members/{whom.pk}/dismiss/"
        answers.append(sign_in(me).post(address).status_code)
        connection.close()

    pairs = [(jinxiu.admin, other), (other, jinxiu.admin)]
    quarrel = [threading.Thread(target=dismiss, args=pair) for pair in pairs]
    with company_scope(jinxiu.company.pk):
        list(Membership.objects.with_role(Role.ADMIN).select_for_update(of=("self",)))
        for thread in quarrel:
            thread.start()
        wait_for_waiting(2)
    for thread in quarrel:
        thread.join(20)
    assert sorted(answers) == [302, 422]
    with company_scope(jinxiu.company.pk):
        assert Membership.objects.active().with_role(Role.ADMIN).count() == 1


def test_a_change_is_recorded_and_told_once(scoped: Cast) -> None:
    duties = Duties(
        roles=["technician", "supervisor"],
        communities=[scoped.community],
        departments=[scoped.desk_department],
        supervises=[scoped.engineering],
    )
    for _twice in range(2):
        row = change_member(
            membership=scoped.desk, name="王芳", duties=duties,
            by=scoped.actor("admin"), now=TUESDAY,
        )  # fmt: skip
    places = DepartmentMember.objects.filter(membership=row).order_by("department__position")
    assert [(place.department.name, place.is_supervisor) for place in places] == [
        ("工程部", True),
        ("客服部", False),
    ]
    assert (row.roles, row.all_communities) == (["technician", "supervisor"], False)
    entry = AuditEntry.objects.get(action="change_member")
    assert entry.detail["before"]["roles"] == ["desk"]
    assert entry.detail["after"]["communities"] == ["阳光花园"]
    assert Notification.objects.filter(recipient=row, kind=Kind.MEMBERSHIP).count() == 1


def test_nobody_is_told_what_they_did_themselves(scoped: Cast) -> None:
    change_member(
        membership=scoped.admin, name="新名", duties=Duties(roles=["admin"]),
        by=scoped.actor("admin"), now=TUESDAY,
    )  # fmt: skip
    assert Notification.objects.filter(kind=Kind.MEMBERSHIP).count() == 0


def test_who_leaves_leaves_nothing_behind(scoped: Cast) -> None:
    ticket = scoped.file()
    handling.assign(ticket=ticket, assignee=scoped.technician, by=scoped.actor("desk"), now=TUESDAY)
    _token, plain = make_token(
        membership=scoped.technician, name="x", scopes=["read"], expires_at=None, now=TUESDAY
    )
    for _twice in range(2):
        dismiss_member(membership=scoped.technician, by=scoped.actor("admin"), now=TUESDAY)
    row = Membership.objects.get(pk=scoped.technician.pk)
    assert (row.is_active, row.roles) == (False, ["technician"])
    assert DepartmentMember.objects.filter(membership=row).count() == 0
    freed = Ticket.objects.get(pk=ticket.pk)
    assert (freed.assignee_id, freed.department_id) == (None, scoped.engineering.pk)
    handed = ticket.events.filter(kind=EventKind.ASSIGNED).order_by("-at", "-id")[0]
    assert (handed.data["department"], handed.data["assignee"]) == ("工程部", "")
    assert AuditEntry.objects.filter(action="dismiss_member").count() == 1

    for _twice in range(2):
        back = readmit_member(membership=row, by=scoped.actor("admin"), now=TUESDAY)
    assert (back.is_active, back.roles) == (True, ["technician"])
    assert find_token(plain, TUESDAY) is None


def test_who_was_let_go_is_invited_again(scoped: Cast) -> None:
    row = invite(scoped)
    dismiss_member(membership=row, by=scoped.actor("admin"), now=TUESDAY)
    again = invite(scoped, name="李雷雷", duties=Duties(roles=["technician"]))
    assert (again.pk, again.name, again.roles, again.is_active) == (
        row.pk, "李雷雷", ["technician"], True
    )  # fmt: skip


def test_a_new_password_ends_the_tokens_everywhere(jinxiu: Cast, heyue: Cast) -> None:
    user = jinxiu.desk.user
    plains = []
    for cast in (jinxiu, heyue):
        with company_scope(cast.company.pk):
            member = Membership.objects.filter(user=user).first() or Membership.objects.create(
                user=user, name="both", roles=["desk"]
            )
            plains.append(
                make_token(
                    membership=member, name="x", scopes=["read"], expires_at=None,
                    now=TUESDAY - timedelta(days=3650),
                )[1]
            )  # fmt: skip
    user.check_password("correct horse battery staple")
    user.save()
    for cast, plain, works in ((jinxiu, plains[0], True), (heyue, plains[1], True)):
        with company_scope(cast.company.pk):
            assert (find_token(plain, TUESDAY) is not None) is works
    user.set_password("another good password")
    user.save()
    for cast, plain in zip((jinxiu, heyue), plains, strict=True):
        with company_scope(cast.company.pk):
            assert find_token(plain, TUESDAY) is None
            assert ApiToken.objects.usable(TUESDAY).count() == 0


def test_the_way_to_a_password_opens_the_form(scoped: Cast, client: Client) -> None:
    path = path_to_password(invite(scoped).user)
    assert client.get(path, follow=True).status_code == 200
