"""The same request twice means it once."""

import threading
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction
from django.utils import timezone

from complaints.models import Callback, Ticket
from tenancy.models import IdempotencyKey
from tenancy.scope import company_scope
from tenancy.services import idempotency
from tenancy.services.idempotency import claim_key, forget_old_answers
from tenancy.tasks import forget_answers
from tests.api.conftest import Api, ApiOf, new_ticket
from tests.factories.cast import TUESDAY, Cast


def tickets(cast: Cast) -> int:
    with company_scope(cast.company.pk):
        return int(Ticket.objects.count())


def test_a_repetition_gets_the_first_answer(jinxiu: Cast, api: ApiOf) -> None:
    desk, body = api(jinxiu.desk), new_ticket(jinxiu)
    first = desk.post("tickets/", body, Idempotency_Key="call-1")
    again = desk.post("tickets/", dict(reversed(body.items())), Idempotency_Key="call-1")

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert "Idempotent-Replayed" not in first
    assert again["Idempotent-Replayed"] == "true"
    assert again["Content-Type"] == "application/json"
    assert tickets(jinxiu) == 1


def test_another_request_under_the_same_key_is_refused(jinxiu: Cast, api: ApiOf) -> None:
    desk = api(jinxiu.desk)
    desk.post("tickets/", new_ticket(jinxiu), Idempotency_Key="call-1")
    other = desk.post("tickets/", new_ticket(jinxiu, title="另一件"), Idempotency_Key="call-1")

    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert tickets(jinxiu) == 1


def test_keys_belong_to_their_member(jinxiu: Cast, heyue: Cast, api: ApiOf) -> None:
    for cast in (jinxiu, heyue):
        for member in (cast.desk, cast.admin):
            answer = api(member).post("tickets/", new_ticket(cast), Idempotency_Key="1")
            assert "Idempotent-Replayed" not in answer
        assert tickets(cast) == 2


def test_without_a_key_twice_is_twice(jinxiu: Cast, api: ApiOf) -> None:
    desk = api(jinxiu.desk)
    desk.post("tickets/", new_ticket(jinxiu))
    desk.post("tickets/", new_ticket(jinxiu))
    assert tickets(jinxiu) == 2


@pytest.mark.parametrize("key", ["", "x" * 201, "with space", "tab\t", "电梯"])
def test_a_key_that_is_none_is_refused(jinxiu: Cast, api: ApiOf, key: str) -> None:
    answer = api(jinxiu.desk).post("tickets/", new_ticket(jinxiu), Idempotency_Key=key)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_idempotency_key")


def test_what_was_refused_may_be_tried_again(jinxiu: Cast, api: ApiOf) -> None:
    desk, ticket = api(jinxiu.desk), jinxiu.file()
    path = f"tickets/{ticket.pk}/callbacks/"
    wrong = desk.post(path, {"outcome": "nonsense"}, Idempotency_Key="k")
    right = desk.post(path, {"outcome": "busy"}, Idempotency_Key="k")
    again = desk.post(path, {"outcome": "busy"}, Idempotency_Key="k")

    assert (wrong.status_code, right.status_code, again.status_code) == (400, 201, 201)
    assert again.json() == right.json()
    with company_scope(jinxiu.company.pk):
        assert Callback.objects.count() == 1


def test_a_rating_and_a_file_are_repeated_too(
    jinxiu: Cast, api: ApiOf, photo: bytes, files: Path
) -> None:
    desk, owner = api(jinxiu.desk), api(jinxiu.owner)
    ticket = jinxiu.file()
    sent = [send_file(desk, ticket.pk, photo, boundary) for boundary in ("aaaa", "bbbb")]
    assert [each.status_code for each in sent] == [201, 201]
    assert sent[0].json() == sent[1].json()
    other = send_file(desk, ticket.pk, photo + b" ", "cccc")
    assert other.status_code == 422

    desk.post(f"tickets/{ticket.pk}/resolve/", {"solution": "换了"})
    rated = [
        owner.post(f"tickets/{ticket.pk}/rating/", {"score": 5}, Idempotency_Key="r")
        for _ in range(2)
    ]
    assert [each.status_code for each in rated] == [201, 201]
    assert rated[0].content == rated[1].content


