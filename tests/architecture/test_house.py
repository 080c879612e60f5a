"""The house keeps its shape: floors, sizes, words at the door."""

import ast
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.urls import reverse

from complaints.models import Ticket
from complaints.services.news import ticket_path
from tenancy.models import CompanyModel, uuid7
from tests.factories.cast import Cast

ROOT = Path(settings.BASE_DIR)
FLOORS = {
    "tenancy": 0,
    "notifications": 1,
    "owners": 2,
    "complaints": 3,
    "surveys": 4,
    "reports": 7,
}
ROOMS = [*FLOORS, "config", "tests", "benchmarks", "locale"]
LONGEST_FILE, LONGEST_FUNCTION, LONGEST_TEMPLATE = 400, 40, 150
FORBIDDEN_NAMES = {"core", "common", "utils", "helpers", "misc"}
OURS = [model for model in apps.get_models() if model._meta.app_label in FLOORS]

# File or function → why it is longer than the house allows.
EXEMPT: dict[str, str] = {
    "config/settings.py": "every setting in one place, each with its reason",
}


def sources() -> Iterator[Path]:
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


SOURCES = list(sources())
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


def short(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.xdist_group("held together")
def test_groups_of_tests_hold_together(request: pytest.FixtureRequest) -> None:
    """A mark that is not read is not missed: each process would make the group's world again."""
    by_itself = "PYTEST_XDIST_WORKER" not in os.environ
    assert by_itself or request.node.nodeid.endswith("@held together")


@pytest.mark.parametrize("path", SOURCES, ids=short)
def test_files_and_functions_stay_short(path: Path) -> None:
    text = path.read_text()
    too_long = [
        f"{short(path)}:{node.name} ({length} lines)"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or 0) - node.lineno + 1) > LONGEST_FUNCTION
        and f"{short(path)}:{node.name}" not in EXEMPT
    ]

    assert too_long == []
    assert text.count("\n") <= LONGEST_FILE or short(path) in EXEMPT


@pytest.mark.parametrize("path", TEMPLATES, ids=short)
def test_templates_stay_short(path: Path) -> None:
    assert path.read_text().count("\n") <= LONGEST_TEMPLATE


def test_exemptions_are_still_needed() -> None:
    known = {short(path) for path in SOURCES}
    assert {name.split(":")[0] for name in EXEMPT} - known == set()
    assert [name for name, reason in EXEMPT.items() if not reason] == []


def test_there_is_no_junk_drawer() -> None:
    assert {path.stem for path in SOURCES} & FORBIDDEN_NAMES == set()
    assert {part for path in SOURCES for part in path.parts[:-1]} & FORBIDDEN_NAMES == set()


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_foreign_keys_go_down(model: Any) -> None:
    floor = FLOORS[model._meta.app_label]
    targets = {
        field.related_model._meta.app_label
        for field in model._meta.get_fields()
        if field.is_relation and field.concrete and field.related_model is not None
    } - {"auth"}

    assert {label for label in targets if FLOORS[label] > floor} == set()


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_models_say_what_they_are_in_the_world(model: Any) -> None:
    assert model.__doc__
    assert not model.__doc__.startswith(f"{model.__name__}(")
    assert model._meta.ordering == []


@pytest.mark.parametrize(
    "model",
    [model for model in OURS if issubclass(model, CompanyModel)],
    ids=lambda model: model._meta.label,
)
def test_indexes_of_company_tables_name_their_company(model: Any) -> None:
    without = [
        index.name
        for index in model._meta.indexes
        if "company" not in [name.lstrip("-") for name in (*index.fields, *index.include)]
    ]

    assert without == []


def may_include(room: str, other: str) -> bool:
    """Its own fragments, the shared components, and fragments of rooms it may import from."""
    if other in (room, "components"):
        return True
    return FLOORS.get(other, 9) < FLOORS.get(room, -1)


def test_templates_include_only_components_and_what_lies_on_their_floor_or_below() -> None:
    wrong = []
    for path in TEMPLATES:
        room = path.relative_to(ROOT / "templates").parts[0]
        for line in path.read_text().splitlines():
            for word in ('{% include "', "{% include '"):
                if word in line:
                    target = line.split(word, 1)[1].split(word[-1])[0]
                    if not may_include(room, target.split("/")[0]):
                        wrong.append(f"{short(path)} includes {target}")

    assert wrong == []


def test_the_written_out_path_of_a_ticket_is_its_address(jinxiu: Cast) -> None:
    pk = uuid7()

    assert ticket_path("jinxiu", pk) == reverse("complaints:ticket_detail", args=["jinxiu", pk])
    assert Ticket._meta.get_field("id").default is uuid7


def test_ids_are_time_ordered_and_of_version_seven() -> None:
    ids = [uuid7() for _ in range(50)]

    assert {(each.version, each.variant) for each in ids} == {(7, "specified in RFC 4122")}
    milliseconds = [each.int >> 80 for each in ids]
    assert milliseconds == sorted(milliseconds)
