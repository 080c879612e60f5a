"""The two database roles: one owns the tables, the other is held by row-level security.

`python -m config.roles` makes both, with the names and passwords of DATABASE_OWNER_URL and
DATABASE_URL, and the database. It enters by DATABASE_ADMIN_URL, the server's superuser.
"""

import hashlib
import hmac
import os
from urllib.parse import unquote, urlsplit

import psycopg2
from psycopg2 import sql

OWNER, APPLICATION = "portal_owner", "portal_app"
RIGHTS = {
    OWNER: "LOGIN NOSUPERUSER CREATEDB BYPASSRLS",
    APPLICATION: "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS",
}


class Unsuitable(Exception):
    """The database that was given cannot be used like this; the message says what to do."""


def password_of(role: str, administrator: str) -> str:
    """The same for every checkout that shares a server, and known to its administrator only."""
    return hmac.new(administrator.encode(), role.encode(), hashlib.sha256).hexdigest()


def url_for(role: str, administrator: str, database: str) -> str:
    """The administrator's server, entered by another role."""
    parts = urlsplit(administrator)
    address = parts.netloc.rpartition("@")[2]
    name = f"{role}:{password_of(role, administrator)}"
    return parts._replace(netloc=f"{name}@{address}", path=f"/{database}").geturl()


def make_role(cursor: "psycopg2.extensions.cursor", url: str, rights: str) -> None:
    """Make the role that a URL names, or give it the rights and the password it should have."""
    parts = urlsplit(url)
    name = unquote(parts.username or "")
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name])
    cursor.execute(
        sql.SQL("{} ROLE {} {} PASSWORD {}").format(
            sql.SQL("ALTER" if cursor.fetchone() else "CREATE"),
            sql.Identifier(name),
            sql.SQL(rights),
            sql.Literal(unquote(parts.password or "")),
        )
    )


def make_all(administrator: str, owner: str, application: str) -> None:
    """Make both roles and the database, where they are missing."""
    link = psycopg2.connect(administrator)
    link.autocommit = True
    with link.cursor() as cursor:
        make_role(cursor, owner, RIGHTS[OWNER])
        make_role(cursor, application, RIGHTS[APPLICATION])
        parts = urlsplit(owner)
        own_database(cursor, unquote(parts.path.lstrip("/")), unquote(parts.username or ""))
    link.close()


def prepare(administrator: str, database: str) -> dict[str, str]:
    """The same for servers of our own, where we also choose names and passwords."""
    owner = url_for(OWNER, administrator, database)
    application = url_for(APPLICATION, administrator, database)
    make_all(administrator, owner, application)
    return {"DATABASE_URL": application, "DATABASE_OWNER_URL": owner}


def own_database(cursor: "psycopg2.extensions.cursor", database: str, owner: str) -> None:
    """Make the database if it is missing, and the owner's role its owner."""
    names = {"database": sql.Identifier(database), "owner": sql.Identifier(owner)}
    cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database])
    if not cursor.fetchone():
        cursor.execute(sql.SQL("CREATE DATABASE {database}").format(**names))
    cursor.execute(sql.SQL("ALTER DATABASE {database} OWNER TO {owner}").format(**names))


def empty_database(owner: str) -> None:
    """Drop every table of a given database, so that the demo can start over in it."""
    link = psycopg2.connect(owner)
    with link, link.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        cursor.execute("GRANT USAGE ON SCHEMA public TO public")
    link.close()


def given_database() -> dict[str, str]:
    """The database that the environment offers: two roles, or an administrator who makes them."""
    given = os.environ["DATABASE_URL"]
    if owner := os.environ.get("DATABASE_OWNER_URL"):
        return {"DATABASE_URL": given, "DATABASE_OWNER_URL": owner}
    with psycopg2.connect(given) as link, link.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        row = cursor.fetchone()
    link.close()
    if not row or not row[0]:
        raise Unsuitable(
            "DATABASE_URL names an ordinary role. Give DATABASE_OWNER_URL as well: the role that"
            " owns the database and may bypass row-level security (see .env.example)."
        )
    return prepare(given, unquote(urlsplit(given).path.lstrip("/")) or "portal")


if __name__ == "__main__":
    urls = ["DATABASE_ADMIN_URL", "DATABASE_OWNER_URL", "DATABASE_URL"]
    make_all(*(os.environ[name] for name in urls))
    print("The roles and the database are there.")
