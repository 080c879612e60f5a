"""How often somebody may try a password."""

import hashlib
import time
from collections import Counter

from django.utils.translation import gettext_lazy as _

from tenancy.services.limiting import Unreachable, count, forget
from tenancy.services.refusal import Refused

WINDOW = 15 * 60
MOST_PER_NAME = 10
MOST_PER_ADDRESS = 50
# Without Redis each process counts by itself: then it has to be stricter.
SHARE = 4


class TooManyAttempts(Refused):
    """Passwords are being guessed, or somebody forgot theirs."""

    code = "too_many_attempts"
    sentence = _("Too many attempts. Wait a quarter of an hour.")
    seconds = WINDOW


class _OwnCount:
    """What this process counts while Redis is down."""

    window = 0
    times: Counter[str] = Counter()


def begin_attempt(*, username: str, address: str) -> None:
    """Count an attempt before its password is looked at; raises `TooManyAttempts`."""
    for name, most in limits(username, address).items():
        try:
            times = count(name, window=WINDOW).times
        except Unreachable:
            times, most = _count_here(name), most // SHARE
        if times > most:
            raise TooManyAttempts


def succeeded(*, username: str, address: str) -> None:
    """The password was right: attempts under that name begin anew, and this one was none."""
    by_name, by_address = limits(username, address)
    forget(by_name, window=WINDOW)
    _OwnCount.times.pop(by_name, None)
    try:
        count(by_address, window=WINDOW, by=-1)
    except Unreachable:
        _OwnCount.times[by_address] -= 1


def limits(username: str, address: str) -> dict[str, int]:
    """Under which names an attempt is counted. A digest, because people mistype passwords here."""
    # Upper case first: the database finds "admin" by "adm\u0131n" too, where it knows the letter.
    digest = hashlib.sha256(username.upper().casefold().encode()).hexdigest()[:32]
    return {f"sign-in:{digest}": MOST_PER_NAME, f"sign-in-from:{address}": MOST_PER_ADDRESS}


def _count_here(name: str) -> int:
    window = int(time.time()) // WINDOW
    if window != _OwnCount.window:
        _OwnCount.window = window
        _OwnCount.times.clear()
    _OwnCount.times[name] += 1
    return _OwnCount.times[name]
