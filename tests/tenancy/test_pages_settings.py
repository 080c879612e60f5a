"""The settings of a company: who may open them, what they show, what they refuse."""

import io
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from tenancy.models import ApiToken, AuditEntry, Company, CompanyLogo, Department
from tenancy.scope import company_scope
from tenancy.services.contrast import contrast
from tenancy.services.tokens import make_token
from tests.conftest import SignIn
from tests.factories.cast import TUESDAY, Cast

EN = {"Accept-Language": "en"}


@pytest.fixture(autouse=True)
def on_tuesday() -> Iterator[None]:
    with time_machine.travel(TUESDAY, tick=False):
        yield


@pytest.fixture
def admin(jinxiu: Cast, sign_in: SignIn) -> Client:
    return sign_in(jinxiu.admin)


def url(cast: Cast, name: str, pk: Any = None) -> str:
    kwargs = {"company": cast.company.slug} | ({"pk": pk} if pk else {})
    return reverse(f"tenancy:{name}", kwargs=kwargs)


def company(cast: Cast) -> Company:
    return Company.objects.get(pk=cast.company.pk)


def queries_of(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


PLAIN = ("company_edit", "looks", "department_list", "member_list", "member_add", "role_table",
         "token_all", "audit", "audit_export", "looks_sheet")  # fmt: skip


@pytest.mark.parametrize("name", PLAIN)
@pytest.mark.parametrize(("role", "status"), [("owner", 403), ("manager", 403), ("admin", 200)])
def test_settings_are_for_the_admin(
    jinxiu: Cast, sign_in: SignIn, name: str, role: str, status: int
) -> None:
    assert sign_in(jinxiu.members[role]).get(url(jinxiu, name)).status_code == status


# --- the company ---


def test_the_companys_facts_are_changed_and_recorded(jinxiu: Cast, admin: Client) -> None:
    data = {"name": " 锦绣 物业 ", "hotline": "400-1", "language": "en", "zone": "Asia/Hong_Kong"}
    answer = admin.post(url(jinxiu, "company_edit") + "?guide", data)
    assert (answer.status_code, answer["Location"]) == (302, "/jinxiu/settings/")
    row = company(jinxiu)
    assert (row.name, row.hotline, row.language, row.zone) == (
        "锦绣 物业", "400-1", "en", "Asia/Hong_Kong"
    )  # fmt: skip
    admin.post(url(jinxiu, "company_edit"), data)
    with company_scope(row.pk):
        assert AuditEntry.objects.get().detail["before"]["hotline"] == ""


@pytest.mark.parametrize(
    "data",
    [
        {"name": "", "zone": "Asia/Shanghai"},
        {"name": "x" * 81, "zone": "Asia/Shanghai"},
        {"name": "x", "zone": "Moon/Base"},
        {"name": "x", "zone": "Asia/Shanghai", "language": "tlh"},
        {"name": "\x00", "zone": "Asia/Shanghai"},
    ],
)
def test_facts_that_make_no_sense_come_back(
    jinxiu: Cast, admin: Client, data: dict[str, str]
) -> None:
    assert admin.post(url(jinxiu, "company_edit"), data).status_code == 422
    assert company(jinxiu).name == "锦绣物业"


def test_a_colour_is_tried_and_taken(jinxiu: Cast, heyue: Cast, admin: Client) -> None:
    page = admin.get(url(jinxiu, "looks"), {"colour": "#FFEE00"})
    assert page.context["adjusted"] is True
    assert (
        admin.get(url(jinxiu, "looks_sheet"), {"colour": "#ffee00"}).content.count(b"--brand:") == 2
    )
    assert admin.post(url(jinxiu, "colour"), {"colour": "#FFEE00"}).status_code == 302
    assert (company(jinxiu).colour, company(heyue).colour) == ("#ffee00", "")
    sheet = "/assets/jinxiu/brand.css?v="
    assert sheet in admin.get(url(jinxiu, "looks")).content.decode()
    # The portal's own colour is no choice that has to be kept.
    admin.post(url(jinxiu, "colour"), {"colour": "#0c6955"})
    assert company(jinxiu).colour == ""
    assert sheet not in admin.get(url(jinxiu, "looks")).content.decode()


@pytest.mark.parametrize("colour", ["", "red", "#fff", "\x00", "url(//x)", "#0c6955;}"])
def test_what_is_no_colour_comes_back(jinxiu: Cast, admin: Client, colour: str) -> None:
    assert admin.post(url(jinxiu, "colour"), {"colour": colour}).status_code == 422
    assert admin.get(url(jinxiu, "looks"), {"colour": colour}).status_code == 200
    sheet = admin.get(url(jinxiu, "looks_sheet"), {"colour": colour}).content.decode()
    assert "url" not in sheet
    assert company(jinxiu).colour == ""


def picture(kind: str = "PNG", size: tuple[int, int] = (400, 300)) -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", size, "#123456").save(out, kind)
    return SimpleUploadedFile("logo.png", out.getvalue())


def test_a_logo_is_drawn_anew_and_shown_to_everybody(
    jinxiu: Cast, admin: Client, client: Client
) -> None:
    assert client.get("/assets/jinxiu/logo.png").status_code == 404
    for upload in (picture("JPEG"), picture()):
        assert admin.post(url(jinxiu, "logo_set"), {"logo": upload}).status_code == 302
    version = company(jinxiu).logo
    answer = client.get(f"/assets/jinxiu/logo.png?v={version}")
    drawn = Image.open(io.BytesIO(answer.content))
    assert (answer["Content-Type"], drawn.format, drawn.size) == ("image/png", "PNG", (192, 144))
    login = client.get("/accounts/login/?next=/jinxiu/").content.decode()
    assert f"/assets/jinxiu/logo.png?v={version}" in login
    assert "锦绣物业" in login
    with company_scope(jinxiu.company.pk):
        assert CompanyLogo.objects.count() == 1
    for _twice in range(2):
        assert admin.post(url(jinxiu, "logo_remove")).status_code == 302
    assert company(jinxiu).logo == ""
    assert client.get("/assets/jinxiu/logo.png").status_code == 404


def test_a_logo_makes_an_app_of_the_company(jinxiu: Cast, admin: Client, client: Client) -> None:
    assert client.get("/assets/jinxiu/icon-192.png").status_code == 404
    admin.post(url(jinxiu, "logo_set"), {"logo": picture()})
    admin.post(url(jinxiu, "colour"), {"colour": "#ffe000"})
    told = admin.get("/jinxiu/manifest.webmanifest").json()
    answers = [client.get(icon["src"]) for icon in told["icons"]]
    drawn = [Image.open(io.BytesIO(answer.content)) for answer in answers]
    assert [icon.size for icon in drawn] == [(192, 192), (512, 512), (512, 512)]
    assert [icon.getpixel((1, 1)) for icon in drawn] == [(255, 255, 255)] * 3
    assert all("immutable" in answer["Cache-Control"] for answer in answers)
    assert contrast(told["theme_color"], "#e4f0ea") >= 4.5
    home = admin.get(url(jinxiu, "looks")).content.decode()
    assert f'name="theme-color" content="{told["theme_color"]}"' in home
    assert client.get("/assets/jinxiu/icon-193.png").status_code == 404


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    "content", [SVG, b"", b"\x89PNG\r\n\x1a\n broken", b"%PDF-1.4", b"x" * (2 * 1024 * 1024 + 1)]
)
def test_what_is_no_picture_is_no_logo(jinxiu: Cast, admin: Client, content: bytes) -> None:
    upload = SimpleUploadedFile("logo.png", content, "image/png")
    assert admin.post(url(jinxiu, "logo_set"), {"logo": upload}).status_code == 422
    assert company(jinxiu).logo == ""


