"""The desk takes a call: finds the caller, files the ticket, once."""

from datetime import timedelta
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from complaints.models import Category, Source, Ticket, Urgency
from complaints.services.calling import call_back
from complaints.services.talking import comment
from complaints.views.take import FILED
from owners.models import Owner, Ownership
from owners.services.archive import create_owner
from tenancy.scope import company_scope
from tests.conftest import SignIn
from tests.factories.cast import TUESDAY, Cast

HTMX = {"HX-Request": "true"}


def take(cast: Cast, query: str = "") -> str:
    return reverse("complaints:ticket_take", kwargs={"company": cast.company.slug}) + query


def find(cast: Cast, query: str) -> str:
    address = reverse("complaints:take_owners", kwargs={"company": cast.company.slug})
    return f"{address}?q={query}"


def said(cast: Cast, **more: Any) -> dict[str, Any]:
    """What the desk fills in."""
    return {
        "submission": uuid4(),
        "place": f"unit:{cast.unit.pk}",
        "category": cast.lift.pk,
        "urgency": "",
        "source": "phone",
        "title": "电梯又停了",
        "description": "早上八点起",
        **more,
    }


def tickets(cast: Cast) -> list[Ticket]:
    with company_scope(cast.company.pk):
        return list(Ticket.objects.select_related("owner", "unit").order_by("created_at"))


@pytest.fixture
def desk(jinxiu: Cast, sign_in: SignIn) -> Client:
    return sign_in(jinxiu.desk)


@pytest.fixture
def caller(jinxiu: Cast) -> Owner:
    """李娜 of 3栋1201, telephone 13900000002."""
    with company_scope(jinxiu.company.pk):
        owner = create_owner(name="李娜", phone="13900000002", by=jinxiu.actor("desk"), now=TUESDAY)
        Ownership.objects.create(owner=owner, unit=jinxiu.unit)
    return owner


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("owner", 403),
        ("technician", 403),
        ("desk", 200),
        ("supervisor", 200),
        ("manager", 200),
        ("admin", 200),
    ],
)
def test_taking_is_for_those_who_file_for_others(
    jinxiu: Cast, sign_in: SignIn, role: str, status: int
) -> None:
    client = sign_in(jinxiu.members[role])
    answers = [client.get(take(jinxiu)), client.get(find(jinxiu, "x"))]
    assert {answer.status_code for answer in answers} == {status}


def test_taking_does_not_exist_for_strangers(jinxiu: Cast, heyue: Cast, sign_in: SignIn) -> None:
    assert sign_in(heyue.desk).get(take(jinxiu)).status_code == 404


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("李娜", ["李娜"]),
        ("lina", ["李娜"]),
        ("ln", ["李娜"]),
        ("13900000002", ["李娜"]),
        ("0002", ["李娜"]),
        ("3-1201", ["李娜", "张伟"]),
        ("nobody", []),
        ("", []),
        ("%00", []),
        ("x" * 5_000, []),
        ("%F0%9F%98%80", []),
    ],
)
def test_the_caller_is_found_while_typing(
    jinxiu: Cast, heyue: Cast, desk: Client, caller: Owner, query: str, names: list[str]
) -> None:
    answer = desk.get(find(jinxiu, query), headers=HTMX)
    assert [each["owner"].name for each in answer.context["found"]] == names
    assert "<html" not in answer.content.decode()


def test_the_caller_is_found_without_javascript(jinxiu: Cast, desk: Client, caller: Owner) -> None:
    page = desk.get(take(jinxiu, "?q=ln")).content.decode()
    assert f"?owner={caller.pk}" in page
    assert desk.get(find(jinxiu, "ln")).content.decode().count("<html") == 1


@pytest.mark.parametrize("count", [1, 3])
def test_finding_asks_the_same_number_of_queries(jinxiu: Cast, desk: Client, count: int) -> None:
    with company_scope(jinxiu.company.pk):
        for number in range(count):
            create_owner(name=f"李娜{number}", by=jinxiu.actor("desk"), now=TUESDAY)
    desk.get(find(jinxiu, "李娜"), headers=HTMX)
    with CaptureQueriesContext(connection) as queries:
        desk.get(find(jinxiu, "李娜"), headers=HTMX)
    assert len(queries) == QUERIES, [each["sql"][:160] for each in queries]


# Session, user, company, savepoint and the company's mark, membership; people and their homes.
QUERIES = 10


def test_the_form_knows_the_caller(jinxiu: Cast, desk: Client, caller: Owner) -> None:
    answer = desk.get(take(jinxiu, f"?owner={caller.pk}"))
    places = [key for key, _label in answer.context["form"]["place"].field.choices]
    assert places[0] == f"unit:{jinxiu.unit.pk}"
    assert answer.context["beside"].phone == "139****0002"


@pytest.mark.parametrize("owner", [str(UUID(int=1)), "nonsense", "%00"])
def test_an_unknown_caller_is_searched_again(jinxiu: Cast, desk: Client, owner: str) -> None:
    answers = [
        desk.get(take(jinxiu, f"?owner={owner}")),
        desk.post(take(jinxiu, f"?owner={owner}"), said(jinxiu)),
    ]
    assert [answer.context["missed"] for answer in answers] == [True, True]
    assert tickets(jinxiu) == []


