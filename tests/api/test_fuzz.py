"""Requests that nobody thought of, made from the schema: whatever is sent, nothing breaks."""

import json
from collections.abc import Iterator
from itertools import cycle
from typing import Any

import pytest
import schemathesis
from django.conf import LazySettings
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, connection
from hypothesis import HealthCheck, Phase, settings as examples
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from config.api_documentation import whole_schema
from tests.api.conftest import Api, ApiOf
from tests.factories.cast import Cast

pytestmark = pytest.mark.fuzz

# Left out: negative_data_rejection and positive_data_acceptance. An id that belongs to nobody is
# valid by the schema and refused all the same; DRF reads "5" and 5 alike.
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
REQUESTS = 15
ROLES = ("owner", "desk", "admin")

schema = schemathesis.openapi.from_dict(json.loads(json.dumps(whole_schema(), default=str)))
schema.app = get_wsgi_application()


@pytest.fixture
def callers(jinxiu: Cast, api: ApiOf, settings: LazySettings) -> Iterator[Iterator[Api]]:
    """Who sends it, in turn. Between requests the handler would close the test's connection."""
    settings.API_REQUESTS_PER_MINUTE = 10**9
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield cycle([api(jinxiu.members[role]) for role in ROLES])
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def rows(jinxiu: Cast) -> dict[str, str]:
    """Real ids, by the noun of an address and by the name of a value."""
    ticket = jinxiu.file()
    found = {
        "tickets": ticket,
        "owners": jinxiu.resident,
        "units": jinxiu.unit,
        "communities": jinxiu.community,
        "departments": jinxiu.engineering,
        "categories": jinxiu.lift,
        "members": jinxiu.desk,
        "unit": jinxiu.unit,
        "category": jinxiu.lift,
        "community": jinxiu.community,
        "owner": jinxiu.resident,
        "department": jinxiu.engineering,
        "assignee": jinxiu.technician,
    }
    return {name: str(row.pk) for name, row in found.items()}


def aim(case: Any, rows: dict[str, str]) -> None:
    """Let most requests reach something: made-up companies and ids lead nowhere."""
    case.path_parameters["company"] = "jinxiu"
    noun = case.path.split("/")[4]
    if "id" in case.path_parameters and noun in rows:
        case.path_parameters["id"] = rows[noun]
    if isinstance(case.body, dict):
        for name in set(case.body) & set(rows):
            case.body[name] = rows[name]


@schema.parametrize()
@examples(
    max_examples=REQUESTS,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_nothing_breaks(case: Any, callers: Iterator[Api], rows: dict[str, str]) -> None:
    aim(case, rows)
    headers = {"Authorization": f"Token {next(callers).token}", "Accept-Language": "en"}
    headers["Accept-Encoding"] = "identity"  # the client of the tests unpacks nothing
    case.call_and_validate(headers=headers, checks=CHECKS)
    # Deferred constraints would only be noticed at a commit, which a test never reaches.
    connection.check_constraints()
