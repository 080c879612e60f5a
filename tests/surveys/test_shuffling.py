"""Orders that mean nothing: of choices on the page, and of answers out of the box."""

import json
import re
from typing import Any

from django.db import connection
from django.test import Client

from surveys.models import Ballot, Invitation, ResponseMark, Wave
from surveys.questionnaire import Questionnaire, read
from surveys.services.asking_form import laid_out
from surveys.services.inviting import secret_of
from tenancy.fields import decrypt
from tenancy.scope import company_scope
from tests.factories.cast import Cast
from tests.surveys.asking import counted, opened, says, secrets_of, street, survey_of

MANY = [{"key": f"c{n}", "text": f"第{n}项"} for n in range(8)]
IN_ORDER = [each["key"] for each in MANY]


def document(*, shuffled: bool) -> dict[str, Any]:
    asked = [
        {"kind": "single", "key": "one", "text": "哪一项？", "choices": MANY},
        {"kind": "multiple", "key": "some", "text": "哪几项？", "choices": MANY},
        {"kind": "ranking", "key": "order", "text": "哪项先做？", "choices": MANY},
        {"kind": "matrix", "key": "care", "text": "各项服务", "rows": MANY},
    ]
    return {
        "sections": [
            {"title": "服务", "questions": [{**each, "shuffled": shuffled} for each in asked]}
        ]
    }


def seen(asked: Questionnaire, seed: str) -> dict[str, list[str]]:
    """The keys of each question in the order in which somebody sees them."""
    (part,) = laid_out(asked, {}, seed=seed)
    return {
        each.question.key: [option.key for option in each.options]
        or [row.name.rpartition("-")[2] for row in each.rows]
        for each in part.questions
    }


def test_choices_and_rows_are_in_another_order_for_each_person() -> None:
    asked = read(document(shuffled=True))
    people = [seen(asked, f"{number}") for number in range(20)]
    assert people == [seen(asked, f"{number}") for number in range(20)]
    for key in ("one", "some", "order", "care"):
        orders = {tuple(each[key]) for each in people}
        assert len(orders) > 15
        assert {tuple(sorted(each)) for each in orders} == {tuple(IN_ORDER)}
        # Nothing always comes first.
        assert len({each[0] for each in orders}) > 4
    # One order for all questions of a person would let what is first in one be first in all.
    assert any(each["one"] != each["some"] for each in people)


def test_what_is_not_shuffled_stands_as_it_was_written() -> None:
    asked = read(document(shuffled=False))
    assert set(map(tuple, seen(asked, "1").values())) == {tuple(IN_ORDER)}
    # On paper, and wherever nobody is known, it is as written too.
    assert set(map(tuple, seen(read(document(shuffled=True)), "").values())) == {tuple(IN_ORDER)}


def test_page_is_the_same_when_it_is_opened_again_and_another_for_a_neighbour(
    jinxiu: Cast, client: Client
) -> None:
    with company_scope(jinxiu.company.pk):
        street(jinxiu, "8栋", 5)
        wave = opened(jinxiu, survey_of(jinxiu, document=document(shuffled=True)))
        Wave.objects.filter(pk=wave.pk).update(opens_on="2020-01-01", closes_on="2099-12-31")
        links = [f"/jinxiu/s/{each}/" for each in secrets_of(wave)]

    def shown(link: str) -> tuple[str, ...]:
        html = client.get(link).content.decode()
        return (*re.findall(r'name="q-some"[^>]*value="(c\d)"', html),
                *dict.fromkeys(re.findall(r'name="q-care-(c\d)"', html)))  # fmt: skip

    orders = [shown(each) for each in links]
    assert {tuple(sorted(each)) for each in orders} == {tuple(sorted(IN_ORDER * 2))}
    assert orders == [shown(each) for each in links]
    assert len(set(orders)) == len(links)


def by_place(table: str, name: str) -> list[Any]:
    """What the rows of a table say, in the order in which they lie on the disk."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {name} FROM {table} ORDER BY ctid")  # noqa: S608
        return [row[0] for row in cursor.fetchall()]


def words_in(sealed: str) -> str:
    said: list[list[str]] = json.loads(decrypt(sealed))["marks"]
    return next(text for question, _row, _choice, _number, text in said if question == "words")


def test_answers_lie_in_no_order_of_the_box(scoped: Cast) -> None:
    """Neither as they came, nor by the ballots' keys: whoever kept a copy of the box joins none."""
    street(scoped, "8栋", 29)
    wave = opened(scoped)
    for number, invitation in enumerate(Invitation.objects.filter(wave=wave).order_by("id")):
        says(secret_of(invitation), words=f"第{number}户")
    came = [f"第{number}户" for number in range(30)]
    # On the disk they lie as they came, unless earlier rows had left room somewhere.
    lay = [words_in(each) for each in by_place("surveys_ballot", "sealed")]
    by_key = [
        words_in(each) for each in Ballot.objects.order_by("id").values_list("sealed", flat=True)
    ]
    counted(scoped, wave)
    said = dict(ResponseMark.objects.filter(question="words").values_list("response_id", "text"))
    written = [said[each] for each in by_place("surveys_response", "id")]
    marks = [each for each in by_place("surveys_responsemark", "text") if each]
    for order in (written, marks, [said[each] for each in sorted(said)]):
        assert sorted(order) == sorted(came)
        assert order not in (came, came[::-1], lay, lay[::-1], by_key, by_key[::-1])
