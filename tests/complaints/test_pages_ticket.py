"""A ticket's page for staff, and what can be done from it."""

import io
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from complaints.models import Attachment, Callback, Status, Ticket, TicketEvent
from complaints.services.calling import call_back
from complaints.services.handling import accept, close, pause, resolve, resume
from complaints.services.owner_voice import rate
from complaints.services.talking import comment, note
from tenancy.scope import company_scope
from tests.conftest import SignIn
from tests.factories.cast import TUESDAY, Cast, resident

LATER = TUESDAY + timedelta(hours=1)
NASTY = ["a\x00b", "x" * 10_001]
FINE = ["😀" * 10, "\u202eevil\u202c", "x" * 10_000, "<script>alert(1)</script>", "上门维修"]


def url(cast: Cast, ticket: Any, name: str = "ticket_detail") -> str:
    pk = getattr(ticket, "pk", ticket)
    return reverse(f"complaints:{name}", kwargs={"company": cast.company.slug, "pk": pk})


def fresh(cast: Cast, ticket: Ticket) -> Ticket:
    with company_scope(cast.company.pk):
        found: Ticket = Ticket.objects.select_related("assignee", "department").get(pk=ticket.pk)
        return found


def kinds(cast: Cast, ticket: Ticket) -> list[str]:
    with company_scope(cast.company.pk):
        events = TicketEvent.objects.filter(ticket_id=ticket.pk).order_by("at", "id")
        return list(events.values_list("kind", flat=True))


@pytest.fixture
def ticket(jinxiu: Cast) -> Ticket:
    return jinxiu.file()


@pytest.fixture
def desk(jinxiu: Cast, sign_in: SignIn) -> Client:
    return sign_in(jinxiu.desk)


@pytest.mark.parametrize("role", ["owner", "technician", "desk", "supervisor", "manager", "admin"])
def test_ticket_is_seen_by_its_owner_and_by_staff(
    jinxiu: Cast, ticket: Ticket, sign_in: SignIn, role: str
) -> None:
    assert sign_in(jinxiu.members[role]).get(url(jinxiu, ticket)).status_code == 200


def test_ticket_of_the_rival_is_as_absent_as_none(
    jinxiu: Cast, heyue: Cast, desk: Client, sign_in: SignIn
) -> None:
    theirs = heyue.file()
    answers = [
        desk.get(url(jinxiu, theirs)),
        desk.get(url(jinxiu, uuid4())),
        sign_in(heyue.desk).get(url(jinxiu, jinxiu.file())),
    ]
    assert [answer.status_code for answer in answers] == [404, 404, 404]


def test_ticket_of_another_owner_is_absent(jinxiu: Cast, sign_in: SignIn) -> None:
    with company_scope(jinxiu.company.pk):
        other = resident(jinxiu, "李娜")
    ticket = jinxiu.file(owner=other)
    assert sign_in(jinxiu.owner).get(url(jinxiu, ticket)).status_code == 404


@pytest.mark.parametrize(
    ("status", "role", "expected"),
    [
        (
            "new",
            "desk",
            ["accept", "assign", "attach", "call", "comment", "note", "resolve"],
        ),
        ("new", "technician", ["accept", "attach", "comment", "note", "resolve"]),
        (
            "accepted",
            "desk",
            ["assign", "attach", "call", "comment", "note", "pause", "resolve"],
        ),
        (
            "paused",
            "desk",
            ["assign", "attach", "call", "comment", "note", "resolve", "resume"],
        ),
        ("resolved", "desk", ["attach", "call", "close", "comment", "note", "reopen"]),
        ("closed", "desk", ["note", "reopen"]),
        ("closed", "technician", ["note"]),
    ],
)
def test_ticket_offers_only_what_can_be_done(
    jinxiu: Cast, ticket: Ticket, sign_in: SignIn, status: str, role: str, expected: list[str]
) -> None:
    bring_to(jinxiu, ticket, status)
    answer = sign_in(jinxiu.members[role]).get(url(jinxiu, ticket))
    assert sorted(answer.context["offers"]) == expected


