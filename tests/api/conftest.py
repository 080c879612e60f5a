"""Clients of the API, one per member, with real tokens."""

import io
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone
from PIL import Image

from tenancy.models import Membership
from tenancy.permissions import Can
from tenancy.scope import company_scope
from tenancy.services import limiting
from tenancy.services.tokens import make_token
from tests.factories.cast import Cast

ALL = ("read", "write", "personal")


@dataclass
class Api:
    """A program that acts as one member. Paths are below `/<company>/api/v1/`."""

    slug: str
    token: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    browser: Client = field(default_factory=Client)

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token:
            sent["Authorization"] = f"Token {self.token}"
        text = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body)
        address = path if path.startswith(("/", "http")) else f"/{self.slug}/api/v1/{path}"
        kind = headers.pop("Content_Type", "application/json")
        return self.browser.generic(
            method, address, text, content_type=kind, headers={**self.headers, **sent}
        )

    def get(self, path: str, **headers: str) -> Any:
        return self.send("GET", path, None, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.send("POST", path, body, **headers)

    def results(self, path: str) -> list[Any]:
        """The rows of a list's first page."""
        answer = self.get(path)
        assert answer.status_code == 200, answer.content
        found: list[Any] = answer.json()["results"]
        return found


ApiOf = Callable[..., Api]


@pytest.fixture
def api() -> ApiOf:
    """`api(jinxiu.desk)` is a client with a token of that member."""

    def client(member: Membership, *scopes: str) -> Api:
        wanted = scopes or (ALL if member.can(Can.REVEAL_PERSONAL) else ALL[:2])
        with company_scope(member.company_id):
            _token, plain = make_token(
                membership=member,
                name="test",
                scopes=wanted,
                expires_at=None,
                now=timezone.now(),
            )
        return Api(member.company.slug, plain, {"Accept-Language": "en"})

    return client


@pytest.fixture(autouse=True)
def nothing_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits begin anew with every test."""
    monkeypatch.setattr(limiting._Breaker, "down_until", 0.0)
    monkeypatch.setattr(limiting, "PREFIX", f"limit-{uuid4()}")


def new_ticket(cast: Cast, **more: object) -> dict[str, Any]:
    """The body of a complaint about the lift."""
    return {
        "unit": str(cast.unit.pk),
        "kind": "complaint",
        "category": str(cast.lift.pk),
        "urgency": "normal",
        "channel": "phone",
        "title": "电梯又停了",
        "description": "三号楼电梯今早又停了",
        **more,
    }


@pytest.fixture(scope="session")
def photo() -> bytes:
    """A small picture."""
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def files(tmp_path: Path, settings: LazySettings) -> Path:
    """Where uploads go in this test."""
    settings.MEDIA_ROOT = str(tmp_path)
    return tmp_path
