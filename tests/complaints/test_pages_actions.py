"""What staff do to a ticket from its page."""

import io
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from complaints.models import Attachment, Callback, Status, Ticket, TicketEvent
from tenancy.models import Community, Membership, MembershipCommunity
from tenancy.scope import company_scope
from tests.complaints.test_pages_ticket import bring_to, url
from tests.conftest import SignIn
from tests.factories.cast import Cast

NASTY = ["a\x00b", "x" * 10_001]
FINE = ["😀" * 10, "\u202eevil\u202c", "x" * 10_000, "<script>alert(1)</script>", "上门维修"]


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


def test_handing_over_to_somebody_who_looks_after_other_places_comes_back(
    jinxiu: Cast, ticket: Ticket, desk: Client
) -> None:
    with company_scope(jinxiu.company.pk):
        elsewhere = Community.objects.create(name="月亮湾")
        Membership.objects.filter(pk=jinxiu.technician.pk).update(all_communities=False)
        MembershipCommunity.objects.create(membership=jinxiu.technician, community=elsewhere)
    to = f"{jinxiu.engineering.pk}:{jinxiu.technician.pk}"
    assert desk.post(url(jinxiu, ticket, "ticket_assign"), {"to": to}).status_code == 422


def test_a_name_of_an_act_that_cannot_be_kept_is_none(
    jinxiu: Cast, ticket: Ticket, desk: Client
) -> None:
    sent = {"text": "你好", "submission": "a\x00b"}
    assert desk.post(url(jinxiu, ticket, "ticket_comment"), sent).status_code == 302