def bring_to(cast: Cast, ticket: Ticket, status: str) -> None:
    by: dict[str, Any] = {"ticket": ticket, "by": cast.actor("desk"), "now": TUESDAY}
    with company_scope(cast.company.pk):
        if status in ("accepted", "paused"):
            accept(**by)
        if status == "paused":
            pause(reason="part", **by)
        if status in ("resolved", "closed"):
            resolve(solution="换了门机", **by)
        if status == "closed":
            call_back(outcome="reached_satisfied", **by)
            close(**by)


def test_ticket_without_an_owner_offers_no_call(jinxiu: Cast, desk: Client) -> None:
    ticket = jinxiu.file(owner=None)
    assert "call" not in desk.get(url(jinxiu, ticket)).context["offers"]


def test_ticket_tells_everything_that_happened(jinxiu: Cast, ticket: Ticket, desk: Client) -> None:
    by: dict[str, Any] = {"by": jinxiu.actor("desk")}
    with company_scope(jinxiu.company.pk):
        accept(ticket=ticket, now=TUESDAY, **by)
        pause(ticket=ticket, reason="part", note="门机", now=TUESDAY, **by)
        resume(ticket=ticket, now=LATER, **by)
        call_back(ticket=ticket, outcome="no_answer", now=LATER, **by)
        comment(ticket=ticket, text="明天上午来", now=LATER, **by)
        note(ticket=ticket, text="业主很生气", now=LATER, **by)
        resolve(ticket=ticket, solution="换了门机", now=LATER, **by)
        call_back(ticket=ticket, outcome="reached_satisfied", note="好了", now=LATER, **by)
        rate(ticket=ticket, score=1, fixed=False, by=jinxiu.actor("owner"), now=LATER)
    answer = desk.get(url(jinxiu, ticket), headers={"Accept-Language": "en"})
    told = [(entry.kind, entry.text) for entry in reversed(answer.context["timeline"])]
    assert told == [
        ("filed", ""),
        ("accepted", ""),
        ("paused", "门机"),
        ("resumed", ""),
        ("called_back", ""),
        ("commented", "明天上午来"),
        ("noted", "业主很生气"),
        ("resolved", "换了门机"),
        ("called_back", "好了"),
        ("rated", ""),
        ("reopened", "not fixed"),
        ("escalated", "not fixed"),
    ]
    resumed = answer.context["timeline"][-4]
    assert resumed.lines[0] == "Waited 1 hour; that does not count."


def test_ticket_shows_the_owner_nothing_internal(
    jinxiu: Cast, ticket: Ticket, sign_in: SignIn
) -> None:
    with company_scope(jinxiu.company.pk):
        note(ticket=ticket, text="业主很生气", by=jinxiu.actor("desk"), now=TUESDAY)
    assert "业主很生气" not in sign_in(jinxiu.owner).get(url(jinxiu, ticket)).content.decode()


def test_ticket_stands_beside_its_owners_history(jinxiu: Cast, desk: Client) -> None:
    before = jinxiu.file(title="上次", now=TUESDAY - timedelta(days=10))
    with company_scope(jinxiu.company.pk):
        other = resident(jinxiu, "李娜")
        resolve(ticket=before, solution="done", by=jinxiu.actor("technician"), now=TUESDAY)
        rate(ticket=before, score=5, by=jinxiu.actor("owner"), now=TUESDAY)
    jinxiu.file(title="邻居", owner=other)
    beside = desk.get(url(jinxiu, jinxiu.file())).context["beside"]
    assert [(each.title, each.score) for each in beside.tickets] == [("上次", 5)]
    assert [(each.title, each.owner) for each in beside.neighbours] == [("邻居", "李娜")]
    assert (beside.repeats, beside.phone) == (1, "138****0001")


def test_ticket_masks_the_phone(jinxiu: Cast, ticket: Ticket, desk: Client) -> None:
    page = desk.get(url(jinxiu, ticket)).content.decode()
    assert ("138****0001" in page, "13800000001" in page) == (True, False)


def test_technician_reads_no_archive(jinxiu: Cast, ticket: Ticket, sign_in: SignIn) -> None:
    assert sign_in(jinxiu.technician).get(url(jinxiu, ticket)).context["beside"].owner is None