def test_a_picture_of_too_many_pixels_is_no_logo(jinxiu: Cast, admin: Client) -> None:
    answer = admin.post(url(jinxiu, "logo_set"), {"logo": picture(size=(5000, 4000))})
    assert answer.status_code == 422


def test_the_style_sheet_is_for_everybody_and_kept_by_its_version(
    jinxiu: Cast, admin: Client, client: Client
) -> None:
    admin.post(url(jinxiu, "colour"), {"colour": "#7a2e8e"})
    page = admin.get(url(jinxiu, "looks")).content.decode()
    version = page.split("/assets/jinxiu/brand.css?v=")[1][:12]
    kept = client.get(f"/assets/jinxiu/brand.css?v={version}")
    other = client.get("/assets/jinxiu/brand.css?v=other")
    assert (kept["Content-Type"], kept.content) == ("text/css; charset=utf-8", other.content)
    assert "immutable" in kept["Cache-Control"]
    assert "immutable" not in other["Cache-Control"]
    assert client.get("/assets/nobody/brand.css").status_code == 404


@pytest.mark.parametrize(
    "place", ["", "/", "/jinxiu", "//evil/", "/nobody/", "/%00/", "/锦绣/", "/" + "x" * 90]
)
def test_the_page_to_sign_in_shows_only_companies_that_exist(
    jinxiu: Cast, client: Client, place: str
) -> None:
    page = client.get("/accounts/login/", {"next": place})
    assert page.status_code == 200
    assert ("锦绣物业" in page.content.decode()) is (place == "/jinxiu")


