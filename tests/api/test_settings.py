"""What the admin sets up on pages, a program can set up too: by the same services and rights."""

import threading
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from PIL import Image

from complaints.models import Category, Promise
from owners.models import Building, Unit
from tenancy.models import AuditEntry, CalendarDay, Company, CompanyCalendar
from tenancy.scope import company_scope
from tests.api.conftest import Api, ApiOf
from tests.factories.cast import TUESDAY, Cast
from tests.tenancy.test_staffing import wait_for_waiting

DAILY = [["09:00", "12:00"], ["13:30", "24:00"]]
RANGE = {"building_from": 11, "building_to": 12, "floor_to": 3, "doors": 2, "skipped_floors": [2]}


@pytest.fixture
def admin(jinxiu: Cast, api: ApiOf) -> Api:
    return api(jinxiu.admin)


def recorded(cast: Cast) -> list[str]:
    with company_scope(cast.company.pk):
        rows = AuditEntry.objects.exclude(action="make_token").order_by("at", "id")
        return list(rows.values_list("action", flat=True))


def patch(admin: Api, path: str, body: Any) -> Any:
    return admin.send("PATCH", path, body)


# --- communities, departments, buildings, units ---


def test_a_community_is_added_filled_changed_and_laid_aside(jinxiu: Cast, admin: Api) -> None:
    made = admin.post("communities/", {"name": " 湖畔  花园 ", "hotline": "400"})
    assert made.status_code == 201
    row = made.json()
    assert (row["name"], row["address"], row["is_active"]) == ("湖畔 花园", "", True)
    filled = [admin.post(f"communities/{row['id']}/units/", RANGE) for _twice in range(2)]
    assert [(each.status_code, each.json()) for each in filled] == [
        (201, {"buildings": 2, "units": 8, "known": 0}),
        (201, {"buildings": 0, "units": 0, "known": 8}),
    ]
    changed = patch(admin, f"communities/{row['id']}/", {"is_active": False}).json()
    assert (changed["name"], changed["hotline"], changed["is_active"]) == (
        "湖畔 花园",
        "400",
        False,
    )
    assert recorded(jinxiu) == ["add_community", "add_units", "change_community"]


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"building_to": 10}, "/building_to"),
        ({"building_from": 1, "building_to": 600}, "/building_to"),
        ({"building_name": "楼"}, "/building_name"),
        ({"staircases": 2, "staircase_name": "单元"}, "/staircase_name"),
        ({"floor_from": 4}, "/floor_to"),
        ({"style": "x"}, "/style"),
        ({"doors": 0}, "/doors"),
    ],
)
def test_a_range_that_makes_no_sense_says_where(
    jinxiu: Cast, admin: Api, wrong: dict[str, Any], pointer: str
) -> None:
    answer = admin.post(f"communities/{jinxiu.community.pk}/units/", RANGE | wrong)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, pointer)


def test_a_building_is_renamed_with_the_addresses_in_it(jinxiu: Cast, admin: Api) -> None:
    listed = admin.results(f"buildings/?community={jinxiu.community.pk}&active=true")
    assert [row["name"] for row in listed] == ["3栋"]
    row = patch(admin, f"buildings/{jinxiu.building.pk}/", {"name": "三号楼"}).json()
    assert (row["name"], row["is_active"]) == ("三号楼", True)
    with company_scope(jinxiu.company.pk):
        assert Unit.objects.get(pk=jinxiu.unit.pk).label == "三号楼1201"


def test_a_unit_is_added_corrected_and_laid_aside(jinxiu: Cast, admin: Api) -> None:
    sent = {"building": str(jinxiu.building.pk), "number": "商铺1"}
    row = admin.post("units/", sent).json()
    assert (row["label"], row["floor"], row["is_active"]) == ("3栋商铺1", None, True)
    again = admin.post("units/", sent)
    assert (again.status_code, again.json()["code"]) == (409, "name_taken")
    changed = patch(admin, f"units/{row['id']}/", {"floor": 1, "is_active": False}).json()
    assert (changed["number"], changed["floor"], changed["is_active"]) == ("商铺1", 1, False)
    nowhere = admin.post("units/", sent | {"building": str(uuid4())})
    assert nowhere.json()["errors"][0]["pointer"] == "/building"