@pytest.mark.parametrize("count", [1, 3])
def test_ticket_asks_the_same_number_of_queries(
    jinxiu: Cast, ticket: Ticket, desk: Client, count: int
) -> None:
    by: dict[str, Any] = {"by": jinxiu.actor("desk"), "now": TUESDAY}
    for number in range(count):
        earlier = jinxiu.file(title=f"{number}", now=TUESDAY - timedelta(days=1))
        with company_scope(jinxiu.company.pk):
            call_back(ticket=earlier, outcome="busy", **by)
            call_back(ticket=ticket, outcome="busy", **by)
            note(ticket=ticket, text=f"{number}", **by)
    desk.get(url(jinxiu, ticket))
    with CaptureQueriesContext(connection) as queries:
        desk.get(url(jinxiu, ticket))
    assert len(queries) == QUERIES, [each["sql"][:160] for each in queries]


# Session, user, company, membership and the company's mark; the ticket, its deadlines, events and
# files; the owner's homes, tickets, ratings and calls, the neighbours' likewise; handlers; bell.
QUERIES = 23


def test_accepting_takes_it_in_hand(jinxiu: Cast, ticket: Ticket, desk: Client) -> None:
    answer = desk.post(url(jinxiu, ticket, "ticket_accept"))
    assert (answer.status_code, answer.headers["Location"]) == (302, url(jinxiu, ticket))
    now = fresh(jinxiu, ticket)
    assert (now.status, now.assignee) == (Status.ACCEPTED, jinxiu.desk)


def test_accepting_twice_is_refused_in_words(jinxiu: Cast, ticket: Ticket, desk: Client) -> None:
    desk.post(url(jinxiu, ticket, "ticket_accept"))
    desk.get(url(jinxiu, ticket))  # shows that the first time went well
    answer = desk.post(url(jinxiu, ticket, "ticket_accept"), follow=True)
    assert kinds(jinxiu, ticket) == ["filed", "accepted"]
    assert [message.level_tag for message in answer.context["messages"]] == ["error"]


@pytest.mark.parametrize(
    ("name", "data", "event"),
    [
        ("ticket_pause", {"reason": "part", "note": "门机"}, "paused"),
        ("ticket_call", {"outcome": "busy", "note": ""}, "called_back"),
        ("ticket_resolve", {"solution": "换了门机"}, "resolved"),
        ("ticket_comment", {"text": "明天上午来"}, "commented"),
        ("ticket_note", {"text": "业主很生气"}, "noted"),
    ],
)
def test_actions_are_recorded(
    jinxiu: Cast, ticket: Ticket, desk: Client, name: str, data: dict[str, str], event: str
) -> None:
    bring_to(jinxiu, ticket, "accepted")
    assert desk.post(url(jinxiu, ticket, name), data).status_code == 302
    assert kinds(jinxiu, ticket) == ["filed", "accepted", event]


def test_resume_close_and_reopen(jinxiu: Cast, ticket: Ticket, desk: Client) -> None:
    bring_to(jinxiu, ticket, "paused")
    desk.post(url(jinxiu, ticket, "ticket_resume"))
    desk.post(url(jinxiu, ticket, "ticket_resolve"), {"solution": "换了"})
    desk.post(url(jinxiu, ticket, "ticket_close"))  # refused: a call is owed
    desk.post(url(jinxiu, ticket, "ticket_call"), {"outcome": "reached_satisfied"})
    desk.post(url(jinxiu, ticket, "ticket_close"))
    desk.post(url(jinxiu, ticket, "ticket_reopen"), {"reason": "又坏了"})
    assert kinds(jinxiu, ticket)[3:] == ["resumed", "resolved", "called_back", "closed", "reopened"]


def test_handing_over_to_a_person_of_a_department(
    jinxiu: Cast, ticket: Ticket, desk: Client
) -> None:
    to = f"{jinxiu.engineering.pk}:{jinxiu.technician.pk}"
    desk.post(url(jinxiu, ticket, "ticket_assign"), {"to": to})
    now = fresh(jinxiu, ticket)
    assert (now.department, now.assignee) == (jinxiu.engineering, jinxiu.technician)


