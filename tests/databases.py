"""One migrated database for each run of the tests, and copies of it.

To migrate costs twenty seconds of a processor, to copy one.
"""

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager

import psycopg2
from django.conf import settings
from django.db import connection

RUN = os.environ.get("PYTEST_XDIST_TESTRUNUID", "")  # "" where one process does it all
TEMPLATE = f"template_{RUN}" if RUN else ""


@contextmanager
def owner() -> Iterator["psycopg2.extensions.cursor"]:
    """A connection as the owner of the test database."""
    role = settings.DATABASE_OWNER
    assert role is not None
    link = psycopg2.connect(
        dbname=connection.settings_dict["NAME"],
        user=role["USER"],
        password=role["PASSWORD"],
        host=role["HOST"],
        port=role["PORT"] or None,
    )
    with closing(link), link.cursor() as cursor:
        yield cursor
