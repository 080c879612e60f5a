"""Prepared answers: kept by those who answer for others, said by everybody who works here."""

from time import perf_counter
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from complaints.models import Answer, Ticket
from complaints.services.answer import (
    MOST,
    AnswerGone,
    TooManyAnswers,
    UnknownPlace,
    add_answer,
    change_answer,
    delete_answer,
    filled,
)
from complaints.services.first_answers import ANSWERS
from complaints.services.first_categories import CATEGORIES
from complaints.services.onboarding import bring_on_board
from complaints.services.talking import NothingSaid
from tenancy.models import AuditEntry, Company, User
from tenancy.scope import company_scope
from tenancy.services.actor import Actor, Via
from tenancy.services.structure import NameTaken
from tests.conftest import SignIn
from tests.factories.cast import TUESDAY, Cast

NOBODY = Actor(None, Via.MACHINE, "")


def prepared(cast: Cast, title: str = "已收到", text: str = "{业主}您好", **more: Any) -> Answer:
    with company_scope(cast.company.pk):
        by = cast.actor("supervisor")
        return add_answer(title=title, text=text, by=by, now=TUESDAY, **more)


def url(cast: Cast, name: str, pk: Any = None) -> str:
    kwargs = {"company": cast.company.slug} | ({"pk": pk} if pk else {})
    return reverse(f"complaints:{name}", kwargs=kwargs)


def titles(cast: Cast, role: str) -> list[str]:
    with company_scope(cast.company.pk):
        return [row.title for row in Answer.objects.visible_to(cast.members[role]).in_order()]


def test_answers_are_for_those_who_work_here(jinxiu: Cast, heyue: Cast) -> None:
    prepared(jinxiu)
    prepared(heyue, "别家的")
    seen = [titles(jinxiu, role) for role in ("owner", "technician", "desk", "admin")]
    assert seen == [[], ["已收到"], ["已收到"], ["已收到"]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{业主}您好，{工单号}由{公司}的{我}跟进。", "张伟您好，{number}由锦绣物业的desk跟进。"),
        ("{業主}您好，{工單號}", "张伟您好，{number}"),
        ("Dear { Owner }, {number}: {company}, {me}", "Dear 张伟, {number}: 锦绣物业, desk"),
        ("no place", "no place"),
    ],
)
def test_places_are_filled_in(jinxiu: Cast, text: str, expected: str) -> None:
    ticket = jinxiu.file()
    with company_scope(jinxiu.company.pk):
        said = filled(text, ticket=ticket, by=jinxiu.desk)
    assert said == expected.replace("{number}", ticket.number)


def test_whoever_gave_no_name_is_called_a_resident(jinxiu: Cast) -> None:
    ticket = jinxiu.file(owner=None, unit=None, community=jinxiu.community, by="desk")
    with company_scope(jinxiu.company.pk):
        assert filled("Dear {owner}", ticket=ticket, by=jinxiu.desk) == "Dear resident"


