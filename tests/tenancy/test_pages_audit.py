"""The audit log: in sentences, narrowed, leafed through, exported."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from owners.services.archive import reveal
from tenancy.models import Company
from tenancy.scope import company_scope
from tenancy.services.audit import record
from tenancy.templatetags.auditing import ACTIONS
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


@pytest.fixture
def log(jinxiu: Cast) -> Cast:
    with company_scope(jinxiu.company.pk):
        reveal(owner=jinxiu.resident, field="phone", by=jinxiu.actor("desk"), now=TUESDAY)
        facts = {
            "before": {"roles": ["desk"], "is_active": True, "note": None},
            "after": {"roles": ["desk", "admin"], "is_active": False, "note": "离职"},
        }
        record(
            action="change_member", subject=jinxiu.desk, by=jinxiu.actor("admin"), now=TUESDAY,
            name="王芳", **facts,
        )  # fmt: skip
    return jinxiu


def test_the_log_speaks_in_sentences(log: Cast, admin: Client) -> None:
    text = admin.get(url(log, "audit"), headers=EN).content.decode()
    for words in (
        "saw a phone number in clear",
        "changed a member of staff",
        "Member 王芳",
        "<del>front desk</del> → <ins>front desk, company admin</ins>",
        "<del>yes</del> → <ins>no</ins>",
        "<del>—</del> → <ins>离职</ins>",
        f"/jinxiu/owners/{log.resident.pk}/",
    ):
        assert words in text, words


def test_the_log_is_narrowed(log: Cast, admin: Client) -> None:
    both = ["change_member", "reveal_phone"]
    asked: list[tuple[dict[str, Any], Any]] = [
        ({}, both),
        ({"by": log.desk.pk}, ["reveal_phone"]),
        ({"by": "desk"}, ["reveal_phone"]),
        ({"by": "machine"}, []),
        ({"action": "change_member"}, ["change_member"]),
        ({"subject": "owner"}, ["reveal_phone"]),
        ({"subject": "owner", "subject_id": log.resident.pk}, ["reveal_phone"]),
        ({"search": "王芳"}, ["change_member"]),
        ({"search": "127.0.0.1"}, both),
        ({"search": "nothing"}, []),
        ({"since": "2026-11-10", "until": "2026-11-10", "search": "王芳"}, ["change_member"]),
        ({"since": "2026-11-11"}, []),
        ({"until": "2026-11-09"}, []),
        ({"since": "0001-01-01", "until": "9999-12-31"}, None),
        ({"since": "nonsense"}, []),
        ({"search": "\x00"}, []),
        ({"cursor": "nonsense"}, both),
        ({"subject_id": "nonsense"}, []),
    ]
    for query, found in asked:
        page = admin.get(url(log, "audit"), query)
        assert page.status_code == 200, query
        if found is not None:
            assert [row.action for row in page.context["rows"]] == found, query


def test_the_log_is_leafed_through_by_place(jinxiu: Cast, admin: Client) -> None:
    with company_scope(jinxiu.company.pk):
        for number in range(120):
            record(action=f"a{number}", subject=jinxiu.desk, by=jinxiu.actor("desk"), now=TUESDAY)
    address, seen = url(jinxiu, "audit"), []
    page = admin.get(address)
    while True:
        seen += [row.action for row in page.context["rows"]]
        if not page.context["older"]:
            break
        page = admin.get(address + page.context["older"])
    assert seen == [f"a{number}" for number in range(119, -1, -1)]
    back = admin.get(address + page.context["newer"])
    assert [row.action for row in back.context["rows"]] == seen[50:100]


def test_the_log_asks_as_much_with_many(log: Cast, admin: Client) -> None:
    first = queries_of(admin, url(log, "audit"))
    with company_scope(log.company.pk):
        record(action="x", subject=log.desk, by=log.actor("manager"), now=TUESDAY)
    assert queries_of(admin, url(log, "audit")) == first


def test_everything_that_is_recorded_has_a_name() -> None:
    """As it is written in the rooms: an action in the call, or named `ACTION` in its file."""
    written = re.compile(r'(?:record\(\s*action=|ACTION = )"([a-z_]+)"')
    found = {
        action
        for room in ("tenancy", "notifications", "owners", "complaints", "surveys", "reports")
        for file in (settings.BASE_DIR / room).rglob("*.py")
        for action in written.findall(file.read_text())
    }
    assert len(found) > 50
    assert found - set(ACTIONS) == set()


def test_the_log_is_exported_without_formulas(log: Cast, heyue: Cast, admin: Client) -> None:
    with company_scope(log.company.pk):
        record(
            action="add_department", subject=log.desk, by=log.actor("desk"), now=TUESDAY,
            name="=cmd()", note="=1+1",
        )  # fmt: skip
    answer: Any = admin.get(url(log, "audit_export"), {"by": str(log.desk.pk)}, headers=EN)
    text = b"".join(answer.streaming_content).decode()
    rows = text.splitlines()
    assert len(rows) == 3
    assert text.startswith("\ufeffat,by,action")
    assert ",=" not in text
    assert answer["Cache-Control"] == "no-store"
