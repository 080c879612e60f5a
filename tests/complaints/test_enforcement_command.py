"""The doors of the machine: the command and the Celery task."""

import json
import signal
import threading
import time
from collections import Counter
from datetime import datetime
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection

from complaints.models import Escalation
from complaints.tasks import enforce_deadlines
from tenancy.scope import company_scope
from tests.factories.cast import SHANGHAI, Cast


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("enforce_deadlines", *arguments, stdout=out)
    return out.getvalue()


def test_command_says_how_many_steps_it_took(jinxiu: Cast) -> None:
    jinxiu.file()
    jinxiu.file(title="电梯有异响")
    assert run("--now", "2026-11-10T09:30+08:00") == "2 steps in 1 companies, 0 failed\n"


def test_command_prints_json(jinxiu: Cast, heyue: Cast) -> None:
    jinxiu.file()
    heyue.file()
    first, second = (json.loads(run("--json", "--now", "2026-11-10T09:30+08:00")) for _ in range(2))
    assert (first, second) == (
        {"steps": 2, "companies": 2, "failed": 0},
        {"steps": 0, "companies": 0, "failed": 0},
    )


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--now", "tomorrow"], "--now is not ISO 8601: tomorrow"),
        (["--now", "2026-11-10T09:30"], "--now needs an offset, e.g. 2026-09-30T16:00+08:00"),
        (
            ["--every", "0"],
            "--every needs some seconds, and goes by the database's clock",
        ),
        (
            ["--every", "1", "--now", "2026-11-10T09:30+08:00"],
            "--every needs some seconds, and goes by the database's clock",
        ),
    ],
)
def test_command_refuses_what_makes_no_sense(arguments: list[str], complaint: str) -> None:
    with pytest.raises(CommandError) as refusal:
        run(*arguments)
    assert str(refusal.value) == complaint


def end_soon(passes: StringIO, sent: signal.Signals) -> threading.Thread:
    """Send this process a signal once two passes have been made."""

    def wait_and_send() -> None:
        while passes.getvalue().count("\n") < 2:
            time.sleep(0.01)
        signal.raise_signal(sent)

    thread = threading.Thread(target=wait_and_send, daemon=True)
    thread.start()
    return thread


@pytest.mark.django_db(transaction=True)  # the command renews its connection
@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT])
def test_command_goes_on_until_it_is_told_to_end(sent: signal.Signals) -> None:
    before = signal.getsignal(sent)
    out = StringIO()
    sender = end_soon(out, sent)
    call_command("enforce_deadlines", "--every", "0.01", "--json", stdout=out)
    sender.join()
    assert set(out.getvalue().splitlines()) == {'{"steps": 0, "companies": 0, "failed": 0}'}
    assert signal.getsignal(sent) == before


@pytest.mark.django_db(transaction=True)
def test_pass_that_fails_is_tried_again() -> None:
    """A database that was away comes back; the command says so and goes on."""
    out, err = StringIO(), StringIO()
    sender = end_soon(out, signal.SIGTERM)
    broken = iter([True])

    def fail_once(execute: Any, sql: str, *rest: Any) -> Any:
        if next(broken, False):
            raise OperationalError("the database is starting up")
        return execute(sql, *rest)

    with connection.execute_wrapper(fail_once):
        call_command("enforce_deadlines", "--every", "0.01", "--json", stdout=out, stderr=err)
    sender.join()
    assert err.getvalue() == "The pass failed: the database is starting up\n"


def test_task_takes_what_is_due_by_the_databases_clock(jinxiu: Cast) -> None:
    """Filed long ago, so that every level of every promise is due."""
    jinxiu.file(now=datetime(2024, 11, 12, 9, tzinfo=SHANGHAI))
    assert enforce_deadlines.name == "complaints.enforce_deadlines"
    enforce_deadlines()
    with company_scope(jinxiu.company.pk):
        taken = Counter(Escalation.objects.values_list("deadline__promise", flat=True))
    assert taken == {"acceptance": 4, "callback": 4, "resolution": 4}