def test_a_department_is_added_moved_and_closed_once_empty(jinxiu: Cast, admin: Api) -> None:
    row = admin.post("departments/", {"name": "绿化部"}).json()
    assert patch(admin, f"departments/{row['id']}/", {"position": 0}).json()["position"] == 0
    closed = patch(admin, f"departments/{row['id']}/", {"is_active": False}).json()
    assert (closed["name"], closed["is_active"]) == ("绿化部", False)
    used = patch(admin, f"departments/{jinxiu.engineering.pk}/", {"is_active": False})
    assert (used.status_code, used.json()["code"]) == (409, "department_in_use")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("noun", "name", "sent"),
    [
        ("communities", "community", {"name": "x"}),
        ("departments", "desk_department", {"name": "x"}),
        ("buildings", "building", {"name": "x"}),
        ("units", "unit", {"number": "x"}),
        ("categories", "lift", {"name": "x"}),
        ("promises", "promise", {"amount": 2}),
    ],
)
def test_what_is_left_out_stays_as_somebody_else_is_setting_it(
    jinxiu: Cast, admin: Api, noun: str, name: str, sent: dict[str, Any]
) -> None:
    with company_scope(jinxiu.company.pk):
        row: Any = Promise.objects.first() if name == "promise" else getattr(jinxiu, name)
    answers = []

    def send() -> None:
        answers.append(patch(admin, f"{noun}/{row.pk}/", sent).status_code)
        connection.close()

    other = threading.Thread(target=send)
    with company_scope(jinxiu.company.pk):
        type(row).objects.filter(pk=row.pk).update(is_active=False)
        other.start()
        wait_for_waiting(1)
    other.join(20)
    with company_scope(jinxiu.company.pk):
        assert (answers, type(row).objects.get(pk=row.pk).is_active) == ([200], False)


# --- categories ---


def test_a_category_is_added_and_changed(jinxiu: Cast, admin: Api) -> None:
    sent = {"kind": "repair", "name": "门禁", "usual_minutes": 45, "icon": "door"}
    row = admin.post("categories/", sent | {"department": str(jinxiu.engineering.pk)}).json()
    assert {name: row[name] for name in sent} == sent
    assert (row["department"], row["urgency"]) == (str(jinxiu.engineering.pk), "normal")
    changed = patch(
        admin, f"categories/{row['id']}/", {"department": None, "usual_minutes": 90}
    ).json()
    assert (changed["department"], changed["usual_minutes"], changed["name"]) == (None, 90, "门禁")
    assert recorded(jinxiu) == ["add_category", "change_category", "change_category"]


@pytest.mark.parametrize(
    ("sent", "pointer"),
    [
        ({"kind": "complaint"}, "/complaint_class"),
        ({"complaint_class": "service"}, "/complaint_class"),
        ({"usual_minutes": 4}, "/usual_minutes"),
        ({"usual_minutes": 2401}, "/usual_minutes"),
        ({"icon": "skull"}, "/icon"),
        ({"department": str(uuid4())}, "/department"),
    ],
)
def test_a_category_that_makes_no_sense_is_refused(
    jinxiu: Cast, admin: Api, sent: dict[str, Any], pointer: str
) -> None:
    answer = admin.post("categories/", {"kind": "repair", "name": "门禁", **sent})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, pointer)
    with company_scope(jinxiu.company.pk):
        assert not Category.objects.filter(name="门禁").exists()


# --- the working calendar ---


def test_the_usual_week_is_rehearsed_and_changed(jinxiu: Cast, admin: Api) -> None:
    before = admin.get("calendar/").json()
    assert list(before) == ["week", "follows_official", "moves_weekends"]
    jinxiu.file(now=TUESDAY)
    sent = {"week": {"tuesday": DAILY}, "follows_official": False, "moves_weekends": False}
    would = admin.send("PUT", "calendar/", sent | {"rehearse": True}).json()
    assert would["moved"] > 0
    assert admin.get("calendar/").json() == before
    assert admin.send("PUT", "calendar/", sent).json() == would
    after = admin.get("calendar/").json()
    assert (after["week"]["tuesday"], after["week"]["monday"]) == (
        [["09:00", "12:00"], ["13:30", "00:00"]], []
    )  # fmt: skip
    with company_scope(jinxiu.company.pk):
        assert CompanyCalendar.objects.get().country == ""


