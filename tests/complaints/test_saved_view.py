"""Views of the queue that members keep."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from complaints.filters.saved_view import normal
from complaints.models import SavedView, Status, Ticket
from complaints.services.handling import accept
from complaints.services.saved_view import (
    MOST,
    NameTaken,
    NotYourView,
    TooLong,
    TooManyViews,
    change_view,
    delete_view,
    move_view,
    save_view,
)
from tenancy.scope import company_scope
from tests.conftest import SignIn
from tests.factories.cast import TUESDAY, Cast


def kept(
    cast: Cast, name: str = "电梯", query: str = "", by: str = "desk", **more: Any
) -> SavedView:
    with company_scope(cast.company.pk):
        return save_view(name=name, query=query, by=cast.actor(by), now=TUESDAY, **more)


def address(cast: Cast, name: str, view: SavedView | None = None) -> str:
    more = {"pk": view.pk} if view else {}
    return reverse(f"complaints:{name}", kwargs={"company": cast.company.slug, **more})


def names(cast: Cast, role: str) -> list[str]:
    with company_scope(cast.company.pk):
        rows = SavedView.objects.visible_to(cast.members[role]).in_order()
        return [row.name for row in rows]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ""),
        ("tab=all&page=3&ticket=x&act=assign&nonsense=1", ""),
        ("urgency=urgent&kind=repair&status=", "kind=repair&urgency=urgent"),
        ("tab=mine&kind=repair", "kind=repair&tab=mine"),
        ("search=%E7%94%B5%E6%A2%AF+", "search=%E7%94%B5%E6%A2%AF"),
        ("&".join(f"a{n}=1" for n in range(200)), ""),
    ],
)
def test_a_query_is_always_written_the_same_way(query: str, expected: str) -> None:
    assert normal(query) == expected


def test_own_views_are_ones_own_and_shared_ones_everybodys(jinxiu: Cast, heyue: Cast) -> None:
    kept(jinxiu, "mine")
    kept(jinxiu, "ours", by="supervisor", is_shared=True)
    kept(heyue, "theirs", by="supervisor", is_shared=True)
    assert (names(jinxiu, "desk"), names(jinxiu, "technician")) == (["ours", "mine"], ["ours"])
    assert names(jinxiu, "owner") == []


def test_only_supervisors_and_above_share(jinxiu: Cast) -> None:
    view = kept(jinxiu)
    facts: dict[str, Any] = {"by": jinxiu.actor("desk"), "now": TUESDAY}
    with pytest.raises(NotYourView):
        kept(jinxiu, "other", is_shared=True)
    with company_scope(jinxiu.company.pk), pytest.raises(NotYourView):
        change_view(view=view, name="x", is_shared=True, **facts)


def test_somebody_elses_view_is_left_alone(jinxiu: Cast) -> None:
    view = kept(jinxiu, by="supervisor", is_shared=True)
    facts: dict[str, Any] = {"view": view, "by": jinxiu.actor("desk"), "now": TUESDAY}
    with company_scope(jinxiu.company.pk):
        for change in (
            lambda: change_view(name="x", is_shared=True, **facts),
            lambda: move_view(step=1, **facts),
            lambda: delete_view(**facts),
        ):
            with pytest.raises(NotYourView):
                change()
        delete_view(view=view, by=jinxiu.actor("manager"), now=TUESDAY)
    assert names(jinxiu, "supervisor") == []


def test_names_are_given_once_and_views_are_few(jinxiu: Cast) -> None:
    view = kept(jinxiu, "a")
    kept(jinxiu, "b")
    facts: dict[str, Any] = {"is_shared": False, "by": jinxiu.actor("desk"), "now": TUESDAY}
    with pytest.raises(NameTaken):
        kept(jinxiu, "a")
    with company_scope(jinxiu.company.pk), pytest.raises(NameTaken):
        change_view(view=view, name="b", **facts)
    with pytest.raises(TooLong):
        kept(jinxiu, "long", query="x" * 501)
    for number in range(MOST - 2):
        kept(jinxiu, f"{number}")
    with pytest.raises(TooManyViews):
        kept(jinxiu, "one more")


def test_views_are_put_in_order(jinxiu: Cast) -> None:
    views = [kept(jinxiu, name) for name in ("a", "b", "c")]
    with company_scope(jinxiu.company.pk):
        move_view(view=views[2], step=-1, by=jinxiu.actor("desk"), now=TUESDAY)
        move_view(view=views[0], step=-1, by=jinxiu.actor("desk"), now=TUESDAY)
    assert names(jinxiu, "desk") == ["a", "c", "b"]


def test_the_page_keeps_changes_moves_and_deletes(jinxiu: Cast, sign_in: SignIn) -> None:
    client = sign_in(jinxiu.supervisor)
    add = address(jinxiu, "saved_view_add")
    assert client.get(f"{add}?query=kind%3Drepair").context["form"].initial == {
        "query": "kind=repair"
    }
    answer = client.post(add, {"name": "报修", "query": "kind=repair&page=2"})
    assert answer.headers["Location"] == "/jinxiu/queue/?kind=repair"
    assert client.post(add, {"name": "报修", "query": ""}).status_code == 422
    with company_scope(jinxiu.company.pk):
        view = SavedView.objects.get()
    edit = address(jinxiu, "saved_view_edit", view)
    assert client.get(edit).context["form"].initial["name"] == "报修"
    client.post(edit, {"name": "全部报修", "is_shared": "on"})
    client.post(address(jinxiu, "saved_view_move", view), {"step": "1"})
    assert "全部报修" in client.get(address(jinxiu, "saved_views")).content.decode()
    assert names(jinxiu, "desk") == ["全部报修"]
    client.post(address(jinxiu, "saved_view_delete", view))
    assert names(jinxiu, "desk") == []


def test_a_view_of_another_member_is_absent(jinxiu: Cast, heyue: Cast, sign_in: SignIn) -> None:
    mine, theirs = kept(jinxiu, by="supervisor"), kept(heyue)
    client = sign_in(jinxiu.desk)
    for view in (mine, theirs):
        assert client.get(address(jinxiu, "saved_view_edit", view)).status_code == 404
        assert client.post(address(jinxiu, "saved_view_delete", view)).status_code == 404


def test_views_stand_above_the_queue_with_their_counts(jinxiu: Cast, sign_in: SignIn) -> None:
    for number in range(3):
        jinxiu.file(title=f"{number}")
    with company_scope(jinxiu.company.pk):
        accept(ticket=Ticket.objects.all()[0], by=jinxiu.actor("desk"), now=TUESDAY)
    for name, query in (
        ("new", "tab=untaken"),
        ("mine", "assignee=me"),
        ("words", "search=x"),
        ("all", "tab=any"),
        ("none", "kind=praise"),
    ):
        kept(jinxiu, name, normal(query))
    answer = sign_in(jinxiu.desk).get(f"{address(jinxiu, 'queue')}?assignee=me")
    shown = [(view.name, view.count, view.is_current) for view in answer.context["views"]]
    assert shown == [
        ("new", "2", False),
        ("mine", "1", True),
        ("words", "", False),
        ("all", "", False),
        ("none", "0", False),
    ]


def test_nobody_counts_beyond_a_hundred(jinxiu: Cast, sign_in: SignIn) -> None:
    first = jinxiu.file()
    with company_scope(jinxiu.company.pk):
        row = Ticket.objects.get(pk=first.pk)
        copies = []
        for number in range(120):
            copy = Ticket(**{
                each.attname: getattr(row, each.attname)
                for each in Ticket._meta.concrete_fields
                if each.name != "id"
            })  # fmt: skip
            copy.number, copy.status = f"n{number}", Status.NEW
            copies.append(copy)
        Ticket.objects.bulk_create(copies)
    kept(jinxiu, "new", "tab=untaken")
    answer = sign_in(jinxiu.desk).get(address(jinxiu, "queue"))
    assert [view.count for view in answer.context["views"]] == ["99+"]


@pytest.mark.parametrize("count", [1, 3])
def test_views_are_counted_in_one_query(jinxiu: Cast, sign_in: SignIn, count: int) -> None:
    for number in range(count):
        jinxiu.file(title=f"{number}", now=TUESDAY + timedelta(minutes=number))
        kept(jinxiu, f"{number}", "kind=complaint")
        kept(jinxiu, f"ours {number}", "late=true", by="supervisor", is_shared=True)
    client = sign_in(jinxiu.desk)
    client.get(address(jinxiu, "queue"))
    with CaptureQueriesContext(connection) as queries:
        client.get(address(jinxiu, "queue"))
    about = [each["sql"] for each in queries if "savedview" in each["sql"]]
    counted = [each["sql"] for each in queries if "UNION ALL" in each["sql"]]
    assert (len(about), len(counted)) == (1, 1)
