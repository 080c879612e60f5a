"""What the application's role may do in the database, and proof that it may do no more."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, connections
from psycopg2.extensions import quote_ident


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
        for model in apps.get_models(include_auto_created=True):
            table = quote_ident(model._meta.db_table, cursor.cursor)
            if not model._meta.managed:
                continue
            cursor.execute(f"REVOKE ALL ON {table} FROM {role}")
            rights = "SELECT, INSERT"
            if not getattr(model, "append_only", False):
                rights += ", UPDATE, DELETE"
            cursor.execute(f"GRANT {rights} ON {table} TO {role}")
        # `makemigrations --check` and `migrate --check` read which migrations were applied.
        cursor.execute(f"GRANT SELECT ON django_migrations TO {role}")
        cursor.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role}")


def why_role_is_too_strong() -> str:
    """Empty when the connected role is held by row security; else what would let it pass."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, rolsuper, rolbypassrls, EXISTS ("
            "  SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            "  WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')"
            "  AND pg_has_role(current_user, c.relowner, 'USAGE'))"
            " FROM pg_roles WHERE rolname = current_user"
        )
        name, is_super, bypasses, owns = cursor.fetchone()
    reasons = [("a superuser", is_super), ("BYPASSRLS", bypasses), ("an owner of tables", owns)]
    found = [reason for reason, holds in reasons if holds]
    return f"database role {name} is {', '.join(found)}" if found else ""
