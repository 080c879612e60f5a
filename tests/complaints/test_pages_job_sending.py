"""What a telephone sends from a job: once, however often it arrives."""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client

from complaints.models import Attachment, EventKind, Material, TicketEvent, WorkRecord
from complaints.services import handling
from tenancy.models import IdempotencyKey
from tenancy.scope import company_scope
from tests.complaints.jobs import HOUR, address, job, photo, send
from tests.conftest import SignIn
from tests.factories.cast import TUESDAY, Cast


@pytest.fixture(autouse=True)
def tuesday(settings: Any, tmp_path: Any) -> Any:
    settings.MEDIA_ROOT = str(tmp_path)
    with time_machine.travel(TUESDAY + HOUR, tick=False):
        yield


@pytest.fixture
def client(jinxiu: Cast) -> Client:
    return SignIn()(jinxiu.technician)


# --- sent by a telephone ---


def test_what_arrives_twice_is_done_once(jinxiu: Cast, client: Client) -> None:
    ticket = job(jinxiu)
    line = {"name": "皮带", "quantity": "1", "unit_price": "9"}
    for action, sent in (("material", line), ("note", {"text": "小心漏电"})):
        key = str(uuid4())
        answers = [send(client, address(ticket, f"{action}/"), sent, key) for _ in range(3)]
        assert [each.json() for each in answers] == [{"taken": True}] * 3
    key = str(uuid4())
    for _again in range(3):
        shot = {"stage": "after", "upload": photo()}
        assert send(client, address(ticket, "photo/"), shot, key).status_code == 200

    with company_scope(jinxiu.company.pk):
        assert Material.objects.count() == 1
        assert TicketEvent.objects.filter(kind=EventKind.NOTED).count() == 1
        assert [each.stage for each in Attachment.objects.all()] == ["after"]


def test_an_answer_is_known_for_two_months(jinxiu: Cast, client: Client) -> None:
    ticket, key = job(jinxiu), str(uuid4())
    note = {"text": "小心漏电"}
    send(client, address(ticket, "note/"), note, key)
    with time_machine.travel(TUESDAY + timedelta(days=59), tick=False):
        client.force_login(jinxiu.technician.user, "django.contrib.auth.backends.ModelBackend")
        send(client, address(ticket, "note/"), note, key)

    with company_scope(jinxiu.company.pk):
        assert TicketEvent.objects.filter(kind=EventKind.NOTED).count() == 1


def test_a_retry_may_be_sent_at_another_time_but_not_say_other_things(
    jinxiu: Cast, client: Client
) -> None:
    ticket, key = job(jinxiu), str(uuid4())
    said = {"said_at": TUESDAY.isoformat(), "sent_at": TUESDAY.isoformat()}
    first = send(client, address(ticket, "set-off/"), said, key)
    later = {**said, "sent_at": (TUESDAY + HOUR).isoformat()}
    again = send(client, address(ticket, "set-off/"), later, key)
    other = send(client, address(ticket, "arrive/"), said, key)

    assert (first.status_code, again.status_code, other.status_code) == (200, 200, 409)
    assert other.json()["code"] == "idempotency_key_reused"


def test_a_refusal_is_told_with_its_reason_and_may_be_tried_again(
    jinxiu: Cast, client: Client
) -> None:
    ticket, key = jinxiu.file(), str(uuid4())
    with company_scope(jinxiu.company.pk):
        handling.accept(ticket=ticket, by=jinxiu.actor("supervisor"), now=TUESDAY)
    refused = send(client, address(ticket, "arrive/"), {}, key)
    with company_scope(jinxiu.company.pk):
        assert IdempotencyKey.objects.count() == 0
        handling.assign(
            ticket=ticket, assignee=jinxiu.technician, by=jinxiu.actor("desk"), now=TUESDAY
        )
    taken = send(client, address(ticket, "arrive/"), {}, key)

    assert (refused.status_code, refused.json()["code"]) == (409, "not_your_job")
    assert "supervisor" in refused.json()["detail"]
    assert taken.json() == {"taken": True}


def test_a_form_that_is_wrong_is_told_in_words(jinxiu: Cast, client: Client) -> None:
    answer = send(client, address(job(jinxiu), "note/"), {"text": ""}, str(uuid4()))

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert answer.json()["detail"]


@pytest.mark.parametrize("key", ["键", "x" * 201, "a b"])
def test_a_key_that_is_none_is_refused(jinxiu: Cast, client: Client, key: str) -> None:
    place = address(job(jinxiu), "note/")
    answer = client.post(place, {"text": "小心", "key": key})

    assert (answer.status_code, json.loads(answer.content)["code"]) == (
        400,
        "invalid_idempotency_key",
    )


def test_a_second_click_on_a_plain_form_does_nothing(jinxiu: Cast, client: Client) -> None:
    ticket = job(jinxiu)
    for _click in range(2):
        answer = client.post(address(ticket, "note/"), {"text": "小心漏电", "key": "one"})
        assert answer.status_code == 302
    with company_scope(jinxiu.company.pk):
        assert TicketEvent.objects.filter(kind=EventKind.NOTED).count() == 1


def test_the_telephone_says_when_it_was(jinxiu: Cast, client: Client) -> None:
    ticket = job(jinxiu)
    said = {"said_at": "2026-11-10T01:20:00.000Z", "sent_at": "2026-11-10T02:00:00.000Z"}
    send(client, address(ticket, "set-off/"), said, "one")
    with company_scope(jinxiu.company.pk):
        assert WorkRecord.objects.get().set_off_at == TUESDAY + timedelta(minutes=20)


def test_the_session_says_who_is_here(jinxiu: Cast, client: Client) -> None:
    answer = client.get("/jinxiu/jobs/session/")

    assert answer.json()["member"] == str(jinxiu.technician.pk)
    assert answer.json()["token"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_pages_tell_the_worker_whose_they_are(jinxiu: Cast, client: Client) -> None:
    person = str(jinxiu.technician.user_id)
    for place in ("/jinxiu/jobs/", address(job(jinxiu))):
        assert client.get(place).headers["X-Portal-Person"] == person


# --- the worker ---


def test_the_worker_and_its_page_are_for_everybody(db: None) -> None:
    visitor = Client()
    worker = visitor.get("/sw.js")
    assert worker.headers["Content-Type"] == "text/javascript"
    assert worker.content.startswith(b"importScripts(")
    for language, words in (("zh-hans", "没有网络"), ("zh-hant", "沒有網路"), ("en", "No network")):
        page = visitor.get(f"/accounts/offline/?language={language}").content.decode()
        assert f'lang="{language}' in page
        assert words in page
    assert visitor.get("/accounts/offline/?language=xx").status_code == 200
