"""Whatever goes wrong is said in one language: RFC 9457, with a stable code, never a 500."""

from typing import Any

import pytest
from django.core import exceptions as django
from django.db import DatabaseError, DataError, IntegrityError, OperationalError, ProgrammingError
from django.test import Client

from complaints.models import Ticket
from tenancy.calendar_terms import NeverOpens
from tenancy.models import CompanyCalendar
from tenancy.scope import company_scope
from tenancy.viewsets import CompanyViewSet
from tenancy.viewsets.base import NeedMissing
from tenancy.viewsets.problems import recognise
from tests.api.conftest import ApiOf, new_ticket
from tests.factories.cast import Cast

BODIES: list[tuple[Any, str, str]] = [
    ({"title": ""}, "/title", "blank"),
    ({"title": "   "}, "/title", "blank"),
    ({"title": "x" * 121}, "/title", "max_length"),
    ({"title": None}, "/title", "null"),
    ({"title": ["x"]}, "/title", "invalid"),
    ({"title": {"a": 1}}, "/title", "invalid"),
    ({"title": "a\x00b"}, "/title", "null_characters_not_allowed"),
    ({"description": "长" * 10_001}, "/description", "max_length"),
    ({"kind": "nonsense"}, "/kind", "invalid_choice"),
    ({"kind": 5}, "/kind", "invalid_choice"),
    ({"kind": []}, "/kind", "invalid_choice"),
    ({"urgency": "soon"}, "/urgency", "invalid_choice"),
    ({"channel": "telex"}, "/channel", "invalid_choice"),
    ({"unit": "not-a-uuid"}, "/unit", "invalid"),
    ({"unit": 10**40}, "/unit", "invalid"),
    ({"unit": -1}, "/unit", "invalid"),
    ({"unit": 1.5}, "/unit", "invalid"),
    ({"unit": True}, "/unit", "does_not_exist"),
    ({"unit": "019a1b2c-0000-7000-8000-000000000001"}, "/unit", "does_not_exist"),
    ({"category": None}, "/category", "null"),
]


@pytest.mark.parametrize(("change", "pointer", "code"), BODIES)
def test_every_fault_is_pointed_at(
    jinxiu: Cast, api: ApiOf, change: dict[str, Any], pointer: str, code: str
) -> None:
    answer = api(jinxiu.desk).post("tickets/", new_ticket(jinxiu, **change))

    assert answer.status_code == 400, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["code"] == "invalid"
    assert [(fault["pointer"], fault["code"]) for fault in problem["errors"]] == [(pointer, code)]


def test_all_faults_are_named_at_once(jinxiu: Cast, api: ApiOf) -> None:
    answer = api(jinxiu.desk).post("tickets/", {})
    found = {fault["pointer"]: fault["code"] for fault in answer.json()["errors"]}
    assert found == {"/kind": "required", "/category": "required", "/title": "required"}


@pytest.mark.parametrize("body", [[], "x", 5, None, True])
def test_a_body_that_is_no_object_is_named(jinxiu: Cast, api: ApiOf, body: Any) -> None:
    answer = api(jinxiu.desk).send("POST", "tickets/", b"null" if body is None else body)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"",
        b"\xff\xfe",
        b'{"title": "\\ud800"}',
        b'{"unit": NaN}',
        b'{"unit": 1e999}',
        b"[" * 100_000,
        b'{"a": 1,}',
    ],
)
def test_what_is_not_json_is_malformed(jinxiu: Cast, api: ApiOf, body: bytes) -> None:
    answer = api(jinxiu.desk).send("POST", "tickets/", body)
    expected = "invalid" if body == b"" else "malformed"
    assert (answer.status_code, answer.json()["code"]) == (400, expected)


@pytest.mark.parametrize(("depth", "code"), [(200, "invalid"), (900, "malformed")])
def test_what_is_nested_beyond_reason_is_refused(
    jinxiu: Cast, api: ApiOf, depth: int, code: str
) -> None:
    body = b'{"title": ' + b"[" * depth + b"]" * depth + b"}"
    answer = api(jinxiu.desk).send("POST", "tickets/", body, Idempotency_Key="1")
    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_numbers_too_large_are_faults(jinxiu: Cast, api: ApiOf) -> None:
    owner, ticket = api(jinxiu.owner), jinxiu.file()
    for number in (b"9" * 400, b"1e300", b"-1", b"6", b'"five"', b"4.5", b"null"):
        body = b'{"score": ' + number + b"}"
        answer = owner.send("POST", f"tickets/{ticket.pk}/rating/", body)
        assert answer.status_code == 400, (number, answer.content)


