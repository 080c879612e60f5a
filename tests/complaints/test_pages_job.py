"""A technician's pages: the day, the job, and what is sent twice."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from complaints.models import Attachment, EventKind, Material, Ticket, TicketEvent, WorkRecord
from complaints.services import handling, working
from tenancy.models import AuditEntry
from tenancy.scope import company_scope
from tests.complaints.jobs import HOUR, address, job, photo, send
from tests.conftest import SignIn
from tests.factories.cast import PHONE, TUESDAY, Cast


@pytest.fixture(autouse=True)
def tuesday(settings: Any, tmp_path: Any) -> Any:
    settings.MEDIA_ROOT = str(tmp_path)
    with time_machine.travel(TUESDAY + HOUR, tick=False):
        yield


@pytest.fixture
def client(jinxiu: Cast) -> Client:
    return SignIn()(jinxiu.technician)


JOBS_QUERIES = 15
JOB_QUERIES = 21


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
    assert [(each.row.pk, each.step) for each in context["free"]] == [(free.pk, "take")]
    assert [each.row.pk for each in context["finished"]] == [done.pk]


def test_the_stops_of_the_day_are_in_the_order_of_their_promises(
    jinxiu: Cast, client: Client
) -> None:
    later, late = job(jinxiu), job(jinxiu, category=jinxiu.trapped)
    with time_machine.travel(TUESDAY + timedelta(days=3) - HOUR / 2, tick=False):
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
    client.get("/jinxiu/jobs/")
    counts = []
    for _more in (1, 2):
        for _each in range(_more):
            job(jinxiu)
            jinxiu.file()
        with CaptureQueriesContext(connection) as queries:
            client.get("/jinxiu/jobs/")
        counts.append(len(queries))

    assert counts == [JOBS_QUERIES] * 2


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


def test_a_job_that_the_desk_accepted_is_still_to_be_taken(jinxiu: Cast, client: Client) -> None:
    """Accepted by the desk at noon, taken by a technician an hour later: that is when it began."""
    ticket = jinxiu.file()
    with company_scope(jinxiu.company.pk):
        desk = jinxiu.actor("desk")
        handling.accept(ticket=ticket, by=desk, now=TUESDAY)
        handling.assign(
            ticket=ticket, department=jinxiu.engineering, assignee=None, by=desk, now=TUESDAY
        )
    free = client.get("/jinxiu/jobs/").context["free"]
    assert [(each.step_label, each.step) for each in free] == [("not taken yet", "take")]
    before = client.get(address(ticket)).context
    client.post(address(ticket, "take/"))
    after = client.get(address(ticket)).context

    assert (before["step"], before["taken_at"]) == ("take", None)
    assert (after["step"], after["taken_at"]) == ("set_off", TUESDAY + HOUR)


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

    assert counts == [JOB_QUERIES] * 2


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
        ("photo", {"stage": "before"}, "errorlist"),
        ("note", {"text": ""}, "errorlist"),
    ):
        answer = client.post(address(ticket, f"{action}/"), sent)
        assert answer.status_code in (409, 422), action
        assert words in answer.content.decode(), action


def test_photos_of_the_album_come_together_or_not_at_all(jinxiu: Cast, client: Client) -> None:
    ticket = job(jinxiu)
    page = client.get(address(ticket)).content.decode()
    inputs = re.findall(r'<input type="file" name="upload"[^>]*>', page)
    asks = [("capture" in each, "multiple" in each) for each in inputs]
    assert asks == [(True, False), (False, True)] * 2

    words = SimpleUploadedFile("a.jpg", b"text")
    counts = []
    for uploads in ([photo(), words], [photo(), photo()]):
        client.post(address(ticket, "photo/"), {"stage": "after", "upload": uploads})
        with company_scope(jinxiu.company.pk):
            counts.append(Attachment.objects.filter(stage="after").count())
    assert counts == [0, 2]


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


# --- the desk puts it right ---


def correction_of(ticket: Ticket) -> str:
    return f"/jinxiu/tickets/{ticket.pk}/work/"


def test_the_desk_corrects_a_record_in_the_companys_time(
    jinxiu: Cast, client: Client, sign_in: SignIn
) -> None:
    ticket = job(jinxiu)
    desk = sign_in(jinxiu.desk)
    assert desk.get(correction_of(ticket)).status_code == 404  # nobody has worked on it yet
    client.post(address(ticket, "arrive/"))
    page = desk.get(correction_of(ticket)).content.decode()
    assert 'value="10:00"' in page
    sent = {
        "arrived_at_0": "2026-11-10",
        "arrived_at_1": "09:30",
        "labour_fee": "0",
        "payer": "company",
    }
    sent["payer"] = "owner"
    wrong = desk.post(
        correction_of(ticket), {**sent, "done_at_0": "2026-11-10", "done_at_1": "23:00"}
    )
    right = desk.post(correction_of(ticket), sent)

    assert (wrong.status_code, right.status_code) == (422, 302)
    with company_scope(jinxiu.company.pk):
        assert WorkRecord.objects.get().arrived_at == TUESDAY + HOUR / 2
    story = desk.get(f"/jinxiu/tickets/{ticket.pk}/").content.decode()
    assert "arrived at: Tue 10 Nov, 10:00 → Tue 10 Nov, 09:30" in story
    assert "who pays: the property company → the owner" in story
    desk.post(correction_of(ticket), {**sent, "arrived_at_0": "", "arrived_at_1": ""})
    story = desk.get(f"/jinxiu/tickets/{ticket.pk}/").content.decode()
    assert "arrived at: Tue 10 Nov, 09:30 → –" in story
    assert client.get(correction_of(ticket)).status_code == 403


def test_owners_and_staff_see_the_visit(jinxiu: Cast, client: Client, sign_in: SignIn) -> None:
    ticket = job(jinxiu)
    # A clock that is a day slow.
    said = {"said_at": "2026-11-09T01:30:00Z", "sent_at": "2026-11-09T02:00:00Z"}
    send(client, address(ticket, "set-off/"), said, "zero")
    client.post(address(ticket, "photo/"), {"stage": "before", "upload": photo()})
    said = {"said_at": "2026-11-10T01:40:00Z", "sent_at": "2026-11-10T02:00:00Z"}
    send(client, address(ticket, "arrive/"), said, "one")
    line = {"name": "门机皮带", "quantity": "1", "unit_price": "86"}
    client.post(address(ticket, "material/"), line)
    client.post(
        address(ticket, "finish/"),
        {"solution": "好了", "minutes": "30", "payer": "owner", "labour_fee": "20"},
    )
    owner = sign_in(jinxiu.owner).get(f"/jinxiu/tickets/{ticket.pk}/").content.decode()
    desk = sign_in(jinxiu.desk).get(f"/jinxiu/tickets/{ticket.pk}/").content.decode()

    for page in (owner, desk):
        assert "¥106.00" in page
        assert "Before the work" in page
    assert "technician is on the way." in owner
    assert "It was at" in desk
    assert "The clock of the phone was wrong; it has been set right." in desk
    assert "material used" in desk.lower()
    assert "Working minutes: 30" not in owner
