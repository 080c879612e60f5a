"""The command of production serves pages and live streams on one port, and ends when asked to."""

import http.client
import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from config.commands import WEB
from tests.faults.installation import ROOT, Installation

pytestmark = [pytest.mark.fault, pytest.mark.xdist_group("installation")]

# Makes a company and a session of its admin, and prints the cookie.
FOUND = """
import django; django.setup()
from django.conf import settings
from django.test import Client
from complaints.services.onboarding import bring_on_board
from tenancy.models import User
user = User.objects.create_user("served")
bring_on_board(slug="served", name="served", admin="served")
from tenancy.models import Community, Company
from tenancy.scope import company_scope
with company_scope(Company.objects.get().pk):
    Community.objects.create(name="served")
client = Client()
client.force_login(user, "django.contrib.auth.backends.ModelBackend")
print(client.cookies[settings.SESSION_COOKIE_NAME].value)
"""


class Server:
    """gunicorn with two workers on a database of its own."""

    def __init__(self, installation: Installation) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.env = {
            **installation.env,
            "GUNICORN_CMD_ARGS": f"--bind 127.0.0.1:{self.port}",
            "WEB_CONCURRENCY": "2",
            "ALLOWED_HOSTS": "localhost",
            "PUBLIC_URL": "http://localhost",
        }
        made = subprocess.run(
            [sys.executable, "-c", FOUND],
            env=self.env, cwd=ROOT, check=True, capture_output=True, text=True,
        )  # fmt: skip
        self.cookie = f"sessionid={made.stdout.strip()}"
        program = str(Path(sys.executable).parent / WEB[0])
        self.process = subprocess.Popen([program, *WEB[1:]], env=self.env, cwd=ROOT)
        self.wait()

    def wait(self) -> None:
        ends = time.monotonic() + 60
        while time.monotonic() < ends:
            try:
                self.ask("GET", "/healthz")
                return
            except OSError:
                time.sleep(0.2)
        raise AssertionError("the server did not start")

    def ask(
        self, method: str, path: str, body: bytes | None = None, **headers: str
    ) -> tuple[http.client.HTTPResponse, bytes]:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)) as link:
            link.request(method, path, body, {"Host": "localhost", **named})
            answer = link.getresponse()
            return answer, answer.read()

    @property
    def signed_in(self) -> dict[str, str]:
        """What a browser of somebody who has signed in sends along."""
        token = "t" * 32
        return {"Cookie": f"{self.cookie}; csrftoken={token}", "X_CSRFToken": token}

    def hang_up_in_mid_body(self) -> None:
        with socket.create_connection(("127.0.0.1", self.port)) as link:
            link.sendall(
                b"POST /accounts/login/ HTTP/1.1\r\n"
                b"Host: localhost\r\nContent-Length: 9999\r\n\r\nx"
            )

    @contextmanager
    def listening(self) -> Iterator[http.client.HTTPResponse]:
        """An open stream."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)) as link:
            named = {"Host": "localhost", "Cookie": self.cookie}
            link.request("GET", "/served/live/", headers=named)
            with closing(link.getresponse()) as answer:
                yield answer


@pytest.fixture
def server(installation: Installation, tmp_path: Path) -> Iterator[Server]:
    installation.env |= {"STATIC_ROOT": str(tmp_path), "TRUSTED_PROXIES": "0"}
    installation.query("TRUNCATE tenancy_company, tenancy_user CASCADE")
    installation.run("manage.py", "collectstatic", "--no-input", "--verbosity", "0")
    found = Server(installation)
    yield found
    found.process.kill()
    found.process.wait()


def file_one(server: Server, installation: Installation, **headers: str) -> str:
    """A ticket filed through the API; its id."""
    ((category, kind, community),) = installation.query(
        "SELECT c.id, c.kind, m.id FROM complaints_category c, tenancy_community m LIMIT 1"
    )
    body = {
        "kind": kind, "category": str(category), "community": str(community),
        "channel": "phone", "title": "电梯又停了",
    }  # fmt: skip
    answer, content = server.ask(
        "POST",
        "/served/api/v1/tickets/",
        json.dumps(body).encode(),
        Content_Type="application/json",
        **server.signed_in,
        **headers,
    )
    assert answer.status == http.client.CREATED, content
    return str(json.loads(content)["id"])


def test_pages_and_streams_are_served_by_one_command(
    server: Server, installation: Installation
) -> None:
    with server.listening() as stream:
        assert (stream.status, stream.getheader("Content-Type")) == (
            200,
            "text/event-stream; charset=utf-8",
        )

        # Nobody says of themselves where they come from, in whatever spelling.
        ticket = file_one(server, installation, X_Forwarded_For="6.6.6.6")
        assert installation.query("SELECT DISTINCT address FROM complaints_ticketevent") == [
            ("127.0.0.1",)
        ]
        while b"changes" not in (line := stream.readline()):
            assert line
        assert json.loads(line[5:])["changes"][0]["ticket"] == ticket

        # A body as large as anybody may send, and one that is announced but never comes.
        upload = b"x" * 15_000_000
        status = server.ask(
            "POST", f"/served/tickets/{ticket}/attach/", upload,
            Content_Type="application/octet-stream", **server.signed_in,
        )[0].status  # fmt: skip
        assert status in (302, 413, 422)
        server.hang_up_in_mid_body()
        for method, path in (("HEAD", "/served/queue/"), ("GET", "/served/queue/?search=%FF%00")):
            assert server.ask(method, path, None, **server.signed_in)[0].status == http.client.OK
        assert server.ask("HEAD", "/accounts/login/")[1] == b""

        # Asked to end, it ends its streams at once and comes back within seconds.
        began = time.monotonic()
        server.process.send_signal(signal.SIGTERM)
        while stream.readline():
            pass
        assert server.process.wait(20) == 0
        assert time.monotonic() - began < 8


def test_names_that_wsgi_would_mix_up_are_dropped(db: None) -> None:
    from config.asgi import cleaned  # noqa: PLC0415  it asks the database when it is imported

    headers = [(b"x-forwarded-for", b"1.1.1.1"), (b"x_forwarded_for", b"6.6.6.6")]
    assert cleaned({"type": "http", "headers": headers})["headers"] == headers[:1]