def test_handing_over_to_a_department_as_a_whole(
    jinxiu: Cast, ticket: Ticket, desk: Client
) -> None:
    desk.post(url(jinxiu, ticket, "ticket_assign"), {"to": f"{jinxiu.desk_department.pk}:"})
    now = fresh(jinxiu, ticket)
    assert (now.department, now.assignee) == (jinxiu.desk_department, None)


def test_handing_over_to_somebody_without_a_department(
    jinxiu: Cast, ticket: Ticket, desk: Client
) -> None:
    desk.post(url(jinxiu, ticket, "ticket_assign"), {"to": f":{jinxiu.manager.pk}"})
    assert fresh(jinxiu, ticket).assignee == jinxiu.manager


@pytest.mark.parametrize("to", ["", "x", ":", "\x00", f"{UUID(int=1)}:{UUID(int=2)}"])
def test_handing_over_to_nobody_known_comes_back(
    jinxiu: Cast, ticket: Ticket, desk: Client, to: str
) -> None:
    assert desk.post(url(jinxiu, ticket, "ticket_assign"), {"to": to}).status_code == 422


def test_handing_over_to_the_rivals_people_comes_back(
    jinxiu: Cast, heyue: Cast, ticket: Ticket, desk: Client
) -> None:
    to = f"{heyue.engineering.pk}:{heyue.technician.pk}"
    assert desk.post(url(jinxiu, ticket, "ticket_assign"), {"to": to}).status_code == 422


@pytest.mark.parametrize("text", NASTY)
@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("ticket_comment", "text"),
        ("ticket_note", "text"),
        ("ticket_resolve", "solution"),
        ("ticket_call", "note"),
        ("ticket_pause", "note"),
    ],
)
def test_words_that_cannot_be_kept_come_back_with_what_is_wrong(
    jinxiu: Cast, ticket: Ticket, desk: Client, name: str, field: str, text: str
) -> None:
    bring_to(jinxiu, ticket, "accepted")
    data = {"reason": "part", "outcome": "busy", field: text}
    answer = desk.post(url(jinxiu, ticket, name), data)
    bound = answer.context["forms"][answer.context["bound"]]
    assert (answer.status_code, list(bound.errors)) == (422, [field])


@pytest.mark.parametrize("text", FINE)
def test_words_of_any_script_are_kept(
    jinxiu: Cast, ticket: Ticket, desk: Client, text: str
) -> None:
    desk.post(url(jinxiu, ticket, "ticket_comment"), {"text": text})
    page = desk.get(url(jinxiu, ticket))
    assert page.context["timeline"][0].text == text
    assert "<script>alert" not in page.content.decode()


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_nothing_said_is_no_message(jinxiu: Cast, ticket: Ticket, desk: Client, text: str) -> None:
    assert desk.post(url(jinxiu, ticket, "ticket_comment"), {"text": text}).status_code == 422


def test_words_are_not_lost_when_the_ticket_has_moved_on(
    jinxiu: Cast, ticket: Ticket, desk: Client
) -> None:
    bring_to(jinxiu, ticket, "closed")
    answer = desk.post(url(jinxiu, ticket, "ticket_comment"), {"text": "一段很长的话"})
    assert (answer.status_code, "一段很长的话" in answer.content.decode()) == (409, True)


@pytest.mark.parametrize("outcome", ["", "nonsense", "\x00"])
def test_a_call_that_ended_in_no_known_way_is_not_logged(
    jinxiu: Cast, ticket: Ticket, desk: Client, outcome: str
) -> None:
    answer = desk.post(url(jinxiu, ticket, "ticket_call"), {"outcome": outcome})
    with company_scope(jinxiu.company.pk):
        assert (answer.status_code, Callback.objects.count()) == (422, 0)


@pytest.mark.parametrize(
    ("back", "expected"),
    [("calls", "/jinxiu/calls/"), ("late", "/jinxiu/late/"), ("//evil.example", "")],
)
def test_actions_lead_back_to_the_list_they_came_from(
    jinxiu: Cast, ticket: Ticket, desk: Client, back: str, expected: str
) -> None:
    data = {"outcome": "busy", "back": back}
    answer = desk.post(url(jinxiu, ticket, "ticket_call"), data)
    assert answer.headers["Location"] == (expected or url(jinxiu, ticket))


