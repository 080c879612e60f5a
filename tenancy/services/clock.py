"""What time it is: asked at the doors (pages, API, tasks), never inside a service."""

from datetime import datetime

from django.db import connection


def database_now() -> datetime:
    """The database's own time: the one clock that all workers share."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment
