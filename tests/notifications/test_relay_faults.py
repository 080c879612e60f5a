"""The relay when things go wrong: killed, doubled, cut off."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection

from notifications.models import Delivery
from notifications.services.relay_batch import CLAIM
from notifications.services.relaying import relay
from tenancy.scope import company_scope
from tenancy.services.clock import database_now
from tests.factories.cast import Cast
from tests.notifications.conftest import MailServer, delivery_of, tell_cast

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).parents[2]


def relay_process(mail_server: MailServer, *arguments: str) -> subprocess.Popen[str]:
    """`manage.py relay_notifications` as it runs in production, on the test's database."""
    to = connection.settings_dict
    server = f"{quote(to['USER'])}:{quote(to['PASSWORD'])}@{quote(to['HOST'], safe='')}"
    port = f":{to['PORT']}" if to["PORT"] else ""
    env = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": f"postgres://{server}{port}/{quote(to['NAME'])}",
        "EMAIL_URL": f"smtp://127.0.0.1:{mail_server.port}",
    }
    command = [sys.executable, "manage.py", "relay_notifications", *arguments]
    return subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True)


def test_relay_killed_after_sending_sends_the_same_letter_again(
    jinxiu: Cast, mail_server: MailServer
) -> None:
    tell_cast(jinxiu, "desk")
    process: list[subprocess.Popen[str]] = []
    begun = threading.Event()

    def kill() -> None:
        begun.wait(10)
        process[0].kill()
        process[0].wait()

    mail_server.before_answering = kill
    process.append(relay_process(mail_server))
    begun.set()
    process[0].communicate()
    assert process[0].returncode == -signal.SIGKILL
    claimed = delivery_of(jinxiu, "desk")
    assert (claimed.state, claimed.attempts, len(mail_server.mails)) == ("waiting", 1, 1)

    mail_server.before_answering = lambda: None
    assert relay().companies == 0  # the claim still holds
    assert relay(now=database_now() + CLAIM + timedelta(seconds=1)).sent == 1
    assert mail_server.ids == [f"<{claimed.pk}@localhost>"] * 2
    assert delivery_of(jinxiu, "desk").state == "sent"


def test_relay_by_command_sends_and_counts(jinxiu: Cast, mail_server: MailServer) -> None:
    tell_cast(jinxiu, "desk", "manager")
    process = relay_process(mail_server, "--json")
    output, _ = process.communicate(timeout=60)
    assert json.loads(output) == {
        "sent": 2,
        "postponed": 0,
        "dead": 0,
        "dropped": 0,
        "companies": 1,
        "failed": 0,
    }
    assert sorted(mail_server.recipients) == ["desk@jinxiu.example", "manager@jinxiu.example"]


def test_relay_by_command_goes_on_until_it_is_told_to_end(
    jinxiu: Cast, mail_server: MailServer
) -> None:
    process = relay_process(mail_server, "--every", "0.1")
    assert process.stdout is not None
    assert process.stdout.readline().startswith("0 sent, ")
    tell_cast(jinxiu, "desk")
    while not process.stdout.readline().startswith("1 sent, "):
        assert process.poll() is None
    process.terminate()
    process.communicate(timeout=30)
    assert (process.returncode, len(mail_server.mails)) == (0, 1)


def test_two_relays_at_once_send_each_letter_once(
    jinxiu: Cast, heyue: Cast, mail_server: MailServer
) -> None:
    for key in range(10):
        for cast in (jinxiu, heyue):
            tell_cast(cast, "desk", "manager", "admin", key=str(key))
    sent: list[int] = []
    started = threading.Barrier(4)

    def work() -> None:
        started.wait()
        try:
            sent.append(relay(batch=4).sent)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert (sum(sent), len(mail_server.mails)) == (60, 60)
    assert set(Counter(mail_server.ids).values()) == {1}
    for cast in (jinxiu, heyue):
        with company_scope(cast.company.pk):
            assert Delivery.objects.filter(state="sent", attempts=1).count() == 30


def test_letter_whose_claim_ran_out_keeps_what_the_next_relay_wrote(
    jinxiu: Cast, mail_server: MailServer
) -> None:
    """A relay that thought for too long must not undo what another did meanwhile."""
    tell_cast(jinxiu, "desk")
    later = database_now() + CLAIM + timedelta(seconds=1)
    mail_server.answer_to_data = "554 no"

    def overtake() -> None:
        mail_server.before_answering = lambda: None
        aside(other)

    def other() -> None:
        # Without the mail server, which is busy with the first relay: as if it had been sent.
        with company_scope(jinxiu.company.pk):
            Delivery.objects.update(attempts=2, state="sent", sent_at=later, next_attempt_at=None)
        connection.close()

    mail_server.before_answering = overtake
    relay()
    assert (delivery_of(jinxiu, "desk").state, delivery_of(jinxiu, "desk").sent_at) == (
        "sent",
        later,
    )


def test_database_cut_off_after_sending_sends_the_same_letter_again(
    jinxiu: Cast, heyue: Cast, mail_server: MailServer
) -> None:
    tell_cast(jinxiu, "desk")

    def cut_off() -> None:
        mail_server.before_answering = lambda: None
        aside(end_other_sessions)

    mail_server.before_answering = cut_off
    report = relay()
    assert (report.sent, report.failed) == (0, 1)
    connection.close()
    claimed = delivery_of(jinxiu, "desk")
    assert (claimed.state, claimed.attempts) == ("waiting", 1)
    assert relay(now=database_now() + CLAIM + timedelta(seconds=1)).sent == 1
    assert mail_server.ids == [f"<{claimed.pk}@localhost>"] * 2


def aside(work: Callable[[], None]) -> None:
    """Do something on a thread, and so a database session, of its own."""
    worker = threading.Thread(target=work)
    worker.start()
    worker.join()


def end_other_sessions() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    connection.close()


def test_company_that_cannot_be_served_does_not_hold_up_others(
    jinxiu: Cast, heyue: Cast, mail_server: MailServer
) -> None:
    tell_cast(jinxiu, "desk")
    tell_cast(heyue, "desk")
    with company_scope(jinxiu.company.pk):
        Delivery.objects.update(attempts=32767)  # one more does not fit into the column
    report = relay()
    assert (report.sent, report.failed, report.companies) == (1, 1, 2)
    assert mail_server.recipients == ["desk@heyue.example"]


def test_connection_cut_off_in_the_middle_costs_one_letter_one_attempt(
    jinxiu: Cast, mail_server: MailServer
) -> None:
    tell_cast(jinxiu, "desk", key="a")
    tell_cast(jinxiu, "manager", key="b")

    def cut() -> None:
        mail_server.before_answering = lambda: None
        mail_server.hang_up()

    mail_server.before_answering = cut
    report = relay()
    assert (report.sent, report.postponed) == (1, 1)
    cut_off = delivery_of(jinxiu, "desk")
    assert (cut_off.state, cut_off.attempts) == ("waiting", 1)
    assert mail_server.connections == 2
