"""A process of the portal itself, asked from outside: one line of JSON in, one line out.

`python -m benchmarks.inside` runs on the database of its environment. It founds companies by the
portal's own services, makes tokens and sessions, counts queries, and runs the machine that
enforces.
"""

import json
import sys
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402  the applications had to be there first
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.utils import timezone  # noqa: E402

from benchmarks import (  # noqa: E402 - needs the settings, as all below
    inside_answers,
    inside_figures,
    inside_invitations,
    inside_results,
)
from complaints.services.enforcement import enforce  # noqa: E402
from complaints.services.onboarding import bring_on_board  # noqa: E402
from tenancy.models import Company, Membership, User  # noqa: E402
from tenancy.models.token import TokenScope  # noqa: E402
from tenancy.permissions import Role  # noqa: E402
from tenancy.scope import company_scope  # noqa: E402
from tenancy.services.tokens import make_token  # noqa: E402

BACKEND = "django.contrib.auth.backends.ModelBackend"
# What a request says to the database beside its questions.
FRAME = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "SET LOCAL")


def found(slugs: list[str]) -> None:
    """Bring the companies on board; one person is the admin of all of them."""
    User.objects.create_user("bench")
    for slug in slugs:
        bring_on_board(slug=slug, name=slug, admin="bench")


def desk_of(slug: str) -> Membership:
    """The first person at the desk. Call it inside the company."""
    member: Membership = Membership.objects.with_role(Role.DESK).order_by("id")[0]
    return member


def token(slug: str) -> str:
    """A token with which a program acts as the desk of a company."""
    with company_scope(Company.objects.get(slug=slug).pk):
        _row, plain = make_token(
            membership=desk_of(slug),
            name="bench",
            scopes=[TokenScope.READ, TokenScope.WRITE],
            expires_at=None,
            now=timezone.now(),
        )
    return plain


def session(slug: str) -> str:
    """The cookie of somebody at the desk who has signed in."""
    with company_scope(Company.objects.get(slug=slug).pk):
        user = desk_of(slug).user
    client = Client()
    client.force_login(user, BACKEND)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def queries(slug: str, path: str, headers: dict[str, str]) -> list[dict[str, str]]:
    """What one request asks the database, without what frames it, and how it is answered.

    The second of two requests: the first one fills caches.
    """
    client = Client()
    if "Cookie" in headers:
        client.cookies.load(headers["Cookie"])
    named = {name: value for name, value in headers.items() if name != "Cookie"}
    client.get(path, headers={**named, "Host": "localhost"})
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(path, headers={**named, "Host": "localhost"})
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answers {answer.status_code}")
    asked = [each["sql"] for each in captured.captured_queries]
    with company_scope(Company.objects.get(slug=slug).pk):
        return [{"sql": sql, "plan": plan_of(sql)} for sql in asked if not sql.startswith(FRAME)]


def plan_of(sql: str) -> str:
    """How PostgreSQL answers a question of the application's role."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, COSTS OFF, TIMING OFF) {sql}")
        return "\n".join(line for (line,) in cursor.fetchall())


def steps(now: str) -> dict[str, float]:
    """One pass of the machine that enforces, and how long it took."""
    moment = datetime.fromisoformat(now)
    began = time.perf_counter()
    report = enforce(now=moment)
    return {
        "steps": report.steps,
        "failed": report.failed,
        "companies": report.companies,
        "seconds": time.perf_counter() - began,
    }


ASKED: dict[str, Callable[..., Any]] = {
    "found": found,
    "token": token,
    "session": session,
    "queries": queries,
    "steps": steps,
    **inside_figures.ASKED,
    **inside_results.ASKED,
    **inside_answers.ASKED,
    **inside_invitations.ASKED,
}


def main() -> None:
    """Answer until nobody asks any more."""
    for line in sys.stdin:
        asked = json.loads(line)
        name = asked.pop("ask")
        print(json.dumps(ASKED[name](**asked)), flush=True)


if __name__ == "__main__":
    main()