def test_the_rivals_owner_is_unknown_here(jinxiu: Cast, heyue: Cast, desk: Client) -> None:
    answer = desk.get(take(jinxiu, f"?owner={heyue.resident.pk}"))
    assert answer.context["missed"] is True


def test_a_call_becomes_a_ticket_with_its_promises(
    jinxiu: Cast, desk: Client, caller: Owner
) -> None:
    answer = desk.post(take(jinxiu, f"?owner={caller.pk}"), said(jinxiu), follow=True)
    (ticket,) = tickets(jinxiu)
    assert (ticket.owner, ticket.unit, ticket.source) == (caller, jinxiu.unit, Source.PHONE)
    assert (ticket.urgency, ticket.kind) == (Urgency.NORMAL, "complaint")
    assert answer.context["row"] == ticket
    promised = {deadline.promise for deadline in answer.context["deadlines"]}
    assert promised == {"acceptance", "callback", "resolution"}


def test_the_desk_may_say_that_it_is_urgent_and_where(
    jinxiu: Cast, desk: Client, caller: Owner
) -> None:
    data = said(
        jinxiu,
        urgency="urgent",
        source="visit",
        place=f"community:{jinxiu.community.pk}",
        category=jinxiu.tap.pk,
    )
    desk.post(take(jinxiu, f"?owner={caller.pk}"), data)
    (ticket,) = tickets(jinxiu)
    assert (ticket.urgency, ticket.source, ticket.unit, ticket.kind) == (
        "urgent",
        "visit",
        None,
        "repair",
    )


@pytest.mark.parametrize(
    ("kind", "status", "filed"), [("complaint", 302, ["complaint"]), ("repair", 422, [])]
)
def test_only_the_category_of_the_chosen_kind_counts(
    jinxiu: Cast, desk: Client, caller: Owner, kind: str, status: int, filed: list[str]
) -> None:
    data = {**said(jinxiu), "kind": kind, "category-complaint": jinxiu.lift.pk}
    del data["category"]
    answer = desk.post(take(jinxiu, f"?owner={caller.pk}"), data)
    assert (answer.status_code, [ticket.kind for ticket in tickets(jinxiu)]) == (status, filed)
    if status == 422:
        shown = [each["value"] for each in answer.context["kinds"] if each["is_open"]]
        assert shown == [kind]


def test_a_company_without_categories_can_be_looked_at(
    jinxiu: Cast, desk: Client, caller: Owner
) -> None:
    with company_scope(jinxiu.company.pk):
        Category.objects.update(is_active=False)
    assert desk.get(take(jinxiu, f"?owner={caller.pk}")).context["kinds"] == []


def test_submitted_twice_it_is_one_ticket(jinxiu: Cast, desk: Client, caller: Owner) -> None:
    data = said(jinxiu)
    answers = [desk.post(take(jinxiu, f"?owner={caller.pk}"), data) for _ in range(2)]
    assert len(tickets(jinxiu)) == 1
    assert answers[0].headers["Location"] == answers[1].headers["Location"]


def test_somebody_new_is_taken_into_the_archive(jinxiu: Cast, desk: Client) -> None:
    data = said(jinxiu, name="王芳", phone="13700000003", place=f"community:{jinxiu.community.pk}")
    for _ in range(2):
        desk.post(take(jinxiu, "?owner=new"), data)
    (ticket,) = tickets(jinxiu)
    with company_scope(jinxiu.company.pk):
        people = list(Owner.objects.filter(name="王芳"))
    assert [ticket.owner] == people


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""),
        ("title", "   "),
        ("title", "x" * 121),
        ("title", "a\x00b"),
        ("description", "x" * 10_001),
        ("description", "a\x00b"),
        ("category", ""),
        ("category", "nonsense"),
        ("category", str(UUID(int=1))),
        ("place", ""),
        ("place", f"unit:{UUID(int=1)}"),
        ("place", "\x00"),
        ("urgency", "nonsense"),
        ("source", "portal"),
        ("source", ""),
        ("submission", "nonsense"),
        ("submission", ""),
    ],
)
def test_what_does_not_fit_comes_back(
    jinxiu: Cast, desk: Client, caller: Owner, field: str, value: str
) -> None:
    answer = desk.post(take(jinxiu, f"?owner={caller.pk}"), said(jinxiu, **{field: value}))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert tickets(jinxiu) == []


@pytest.mark.parametrize(
    ("name", "phone"), [("", "13700000003"), ("王芳", "123"), ("王芳", "\x00")]
)
def test_somebody_new_needs_a_name_and_a_number(
    jinxiu: Cast, desk: Client, name: str, phone: str
) -> None:
    data = said(jinxiu, name=name, phone=phone, place=f"community:{jinxiu.community.pk}")
    answer = desk.post(take(jinxiu, "?owner=new"), data)
    assert (answer.status_code, tickets(jinxiu)) == (422, [])


