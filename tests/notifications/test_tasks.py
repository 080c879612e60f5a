"""The heartbeats, as Celery calls them."""

import json
import os
import signal
import threading
import time
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as project
from django.core.management import CommandError, call_command
from django.db import connection

from config.celery import app
from notifications.tasks import relay_notifications
from tenancy.models import Heartbeat
from tenancy.services.clock import database_now
from tenancy.tasks import beat_pulse
from tests.factories.cast import Cast
from tests.notifications.conftest import MailServer, delivery_of, tell_cast


def test_relay_task_sends_what_is_due(jinxiu: Cast, mail_server: MailServer) -> None:
    tell_cast(jinxiu, "desk")
    relay_notifications.apply(throw=True)
    assert delivery_of(jinxiu, "desk").state == "sent"


@pytest.mark.django_db
def test_pulse_task_notes_that_a_worker_is_alive() -> None:
    begin = database_now()
    for _ in range(2):
        beat_pulse.apply(throw=True)
    (pulse,) = Heartbeat.objects.filter(name="worker")
    assert begin <= pulse.beat_at <= database_now()


def test_beat_knows_the_tasks_by_name() -> None:
    app.autodiscover_tasks(force=True)
    planned = {entry["task"] for entry in project.CELERY_BEAT_SCHEDULE.values()}
    assert planned <= set(app.tasks)


@pytest.mark.django_db
def test_command_prints_what_it_did(capsys: Any) -> None:
    call_command("relay_notifications")
    assert capsys.readouterr().out == (
        "0 sent, 0 postponed, 0 given up, 0 dropped in 0 companies, 0 companies failed\n"
    )


def end_when(something: Callable[[], bool]) -> None:
    """Send ourselves SIGTERM once the command listens for it and something has happened."""
    default = signal.getsignal(signal.SIGTERM)

    def wait() -> None:
        while signal.getsignal(signal.SIGTERM) is default or not something():
            time.sleep(0.01)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, daemon=True).start()


@pytest.mark.django_db(transaction=True)
def test_command_goes_on_until_it_is_told_to_end(
    jinxiu: Cast, mail_server: MailServer, capsys: Any
) -> None:
    before = signal.getsignal(signal.SIGTERM)
    tell_cast(jinxiu, "desk")
    end_when(lambda: len(mail_server.mails) == 1)
    call_command("relay_notifications", "--every", "0.01", "--json")
    first, *_ = capsys.readouterr().out.splitlines()
    assert json.loads(first)["sent"] == 1
    assert signal.getsignal(signal.SIGTERM) is before


@pytest.mark.django_db(transaction=True)
def test_command_outlives_a_database_that_is_away(tmp_path: Path) -> None:
    there, away = connection.settings_dict["HOST"], str(tmp_path)
    said = StringIO()
    connection.close()
    connection.settings_dict["HOST"] = away

    def failed() -> bool:
        return "The pass failed" in said.getvalue()

    end_when(failed)
    try:
        call_command("relay_notifications", "--every", "0.01", stderr=said)
    finally:
        connection.close()
        connection.settings_dict["HOST"] = there
    assert failed()


@pytest.mark.parametrize("seconds", ["0", "-1"])
def test_command_refuses_a_wait_of_nothing(seconds: str) -> None:
    with pytest.raises(CommandError):
        call_command("relay_notifications", "--every", seconds)
