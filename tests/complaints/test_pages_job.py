"""A technician's pages: the day, the job, and what is sent twice."""

import json
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from complaints.models import Attachment, EventKind, Material, Ticket, TicketEvent, WorkRecord
from complaints.services import handling, working
from tenancy.models import AuditEntry, IdempotencyKey
from tenancy.scope import company_scope
from tests.conftest import SignIn
from tests.factories.cast import PHONE, TUESDAY, Cast

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def tuesday() -> Any:
    with time_machine.travel(TUESDAY + HOUR, tick=False):
        yield


@pytest.fixture
def client(jinxiu: Cast) -> Client:
    return SignIn()(jinxiu.technician)


def job(cast: Cast, **facts: Any) -> Ticket:
    """A ticket that the technician has in hand."""
    ticket = cast.file(**facts)
    with company_scope(cast.company.pk):
        handling.assign(ticket=ticket, assignee=cast.technician, by=cast.actor("desk"), now=TUESDAY)
        return working.take(ticket=ticket, by=cast.actor("technician"), now=TUESDAY)


def address(ticket: Ticket, action: str = "") -> str:
    return f"/jinxiu/jobs/{ticket.pk}/{action}"


def photo() -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (40, 30), "red").save(out, "JPEG")
    return SimpleUploadedFile("IMG_1.jpg", out.getvalue(), "image/jpeg")


def fresh(cast: Cast, ticket: Ticket) -> Ticket:
    with company_scope(cast.company.pk):
        found: Ticket = Ticket.objects.get(pk=ticket.pk)
    return found


# --- the day ---


def test_the_day_shows_mine_and_what_is_free(jinxiu: Cast, client: Client) -> None:
    mine, free = job(jinxiu, title="我的"), jinxiu.file(title="没人接的")
    with company_scope(jinxiu.company.pk):
        done = job(jinxiu, title="今天做完的")
        working.finish(
            ticket=done, solution="好了", by=jinxiu.actor("technician"), now=TUESDAY + HOUR
        )
        theirs = jinxiu.file(title="别人的")
        handling.accept(ticket=theirs, by=jinxiu.actor("supervisor"), now=TUESDAY)
    context = client.get("/jinxiu/jobs/").context

    stretches = {part.name: [each.row.pk for each in part.jobs] for part in context["stretches"]}
    assert stretches == {"later": [mine.pk]}
    assert [each.row.pk for each in context["free"]] == [free.pk]
    assert [each.row.pk for each in context["finished"]] == [done.pk]


def test_the_stops_of_the_day_are_in_the_order_of_their_promises(
    jinxiu: Cast, client: Client
) -> None:
    later, late = job(jinxiu), job(jinxiu, category=jinxiu.trapped)
    with time_machine.travel(TUESDAY + timedelta(days=1), tick=False):
        parts = client.get("/jinxiu/jobs/").context["stretches"]

    found = [(part.name, [(each.row.pk, each.stop) for each in part.jobs]) for part in parts]
    assert found == [("late", [(late.pk, 1)]), ("today", [(later.pk, 2)])]


@pytest.mark.parametrize(("when", "count"), [("", 2), ("today", 0), ("waiting", 1), ("x", 2)])
def test_the_day_can_be_narrowed(jinxiu: Cast, client: Client, when: str, count: int) -> None:
    job(jinxiu)
    waiting = job(jinxiu)
    with company_scope(jinxiu.company.pk):
        handling.pause(ticket=waiting, reason="part", by=jinxiu.actor("technician"), now=TUESDAY)
    context = client.get(f"/jinxiu/jobs/?when={when}").context

    assert sum(len(part.jobs) for part in context["stretches"]) == count


def test_an_empty_day_says_so(jinxiu: Cast, client: Client) -> None:
    for when in ("", "today"):
        answer = client.get(f"/jinxiu/jobs/?when={when}")
        assert "empty-state" in answer.content.decode()


def test_the_day_asks_as_often_for_three_jobs_as_for_one(jinxiu: Cast, client: Client) -> None:
    counts = []
    for _more in (1, 2):
        for _each in range(_more):
            job(jinxiu)
            jinxiu.file()
        with CaptureQueriesContext(connection) as queries:
            client.get("/jinxiu/jobs/")
        counts.append(len(queries))

    assert counts[0] == counts[1]
    assert counts[0] <= 22


def test_the_first_page_of_a_technician_is_their_day(jinxiu: Cast, client: Client) -> None:
    assert client.get("/jinxiu/").headers["Location"] == "/jinxiu/jobs/"


# --- the job ---


def test_the_job_says_what_is_next(jinxiu: Cast, client: Client) -> None:
    ticket = jinxiu.file()
    seen = [client.get(address(ticket)).context["step"]]
    for action in ("take", "set-off", "arrive"):
        client.post(address(ticket, f"{action}/"))
        seen.append(client.get(address(ticket)).context["step"])
    client.post(address(ticket, "finish/"), {"solution": "好了", "payer": "company"})
    seen.append(client.get(address(ticket)).context["step"])

    assert seen == ["take", "set_off", "arrive", "finish", "done"]


