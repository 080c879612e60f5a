"""Swagger UI in a real browser, under the strict policy, without leaving the host."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Request
from pytest_django.live_server_helper import LiveServer

from tests.factories.cast import PASSWORD, Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_documentation_can_be_read_and_tried(
    jinxiu: Cast, live_server: LiveServer, page: Page
) -> None:
    hosts: set[str] = set()

    def remember(request: Request) -> None:
        if not request.url.startswith(("data:", "blob:")):
            hosts.add(urlsplit(request.url).netloc)

    page.on("request", remember)
    page.goto(f"{live_server.url}/api/docs/")

    page.locator("#operations-tag-tokens").click()
    operation = page.locator("#operations-tokens-tokens_create")
    operation.locator(".opblock-summary-control").click()
    operation.get_by_role("button", name="Try it out").click()
    operation.get_by_placeholder("company").fill("jinxiu")
    body = f'{{"username": "desk@jinxiu", "password": "{PASSWORD}"}}'
    operation.locator("textarea.body-param__text").fill(body)
    operation.get_by_role("button", name="Execute").click()
    answer = operation.locator(".live-responses-table .response-col_status")
    answer.filter(has_text="201").wait_for()

    assert hosts == {urlsplit(live_server.url).netloc}
