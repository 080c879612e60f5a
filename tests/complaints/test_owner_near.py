"""What neighbours have reported: shown without a word of theirs, joined, followed, left again."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from complaints.models import EventKind, Supporter, Ticket, TicketEvent
from complaints.services import handling
from complaints.services.supporting import KNOWN_FOR, NotNear, join, leave, supporters_of
from notifications.models import Notification
from owners.models import Building, Owner, Ownership, Unit
from tenancy.models import AuditEntry
from tenancy.scope import company_scope
from tenancy.services.actor import MACHINE
from tests.complaints.test_owner_pages import (
    NOON,
    address,
    count_queries,
    get,
    noon,
    owner,
    text_of,
)
from tests.conftest import SignIn
from tests.factories.cast import TUESDAY, Cast, resident

__all__ = ["noon", "owner"]  # the fixtures

SECRETS = ("我家的秘密", "细节不能外传", "李娜", "0802", "换了我家的阀门")


def house(cast: Cast, size: int = 3) -> list[Unit]:
    """More homes in the owner's building; the first of them is the neighbour's."""
    with company_scope(cast.company.pk):
        return [
            Unit.objects.create(
                building=cast.building,
                community=cast.community,
                number=f"080{n}",
                label=f"3栋080{n}",
            )
            for n in range(2, size + 1)
        ]


@pytest.fixture
def theirs(jinxiu: Cast) -> Ticket:
    """The lift of the same building, reported by a neighbour."""
    return of_neighbour(jinxiu, unit=house(jinxiu)[0])


def of_neighbour(cast: Cast, **more: Any) -> Ticket:
    with company_scope(cast.company.pk):
        neighbour, _new = Owner.objects.get_or_create(name="李娜")
    facts = {"title": SECRETS[0], "description": SECRETS[1], "owner": neighbour, "by": "desk"}
    return cast.file(**{**facts, **more})


def near(client: Client, cast: Cast, category: object, place: object = "") -> list[Any]:
    answer = client.get(
        address(cast, "ticket_near"), {"category": str(category), "place": str(place)}
    )
    assert answer.status_code == 200
    return [row.pk for row in answer.context["known"]]


def joined(client: Client, cast: Cast, ticket: Ticket) -> Any:
    return client.post(address(cast, "ticket_join", ticket), follow=True)


# --- what is shown before filing ---


def test_near_shows_what_it_is_and_nothing_of_whose(
    owner: Client, jinxiu: Cast, theirs: Ticket
) -> None:
    answer = owner.get(address(jinxiu, "ticket_near"), {"category": str(jinxiu.lift.pk)})
    page = answer.content.decode()
    assert [secret for secret in (*SECRETS, theirs.number) if secret in page] == []
    text = text_of(answer)
    assert "Lift · 3栋 since" in text
    assert "Waiting to be taken on promised by" in text


def test_near_is_only_what_is_open_shared_near_new_and_of_others(
    owner: Client, jinxiu: Cast, heyue: Cast, theirs: Ticket
) -> None:
    with company_scope(jinxiu.company.pk):
        far = Building.objects.create(community=jinxiu.community, name="9栋")
        away = Unit.objects.create(
            building=far, community=jinxiu.community, number="1", label="9栋1"
        )
        done = of_neighbour(jinxiu, unit=theirs.unit)
        handling.resolve(ticket=done, solution="ok", by=jinxiu.actor("desk"), now=TUESDAY)
    of_neighbour(jinxiu, unit=away)
    of_neighbour(jinxiu, unit=theirs.unit, now=NOON - KNOWN_FOR - timedelta(minutes=1))
    of_neighbour(jinxiu, unit=theirs.unit, category=jinxiu.trapped)
    jinxiu.file()
    heyue.file()
    everywhere = of_neighbour(jinxiu, unit=None, community=jinxiu.community)
    assert near(owner, jinxiu, jinxiu.lift.pk) == [everywhere.pk, theirs.pk]


def test_near_leaves_out_what_is_one_s_own_affair(
    owner: Client, jinxiu: Cast, theirs: Ticket
) -> None:
    with company_scope(jinxiu.company.pk):
        jinxiu.lift.complaint_class = "charges"
        jinxiu.lift.save()
    assert near(owner, jinxiu, jinxiu.lift.pk) == []


def test_near_says_nothing_where_everybody_would_know_whose_it_is(
    owner: Client, jinxiu: Cast
) -> None:
    [home] = house(jinxiu, size=2)
    of_neighbour(jinxiu, unit=home)
    assert near(owner, jinxiu, jinxiu.lift.pk) == []


@pytest.mark.parametrize(
    ("category", "place"), [("", ""), ("nonsense", ""), (uuid4(), ""), (None, "x"), (None, uuid4())]
)
def test_near_of_nonsense_is_nothing(
    owner: Client, jinxiu: Cast, theirs: Ticket, category: Any, place: Any
) -> None:
    assert near(owner, jinxiu, jinxiu.lift.pk if category is None else category, place) == []


def test_near_without_a_home_is_nothing(owner: Client, jinxiu: Cast, theirs: Ticket) -> None:
    with company_scope(jinxiu.company.pk):
        Ownership.objects.all().delete()
    assert near(owner, jinxiu, jinxiu.lift.pk) == []


@pytest.mark.parametrize("tickets", [1, 3])
def test_near_costs_the_same_for_many(owner: Client, jinxiu: Cast, tickets: int) -> None:
    home = house(jinxiu)[0]
    for _number in range(tickets):
        of_neighbour(jinxiu, unit=home)
    url = f"{address(jinxiu, 'ticket_near')}?category={jinxiu.lift.pk}"
    assert count_queries(owner, url) == NEAR_QUERIES


NEAR_QUERIES = 12


def test_looking_without_a_script_keeps_the_words_and_files_nothing(
    owner: Client, jinxiu: Cast, theirs: Ticket
) -> None:
    said = {"look": "1", "kind": "complaint", "category": str(jinxiu.lift.pk), "text": "电梯停了"}
    answer = owner.post(address(jinxiu, "ticket_file"), said)
    assert [row.pk for row in answer.context["known_near"]] == [theirs.pk]
    assert "电梯停了" in answer.content.decode()
    nothing = owner.post(address(jinxiu, "ticket_file"), {**said, "category": "x"})
    assert "Nobody near you has reported this in the last days." in text_of(nothing)
    with company_scope(jinxiu.company.pk):
        assert Ticket.objects.count() == 1


# --- joining ---


def test_join_follows_without_seeing_the_ticket(
    owner: Client, jinxiu: Cast, theirs: Ticket
) -> None:
    with company_scope(jinxiu.company.pk):
        handling.accept(ticket=theirs, by=jinxiu.actor("technician"), now=TUESDAY)
    answer = joined(owner, jinxiu, theirs)
    page = answer.content.decode()
    names = (*SECRETS, "technician", theirs.number, str(theirs.pk))
    assert [secret for secret in names if secret in page] == []
    sentences = [str(step.sentence) for step in answer.context["steps"]]
    assert sentences == ["It has been taken on.", "Somebody near you reported it."]
    closed = [
        owner.get(address(jinxiu, "ticket_detail", theirs)).status_code,
        owner.get(address(jinxiu, "ticket_receipt", theirs)).status_code,
        owner.get(f"/jinxiu/api/v1/tickets/{theirs.pk}/").status_code,
        owner.get(f"/jinxiu/api/v1/tickets/{theirs.pk}/events/").status_code,
        owner.get(f"/jinxiu/api/v1/tickets/{theirs.pk}/attachments/").status_code,
        owner.post(address(jinxiu, "ticket_comment", theirs), {"text": "x"}).status_code,
    ]
    assert closed == [404] * 6
    assert str(theirs.pk) not in get(owner, jinxiu, "my_tickets").content.decode()


def test_join_twice_is_joining_once(owner: Client, jinxiu: Cast, theirs: Ticket) -> None:
    for _ in "12":
        assert joined(owner, jinxiu, theirs).status_code == 200
    with company_scope(jinxiu.company.pk):
        counts = (
            Supporter.objects.count(),
            AuditEntry.objects.filter(action="join_ticket", subject_id=theirs.pk).count(),
        )
    assert counts == (1, 1)
    assert near(owner, jinxiu, jinxiu.lift.pk) == [theirs.pk]


def test_join_stands_on_the_first_page_of_the_one_and_the_ticket_of_the_other(
    owner: Client, jinxiu: Cast, theirs: Ticket, sign_in: SignIn
) -> None:
    joined(owner, jinxiu, theirs)
    assert "Reported by neighbours, you wait too Lift 3栋" in text_of(
        get(owner, jinxiu, "my_tickets")
    )
    desk = sign_in(jinxiu.desk)
    desk.cookies["django_language"] = "en"
    assert "1 other resident reports this too 张伟" in text_of(
        get(desk, jinxiu, "ticket_detail", theirs)
    )
    technician = text_of(get(sign_in(jinxiu.technician), jinxiu, "ticket_detail", theirs))
    assert "张伟" not in technician


def test_the_one_who_filed_learns_how_many_and_not_who(
    owner: Client, jinxiu: Cast, sign_in: SignIn
) -> None:
    ticket = jinxiu.file()
    with company_scope(jinxiu.company.pk):
        for name in ("李娜", "王芳"):
            Supporter.objects.create(ticket=ticket, owner=resident(jinxiu, name), joined_at=TUESDAY)
        assert Ticket.objects.values_list(supporters_of(ticket.pk)).get(pk=ticket.pk) == (2,)
    text = text_of(get(owner, jinxiu, "ticket_detail", ticket))
    assert ("2 neighbours report this too." in text, "王芳" in text) == (True, False)


def test_join_is_refused_for_what_is_not_near(
    owner: Client, jinxiu: Cast, heyue: Cast, theirs: Ticket
) -> None:
    mine, rivals = jinxiu.file(), heyue.file()
    with company_scope(jinxiu.company.pk):
        handling.resolve(ticket=theirs, solution="ok", by=jinxiu.actor("desk"), now=TUESDAY)
    codes = [
        owner.post(address(jinxiu, "ticket_join", each)).status_code
        for each in (mine, rivals, theirs)
    ]
    assert codes == [404] * 3
    with company_scope(jinxiu.company.pk):
        for actor in (jinxiu.actor("owner"), MACHINE):
            with pytest.raises(NotNear):
                join(ticket=theirs, by=actor, now=NOON)


def test_staff_do_not_join(jinxiu: Cast, theirs: Ticket, sign_in: SignIn) -> None:
    assert sign_in(jinxiu.desk).post(address(jinxiu, "ticket_join", theirs)).status_code == 403


def test_supporters_are_told_when_it_is_solved_and_when_again(
    owner: Client, jinxiu: Cast, theirs: Ticket
) -> None:
    joined(owner, jinxiu, theirs)
    desk = jinxiu.actor("desk")
    with company_scope(jinxiu.company.pk):
        Supporter.objects.create(
            ticket=theirs, owner=Owner.objects.create(name="没有账号"), joined_at=TUESDAY
        )
        handling.resolve(ticket=theirs, solution=SECRETS[4], by=desk, now=NOON)
        handling.reopen(ticket=theirs, reason="又坏了", by=desk, now=NOON)
        handling.resolve(ticket=theirs, solution=SECRETS[4], by=desk, now=NOON)
        told = list(Notification.objects.filter(recipient=jinxiu.owner))
        supporter = Supporter.objects.get(owner=jinxiu.resident)
    assert [(each.path, each.params) for each in told] == [
        (f"/jinxiu/joined/{supporter.pk}/", {"matter": "电梯"})
    ] * 2
    page = owner.get(f"/jinxiu/joined/{supporter.pk}/")
    assert SECRETS[4] not in page.content.decode()
    assert "It has been solved" in text_of(page)


def test_steps_of_every_kind_are_told_without_names(
    owner: Client, jinxiu: Cast, theirs: Ticket
) -> None:
    joined(owner, jinxiu, theirs)
    with company_scope(jinxiu.company.pk):
        supporter = Supporter.objects.get()
        for kind in EventKind.values:
            TicketEvent.objects.create(
                ticket=theirs, kind=kind, at=NOON, via="page", data={"text": SECRETS[1]}
            )
    page = owner.get(f"/jinxiu/joined/{supporter.pk}/")
    assert (page.status_code, SECRETS[1] in page.content.decode()) == (200, False)


def test_leaving_takes_one_off_the_list(owner: Client, jinxiu: Cast, theirs: Ticket) -> None:
    joined(owner, jinxiu, theirs)
    with company_scope(jinxiu.company.pk):
        supporter = Supporter.objects.get()
    url = f"/jinxiu/joined/{supporter.pk}/"
    answer = owner.post(f"{url}leave/", follow=True)
    assert (answer.redirect_chain[0][0], owner.get(url).status_code) == ("/jinxiu/my/", 404)
    with company_scope(jinxiu.company.pk):
        assert AuditEntry.objects.filter(action="leave_ticket").count() == 1


def test_somebody_else_s_joining_is_closed_to_owners(
    owner: Client, jinxiu: Cast, heyue: Cast
) -> None:
    ticket, rivals = jinxiu.file(), heyue.file()
    with company_scope(jinxiu.company.pk):
        other = Supporter.objects.create(
            ticket=ticket, owner=resident(jinxiu, "李娜"), joined_at=TUESDAY
        )
        seen = list(Supporter.objects.visible_to(jinxiu.owner))
        by_staff = list(Supporter.objects.visible_to(jinxiu.desk))
    with company_scope(heyue.company.pk):
        rival = Supporter.objects.create(ticket=rivals, owner=heyue.resident, joined_at=TUESDAY)
    urls = [f"/jinxiu/joined/{each.pk}/" for each in (other, rival)]
    assert [owner.get(url).status_code for url in urls] == [404, 404]
    assert [owner.post(f"{url}leave/").status_code for url in urls] == [404, 404]
    assert (seen, by_staff) == ([], [other])


def test_service_leaves_quietly(scoped: Cast) -> None:
    supporter = Supporter.objects.create(
        ticket=scoped.file(), owner=scoped.resident, joined_at=TUESDAY
    )
    leave(supporter=supporter, by=scoped.actor("owner"), now=TUESDAY)
    assert Supporter.objects.count() == 0
    assert str(Supporter(ticket_id=uuid4(), owner_id=uuid4())).count("supports") == 1


@pytest.mark.parametrize("times", [1, 3])
def test_joined_page_costs_the_same_for_a_long_story(
    owner: Client, jinxiu: Cast, theirs: Ticket, times: int
) -> None:
    joined(owner, jinxiu, theirs)
    with company_scope(jinxiu.company.pk):
        supporter = Supporter.objects.get()
        for _number in range(times):
            handling.resolve(ticket=theirs, solution="ok", by=jinxiu.actor("desk"), now=NOON)
            handling.reopen(ticket=theirs, reason="no", by=jinxiu.actor("desk"), now=NOON)
    assert count_queries(owner, f"/jinxiu/joined/{supporter.pk}/") == JOINED_QUERIES


JOINED_QUERIES = 10