def test_the_rivals_places_and_categories_are_unknown(
    jinxiu: Cast, heyue: Cast, desk: Client, caller: Owner
) -> None:
    data = said(jinxiu, place=f"unit:{heyue.unit.pk}", category=heyue.lift.pk)
    answer = desk.post(take(jinxiu, f"?owner={caller.pk}"), data)
    assert sorted(answer.context["form"].errors) == ["category", "place"]


@pytest.mark.parametrize("text", ["😀 电梯", "\u202eאבג", "x" * 120])
def test_words_of_any_script_are_kept(jinxiu: Cast, desk: Client, caller: Owner, text: str) -> None:
    desk.post(take(jinxiu, f"?owner={caller.pk}"), said(jinxiu, title=text))
    assert [ticket.title for ticket in tickets(jinxiu)] == [text]


def test_the_channel_may_be_given_in_the_address(jinxiu: Cast, desk: Client, caller: Owner) -> None:
    answer = desk.get(take(jinxiu, f"?owner={caller.pk}&source=visit"))
    assert answer.context["form"]["source"].value() == "visit"


def filled(cast: Cast, phone: str) -> str:
    return take(cast, f"?phone={quote(phone)}")


@pytest.mark.parametrize("phone", ["13900000002", "+86 139 0000 0002", "139-0000-0002"])
def test_a_known_number_opens_the_callers_form(
    jinxiu: Cast, heyue: Cast, desk: Client, caller: Owner, phone: str
) -> None:
    answer = desk.get(filled(jinxiu, phone))
    assert answer.headers["Location"] == take(jinxiu, f"?owner={caller.pk}&source=phone")


def test_a_number_that_nobody_has_is_filled_in_for_somebody_new(jinxiu: Cast, desk: Client) -> None:
    answer = desk.get(filled(jinxiu, "13700000009"), follow=True)
    assert (answer.context["is_new"], answer.context["form"]["phone"].value()) == (
        True,
        "13700000009",
    )


@pytest.mark.parametrize("phone", ["anonymous", "\x00", "1" * 500])
def test_a_number_that_is_none_hurts_nobody(jinxiu: Cast, desk: Client, phone: str) -> None:
    answer = desk.get(filled(jinxiu, phone), follow=True)
    assert answer.status_code == 200


def test_several_people_of_one_number_are_asked_for(
    jinxiu: Cast, desk: Client, caller: Owner
) -> None:
    with company_scope(jinxiu.company.pk):
        create_owner(name="李强", phone="13900000002", by=jinxiu.actor("desk"), now=TUESDAY)
    answer = desk.get(filled(jinxiu, "13900000002"))
    assert sorted(each["owner"].name for each in answer.context["found"]) == ["李娜", "李强"]


def test_who_does_not_say_who_they_are_is_heard_too(jinxiu: Cast, desk: Client) -> None:
    data = said(jinxiu, place=f"community:{jinxiu.community.pk}")
    assert desk.get(take(jinxiu, "?owner=nobody")).status_code == 200
    desk.post(take(jinxiu, "?owner=nobody"), data)
    (ticket,) = tickets(jinxiu)
    assert ticket.owner is None


def test_the_browser_hears_what_has_arrived(jinxiu: Cast, desk: Client, caller: Owner) -> None:
    address, data = take(jinxiu, f"?owner={caller.pk}"), said(jinxiu)
    assert FILED not in desk.post(address, {**data, "title": ""}).cookies
    cookie = desk.post(address, data).cookies[FILED]
    assert (cookie.value, cookie["path"]) == (str(data["submission"]), take(jinxiu))


def test_the_last_contacts_stand_beside_the_form(
    jinxiu: Cast, heyue: Cast, desk: Client, caller: Owner
) -> None:
    heyue.file()
    ticket = jinxiu.file(owner=caller, title="漏水")
    with company_scope(jinxiu.company.pk):
        call_back(
            ticket=ticket,
            outcome="busy",
            note="晚点再打",
            by=jinxiu.actor("desk"),
            now=TUESDAY + timedelta(minutes=5),
        )
        comment(
            ticket=ticket,
            text="几点来？",
            by=jinxiu.actor("desk"),
            now=TUESDAY + timedelta(minutes=9),
        )
    contacts = desk.get(take(jinxiu, f"?owner={caller.pk}")).context["contacts"]
    assert [(each.icon, each.title, each.text) for each in contacts] == [
        ("comment", "漏水", "几点来？"),
        ("phone", "漏水", "晚点再打"),
        ("plus", "漏水", ""),
    ]


@pytest.mark.parametrize("count", [1, 3])
def test_the_form_asks_the_same_number_of_queries(
    jinxiu: Cast, desk: Client, caller: Owner, count: int
) -> None:
    for number in range(count):
        jinxiu.file(owner=caller, title=f"{number}", by="desk")
    desk.get(take(jinxiu, f"?owner={caller.pk}"))
    with CaptureQueriesContext(connection) as queries:
        desk.get(take(jinxiu, f"?owner={caller.pk}"))
    assert len(queries) == FORM_QUERIES, [each["sql"][:160] for each in queries]


# As above, and the person, their homes, tickets, ratings, calls and contacts; communities,
# categories, and the line about unread letters.
FORM_QUERIES = 17
