"""Who saves a question changes what they wrote otherwise, and nothing else."""

from typing import Any

import pytest
from django.test import Client

from surveys.models import Survey
from tests.conftest import SignIn
from tests.factories.cast import Cast
from tests.surveys.test_builder import asked, keys, made, page_of, url


def dear(cast: Cast, amount: float) -> Survey:
    """A survey that asks why of those who pay at least so much."""
    waits = {"question": "n", "test": "at_least", "amount": amount}
    questions: list[dict[str, Any]] = [
        {"key": "n", "kind": "number", "text": "房价？"},
        {"key": "why", "kind": "text", "text": "为什么？", "conditions": [waits]},
    ]
    return made(cast, document={"sections": [{"title": "房", "questions": questions}]})


def sent_by(client: Client, address: str) -> dict[str, Any]:
    """What the form sends if nobody touches it."""
    form = client.get(address).context["form"]
    sent: dict[str, Any] = {each.html_name: each.value() or "" for each in form}
    sent["when"] = [str(number) for number, _when in enumerate(form.conditions)]
    for when in form.conditions:
        sent |= {each.html_name: each.value() or "" for each in when}
    return {name: value for name, value in sent.items() if value is not False}


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        (1234567.0, "1234567"),
        (99999999999.0, "99999999999"),
        (1234567.25, "1234567.25"),
        (-3, "-3"),
    ],
)
def test_amount_stays_what_it_was_to_the_last_digit(
    jinxiu: Cast, sign_in: SignIn, amount: float, shown: str
) -> None:
    client, survey = sign_in(jinxiu.manager), dear(jinxiu, amount)
    there = url(jinxiu, "question", survey, "why")
    client.post(there, {**sent_by(client, there), "text": "说说看"})
    why = asked(jinxiu, survey).by_key["why"]
    assert (why.text, [each.amount for each in why.conditions]) == ("说说看", [amount])
    builder = page_of(client, url(jinxiu, "survey_questions", survey))
    assert f"was answered with {shown} or more" in builder


def test_question_that_a_colleague_moved_stays_there(jinxiu: Cast, sign_in: SignIn) -> None:
    client, survey = sign_in(jinxiu.manager), made(jinxiu)
    client.post(url(jinxiu, "section_add", survey), {"title": "其他"})
    there, act = (
        url(jinxiu, "question", survey, "words"),
        url(jinxiu, "survey_questions_act", survey),
    )
    opened = sent_by(client, there)
    client.post(act, {"act": "down words"})
    assert client.post(there, {**opened, "text": "说说看"}).status_code == 302
    assert keys(jinxiu, survey) == "speed | words"
    # The other way round as well: shown again after a conflict, it says where it is now.
    opened = sent_by(client, there)
    client.post(act, {"act": "up words"})
    client.post(there, {**sent_by(client, there), "text": "他们的"})
    conflict = client.post(there, {**opened, "text": "我的"})
    assert (conflict.status_code, conflict.context["form"]["section"].value()) == (422, "s1")
    # Whoever chooses another section moves it, wherever it is.
    client.post(there, {**sent_by(client, there), "section": "s2"})
    assert keys(jinxiu, survey) == "speed | words"