def test_days_of_the_companys_own_are_set_listed_and_let_go(jinxiu: Cast, admin: Api) -> None:
    sent = {"since": "2026-12-30", "until": "2026-12-31", "periods": [], "note": "盘点"}
    only = {"since": "2026-12-31", "periods": DAILY, "community": str(jinxiu.community.pk)}
    assert admin.post("calendar/days/", sent | {"rehearse": True}).json() == {"moved": 0}
    assert admin.results("calendar/days/") == []
    assert [admin.post("calendar/days/", each).status_code for each in (sent, only)] == [200, 200]
    rows = admin.results("calendar/days/?since=2026-12-31")
    assert {(row["on"], row["community"], row["note"]) for row in rows} == {
        ("2026-12-31", None, "盘点"),
        ("2026-12-31", str(jinxiu.community.pk), ""),
    }
    gone = admin.send("DELETE", f"calendar/days/{rows[0]['id']}/")
    assert (gone.status_code, gone.json()) == (200, {"moved": 0})
    with company_scope(jinxiu.company.pk):
        assert CalendarDay.objects.count() == 2


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"periods": [["9", "12"]]}, 400),
        ({"periods": [["12:00"]]}, 400),
        ({"periods": [["12:00", "09:00"]]}, 409),
        ({"periods": [["24:00", "09:00"]]}, 409),
        ({"until": "2027-12-31"}, 409),
        ({"until": "2026-12-01"}, 409),
        ({"community": str(uuid4())}, 400),
    ],
)
def test_days_that_make_no_sense_are_refused(
    jinxiu: Cast, admin: Api, wrong: dict[str, Any], status: int
) -> None:
    sent = {"since": "2026-12-31", "periods": DAILY, **wrong}
    assert admin.post("calendar/days/", sent).status_code == status


# --- promises ---


def test_promises_are_made_changed_and_move_what_is_open(jinxiu: Cast, admin: Api) -> None:
    jinxiu.file(now=TUESDAY)
    row = next(each for each in admin.results("promises/") if each["promise"] == "callback")
    changed = patch(admin, f"promises/{row['id']}/", {"amount": row["amount"] + 1})
    assert (changed.status_code, changed.json()["moved"] > 0) == (200, True)
    assert admin.get(f"promises/{row['id']}/").json() == row | {"amount": row["amount"] + 1}
    sent = {
        "promise": "callback", "category": str(jinxiu.tap.pk), "amount": 2,
        "measure": "working_days",
    }  # fmt: skip
    answers = [admin.post("promises/", sent) for _twice in range(2)]
    assert answers[0].json() == {"moved": 0}
    assert (answers[1].status_code, answers[1].json()["code"]) == (409, "promised_already")
    for wrong, pointer in (
        ({"amount": 366}, "/amount"), ({"amount": 0}, "/amount"),
        ({"category": str(uuid4())}, "/category"),
    ):  # fmt: skip
        answer = admin.post("promises/", sent | wrong)
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, pointer)
    too_long = patch(admin, f"promises/{row['id']}/", {"amount": 366, "measure": "working_days"})
    assert too_long.status_code == 400


def test_the_machines_intervals_are_read_and_changed(jinxiu: Cast, admin: Api) -> None:
    before = admin.get("policy/").json()
    after = patch(admin, "policy/", {"warn_before": before["warn_before"] + 30}).json()
    assert after == before | {"warn_before": before["warn_before"] + 30}
    assert patch(admin, "policy/", {"admin_after": 0}).status_code == 400


# --- the company's facts and looks ---