def test_a_body_that_is_too_large_is_not_read(jinxiu: Cast, api: ApiOf) -> None:
    answer = api(jinxiu.desk).post("tickets/", new_ticket(jinxiu, description="x" * 3_000_000))
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_other_media_are_refused_by_name(jinxiu: Cast, api: ApiOf) -> None:
    desk = api(jinxiu.desk)
    sent = desk.send("POST", "tickets/", b"<a/>", Content_Type="application/xml")
    wanted = desk.get("tickets/", Accept="text/html")

    assert (sent.status_code, sent.json()["code"]) == (415, "unsupported_media_type")
    assert (wanted.status_code, wanted.json()["code"]) == (406, "not_acceptable")
    assert wanted["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_methods_that_are_not_there(jinxiu: Cast, api: ApiOf, method: str) -> None:
    answer = api(jinxiu.desk).send(method, "tickets/")
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
    assert answer["Allow"] == "GET, HEAD, POST"


@pytest.mark.parametrize(
    "path",
    [
        "nonsense/",
        "tickets/not-a-uuid/",
        "tickets/019a1b2c-0000-7000-8000-000000000001/",
        "tickets/019a1b2c-0000-7000-8000-000000000001/nonsense/",
        "/jinxiu/api/v2/tickets/",
        "/jinxiu/api/",
        "/api/nonsense/",
        "",
    ],
)
def test_what_is_not_there_is_a_problem_too(jinxiu: Cast, api: ApiOf, path: str) -> None:
    answer = api(jinxiu.desk).get(path)
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
    assert (answer.json()["code"], answer.json()["detail"]) == (
        "not_found",
        "There is nothing here.",
    )


def test_a_forgotten_slash_is_told_and_not_redirected(jinxiu: Cast, api: ApiOf) -> None:
    desk = api(jinxiu.desk)
    for answer in (desk.get("tickets"), desk.post("tickets", new_ticket(jinxiu))):
        assert answer.status_code == 404
        assert answer.json()["detail"] == "There is nothing here. Addresses end with a slash."


def test_problems_are_in_the_language_asked_for(jinxiu: Cast, api: ApiOf) -> None:
    desk = api(jinxiu.desk)
    english = desk.get("nonsense/").json()
    chinese = desk.get("nonsense/", Accept_Language="zh-hans").json()
    assert english["code"] == chinese["code"]


def test_a_host_that_is_not_ours_is_a_problem(jinxiu: Cast) -> None:
    answer = Client().get("/jinxiu/api/v1/tickets/", headers={"host": "evil.example"})
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"


def test_a_calendar_that_never_opens_is_a_conflict(jinxiu: Cast, api: ApiOf) -> None:
    with company_scope(jinxiu.company.pk):
        CompanyCalendar.objects.update(week={})
    answer = api(jinxiu.desk).post("tickets/", new_ticket(jinxiu))
    assert (answer.status_code, answer.json()["code"]) == (409, "calendar_never_opens")


class Cause(Exception):
    def __init__(self, pgcode: str) -> None:
        self.pgcode = pgcode


@pytest.mark.parametrize(
    ("kind", "state", "status", "code"),
    [
        (ProgrammingError, "42501", 404, "not_found"),
        (ProgrammingError, "42601", None, ""),
        (IntegrityError, "23505", 409, "conflict"),
        (IntegrityError, "23503", 409, "conflict"),
        (DataError, "22003", 400, "invalid"),
        (OperationalError, "55P03", 409, "busy"),
        (OperationalError, "40P01", 409, "busy"),
        (OperationalError, "57014", 503, "too_slow"),
        (OperationalError, "08006", 503, "unavailable"),
        (DatabaseError, "XX000", None, ""),
    ],
)
def test_what_the_database_says(
    kind: type[DatabaseError], state: str, status: int | None, code: str
) -> None:
    error = kind("…")
    error.__cause__ = Cause(state)
    found = recognise(error)
    assert (found.status_code if found else None) == status
    assert getattr(found, "code", "") == code


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (django.PermissionDenied(), 403),
        (django.RequestDataTooBig(), 413),
        (django.TooManyFieldsSent(), 400),
        (django.ValidationError("no"), 400),
        (NeverOpens(), 409),
        (KeyError("a bug"), None),
    ],
)
def test_what_django_says(error: Exception, status: int | None) -> None:
    found = recognise(error)
    assert (found.status_code if found else None) == status


def test_row_security_looks_like_nothing_there(
    jinxiu: Cast, heyue: Cast, api: ApiOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Were every wall before it to fall, the database would still say no, and the API 404."""

    def write_next_door(**_: Any) -> None:
        Ticket(id=jinxiu.file().pk, company_id=heyue.company.pk).save_base(raw=True)

    monkeypatch.setattr("complaints.api.ticket.file_ticket", write_next_door)
    answer = api(jinxiu.desk).post("tickets/", new_ticket(jinxiu))
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_a_bug_of_ours_is_a_problem_without_details(
    jinxiu: Cast, api: ApiOf, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(**_: Any) -> None:
        raise KeyError("secret")

    monkeypatch.setattr("complaints.api.ticket.file_ticket", fail)
    desk = api(jinxiu.desk)
    desk.browser.raise_request_exception = False
    answer = desk.post("tickets/", new_ticket(jinxiu))

    assert (answer.status_code, answer.json()["code"]) == (500, "error")
    assert b"secret" not in answer.content
    assert "POST /jinxiu/api/v1/tickets/ failed" in caplog.text


def test_an_operation_without_a_need_cannot_be_written() -> None:
    with pytest.raises(NeedMissing, match="says not what is needed for list"):

        class Open(CompanyViewSet):
            def list(self) -> None: ...
