"""What is written down about running lets nobody in."""

import logging
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client
from django.utils.module_loading import import_string

from config.log_lines import Lines
from tenancy.services import limiting
from tests.factories.cast import Cast


@pytest.fixture(autouse=True)
def nothing_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wrong links of other tests are not counted here."""
    monkeypatch.setattr(limiting._Breaker, "down_until", 0.0)
    monkeypatch.setattr(limiting, "PREFIX", f"limit-{uuid4()}")


def test_links_of_invitations_are_in_no_line_and_in_no_traceback() -> None:
    assert import_string(settings.LOGGING["formatters"]["line"]["()"]) is Lines
    try:
        raise LookupError("no way to /jinxiu/s/yrrg7yyvmdfpwkue/photo/look/")
    except LookupError as error:
        caught = (LookupError, error, error.__traceback__)
    record = logging.makeLogRecord({
        "name": "django.request", "levelname": "WARNING", "exc_info": caught,
        "msg": "%s: %s", "args": ("Unprocessable Entity", "/jinxiu/s/yrrg7yyvmdfpwkue/?from=paper"),
    })  # fmt: skip
    line = Lines("{levelname} {name}: {message}", style="{").format(record)
    assert line.startswith("WARNING django.request: Unprocessable Entity: /jinxiu/s/…/?from=paper")
    assert line.endswith("no way to /jinxiu/s/…/photo/look/")
    assert "yrrg" not in line


def test_wrong_link_is_written_down_without_it(
    client: Client, jinxiu: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    assert client.get("/jinxiu/s/abcdabcdabcdabcd/").status_code == 404
    lines = [Lines().format(each) for each in caplog.records]
    assert [line for line in lines if "/s/" in line] == ["Not Found: /jinxiu/s/…/"]