def test_somebody_elses_job_offers_nothing(jinxiu: Cast, client: Client) -> None:
    ticket = jinxiu.file()
    with company_scope(jinxiu.company.pk):
        handling.accept(ticket=ticket, by=jinxiu.actor("supervisor"), now=TUESDAY)
    answer = client.get(address(ticket))

    assert answer.context["step"] == "other"
    assert PHONE not in answer.content.decode()
    refused = client.post(address(ticket, "set-off/"), follow=True)
    assert [str(message) for message in refused.context["messages"]] == [
        "supervisor has this job now."
    ]


def test_the_number_is_there_for_whoever_has_the_job_and_written_down_once(
    jinxiu: Cast, client: Client
) -> None:
    ticket = job(jinxiu)
    first = client.get(address(ticket)).content.decode()
    client.get(address(ticket))
    client.post(address(ticket, "finish/"), {"solution": "好了", "payer": "company"})
    after = client.get(address(ticket)).content.decode()

    assert (f"tel:{PHONE}" in first, PHONE in after) == (True, False)
    with company_scope(jinxiu.company.pk):
        entries = AuditEntry.objects.filter(action="phone_for_job").values_list("subject_id")
        assert [each for (each,) in entries] == [ticket.pk]


def test_a_free_job_gives_no_number_away(jinxiu: Cast, client: Client) -> None:
    assert PHONE not in client.get(address(jinxiu.file())).content.decode()


def test_the_job_asks_as_often_with_three_of_everything(jinxiu: Cast, client: Client) -> None:
    ticket = job(jinxiu)
    client.get(address(ticket))
    counts = []
    for more in (1, 2):
        for number in range(more):
            client.post(address(ticket, "photo/"), {"stage": "before", "upload": photo()})
            client.post(address(ticket, "note/"), {"text": f"注意{number}"})
            client.post(
                address(ticket, "material/"), {"name": "皮带", "quantity": "1", "unit_price": "9"}
            )
        with CaptureQueriesContext(connection) as queries:
            client.get(address(ticket))
        counts.append(len(queries))

    assert counts[0] == counts[1]
    assert counts[0] <= 24


@pytest.mark.parametrize("role", ["owner", "desk"])
def test_jobs_are_for_those_who_do_them(jinxiu: Cast, sign_in: SignIn, role: str) -> None:
    ticket = jinxiu.file()
    client = sign_in(jinxiu.members[role])
    for place in ("/jinxiu/jobs/", address(ticket), "/jinxiu/jobs/session/"):
        assert client.get(place).status_code == 403
    assert client.post(address(ticket, "take/")).status_code == 403


def test_what_is_wrong_comes_back_as_it_was_typed(jinxiu: Cast, client: Client) -> None:
    ticket = job(jinxiu)
    for action, sent, words in (
        ("finish", {"solution": "", "minutes": "-5", "payer": "company"}, "-5"),
        ("material", {"name": "皮带", "quantity": "0", "unit_price": "9"}, "皮带"),
        ("photo", {"stage": "before", "upload": SimpleUploadedFile("a.jpg", b"text")}, "PDF"),
        ("note", {"text": ""}, "errorlist"),
    ):
        answer = client.post(address(ticket, f"{action}/"), sent)
        assert answer.status_code in (409, 422), action
        assert words in answer.content.decode(), action


def test_a_material_can_be_taken_out_again(jinxiu: Cast, client: Client) -> None:
    ticket, other = job(jinxiu), job(jinxiu)
    line = {"name": "皮带", "quantity": "2.5", "unit": "米", "unit_price": "9.99"}
    client.post(address(ticket, "material/"), line)
    with company_scope(jinxiu.company.pk):
        material = Material.objects.get()
    page = client.get(address(ticket)).content.decode()
    wrong = client.post(address(other, f"material/{material.pk}/remove/"))
    right = client.post(address(ticket, f"material/{material.pk}/remove/"))

    assert "2.5 米 × ¥9.99" in page
    assert "¥24.98" in page
    assert (wrong.status_code, right.status_code) == (404, 302)
    with company_scope(jinxiu.company.pk):
        assert Material.objects.count() == 0
        events = TicketEvent.objects.filter(kind=EventKind.WORKED).order_by("id")
        assert [event.data["removed"] for event in events] == [False, True]


# --- sent by a telephone ---


def send(client: Client, place: str, sent: dict[str, Any], key: str) -> Any:
    return client.post(place, sent, headers={"Idempotency-Key": key})


def test_what_arrives_twice_is_done_once(jinxiu: Cast, client: Client) -> None:
    ticket = job(jinxiu)
    line = {"name": "皮带", "quantity": "1", "unit_price": "9"}
    for action, sent in (("material", line), ("note", {"text": "小心漏电"})):
        key = str(uuid4())
        answers = [send(client, address(ticket, f"{action}/"), sent, key) for _ in range(3)]
        assert [each.json() for each in answers] == [{"taken": True}] * 3
    key = str(uuid4())
    for _again in range(3):
        sent = {"stage": "after", "upload": photo()}
        assert send(client, address(ticket, "photo/"), sent, key).status_code == 200

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
