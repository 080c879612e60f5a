"""The platform operator's pages: companies by their numbers, and nothing that is in them."""

import io
import json
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from notifications.models import Notification
from tenancy.models import AuditEntry, Company, Membership, OperatorEntry, User
from tenancy.scope import company_scope
from tests.factories.cast import Cast

REASON = "Ticket 4711: the queue looks empty"


def factor(user: User) -> None:
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})


def browser(user: User) -> Client:
    """Signed in, and asked for the password a moment ago."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    session = client.session
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time(), "reauthenticated": True}
    ]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return client


@pytest.fixture
def person(db: None) -> User:
    user = User.objects.create_superuser("operator", "operator@example.com", "x", name="Olga")
    factor(user)
    return user


@pytest.fixture
def operator(person: User) -> Client:
    return browser(person)


def page(cast: Cast, verb: str = "") -> str:
    name = f"tenancy:operator_company{'_' if verb else ''}{verb}"
    return reverse(name, args=[cast.company.pk])


def audit(cast: Cast) -> list[tuple[str, dict[str, Any]]]:
    with company_scope(cast.company.pk):
        rows = AuditEntry.objects.filter(action__startswith="platform").order_by("at", "id")
        return list(rows.values_list("action", "detail"))


def log() -> list[tuple[str, str]]:
    return list(OperatorEntry.objects.order_by("at", "id").values_list("action", "reason"))


# --- who gets in ---


@pytest.mark.parametrize(
    "name", ["operator", "operator_log", "operator_lost_factor", "operator_company_new"]
)
def test_operator_pages_open_for_operators_only(jinxiu: Cast, operator: Client, name: str) -> None:
    address = reverse(f"tenancy:{name}")
    assert operator.get(address).status_code == 200
    assert browser(jinxiu.admin.user).get(address).status_code == 404
    assert Client().get(address)["Location"] == f"/accounts/login/?next={address}"


@pytest.mark.parametrize("name", ["index", "tenancy_company_changelist", "tenancy_user_changelist"])
def test_tables_open_for_operators_only(jinxiu: Cast, operator: Client, name: str) -> None:
    address = reverse(f"admin:{name}")
    assert operator.get(address).status_code == 200
    assert (
        browser(jinxiu.admin.user)
        .get(address, follow=True)
        .redirect_chain[0][0]
        .startswith("/operator/tables/login/")
    )
    assert Client().get(address).status_code == 302


def test_operator_without_second_factor_is_led_to_one(jinxiu: Cast) -> None:
    bare = browser(User.objects.create_superuser("bare"))
    for address in ("/operator/", reverse("admin:index")):
        answer = bare.get(address, follow=True)
        assert answer.redirect_chain[-1][0].startswith("/accounts/second-factor/needed/")
    assert bare.post(page(jinxiu, "suspend"), {"state-reason": REASON}).status_code == 302
    assert Company.objects.get(slug="jinxiu").is_active is True


# --- companies ---


def test_list_shows_numbers_by_as_many_questions_however_many_there_are(
    jinxiu: Cast, heyue: Cast, operator: Client, django_assert_num_queries: Any
) -> None:
    answer = operator.get("/operator/")
    rows = {row.company.slug: (row.staff, row.owners) for row in answer.context["rows"]}
    assert rows == {"jinxiu": (5, 1), "heyue": (5, 1)}
    with django_assert_num_queries(8):
        operator.get("/operator/")
    Company.objects.create(slug="third", name="第三")
    with django_assert_num_queries(8):
        operator.get("/operator/?search=T")


def test_sheet_tells_numbers_and_no_names(jinxiu: Cast, operator: Client) -> None:
    jinxiu.file()
    text = operator.get(page(jinxiu)).content.decode()
    assert "张伟" not in text
    assert "电梯" not in text
    assert (
        operator.get(reverse("tenancy:operator_company", args=[jinxiu.desk.pk])).status_code == 404
    )


def test_company_is_taken_on_board_and_its_admin_invited(
    operator: Client, person: User, mailoutbox: list[Any]
) -> None:
    asked = {
        "name": "新物业",
        "slug": "Xin",
        "admin": "王芳",
        "email": "wang@xin.example",
    }
    answer = operator.post(reverse("tenancy:operator_company_new"), asked)
    company = Company.objects.get(slug="xin")
    assert answer["Location"] == reverse("tenancy:operator_company", args=[company.pk])
    with company_scope(company.pk):
        admin = Membership.objects.get()
        assert (admin.name, admin.roles, admin.user.email) == (
            "王芳",
            ["admin"],
            "wang@xin.example",
        )
        assert Notification.objects.filter(recipient=admin).count() == 1
    assert admin.user.has_usable_password() is False
    assert OperatorEntry.objects.get().by == person


@pytest.mark.parametrize(
    "wrong",
    [
        {"slug": "api"},
        {"slug": "jinxiu"},
        {"slug": "!"},
        {"name": ""},
        {"email": ""},
        {"phone": "13900000001"},
        {"email": "no address"},
    ],
)
def test_company_that_cannot_be_is_refused_with_a_sentence(
    jinxiu: Cast, operator: Client, wrong: dict[str, str]
) -> None:
    asked = {
        "name": "新",
        "slug": "xin",
        "admin": "王芳",
        "email": "wang@xin.example",
        **wrong,
    }
    answer = operator.post(reverse("tenancy:operator_company_new"), asked)
    assert answer.status_code == 422
    assert answer.context["form"].errors
    assert OperatorEntry.objects.count() == 0


def test_suspended_company_is_closed_to_members_and_absent_for_strangers(
    jinxiu: Cast, heyue: Cast, operator: Client
) -> None:
    assert operator.post(page(jinxiu, "suspend"), {"state-reason": REASON}).status_code == 302

    answer = browser(jinxiu.desk.user).get("/jinxiu/queue/")
    assert answer.status_code == 403
    assert REASON in answer.content.decode()
    refused = browser(jinxiu.desk.user).get("/jinxiu/api/v1/tickets/")
    assert (refused.status_code, refused.json()["code"]) == (403, "company_suspended")
    assert browser(heyue.desk.user).get("/jinxiu/queue/").status_code == 404
    assert browser(jinxiu.desk.user).get("/accounts/companies/").context["rows"] == []
    assert log() == [("suspend", REASON)]
    assert audit(jinxiu) == [("platform_suspend", {"reason": REASON, "operator": "Olga"})]

    again = operator.post(page(jinxiu, "suspend"), {"state-reason": REASON})
    assert again.status_code == 422
    operator.post(page(jinxiu, "resume"), {"state-reason": "Paid again"})
    assert browser(jinxiu.desk.user).get("/jinxiu/queue/").status_code == 200
    assert [action for action, _reason in log()] == ["suspend", "resume"]


def test_nothing_is_done_without_a_reason(jinxiu: Cast, operator: Client) -> None:
    for verb, prefix in (("suspend", "state"), ("enter", "enter"), ("export", "export")):
        data = {f"{prefix}-reason": "  x ", f"{prefix}-minutes": "60"}
        assert operator.post(page(jinxiu, verb), data).status_code == 422
    assert log() == []


# --- what an operator may not do by the tables ---


def test_tables_give_nobody_a_password_or_an_address(jinxiu: Cast, operator: Client) -> None:
    user = jinxiu.admin.user
    address = reverse("admin:tenancy_user_change", args=[user.pk])
    before = (user.password, user.email, user.username)
    operator.post(
        address,
        {
            "name": "新名",
            "language": "",
            "is_active": "on",
            "password": "x",
            "email": "o@x.example",
        },
    )
    user.refresh_from_db()
    assert (user.password, user.email, user.username) == before
    assert user.name == "新名"
    assert operator.get(f"/operator/tables/tenancy/user/{user.pk}/password/").status_code in (
        302,
        404,
    )
    assert operator.get("/operator/tables/account/emailaddress/").status_code == 404
    assert operator.get("/operator/tables/mfa/authenticator/").status_code == 404
    assert [entry.action for entry in OperatorEntry.objects.all()] == ["change"]


def test_tables_neither_make_nor_delete(jinxiu: Cast, operator: Client) -> None:
    assert operator.get(reverse("admin:tenancy_company_add")).status_code == 403
    assert operator.get(reverse("admin:tenancy_user_add")).status_code == 403
    address = reverse("admin:tenancy_company_delete", args=[jinxiu.company.pk])
    assert operator.post(address, {"post": "yes"}).status_code == 403


def test_tables_show_no_phone(jinxiu: Cast, operator: Client) -> None:
    user = jinxiu.owner.user
    user.set_phone("+8613800000001")
    user.save()
    sheet = operator.get(reverse("admin:tenancy_user_change", args=[user.pk]))
    assert "13800000001" not in sheet.content.decode()


@pytest.mark.parametrize("column", ["password", "email", "phone_index"])
def test_tables_answer_no_guess_at_what_they_do_not_show(
    jinxiu: Cast, operator: Client, column: str
) -> None:
    user = jinxiu.desk.user
    user.set_phone("+8613800000001")
    user.save()
    guess = {f"{column}__startswith": str(getattr(user, column))[:8]}
    asked = operator.get(reverse("admin:tenancy_user_changelist"), guess)
    assert asked.status_code == 400
    listed = operator.get(reverse("admin:tenancy_user_changelist"), {"is_staff__exact": "0"})
    assert user.username in listed.content.decode()
    companies = operator.get(reverse("admin:tenancy_company_changelist"), {"hotline": "1"})
    assert companies.status_code == 400


# --- a company as a file ---


def unpacked(answer: Any) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))


@pytest.mark.parametrize("personal", [False, True])
def test_export_holds_everything_of_one_company(
    jinxiu: Cast, heyue: Cast, operator: Client, personal: bool
) -> None:
    ours, theirs = jinxiu.file(title="我们的"), heyue.file(title="别人的")
    data = {"export-reason": REASON, **({"export-personal": "on"} if personal else {})}
    found = unpacked(operator.post(page(jinxiu, "export"), data))
    assert found.testzip() is None
    everything = "".join(found.read(name).decode() for name in found.namelist())
    assert str(ours.pk) in everything
    assert str(theirs.pk) not in everything
    assert "别人的" not in everything
    owners = [json.loads(line) for line in found.read("tables/owners.owner.jsonl").splitlines()]
    assert [owner.get("phone") for owner in owners] == ["+8613800000001" if personal else None]
    assert "digest" not in everything
    assert audit(jinxiu) == [
        ("platform_export", {"reason": REASON, "operator": "Olga", "personal": personal})
    ]
    with company_scope(jinxiu.company.pk):
        told = Notification.objects.filter(kind="platform").values_list("recipient_id", flat=True)
        assert list(told) == [jinxiu.admin.pk]


def test_export_asks_for_the_password_again(jinxiu: Cast, person: User) -> None:
    client = Client()
    client.force_login(person, "django.contrib.auth.backends.ModelBackend")
    answer = client.post(page(jinxiu, "export"), {"export-reason": REASON})
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/")
    assert log() == []


# --- somebody who lost everything ---


def test_lost_factor_is_taken_away_and_told_everywhere(
    jinxiu: Cast, heyue: Cast, operator: Client
) -> None:
    user = jinxiu.desk.user
    factor(user)
    with company_scope(heyue.company.pk):
        Membership.objects.create(user=user, name="二", roles=["desk"])
    asked = {"username": "desk@jinxiu", "reason": "Seen by video, identity card"}
    assert operator.post(reverse("tenancy:operator_lost_factor"), asked).status_code == 302
    assert not Authenticator.objects.filter(user=user).exists()
    for cast in (jinxiu, heyue):
        with company_scope(cast.company.pk):
            entry = AuditEntry.objects.get(action="reset_second_factor")
            assert entry.detail["reason"] == asked["reason"]
    again = operator.post(reverse("tenancy:operator_lost_factor"), asked)
    assert again.status_code == 422
    mine = operator.post(reverse("tenancy:operator_lost_factor"), {**asked, "username": "operator"})
    assert mine.status_code == 422


def test_command_writes_the_same_file(jinxiu: Cast, tmp_path: Path) -> None:
    ticket = jinxiu.file()
    place = tmp_path / "jinxiu.zip"
    call_command("export_company", "jinxiu", str(place), reason=REASON)
    with zipfile.ZipFile(place) as found:
        assert str(ticket.pk).encode() in found.read("tables/complaints.ticket.jsonl")
    assert audit(jinxiu)[0][1]["operator"] == ""
    assert log() == [("export", REASON)]
    for slug, file, reason in (
        ("nobody", "x.zip", REASON),
        ("jinxiu", "jinxiu.zip", REASON),
        ("jinxiu", "y.zip", "no"),
    ):
        with pytest.raises(CommandError):
            call_command("export_company", slug, str(tmp_path / file), reason=reason)
    assert [path.name for path in tmp_path.iterdir()] == ["jinxiu.zip"]
