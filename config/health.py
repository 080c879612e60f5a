"""`/healthz`: whether each part of the machine is alive, for people, load balancers and containers.

`python -m config.health` asks the server of the same container and exits with 0 or 1.
"""

import http.client
import os
import sys
from urllib.parse import urlsplit

import redis
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import Error, connection, transaction
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

# How old the newest pulse of each part may be, in seconds: three intervals and a little more.
# A pass of the enforcement says that it is well when it ends, which may take up to 200 seconds.
PULSE_LIMITS = {"beat": 45, "worker": 60, "enforcement": 300}


@never_cache
@require_safe
@login_not_required
@transaction.non_atomic_requests  # or an unreachable database would end in a 500 before the view
def healthz(request: HttpRequest) -> JsonResponse:
    """Each part is "ok" or the reason why it is not."""
    parts = {"redis": redis_state(), **database_states()}
    well = all(state == "ok" for state in parts.values())
    body = {"status": "ok" if well else "sick", **parts}
    return JsonResponse(body, status=200 if well else 503)


def redis_state() -> str:
    """Whether the broker answers."""
    try:
        with redis.Redis.from_url(
            settings.REDIS_URL, socket_connect_timeout=2, socket_timeout=2
        ) as client:
            client.ping()
    except redis.RedisError as error:
        return f"unreachable: {type(error).__name__}"
    return "ok"


def database_states() -> dict[str, str]:
    """Whether the database answers, and how long ago it heard from each part."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT name, extract(epoch FROM now() - beat_at) FROM tenancy_heartbeat"
            )
            ages = {str(name): float(age) for name, age in cursor.fetchall()}
    except Error as error:
        connection.close()
        unknown = dict.fromkeys(PULSE_LIMITS, "unknown: the database is unreachable")
        return {"database": f"unreachable: {type(error).__name__}", **unknown}
    return {"database": "ok", **{name: pulse_state(ages.get(name), name) for name in PULSE_LIMITS}}


def pulse_state(age: float | None, name: str) -> str:
    """Whether a pulse of this age is still a sign of life."""
    if age is None:
        return "has never reported"
    if age > PULSE_LIMITS[name]:
        return f"last reported {age:.0f} s ago"
    return "ok"


def ask(port: int, host: str) -> int:
    """The status with which the server on this machine answers `/healthz`."""
    connection_to_self = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection_to_self.request("GET", "/healthz", headers={"Host": host})
    return connection_to_self.getresponse().status


if __name__ == "__main__":
    public_host = urlsplit(os.environ.get("PUBLIC_URL", "http://localhost")).hostname or "localhost"
    sys.exit(ask(int(os.environ.get("PORT", "8000")), public_host) != http.client.OK)
