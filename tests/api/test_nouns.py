"""Everything around tickets: owners, units, places, people, categories, notifications."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from complaints.models import Attachment
from owners.models import Owner
from owners.services.archive import update_owner
from tenancy.models import AuditEntry, Community, MembershipCommunity
from tenancy.permissions import Role
from tenancy.scope import company_scope
from tests.api.conftest import ApiOf
from tests.factories.cast import TUESDAY, Cast, resident

NOUNS = {
    "tickets": lambda cast: cast.file(),
    "owners": lambda cast: cast.resident,
    "units": lambda cast: cast.unit,
    "communities": lambda cast: cast.community,
    "departments": lambda cast: cast.engineering,
    "categories": lambda cast: cast.lift,
    "members": lambda cast: cast.desk,
}


@pytest.mark.parametrize("noun", NOUNS)
def test_nothing_of_the_rival_is_listed_or_found(
    jinxiu: Cast, heyue: Cast, api: ApiOf, noun: str
) -> None:
    ours, theirs = NOUNS[noun](jinxiu), NOUNS[noun](heyue)
    admin = api(jinxiu.admin)

    listed = {row["id"] for row in admin.results(f"{noun}/")}
    assert str(ours.pk) in listed
    with company_scope(heyue.company.pk):
        everything = {str(pk) for pk in type(theirs).objects.values_list("pk", flat=True)}
    assert listed & everything == set()
    assert admin.get(f"{noun}/{ours.pk}/").json()["id"] == str(ours.pk)
    missing = admin.get(f"{noun}/{ours.company_id}/").json()
    hidden = admin.get(f"{noun}/{theirs.pk}/").json()
    assert {**hidden, "instance": ""} == {**missing, "instance": ""}


@pytest.fixture
def known(jinxiu: Cast) -> Owner:
    """The resident, with numbers."""
    with company_scope(jinxiu.company.pk):
        return update_owner(
            owner=jinxiu.resident,
            by=jinxiu.actor("desk"),
            now=TUESDAY,
            phone="13800000001",
            id_number="11010519491231002X",
        )


def test_an_owner_is_shown_masked(jinxiu: Cast, api: ApiOf, known: Owner) -> None:
    desk = api(jinxiu.desk)
    (listed,) = desk.results("owners/")
    assert (listed["name"], listed["phone"], listed["id_number"]) == (
        "张伟",
        "138****0001",
        "110***********002X",
    )
    assert listed["has_account"] is True
    whole = desk.get(f"owners/{known.pk}/").json()
    assert whole["units"] == [
        {
            "unit": str(jinxiu.unit.pk),
            "label": "3栋1201",
            "community": str(jinxiu.community.pk),
            "role": "owner",
            "since": None,
            "until": None,
        }
    ]
    assert {**listed, "units": whole["units"]} == whole


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("search=张伟", 1),
        ("search=zhangwei", 1),
        ("search=13800000001", 1),
        ("search=0001", 1),
        ("search=3-1201", 1),
        ("search=李四", 1),
        ("search=王五", 0),
        ("unit={unit}", 1),
        ("community={community}", 1),
    ],
)
def test_owners_are_found(jinxiu: Cast, api: ApiOf, known: Owner, query: str, count: int) -> None:
    with company_scope(jinxiu.company.pk):
        resident(jinxiu, "李四")
    query = query.format(unit=jinxiu.unit.pk, community=jinxiu.community.pk)
    found = api(jinxiu.desk).results(f"owners/?{query}")
    expected = 2 if query == "search=13800000001" else count  # 李四 shares the telephone
    assert len(found) == expected


def test_a_reveal_is_written_down(jinxiu: Cast, api: ApiOf, known: Owner) -> None:
    desk = api(jinxiu.desk)
    answer = desk.post(f"owners/{known.pk}/reveal/", {"field": "phone"})

    assert answer.json() == {"field": "phone", "value": "+8613800000001"}
    assert answer["Cache-Control"] == "no-store"
    with company_scope(jinxiu.company.pk):
        entry = AuditEntry.objects.get(action="reveal_phone")
    assert (entry.by_id, entry.subject_id, entry.address) == (
        jinxiu.desk.pk,
        known.pk,
        "127.0.0.1",
    )
    assert desk.post(f"owners/{known.pk}/reveal/", {"field": "name"}).status_code == 400


def test_a_reveal_needs_the_right_and_the_scope(jinxiu: Cast, api: ApiOf, known: Owner) -> None:
    for client, code in (
        (api(jinxiu.technician), "not_allowed"),
        (api(jinxiu.owner), "not_allowed"),
        (api(jinxiu.desk, "read", "write"), "scope_missing"),
    ):
        answer = client.post(f"owners/{known.pk}/reveal/", {"field": "phone"})
        assert (answer.status_code, answer.json()["code"]) == (403, code)
    with company_scope(jinxiu.company.pk):
        assert not AuditEntry.objects.filter(action="reveal_phone").exists()
        bare = Owner.objects.create(name="无号")
    empty = api(jinxiu.desk).post(f"owners/{bare.pk}/reveal/", {"field": "phone"})
    assert (empty.status_code, empty.json()["code"]) == (409, "nothing_to_reveal")


def test_a_unit_names_its_people_to_those_who_may_know(jinxiu: Cast, api: ApiOf) -> None:
    path = f"units/{jinxiu.unit.pk}/"
    assert api(jinxiu.desk).get(path).json()["owners"] == [
        {"id": str(jinxiu.resident.pk), "name": "张伟", "role": "owner", "since": None}
    ]
    for member in (jinxiu.technician, jinxiu.owner):
        assert "owners" not in api(member).get(path).json()
    assert len(api(jinxiu.desk).results(f"units/?search=1201&building={jinxiu.building.pk}")) == 1
    assert api(jinxiu.desk).results("units/?search=9999") == []


def test_places_are_those_one_looks_after(jinxiu: Cast, api: ApiOf) -> None:
    with company_scope(jinxiu.company.pk):
        Community.objects.create(name="远方")
        jinxiu.desk.all_communities = False
        jinxiu.desk.save()
        MembershipCommunity.objects.create(membership=jinxiu.desk, community=jinxiu.community)
    assert [row["name"] for row in api(jinxiu.desk).results("communities/")] == ["阳光花园"]
    assert len(api(jinxiu.admin).results("communities/")) == 2


def test_members_are_staff_with_their_departments(jinxiu: Cast, api: ApiOf) -> None:
    desk = api(jinxiu.desk)
    names = [row["name"] for row in desk.results("members/")]
    assert names == ["admin", "desk", "manager", "supervisor", "technician"]
    (supervisor,) = desk.results("members/?role=supervisor")
    assert supervisor["departments"] == [
        {"id": str(jinxiu.engineering.pk), "name": "工程部", "is_supervisor": True}
    ]
    assert len(desk.results(f"members/?department={jinxiu.engineering.pk}")) == 2
    assert len(desk.results("members/?search=man")) == 1
    assert api(jinxiu.owner).get("members/").status_code == 403


@pytest.mark.parametrize("role", [role for role in Role.values if role != Role.PLATFORM])
def test_everybody_learns_who_they_are(jinxiu: Cast, api: ApiOf, role: str) -> None:
    me = api(jinxiu.members[role], "read").get("members/me/").json()
    assert (me["name"], me["roles"], me["scopes"]) == (role, [role], ["read"])
    assert me["permissions"] == sorted(me["permissions"])
    assert "be_here" in me["permissions"]


def test_categories_are_those_of_a_kind(jinxiu: Cast, api: ApiOf) -> None:
    owner = api(jinxiu.owner)
    assert [row["name"] for row in owner.results("categories/?kind=repair")] == ["水管"]
    assert len(owner.results("categories/?complaint_class=incident")) == 1
    assert len(owner.results("categories/?active=true")) == 3
    assert owner.results("categories/?active=false") == []
    assert owner.get("categories/?ordering=name").status_code == 400


def test_notifications_are_ones_own(jinxiu: Cast, heyue: Cast, api: ApiOf) -> None:
    heyue.file()
    ticket = jinxiu.file()
    owner, desk = api(jinxiu.owner), api(jinxiu.desk)
    desk.post(f"tickets/{ticket.pk}/accept/")
    first, second = owner.results("notifications/")

    assert desk.results("notifications/") == []
    assert desk.get(f"notifications/{first['id']}/").status_code == 404
    assert desk.post(f"notifications/{first['id']}/read/").status_code == 404
    assert (first["kind"], first["read_at"]) == ("progress", None)
    assert ticket.number in first["text"]
    assert first["path"] == f"/jinxiu/tickets/{ticket.pk}/"
    assert owner.post(f"notifications/{first['id']}/read/").json()["read_at"] is not None
    assert [row["id"] for row in owner.results("notifications/?unread=true")] == [second["id"]]
    assert [row["id"] for row in owner.results("notifications/?unread=no&kind=progress")] == [
        first["id"]
    ]
    assert owner.post("notifications/read/").json() == {"read": 1}
    assert owner.get(f"notifications/{second['id']}/").json()["read_at"] is not None


def upload(client: Any, ticket: Any, name: str, content: bytes) -> Any:
    boundary = "cut-here"
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"'
    body = f"{head}\r\n\r\n".encode() + content + f"\r\n--{boundary}--\r\n".encode()
    kind = f"multipart/form-data; boundary={boundary}"
    return client.post(f"tickets/{ticket.pk}/attachments/", body, Content_Type=kind)


def test_files_are_added_listed_and_read(
    jinxiu: Cast, heyue: Cast, api: ApiOf, photo: bytes, files: Path
) -> None:
    owner, desk, ticket = api(jinxiu.owner), api(jinxiu.desk), jinxiu.file()
    answer = upload(owner, ticket, "电梯.png", photo)

    assert answer.status_code == 201, answer.content
    made = answer.json()
    assert (made["name"], made["content_type"], made["width"], made["height"]) == (
        "电梯.png",
        "image/webp",
        40,
        30,
    )
    assert desk.results(f"tickets/{ticket.pk}/attachments/") == [made]
    content = desk.get(made["url"])
    assert content["Content-Type"] == "image/webp"
    assert content["X-Content-Type-Options"] == "nosniff"
    assert content["Cache-Control"] == "private, no-store"
    assert b"".join(content.streaming_content)[8:12] == b"WEBP"
    assert Client().get(made["url"]).status_code == 401
    theirs = made["url"].replace("jinxiu", "heyue")
    assert api(heyue.admin).get(theirs).status_code == 404

    with company_scope(jinxiu.company.pk):
        row = Attachment.objects.get()
    row.file.storage.delete(row.file.name)
    assert desk.get(made["url"]).status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.png", b"<script>alert(1)</script>", "file_type_not_accepted"),
        ("a.pdf", b"", "file_empty"),
        ("a.exe", b"MZ\x90\x00", "file_type_not_accepted"),
    ],
)
def test_files_that_are_something_else_are_refused(
    jinxiu: Cast, api: ApiOf, files: Path, name: str, content: bytes, code: str
) -> None:
    answer = upload(api(jinxiu.owner), jinxiu.file(), name, content)
    assert (answer.status_code, answer.json()["code"]) == (409, code)
    assert list(files.rglob("*.*")) == []


def test_uploads_that_are_none_are_refused(jinxiu: Cast, api: ApiOf, files: Path) -> None:
    owner, ticket = api(jinxiu.owner), jinxiu.file()
    path = f"tickets/{ticket.pk}/attachments/"
    kind = "multipart/form-data; boundary=x"

    assert owner.post(path, {"file": "x"}).status_code == 415
    assert owner.post(path, b"", Content_Type=kind).json()["errors"][0]["pointer"] == "/file"
    assert owner.post(path, b"--x\r\nnonsense", Content_Type=kind).status_code == 400
    assert owner.post(path, b"x", Content_Type="multipart/form-data").status_code == 400
    huge = owner.browser.generic(
        "POST",
        f"/jinxiu/api/v1/{path}",
        b"x",
        content_type=kind,
        headers={"Authorization": f"Token {owner.token}"},
        CONTENT_LENGTH=str(10**9),
    )
    assert (huge.status_code, huge.json()["code"]) == (413, "too_large")