def send_file(client: Api, ticket: Any, content: bytes, boundary: str) -> Any:
    part = f"--{boundary}\r\nContent-Disposition: form-data; name="
    head = f'{part}"remark"\r\n\r\nseen\r\n{part}"file"; filename="a.png"\r\n\r\n'
    body = head.encode() + content + f"\r\n--{boundary}--\r\n".encode()
    return client.post(
        f"tickets/{ticket}/attachments/",
        body,
        Content_Type=f"multipart/form-data; boundary={boundary}",
        Idempotency_Key="file",
    )


def test_an_answer_is_kept_for_a_day(jinxiu: Cast, api: ApiOf) -> None:
    desk = api(jinxiu.desk)
    with time_machine.travel(TUESDAY, tick=False) as traveller:
        desk.post("tickets/", new_ticket(jinxiu), Idempotency_Key="1")
        traveller.shift(timedelta(hours=24))
        assert "Idempotent-Replayed" in desk.post(
            "tickets/", new_ticket(jinxiu), Idempotency_Key="1"
        )
        traveller.shift(timedelta(seconds=1))
        late = desk.post("tickets/", new_ticket(jinxiu), Idempotency_Key="1")
    assert "Idempotent-Replayed" not in late
    assert tickets(jinxiu) == 2


def test_old_answers_are_forgotten(jinxiu: Cast, heyue: Cast, api: ApiOf) -> None:
    for cast in (jinxiu, heyue):
        api(cast.desk).post("tickets/", new_ticket(cast), Idempotency_Key="1")
    with company_scope(jinxiu.company.pk):
        assert forget_old_answers(now=timezone.now()) == 0
        assert forget_old_answers(now=timezone.now() + timedelta(hours=25)) == 1
    with company_scope(heyue.company.pk):
        assert IdempotencyKey.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_hourly_sweep_serves_every_company(jinxiu: Cast, heyue: Cast, api: ApiOf) -> None:
    for cast in (jinxiu, heyue):
        api(cast.desk).post("tickets/", new_ticket(cast), Idempotency_Key="1")
    assert forget_answers() == 0
    with time_machine.travel(timezone.now() + timedelta(hours=25), tick=False):
        assert forget_answers() == 2


@pytest.mark.django_db(transaction=True)
def test_two_at_once_are_one(jinxiu: Cast, api: ApiOf) -> None:
    desk, answers = api(jinxiu.desk), []
    desk.get("members/me/")  # the day of use is noted: the threads do not meet there

    def file() -> None:
        client = Api(desk.slug, desk.token)
        answers.append(client.post("tickets/", new_ticket(jinxiu), Idempotency_Key="1"))
        connection.close()

    filing = [threading.Thread(target=file) for _ in range(2)]
    with company_scope(jinxiu.company.pk), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE complaints_ticket IN SHARE MODE")
        for thread in filing:
            thread.start()
        time.sleep(0.5)  # one waits for the table, the other for the key
    for thread in filing:
        thread.join(20)

    assert [each.status_code for each in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert sorted("Idempotent-Replayed" in each for each in answers) == [False, True]
    assert tickets(jinxiu) == 1


@pytest.mark.django_db(transaction=True)
def test_who_waits_too_long_is_told_so(
    jinxiu: Cast, api: ApiOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(idempotency, "WAIT", "200ms")
    desk, answers = api(jinxiu.desk), []

    def file() -> None:
        client = Api(desk.slug, desk.token)
        answers.append(client.post("tickets/", new_ticket(jinxiu), Idempotency_Key="1"))
        connection.close()

    second = threading.Thread(target=file)
    with company_scope(jinxiu.company.pk):
        claim_key(membership=jinxiu.desk, key="1", fingerprint="the first", now=timezone.now())
        second.start()
        second.join(20)
        # The first fails after all, and leaves nothing behind.
        transaction.set_rollback(True)

    (busy,) = answers
    assert (busy.status_code, busy.json()["code"]) == (409, "busy")
    assert busy["Retry-After"] == "1"
    file()
    assert answers[1].status_code == 201
    assert tickets(jinxiu) == 1
