"""Members by the API: the same verbs as on the pages, refused for the same reasons."""

from typing import Any
from uuid import uuid4

import pytest

from tenancy.models import AuditEntry, Membership
from tenancy.scope import company_scope
from tests.api.conftest import ApiOf
from tests.factories.cast import Cast

NEW = {"name": "李雷", "email": "Li@Example.com", "roles": ["desk"]}


def names_of(cast: Cast) -> list[str]:
    with company_scope(cast.company.pk):
        return list(
            Membership.objects.active().staff().order_by("name").values_list("name", flat=True)
        )


def test_a_member_is_invited_changed_dismissed_and_readmitted(jinxiu: Cast, api: ApiOf) -> None:
    admin = api(jinxiu.admin)
    places = {
        "departments": [str(jinxiu.engineering.pk)],
        "supervises": [str(jinxiu.engineering.pk)],
    }
    made = admin.post("members/", NEW | places)
    assert made.status_code == 201
    row = made.json()
    assert (row["name"], row["roles"], row["all_communities"], row["is_active"]) == (
        "李雷", ["desk"], True, True
    )  # fmt: skip
    assert row["departments"] == [
        {"id": str(jinxiu.engineering.pk), "name": "工程部", "is_supervisor": True}
    ]
    changed = admin.send(
        "put",
        f"members/{row['id']}/",
        {
            "name": "李雷雷",
            "roles": ["technician", "owner"],
            "communities": [str(jinxiu.community.pk)],
        },
    ).json()
    assert (changed["name"], changed["roles"], changed["all_communities"]) == (
        "李雷雷", ["technician"], False
    )  # fmt: skip
    assert changed["departments"] == []
    assert admin.post(f"members/{row['id']}/dismiss/").json()["is_active"] is False
    assert admin.post(f"members/{row['id']}/readmit/").json()["is_active"] is True
    with company_scope(jinxiu.company.pk):
        actions = AuditEntry.objects.filter(subject="membership").order_by("at", "id")
        assert [(entry.action, entry.by_id) for entry in actions] == [
            (action, jinxiu.admin.pk)
            for action in ("invite_member", "change_member", "dismiss_member", "readmit_member")
        ]


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        ({"phone": "13900000009"}, 409, "one_address"),
        ({"email": ""}, 409, "one_address"),
        ({"roles": ["owner"]}, 409, "no_staff_role"),
        ({"email": "", "phone": "12"}, 400, None),
        ({"email": "nobody"}, 400, None),
        ({"roles": []}, 400, None),
        ({"roles": ["king"]}, 400, None),
        ({"name": ""}, 400, None),
        ({"departments": [str(uuid4())]}, 400, None),
        ({"communities": ["x"]}, 400, None),
    ],
)
def test_an_invitation_that_makes_no_sense_is_refused(
    jinxiu: Cast, api: ApiOf, sent: dict[str, Any], status: int, code: str | None
) -> None:
    before = names_of(jinxiu)
    answer = api(jinxiu.admin).post("members/", NEW | sent)
    assert answer.status_code == status
    if code:
        assert answer.json()["code"] == code
    assert names_of(jinxiu) == before


def test_the_rivals_places_are_nothing(jinxiu: Cast, heyue: Cast, api: ApiOf) -> None:
    sent = NEW | {"departments": [str(heyue.engineering.pk)]}
    assert api(jinxiu.admin).post("members/", sent).status_code == 400


def test_the_last_admin_stays(jinxiu: Cast, api: ApiOf) -> None:
    answer = api(jinxiu.admin).post(f"members/{jinxiu.admin.pk}/dismiss/")
    assert (answer.status_code, answer.json()["code"]) == (409, "last_admin")


@pytest.mark.parametrize("role", ["manager", "desk", "technician", "owner"])
def test_members_are_the_admins(jinxiu: Cast, api: ApiOf, role: str) -> None:
    client = api(jinxiu.members[role])
    assert client.post("members/", NEW).status_code == 403
    assert client.post(f"members/{jinxiu.desk.pk}/dismiss/").status_code == 403


def test_a_work_phone_stays_unless_it_is_sent(jinxiu: Cast, api: ApiOf) -> None:
    admin = api(jinxiu.admin)
    row = admin.post("members/", NEW | {"work_phone": "139 0000 0009"}).json()
    kept = []
    for sent in ({}, {"work_phone": "12"}, {"work_phone": ""}):
        admin.send("put", f"members/{row['id']}/", {"name": "李雷", "roles": ["desk"], **sent})
        with company_scope(jinxiu.company.pk):
            kept.append(Membership.objects.get(pk=row["id"]).work_phone)
    assert kept == ["+8613900000009", "+8613900000009", ""]
