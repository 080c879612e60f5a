"""The pictures of the guide show what the pages look like: taken anew, and compared.

`make pictures` saves what differs; `make pictures PICTURES=check` only says so. It takes minutes
and every pixel of forty pages, so it is no part of `make test`.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.test import Client, override_settings
from django.utils.translation import override
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from reports.services.demo.company import JINXIU
from reports.services.demo.world import load
from tenancy.models import User
from tenancy.services.database import refresh_statistics
from tests.browser.pictures import PICTURES, difference, take
from tests.factories.cast import leave_nobody
from tests.factories.demo import MORNING

CHINESE = "zh-hans"
pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("PICTURES" not in os.environ, reason="made by `make pictures`"),
]
# Of 255. The same page twice differs by less than 1; a moved panel by more than 10. What is saved
# is exact; what is only checked may differ by what another machine draws differently.
NOTICEABLE = {"save": 0.2, "check": 6.0}


@pytest.fixture
def world(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    """The demo's first company at a known time. Its operator has shown their second factor."""
    with (
        override_settings(
            DEMO=True,
            OPERATORS_NEED_SECOND_FACTOR=False,
            MEDIA_ROOT=str(tmp_path),
            LANGUAGE_CODE=CHINESE,
        ),
        override(CHINESE),  # in which the demo's surveys are written
        time_machine.travel(MORNING, tick=True),
    ):
        leave_nobody()
        load(now=MORNING, say=lambda _: None, blueprints=[JINXIU])
        refresh_statistics()
        yield


def session(username: str) -> Any:
    """The cookie of somebody who has signed in."""
    client = Client()
    user = User.objects.get(username=username)
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    name = settings.SESSION_COOKIE_NAME
    return {"name": name, "value": client.cookies[name].value}


def test_pictures_show_the_pages_as_they_are(
    world: None, chromium: Browser, live_server: LiveServer
) -> None:
    stale = []
    mode = os.environ["PICTURES"]
    wanted = tuple(os.environ.get("PICTURE", "").split(","))  # names, or how they begin
    for picture in PICTURES:
        if not picture.name.startswith(wanted):
            continue
        image = take(chromium, live_server.url, picture, MORNING, session)
        if (found := difference(picture, image)) < NOTICEABLE[mode]:
            continue
        if mode == "save":
            image.save(picture.path_of_file, optimize=True)
        else:
            stale.append(f"{picture.name} differs by {found:.1f}: run `make pictures` and look")
    assert stale == []
