"""Fixtures that put a real Chromium at the disposal of a test."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.chromium import listen, running_browser, visit_as

# Playwright keeps an event loop in this thread, which Django takes for an async program.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests of this process."""
    with running_browser() as browser:
        yield browser


@pytest.fixture
def console() -> list[str]:
    """What the browser complained about; empty at the end of a good test."""
    return []


@pytest.fixture
def page(chromium: Browser, console: list[str]) -> Iterator[Page]:
    """A desk's screen; the test fails if the browser's console shows an error."""
    with visit_as(chromium) as context:
        yield listen(context.new_page(), console)
    assert console == []


@pytest.fixture
def phone(chromium: Browser, console: list[str]) -> Iterator[Page]:
    """An owner's telephone of 390 px; the test fails if the browser's console shows an error."""
    with visit_as(chromium, width=390, height=844) as context:
        yield listen(context.new_page(), console)
    assert console == []
