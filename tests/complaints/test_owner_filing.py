"""Speaking up: everything arrives once and whole, or nothing does and no word is lost."""

import io
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from complaints.forms.owner import title_of
from complaints.models import Attachment, Category, Promise, Ticket
from complaints.models.kinds import SPOKEN
from complaints.views.owner_tiles import ORDER
from owners.models import Owner, Ownership, Unit
from tenancy.models import Community, Counter
from tenancy.scope import company_scope
from tests.complaints.test_owner_pages import address, owner, text_of
from tests.conftest import SignIn
from tests.factories.cast import Cast

__all__ = ["owner"]  # the fixture

WORDS = "电梯又停了。老人下不了楼，请快一点。"


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    """Where the files of this test go."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def photo(name: str = "lift.png") -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (8, 6), "red").save(out, "PNG")
    return SimpleUploadedFile(name, out.getvalue(), "image/png")


def said(cast: Cast, **more: Any) -> dict[str, Any]:
    facts = {
        "submission": str(uuid4()),
        "kind": "complaint",
        "category": str(cast.lift.pk),
        "text": WORDS,
        **more,
    }
    return {name: value for name, value in facts.items() if value is not None}


def send(client: Client, cast: Cast, **more: Any) -> Any:
    return client.post(address(cast, "ticket_file"), said(cast, **more))


def tickets(cast: Cast) -> list[Ticket]:
    with company_scope(cast.company.pk):
        return list(Ticket.objects.order_by("id").select_related("unit", "community", "owner"))


def files_below(place: Path) -> int:
    return sum(1 for each in place.rglob("*") if each.is_file())


# --- it arrives ---


def test_filing_makes_a_ticket_and_gives_number_and_promise(owner: Client, jinxiu: Cast) -> None:
    answer = send(owner, jinxiu, emergency="on", photos=[photo(), photo("door.png")])
    [ticket] = tickets(jinxiu)
    assert answer.url == address(jinxiu, "ticket_receipt", ticket)
    receipt = text_of(owner.get(answer.url))
    assert f"Your number: {ticket.number} Somebody will take it on by" in receipt
    assert "We will call you back by" in receipt
    with company_scope(jinxiu.company.pk):
        names = sorted(Attachment.objects.values_list("name", flat=True))
    facts = (ticket.title, ticket.description, ticket.urgency, ticket.source, names)
    assert facts == ("电梯又停了", WORDS, "emergency", "portal", ["door.png", "lift.png"])
    assert (ticket.unit, ticket.owner) == (jinxiu.unit, jinxiu.resident)


def test_receipt_of_a_complaint_promises_the_call_first(owner: Client, jinxiu: Cast) -> None:
    receipt = text_of(owner.get(send(owner, jinxiu).url))
    [ticket] = tickets(jinxiu)
    assert f"Your number: {ticket.number} We will call you back by" in receipt


def test_filing_twice_makes_one_ticket_with_its_photos_once(owner: Client, jinxiu: Cast) -> None:
    submission = str(uuid4())
    answers = [send(owner, jinxiu, submission=submission, photos=[photo()]) for _ in "12"]
    with company_scope(jinxiu.company.pk):
        counts = (Ticket.objects.count(), Attachment.objects.count())
    assert (counts, len({answer.url for answer in answers})) == ((1, 1), 1)


def test_other_words_under_the_same_name_are_another_ticket(owner: Client, jinxiu: Cast) -> None:
    submission = str(uuid4())
    for text in ("电梯停了", "灯坏了"):
        send(owner, jinxiu, submission=submission, text=text)
    assert {ticket.title for ticket in tickets(jinxiu)} == {"电梯停了", "灯坏了"}


def test_filing_without_a_promise_still_gives_a_number(owner: Client, jinxiu: Cast) -> None:
    with company_scope(jinxiu.company.pk):
        Promise.objects.all().delete()
    answer = send(owner, jinxiu)
    assert tickets(jinxiu)[0].number in text_of(owner.get(answer.url))


def test_receipt_without_a_callback_tells_when_it_is_taken_on(owner: Client, jinxiu: Cast) -> None:
    with company_scope(jinxiu.company.pk):
        Promise.objects.exclude(promise="acceptance").delete()
    text = text_of(owner.get(send(owner, jinxiu).url))
    assert "Somebody will take it on by" in text


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("电梯停了", "电梯停了"),
        ("电梯停了。请快修", "电梯停了"),
        ("The lift is out of order. Please come.", "The lift is out of order"),
        ("…。。\n\n灯坏了", "…"),
        ("。。。", "。。。"),
        ("好" * 50, "好" * 39 + "…"),
        ("  two \t words  ", "two words"),
    ],
)
def test_title_is_the_first_sentence(text: str, title: str) -> None:
    assert title_of(text) == title


def test_short_words_are_not_said_twice(owner: Client, jinxiu: Cast) -> None:
    send(owner, jinxiu, text="灯坏了")
    [ticket] = tickets(jinxiu)
    assert (ticket.title, ticket.description) == ("灯坏了", "")


@pytest.mark.parametrize(
    "text",
    [
        "😀👨‍👩‍👧 灯",
        "\u202eright to left\u202c",
        "好" * 10_000,
        "<script>alert(1)</script>",
        "a\r\nb",
    ],
)
def test_text_of_any_script_is_kept(owner: Client, jinxiu: Cast, text: str) -> None:
    answer = send(owner, jinxiu, text=text)
    [ticket] = tickets(jinxiu)
    assert (ticket.description or ticket.title, owner.get(answer.url).status_code) == (text, 200)


# --- it does not ---


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        ({"text": ""}, "Write a few words about it."),
        ({"text": "  \n "}, "Write a few words about it."),
        ({"text": "电梯\x00停了"}, "Null characters are not allowed."),
        ({"text": "好" * 10_001}, "At most 10000 characters; you have 10001."),
        ({"category": None}, "Choose what it is about."),
        ({"category": "nonsense"}, "Choose what it is about."),
        ({"category": "\x00"}, "Choose what it is about."),
        ({"category": str(uuid4())}, "Choose what it is about."),
        ({"kind": "repair"}, "Choose what it is about."),
        ({"kind": None}, "Choose what this is."),
        ({"kind": "gossip"}, "Select a valid choice. gossip is not one of the available choices."),
        ({"place": str(uuid4())}, "Choose one of your homes."),
    ],
)
def test_filing_that_is_wrong_says_so_and_keeps_the_words(
    owner: Client, jinxiu: Cast, more: dict[str, Any], problem: str
) -> None:
    answer = send(owner, jinxiu, **{"text": "一句要紧的话", **more})
    assert (answer.status_code, tickets(jinxiu)) == (422, [])
    assert answer.context["form"].errors.as_text().count(problem) == 1
    words = more.get("text", "一句要紧的话").strip()
    assert (words in answer.content.decode()) is True


def test_filing_refuses_category_and_home_of_another_company(
    owner: Client, jinxiu: Cast, heyue: Cast
) -> None:
    for more in ({"category": str(heyue.lift.pk)}, {"place": str(heyue.unit.pk)}):
        assert send(owner, jinxiu, **more).status_code == 422
    assert (tickets(jinxiu), tickets(heyue)) == ([], [])


def test_filing_refuses_a_closed_category(owner: Client, jinxiu: Cast) -> None:
    with company_scope(jinxiu.company.pk):
        Category.objects.filter(pk=jinxiu.lift.pk).update(is_active=False)
    assert (send(owner, jinxiu).status_code, tickets(jinxiu)) == (422, [])


@pytest.mark.parametrize(
    ("upload", "problem"),
    [
        (SimpleUploadedFile("empty.jpg", b"", "image/jpeg"), "“empty.jpg”: The file is empty."),
        (
            SimpleUploadedFile("words.jpg", b"these are words", "image/jpeg"),
            "“words.jpg”: Only photos (JPEG, PNG, WebP, GIF) and PDF files can be added.",
        ),
        (
            SimpleUploadedFile("page.jpg", b"<html><script>", "image/jpeg"),
            "“page.jpg”: Only photos (JPEG, PNG, WebP, GIF) and PDF files can be added.",
        ),
        (
            SimpleUploadedFile("big.jpg", b"x" * (15 * 1024 * 1024 + 1), "image/jpeg"),
            "“big.jpg”: The file is too large: at most 15 MB.",
        ),
    ],
    ids=["empty", "text", "html", "large"],
)
def test_filing_with_a_bad_file_makes_nothing(
    owner: Client, jinxiu: Cast, media: Path, upload: SimpleUploadedFile, problem: str
) -> None:
    upload.seek(0)
    answer = send(owner, jinxiu, photos=[photo(), upload])
    found = (answer.status_code, answer.context["form"].non_field_errors())
    assert found == (422, [problem])
    assert WORDS in answer.content.decode()
    with company_scope(jinxiu.company.pk):
        assert (Ticket.objects.count(), Counter.objects.count()) == (0, 0)
    assert files_below(media) == 0


def test_filing_with_too_many_files_makes_nothing(owner: Client, jinxiu: Cast) -> None:
    answer = send(owner, jinxiu, photos=[photo(f"{n}.png") for n in range(21)])
    assert answer.context["form"].errors == {"photos": ["Add at most 20 files."]}
    assert tickets(jinxiu) == []


def test_a_second_try_after_a_bad_file_makes_the_one_ticket(owner: Client, jinxiu: Cast) -> None:
    bad = send(owner, jinxiu, photos=[SimpleUploadedFile("x.jpg", b"words")])
    again = send(owner, jinxiu, submission=str(bad.context["submission"]), photos=[photo()])
    assert (again.status_code, len(tickets(jinxiu))) == (302, 1)


@pytest.mark.parametrize("submission", ["", "nonsense", "\x00"])
def test_a_submission_without_a_name_gets_one(owner: Client, jinxiu: Cast, submission: str) -> None:
    assert send(owner, jinxiu, submission=submission).status_code == 302


def test_somebody_else_s_submission_gives_nothing_away(
    owner: Client, jinxiu: Cast, heyue: Cast
) -> None:
    with company_scope(jinxiu.company.pk):
        neighbour = Owner.objects.create(name="李娜")
    same: dict[str, Any] = {"title": "电梯又停了", "description": WORDS}
    theirs, rivals = jinxiu.file(owner=neighbour, by="desk", **same), heyue.file(**same)
    answer = send(owner, jinxiu, submission=str(theirs.pk), photos=[photo()])
    assert (answer.status_code, theirs.number in text_of(answer)) == (422, False)
    mine = send(owner, jinxiu, submission=str(rivals.pk))
    assert owner.get(mine.url).status_code == 200
    with company_scope(jinxiu.company.pk):
        assert Attachment.objects.count() == 0


# --- who files, and about what ---


def second_home(cast: Cast) -> Unit:
    with company_scope(cast.company.pk):
        home: Unit = Unit.objects.create(
            building=cast.building, community=cast.community, number="0802", label="3栋0802"
        )
        Ownership.objects.create(owner=cast.resident, unit=home)
    return home


def test_several_homes_are_offered_and_the_chosen_one_is_meant(owner: Client, jinxiu: Cast) -> None:
    home = second_home(jinxiu)
    page = owner.get(address(jinxiu, "ticket_file"))
    assert [place.label for place in page.context["places"]] == ["3栋0802", "3栋1201"]
    send(owner, jinxiu, place=str(home.pk))
    assert [ticket.unit for ticket in tickets(jinxiu)] == [home]


def test_several_homes_and_none_chosen_is_asked_again(owner: Client, jinxiu: Cast) -> None:
    second_home(jinxiu)
    answer = send(owner, jinxiu)
    assert answer.context["form"].errors == {"place": ["Choose one of your homes."]}


def test_owner_without_a_home_speaks_of_the_community(owner: Client, jinxiu: Cast) -> None:
    with company_scope(jinxiu.company.pk):
        Ownership.objects.all().delete()
        Community.objects.filter(pk=jinxiu.community.pk).update(hotline="028-1234")
    page = owner.get(address(jinxiu, "ticket_file"))
    assert (page.context["hotline"], page.context["places"]) == ("028-1234", [jinxiu.community])
    send(owner, jinxiu)
    [ticket] = tickets(jinxiu)
    assert (ticket.unit, ticket.community) == (None, jinxiu.community)


def test_account_that_is_in_no_archive_is_told_to_call(owner: Client, jinxiu: Cast) -> None:
    with company_scope(jinxiu.company.pk):
        Owner.objects.update(membership=None)
    assert "not linked to a home yet" in text_of(owner.get(address(jinxiu, "ticket_file")))
    answer = send(owner, jinxiu)
    assert (answer.status_code, tickets(jinxiu)) == (422, [])


def test_staff_file_for_owners_elsewhere(jinxiu: Cast, sign_in: SignIn) -> None:
    assert sign_in(jinxiu.desk).get(address(jinxiu, "ticket_file")).status_code == 403


# --- the tiles ---


def test_tiles_show_what_the_company_takes_by_kind_and_class(owner: Client, jinxiu: Cast) -> None:
    with company_scope(jinxiu.company.pk):
        jinxiu.lift.icon = "elevator"
        jinxiu.lift.save()
    kinds = owner.get(address(jinxiu, "ticket_file")).context["kinds"]
    found = [
        (kind.value, kind.is_chosen, group.value, group.is_chosen, tile.name, tile.icon)
        for kind in kinds
        for group in kind.groups
        for tile in group.tiles
    ]
    assert found == [
        ("complaint", True, "facilities", True, "Lift", "elevator"),
        ("complaint", True, "incident", False, "电梯困人", "incident"),
        ("repair", False, "", True, "水管", "repair"),
    ]


def test_tiles_remember_what_was_chosen(owner: Client, jinxiu: Cast) -> None:
    answer = send(owner, jinxiu, category=str(jinxiu.trapped.pk), text="")
    [complaint, _repair] = answer.context["kinds"]
    assert [(group.is_chosen, group.tiles[0].is_chosen) for group in complaint.groups] == [
        (False, False),
        (True, True),
    ]
    assert complaint.groups[1].tiles[0].is_emergency is True


def test_company_without_categories_offers_no_tiles(owner: Client, jinxiu: Cast) -> None:
    with company_scope(jinxiu.company.pk):
        Category.objects.update(is_active=False)
    assert owner.get(address(jinxiu, "ticket_file")).context["kinds"] == []


@pytest.mark.parametrize("kind", SPOKEN)
def test_every_kind_has_a_place_in_the_order(kind: str) -> None:
    assert kind in ORDER
