"""The API describes itself, completely."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from drf_spectacular.drainage import GENERATOR_STATS

from config.api_documentation import whole_schema

METHODS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture(scope="module")
def schema() -> Any:
    return json.loads(json.dumps(whole_schema(), default=str))


def operations(schema: Any) -> Iterator[tuple[str, str, Any]]:
    for path, item in schema["paths"].items():
        for method, operation in item.items():
            if method in METHODS:
                yield path, method, operation


def test_the_schema_is_made_without_a_warning(tmp_path: Any) -> None:
    GENERATOR_STATS.reset()
    target = str(tmp_path / "schema.json")
    call_command(
        "spectacular", format="openapi-json", file=target, validate=True, fail_on_warn=True
    )
    assert not GENERATOR_STATS


def test_every_operation_is_documented(schema: Any) -> None:
    ids = []
    for path, method, operation in operations(schema):
        ids.append(operation["operationId"])
        assert operation["summary"][0].isupper(), path
        assert operation["description"], path
        assert {"400", "404", "406", "429", "503"} <= set(operation["responses"]), path
        if method == "post" and operation["operationId"] != "tokens_create":
            assert {"401", "403", "409", "413", "415"} <= set(operation["responses"]), path
    assert len(ids) == len(set(ids)) > 35


def test_the_names_that_clients_depend_on(schema: Any) -> None:
    parts = schema["components"]["schemas"]
    assert {"unit", "kind", "category", "urgency", "channel", "title", "description"} <= set(
        parts["NewTicket"]["properties"]
    )
    assert {"id", "number", "status", "deadlines"} <= set(parts["WholeTicket"]["required"])
    assert {"promise", "due_at", "met_at", "breached_at", "paused", "explanation"} <= set(
        parts["ExplainedDeadline"]["required"]
    )
    assert set(parts["NewCallback"]["properties"]) == {"outcome", "note"}
    assert set(parts["NewRating"]["properties"]) == {"score", "comment", "fixed"}
    listed = schema["paths"]["/{company}/api/v1/tickets/"]["get"]
    assert {"status", "ordering", "cursor", "page_size", "search", "late", "assignee"} <= {
        each["name"] for each in listed["parameters"]
    }


def test_enums_have_names_of_their_own(schema: Any) -> None:
    names = {name for name, part in schema["components"]["schemas"].items() if "enum" in part}
    assert names >= {"TicketKind", "TicketStatus", "Channel", "Urgency", "CallbackOutcome"}
    assert not [name for name in names if name.endswith("Enum")]


def test_creating_operations_take_an_idempotency_key(schema: Any) -> None:
    found = {
        operation["operationId"]
        for _path, _method, operation in operations(schema)
        if any(each["name"] == "Idempotency-Key" for each in operation.get("parameters", []))
    }
    assert found == {
        "surveys_create",
        "surveys_improvements_create",
        "surveys_publications_create",
        "tickets_callbacks_rating_create",
        "surveys_waves_create",
        "surveys_copy",
        "surveys_bank_create",
        "members_create",
        "absences_create",
        "answers_create",
        "household_create",
        "supporters_create",
        "tickets_attachments_create",
        "tickets_callbacks_create",
        "tickets_comments_create",
        "tickets_create",
        "tickets_notes_note",
        "tickets_rating_create",
        "tickets_reassign_create",
        "tickets_work_arrive",
        "tickets_work_finish",
        "tickets_work_materials_add_material",
        "tickets_work_set_off",
        "calendar_days_create",
        "categories_create",
        "communities_create",
        "communities_units_create",
        "promises_create",
        "departments_create",
        "units_create",
        "views_create",
    }


def test_everybody_may_read_the_schema(db: None) -> None:
    answer = Client().get("/api/schema/")
    assert answer.status_code == 200
    assert json.loads(answer.content)["openapi"] == "3.1.0"
    yaml = Client().get("/api/schema/", headers={"Accept": "application/vnd.oai.openapi"})
    assert yaml.content.startswith(b"openapi: 3.1.0")


def test_the_documentation_needs_nobody_elses_host(db: None) -> None:
    page = Client().get("/api/docs/")
    script = Client().get("/api/docs/?script=")
    assert page.status_code == script.status_code == 200
    text = page.content.decode()
    assert "//" not in text.replace("://testserver", "")
    assert "<script>" not in text
    assert "<style" not in text
    assert script["Content-Type"] == "application/javascript"
    assert "unsafe" not in page["Content-Security-Policy"]