# --- departments ---


def test_departments_are_added_and_changed(jinxiu: Cast, admin: Client) -> None:
    address = url(jinxiu, "department_list")
    assert admin.post(address, {"name": "绿化部"}).status_code == 302
    assert admin.post(address, {"name": "绿化部"}).status_code == 422
    with company_scope(jinxiu.company.pk):
        row = Department.objects.get(name="绿化部")
    one = url(jinxiu, "department", row.pk)
    assert admin.get(one).context["form"].initial["name"] == "绿化部"
    assert admin.post(one, {"name": "环境部", "position": "0"}).status_code == 302
    data = {"name": "环境部", "position": "-1", "is_active": "on"}
    assert admin.post(one, data).status_code == 422
    data = {"name": "工程部", "position": "0"}
    assert admin.post(url(jinxiu, "department", jinxiu.engineering.pk), data).status_code == 422
    rows = admin.get(address).context["rows"]
    assert [(row.name, row.people, row.is_active) for row in rows] == [
        ("工程部", 2, True),
        ("客服部", 0, True),
        ("环境部", 0, False),
    ]


def test_the_list_of_departments_asks_as_much_with_many(jinxiu: Cast, admin: Client) -> None:
    first = queries_of(admin, url(jinxiu, "department_list"))
    with company_scope(jinxiu.company.pk):
        Department.objects.create(name="三")
    assert queries_of(admin, url(jinxiu, "department_list")) == first


# --- tokens ---


def test_every_token_is_seen_and_revoked(jinxiu: Cast, heyue: Cast, admin: Client) -> None:
    made = {}
    for cast in (jinxiu, heyue):
        with company_scope(cast.company.pk):
            made[cast.company.slug], _plain = make_token(
                membership=cast.desk, name="门岗", scopes=["read"], expires_at=None, now=TUESDAY
            )
    address = url(jinxiu, "token_all")
    assert [row.pk for row in admin.get(address).context["rows"]] == [made["jinxiu"].pk]
    first = queries_of(admin, address)
    with company_scope(jinxiu.company.pk):
        for member in (jinxiu.manager, jinxiu.admin):
            make_token(membership=member, name="x", scopes=["read"], expires_at=None, now=TUESDAY)
    assert queries_of(admin, address) == first
    revoke = [url(jinxiu, "token_revoke_any", made[slug].pk) for slug in ("jinxiu", "heyue")]
    assert [admin.post(each).status_code for each in revoke] == [302, 404]
    with company_scope(jinxiu.company.pk):
        assert ApiToken.objects.get(pk=made["jinxiu"].pk).revoked_at == TUESDAY
