"""What the application's role may do in the database, and proof that it may do no more."""

import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connection, connections
from psycopg2.extensions import quote_ident

logger = logging.getLogger(__name__)


def application_role() -> str:
    """The name of the role that serves requests and runs workers."""
    return str(settings.DATABASE_APPLICATION_ROLE)


def grant_to_application(*, using: str = "default", **_: Any) -> None:
    """Let the application's role read and write rows, after every `migrate`.

    Tables marked `append_only` can be written once: no UPDATE, no DELETE.
    """
    link = connections[using]
    with link.cursor() as cursor:
        role = quote_ident(application_role(), cursor.cursor)
        # After a migration backwards a table of today's models may not be there.
        there = set(link.introspection.table_names(cursor))
        for model in apps.get_models(include_auto_created=True):
            table = quote_ident(model._meta.db_table, cursor.cursor)
            if not model._meta.managed or model._meta.db_table not in there:
                continue
            cursor.execute(f"REVOKE ALL ON {table} FROM {role}")
            rights = "SELECT, INSERT"
            if not getattr(model, "append_only", False):
                rights += ", UPDATE, DELETE"
            cursor.execute(f"GRANT {rights} ON {table} TO {role}")
        # `makemigrations --check` and `migrate --check` read which migrations were applied.
        cursor.execute(f"GRANT SELECT ON django_migrations TO {role}")
        cursor.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role}")


@contextmanager
def alone(name: str) -> Iterator[bool]:
    """Whether nobody else in the installation is at it; so it stays until the block ends.

    Held by the connection: whoever dies lets go.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [name])
        mine = bool(cursor.fetchone()[0])
    try:
        yield mine
    finally:
        if mine:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [name])


def owner_settings(known: dict[str, Any]) -> dict[str, Any]:
    """A connection's settings, for the role that owns the tables."""
    if settings.DATABASE_OWNER is None:
        raise ImproperlyConfigured(
            "migrate needs DATABASE_OWNER_URL: the role that owns the tables"
        )
    owner = {key: settings.DATABASE_OWNER[key] for key in ("USER", "PASSWORD", "HOST", "PORT")}
    return {**known, **owner, "AS_OWNER": True}


@contextmanager
def as_owner(using: str = "default") -> Iterator[None]:
    """Connect as the role that owns the tables, for the length of the block: for `migrate` only."""
    link = connections[using]
    kept = dict(link.settings_dict)
    changed = owner_settings(kept)
    link.close()
    link.settings_dict.update(changed)
    try:
        yield
    finally:
        link.close()
        link.settings_dict.clear()
        link.settings_dict.update(kept)


def refresh_statistics() -> None:
    """Tell the planner what has just been loaded: until it knows, it takes large tables for empty.

    The server finds out by itself within minutes. Only the owner of the tables may say so, on a
    connection of its own.
    """
    link = connections.create_connection("default")
    link.settings_dict = owner_settings(link.settings_dict)
    try:
        with link.cursor() as cursor:
            cursor.execute("ANALYZE")
    finally:
        link.close()


def make_sure_role_is_weak() -> None:
    """Refuse to start as a role that could pass row security; raises `RoleTooStrong`.

    Every connection makes sure of it by itself; this asks before the first request does. A
    database that cannot be reached yet is no reason not to start.
    """

    def ask() -> None:
        try:
            connection.ensure_connection()
        except OperationalError as error:
            logger.warning("The database cannot be asked yet: %s", error)
        finally:
            connection.close()

    # A thread of its own: the server may import the application inside its event loop.
    with ThreadPoolExecutor(max_workers=1) as pool:
        pool.submit(ask).result()