def picture() -> SimpleUploadedFile:
    content = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(content, "PNG")
    return SimpleUploadedFile("门\u202egnp.png", content.getvalue())


def test_files_are_added_and_handed_out(
    jinxiu: Cast, ticket: Ticket, desk: Client, sign_in: SignIn, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    desk.post(url(jinxiu, ticket, "ticket_attach"), {"upload": picture()})
    with company_scope(jinxiu.company.pk):
        attachment = Attachment.objects.get()
    answer = desk.get(url(jinxiu, attachment, "attachment"))
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/webp")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["Content-Disposition"].startswith("inline; filename")
    assert answer.getvalue()[:4] == b"RIFF"
    theirs = sign_in(jinxiu.owner).get(url(jinxiu, attachment, "attachment"))
    assert theirs.getvalue()[:4] == b"RIFF"
    saved = desk.get(url(jinxiu, attachment, "attachment") + "?download")
    assert saved.headers["Content-Disposition"].startswith("attachment; filename")
    assert saved.getvalue()[:4] == b"RIFF"


def test_files_of_others_are_absent(
    jinxiu: Cast, heyue: Cast, ticket: Ticket, desk: Client, sign_in: SignIn, settings: Any,
    tmp_path: Any,
) -> None:  # fmt: skip
    settings.MEDIA_ROOT = str(tmp_path)
    desk.post(url(jinxiu, ticket, "ticket_attach"), {"upload": picture()})
    with company_scope(jinxiu.company.pk):
        attachment = Attachment.objects.get()
    theirs = sign_in(heyue.desk)
    answers = [
        theirs.get(url(jinxiu, attachment, "attachment")),
        theirs.get(url(heyue, attachment, "attachment")),
    ]
    attachment.file.storage.delete(attachment.file.name)
    answers.append(desk.get(url(jinxiu, attachment, "attachment")))
    assert [answer.status_code for answer in answers] == [404, 404, 404]


def test_files_that_are_neither_photo_nor_pdf_are_refused(
    jinxiu: Cast, ticket: Ticket, desk: Client
) -> None:
    upload = SimpleUploadedFile("photo.jpg", b"<script>alert(1)</script>")
    answer = desk.post(url(jinxiu, ticket, "ticket_attach"), {"upload": upload})
    assert (answer.status_code, answer.context["bound"]) == (409, "attach")


def test_actions_on_the_rivals_ticket_find_nothing(jinxiu: Cast, heyue: Cast, desk: Client) -> None:
    theirs = heyue.file()
    names = [
        "accept", "assign", "pause", "resume", "call", "resolve", "close", "reopen", "comment",
        "note", "attach",
    ]  # fmt: skip
    statuses = {desk.post(url(jinxiu, theirs, f"ticket_{name}")).status_code for name in names}
    assert statuses == {404}


def test_an_owner_does_none_of_the_staffs_work(
    jinxiu: Cast, ticket: Ticket, sign_in: SignIn
) -> None:
    owner = sign_in(jinxiu.owner)
    names = ["accept", "assign", "pause", "resume", "call", "resolve", "close", "reopen", "note"]
    statuses = {owner.post(url(jinxiu, ticket, f"ticket_{name}")).status_code for name in names}
    assert statuses == {403}


def test_an_owners_bad_message_comes_back_on_their_own_page(
    jinxiu: Cast, ticket: Ticket, sign_in: SignIn
) -> None:
    answer = sign_in(jinxiu.owner).post(url(jinxiu, ticket, "ticket_comment"), {"text": "\x00"})
    assert (answer.status_code, answer.templates[0].name) == (422, "complaints/owner_ticket.html")


def test_actions_are_never_done_by_following_a_link(
    jinxiu: Cast, ticket: Ticket, desk: Client
) -> None:
    assert desk.get(url(jinxiu, ticket, "ticket_accept")).status_code == 405