def test_the_company_is_read_by_everybody_and_changed_by_its_admin(
    jinxiu: Cast, api: ApiOf, admin: Api
) -> None:
    assert api(jinxiu.owner).get("company/").json()["slug"] == "jinxiu"
    row = patch(admin, "company/", {"hotline": "400-1", "colour": "#1456A8"}).json()
    assert (row["name"], row["hotline"], row["colour"]) == ("锦绣物业", "400-1", "#1456a8")
    assert patch(admin, "company/", {"colour": ""}).json()["colour"] == ""
    answers = [
        patch(admin, "company/", sent)
        for sent in (
            {"zone": "Mars/Olympus"},
            {"zone": "localtime"},
            {"colour": "red"},
            {"language": "tlh"},
        )
    ]
    assert [(each.status_code, each.json()["code"]) for each in answers] == [
        (409, "unknown_zone"), (409, "unknown_zone"), (409, "bad_colour"), (400, "invalid")
    ]  # fmt: skip


def send_logo(admin: Api, content: bytes) -> Any:
    upload = SimpleUploadedFile("logo.png", content, "image/png")
    return admin.browser.generic(
        "PUT",
        "/jinxiu/api/v1/company/logo/",
        multipart(upload),
        content_type="multipart/form-data; boundary=x",
        headers={"Authorization": f"Token {admin.token}"},
    )


def multipart(upload: Any) -> bytes:
    content: bytes = upload.read()
    head = f'--x\r\nContent-Disposition: form-data; name="file"; filename="{upload.name}"\r\n'
    return f"{head}Content-Type: image/png\r\n\r\n".encode() + content + b"\r\n--x--\r\n"


def test_a_logo_is_taken_shown_and_taken_away(jinxiu: Cast, admin: Api) -> None:
    picture = BytesIO()
    Image.new("RGB", (8, 8), "teal").save(picture, "PNG")
    shown = send_logo(admin, picture.getvalue()).json()["logo"]
    assert shown.startswith("http://testserver/assets/jinxiu/logo.png?v=")
    refused = send_logo(admin, b"<svg/>")
    assert (refused.status_code, refused.json()["code"]) == (409, "logo_type_not_accepted")
    assert send_logo(admin, bytes(3 * 1024 * 1024)).status_code == 413
    assert admin.send("DELETE", "company/logo/").json()["logo"] is None
    assert Company.objects.get(pk=jinxiu.company.pk).logo == ""


# --- who may ---

WRITES = [
    ("POST", "communities/", {"name": "x"}),
    ("POST", "communities/{community}/units/", RANGE),
    ("PATCH", "communities/{community}/", {}),
    ("PATCH", "buildings/{building}/", {}),
    ("POST", "units/", {}),
    ("PATCH", "units/{unit}/", {}),
    ("POST", "departments/", {"name": "x"}),
    ("PATCH", "departments/{engineering}/", {}),
    ("POST", "categories/", {}),
    ("PATCH", "categories/{lift}/", {}),
    ("PUT", "calendar/", {}),
    ("POST", "promises/", {}),
    ("PATCH", "policy/", {}),
    ("POST", "calendar/days/", {}),
    ("PATCH", "company/", {}),
    ("DELETE", "company/logo/", None),
]


@pytest.mark.parametrize("role", ["manager", "desk", "owner"])
def test_only_the_admin_sets_anything_up(jinxiu: Cast, api: ApiOf, role: str) -> None:
    client = api(jinxiu.members[role])
    names = ("community", "building", "unit", "engineering", "lift")
    places = {name: getattr(jinxiu, name).pk for name in names}
    answers = {
        (method, path): client.send(method, path.format(**places), body).status_code
        for method, path, body in WRITES
    }
    assert answers == {(method, path): 403 for method, path, _body in WRITES}


def test_the_rivals_places_are_not_there(jinxiu: Cast, heyue: Cast, admin: Api) -> None:
    tried = [
        patch(admin, f"{noun}/{row.pk}/", {"name": "x"}).status_code
        for noun, row in (
            ("communities", heyue.community),
            ("buildings", heyue.building),
            ("departments", heyue.engineering),
            ("categories", heyue.lift),
        )
    ]
    tried.append(admin.post(f"communities/{heyue.community.pk}/units/", RANGE).status_code)
    assert tried == [404] * 5
    with company_scope(heyue.company.pk):
        assert Building.objects.count() == 1
