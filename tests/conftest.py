"""The cast: two companies that look alike. Whatever leaks from one to the other shows."""

import fcntl
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.contenttypes.management import create_contenttypes
from django.contrib.contenttypes.models import ContentType
from django.core import mail
from django.db import connection, transaction
from django.db.models.signals import post_migrate
from django.test import Client
from django.test.utils import setup_databases, teardown_databases
from django.utils import translation

from config.translations import compile_translations
from tenancy.models import Membership
from tenancy.scope import company_scope
from tenancy.services.aside import settle
from tests.browser.fixtures import chromium, console, page, phone
from tests.databases import TEMPLATE
from tests.factories.cast import Cast, cast_of

# One browser per process, whichever folder a test lies in.
__all__ = ["chromium", "console", "page", "phone"]


def pytest_configure() -> None:
    """Tests may speak any language of the portal, whatever was compiled before."""
    compile_translations()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long begins first, so that no core waits for another at the end."""
    first = ("xdist_group", "long")
    items.sort(key=lambda item: not any(item.get_closest_marker(name) for name in first))


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    django_db_blocker: object,
    django_db_modify_db_settings: None,
) -> Iterator[None]:
    """Create and migrate the test database as the owner, then test as the application's role."""
    role = dict(connection.settings_dict)
    assert settings.DATABASE_OWNER is not None
    owner = {
        **{key: settings.DATABASE_OWNER[key] for key in ("USER", "PASSWORD", "HOST", "PORT")},
        "AS_OWNER": True,
    }
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        connection.settings_dict.update(owner)
        made, template = make_databases()
        with connection.cursor() as cursor:
            # pytest-django empties tables between tests that commit.
            cursor.execute(f"GRANT TRUNCATE ON ALL TABLES IN SCHEMA public TO {role['USER']}")
        connection.close()
        become(role)
        for slug, name in COMPANIES.items():
            with transaction.atomic():
                cast_of(slug, name)
    # Tables are emptied after tests that commit. To write content types and permissions anew each
    # time takes longer than that; the portal's own are in code.
    post_migrate.disconnect(create_contenttypes)
    post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")
    yield
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        end_other_sessions()
        connection.settings_dict.update(owner)
        teardown_databases(made, verbosity=0)
        if template:
            in_no_database(f'DROP DATABASE IF EXISTS "{template}"')


def make_databases() -> tuple[Any, str]:
    """A migrated database for this process, and the name of the template if it made that too.

    The first process of a run migrates, the others copy.
    """
    if not TEMPLATE:
        return make_database(), ""
    with Path(tempfile.gettempdir(), f"{TEMPLATE}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if in_no_database("SELECT 1 FROM pg_database WHERE datname = %s", TEMPLATE):
            connection.settings_dict["TEST"]["TEMPLATE"] = TEMPLATE
            return make_database(), ""
        made = make_database()
        name = connection.settings_dict["NAME"]
        connection.close()
        in_no_database(f'CREATE DATABASE "{TEMPLATE}" TEMPLATE "{name}"')
        return made, TEMPLATE


def make_database() -> Any:
    return setup_databases(verbosity=0, interactive=False, serialized_aliases=set())


def in_no_database(statement: str, *values: str) -> list[Any]:
    """What the server answers beside every database that is in use."""
    with connection._nodb_cursor() as cursor:
        cursor.execute(statement, values or None)
        return list(cursor.fetchall()) if cursor.description else []


def end_other_sessions() -> None:
    """A browser's tests run beside the main program and leave a connection that it cannot see."""
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND usename = current_user"
            " AND pid <> pg_backend_pid()"
        )
    connection.close()


def become(role: dict[str, object]) -> None:
    connection.settings_dict.pop("AS_OWNER")
    connection.settings_dict.update(
        {key: role[key] for key in ("USER", "PASSWORD", "HOST", "PORT")}
    )


# They are committed once for each process: a test finds them there, and leaves them as they were.
COMPANIES = {"jinxiu": "锦绣物业", "heyue": "和悦物业"}


@pytest.fixture(autouse=True)
def no_types_remembered() -> None:
    """A content type that another test has made, and that went with it, is not taken for there."""
    ContentType.objects.clear_cache()


@pytest.fixture(autouse=True)
def no_language_remembered() -> None:
    """What a page of another test was read in is not spoken on: nothing ends it after a request."""
    translation.deactivate()


@pytest.fixture
def jinxiu(db: None) -> Cast:
    """锦绣物业: the company under test, with one person of each role."""
    return cast_of("jinxiu", COMPANIES["jinxiu"])


@pytest.fixture(autouse=True)
def rival(request: pytest.FixtureRequest) -> Cast | None:
    """和悦物业: the same names, phones, units and titles. Present wherever `jinxiu` is."""
    if "jinxiu" in request.fixturenames or "heyue" in request.fixturenames:
        cast: Cast = request.getfixturevalue("heyue")
        return cast
    return None


@pytest.fixture
def heyue(db: None) -> Cast:
    """The rival, by name."""
    return cast_of("heyue", COMPANIES["heyue"])


@pytest.fixture
def scoped(jinxiu: Cast) -> Iterator[Cast]:
    """Serve jinxiu for the length of the test, for tests of services."""
    with company_scope(jinxiu.company.pk):
        yield jinxiu


class Letterbox(list[mail.EmailMessage]):
    """What was sent. Whoever looks into it waits until what goes beside a request has arrived."""

    def __len__(self) -> int:
        settle()
        return super().__len__()

    def __iter__(self) -> Iterator[mail.EmailMessage]:
        settle()
        return super().__iter__()

    def __getitem__(self, place: Any) -> Any:
        settle()
        return super().__getitem__(place)

    def __eq__(self, other: object) -> bool:
        settle()
        return super().__eq__(other)


@pytest.fixture
def mailoutbox(mailoutbox: list[mail.EmailMessage]) -> Iterator[Letterbox]:
    mail.outbox = Letterbox(mailoutbox)
    yield mail.outbox
    settle()


@pytest.fixture
def sign_in(client: Client) -> "SignIn":
    """`sign_in(jinxiu.desk)` returns a client signed in as that member."""
    return SignIn()


class SignIn:
    """Makes signed-in browsers, one per member."""

    def __call__(self, membership: Membership) -> Client:
        client = Client()
        client.force_login(membership.user, "django.contrib.auth.backends.ModelBackend")
        return client