@pytest.mark.parametrize(
    ("text", "refusal"),
    [("Dear {onwer}", UnknownPlace), ("{}", UnknownPlace), ("  \r\n ", NothingSaid)],
)
def test_what_an_owner_could_not_read_is_refused(
    jinxiu: Cast, text: str, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        prepared(jinxiu, text=text)


def test_a_title_is_given_once_for_each_language(jinxiu: Cast) -> None:
    prepared(jinxiu)
    prepared(jinxiu, language="en")
    with pytest.raises(NameTaken):
        prepared(jinxiu)


def test_there_are_never_more_than_anybody_reads(jinxiu: Cast) -> None:
    with company_scope(jinxiu.company.pk):
        Answer.objects.bulk_create(Answer(title=f"{n}", text="x") for n in range(MOST))
    with pytest.raises(TooManyAnswers):
        prepared(jinxiu)


def test_every_change_is_on_the_record(jinxiu: Cast) -> None:
    row = prepared(jinxiu)
    by: dict[str, Any] = {"by": jinxiu.actor("supervisor"), "now": TUESDAY}
    with company_scope(jinxiu.company.pk):
        change_answer(answer=row, title="致歉", text="对不起", category=jinxiu.lift, **by)
        row = Answer.objects.get()
        assert (row.title, row.text, row.category) == ("致歉", "对不起", jinxiu.lift)
        delete_answer(answer=row, **by)
        entries = list(AuditEntry.objects.order_by("id"))
    assert [each.action for each in entries] == [
        "add_answer", "change_answer", "change_answer", "delete_answer"
    ]  # fmt: skip
    assert entries[1].detail == {
        "name": "已收到",
        "before": {"category": ""},
        "after": {"category": "电梯"},
    }


def test_what_somebody_else_has_deleted_is_neither_changed_nor_deleted_again(
    jinxiu: Cast,
) -> None:
    row = prepared(jinxiu)
    by: dict[str, Any] = {"by": jinxiu.actor("supervisor"), "now": TUESDAY}
    with company_scope(jinxiu.company.pk):
        delete_answer(answer=Answer.objects.get(), **by)
        delete_answer(answer=row, **by)
        with pytest.raises(AnswerGone):
            change_answer(answer=row, title="致歉", text="对不起", **by)
        assert AuditEntry.objects.filter(action="delete_answer").count() == 1


@pytest.mark.parametrize(
    "text", ["{" + " " * 1998 + "x", "{ " * 999, "{" + "\n" * 998 + "me" + " " * 999]
)
def test_a_text_of_spaces_keeps_nobody_waiting(jinxiu: Cast, text: str) -> None:
    row, ticket = prepared(jinxiu, text=text), jinxiu.file()
    begun = perf_counter()
    with company_scope(jinxiu.company.pk):
        filled(row.text, ticket=ticket, by=jinxiu.desk)
    assert perf_counter() - begun < 0.5


def test_a_company_begins_with_answers_that_fit_its_categories(db: None) -> None:
    made = bring_on_board(slug="xinhe", name="新和物业", admin="a@example.org")
    assert {key for _title, _text, key in ANSWERS if key} <= {
        (each.kind, each.name) for each in CATEGORIES
    }
    with company_scope(made.company.pk):
        assert Answer.objects.count() == len(ANSWERS)
        for row in Answer.objects.all():
            change_answer(answer=row, title=row.title, text=row.text, by=NOBODY, now=TUESDAY)


def test_pages_prepare_change_and_delete(jinxiu: Cast, sign_in: SignIn) -> None:
    client = sign_in(jinxiu.supervisor)
    facts = {
        "title": "已收到",
        "text": "{业主}您好",
        "category": str(jinxiu.lift.pk),
        "language": "",
    }
    assert client.get(url(jinxiu, "answer_add")).status_code == 200
    added = client.post(url(jinxiu, "answer_add"), facts, follow=True)
    assert "Lift" in added.content.decode()
    with company_scope(jinxiu.company.pk):
        row = Answer.objects.get()
    page = client.get(url(jinxiu, "answer", row.pk))
    assert page.context["form"].initial == {**facts, "category": jinxiu.lift.pk}
    wrong = client.post(url(jinxiu, "answer", row.pk), facts | {"text": "Dear {onwer}"})
    assert (wrong.status_code, "{onwer}" in wrong.content.decode()) == (422, True)
    changed = client.post(url(jinxiu, "answer", row.pk), facts | {"language": "en"})
    assert changed.status_code == 302
    assert titles(jinxiu, "desk") == ["已收到"]
    client.post(url(jinxiu, "answer_delete", row.pk))
    assert titles(jinxiu, "desk") == []
    assert "Nothing is prepared yet" in client.get(url(jinxiu, "answer_list")).content.decode()


@pytest.mark.parametrize(("role", "status"), [("desk", 403), ("supervisor", 200), ("admin", 200)])
def test_answers_are_kept_by_those_who_answer_for_others(
    jinxiu: Cast, sign_in: SignIn, role: str, status: int
) -> None:
    row = prepared(jinxiu)
    client = sign_in(jinxiu.members[role])
    pages = [url(jinxiu, "answer_list"), url(jinxiu, "answer_add"), url(jinxiu, "answer", row.pk)]
    assert [client.get(page).status_code for page in pages] == [status] * 3


def offered(cast: Cast, sign_in: SignIn, ticket: Ticket, role: str = "desk") -> Any:
    answer = sign_in(cast.members[role]).get(url(cast, "answers_to_say", ticket.pk))
    return [[each.title for each in offers] for _label, offers in answer.context["groups"]]


def test_what_fits_the_category_is_offered_first(jinxiu: Cast, sign_in: SignIn) -> None:
    prepared(jinxiu, "for all")
    prepared(jinxiu, "for taps", category=jinxiu.tap)
    prepared(jinxiu, "for lifts", category=jinxiu.lift)
    assert offered(jinxiu, sign_in, jinxiu.file()) == [["for lifts"], ["for all"], ["for taps"]]


def test_what_the_owner_reads_is_offered_first(jinxiu: Cast, sign_in: SignIn) -> None:
    Company.objects.filter(pk=jinxiu.company.pk).update(language="zh-hans")
    prepared(jinxiu, "b", language="en")
    prepared(jinxiu, "a")
    ticket = jinxiu.file()
    found = []
    for chosen in ("", "zh-hans", "en"):
        User.objects.filter(pk=jinxiu.owner.user_id).update(language=chosen)
        found.append(offered(jinxiu, sign_in, ticket))
    assert found == [[["a", "b"]], [["a", "b"]], [["b", "a"]]]


def test_an_offer_is_filled_in_and_found_by_its_sound(jinxiu: Cast, sign_in: SignIn) -> None:
    prepared(jinxiu)
    answer = sign_in(jinxiu.desk).get(url(jinxiu, "answers_to_say", jinxiu.file().pk))
    html = answer.content.decode()
    assert ('data-says="张伟您好"' in html, "yishoudao ysd" in html) == (True, True)


def test_nothing_prepared_says_what_to_do(jinxiu: Cast, sign_in: SignIn) -> None:
    answer = sign_in(jinxiu.desk).get(url(jinxiu, "answers_to_say", jinxiu.file().pk))
    assert "Nothing prepared fits" in answer.content.decode()


def test_owners_are_offered_nothing(jinxiu: Cast, sign_in: SignIn) -> None:
    address = url(jinxiu, "answers_to_say", jinxiu.file().pk)
    assert sign_in(jinxiu.owner).get(address).status_code == 403


@pytest.mark.parametrize(("name", "role"), [("answer_list", "admin"), ("answers_to_say", "desk")])
def test_answers_ask_the_same_number_of_queries(
    jinxiu: Cast, sign_in: SignIn, name: str, role: str
) -> None:
    ticket = jinxiu.file()
    client = sign_in(jinxiu.members[role])
    address = url(jinxiu, name, ticket.pk if name == "answers_to_say" else None)
    counts = {}
    for number in range(3):
        prepared(jinxiu, f"{number}", category=jinxiu.lift)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        counts[number + 1] = len(queries)
    assert counts[1] == counts[3]
