"""The doors of the machine that counts: the command and the Celery task."""

import json
import logging
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection

from complaints.management.commands import recount_figures
from complaints.models import Figure, FigureBook, FigureMark
from complaints.services import figures_keeping
from complaints.services.figures_keeping import count_marked
from complaints.tasks import count_figures
from tenancy.scope import company_scope, require_company_id
from tests.factories.cast import TUESDAY, Cast


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("recount_figures", *arguments, stdout=out)
    return out.getvalue()


def kept(cast: Cast) -> int:
    with company_scope(cast.company.pk):
        return int(Figure.objects.filter(grain="day", dimension="all").count())


def test_command_counts_every_company_once(jinxiu: Cast, heyue: Cast) -> None:
    jinxiu.file()
    heyue.file()
    assert run() == "2 days in 2 companies, 0 failed\n"
    assert json.loads(run("--json")) == {"days": 0, "companies": 0, "failed": 0}
    jinxiu.file()
    assert json.loads(run("--json")) == {"days": 1, "companies": 1, "failed": 0}
    assert (kept(jinxiu), kept(heyue)) == (1, 1)


def test_command_counts_one_company_anew(jinxiu: Cast, heyue: Cast) -> None:
    jinxiu.file()
    assert run("--anew", "jinxiu") == "jinxiu: 1 days counted\n"
    assert run("--anew") == "heyue: 0 days counted\njinxiu: 1 days counted\n"
    with pytest.raises(CommandError, match="There is no company 'nobody'"):
        run("--anew", "nobody")


def test_command_proves_that_what_is_kept_is_right(jinxiu: Cast) -> None:
    jinxiu.file()
    run()
    assert run("--check") == (
        "heyue: 0 figures differ from a recount\njinxiu: 0 figures differ from a recount\n"
    )
    jinxiu.file()  # marked: the next pass will see to it
    assert "jinxiu: 0 " in run("--check")
    run()
    with company_scope(jinxiu.company.pk):
        Figure.objects.filter(grain="day", dimension="person").update(filed=3)
    # Kept and counted differ each way, and so do the month and the sum of its days.
    with pytest.raises(CommandError, match="Count them anew"):
        run("--check")
    run("--anew")
    assert "jinxiu: 0 " in run("--check")


def test_command_refuses_no_time_at_all() -> None:
    with pytest.raises(CommandError, match="--every needs some seconds"):
        run("--every", "0")


def test_command_goes_on_until_it_is_asked_to_end(
    jinxiu: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def twice(task: Callable[[Any], None], *, every: float, failed: Any) -> None:
        task(lambda: False)
        task(lambda: True)
        failed(DatabaseError("away"))

    monkeypatch.setattr(recount_figures, "repeat", twice)
    jinxiu.file()
    out = run("--every", "1")
    # Of the second pass nothing: it was asked to end before the first company.
    assert out == "1 days in 2 companies, 0 failed\n0 days in 0 companies, 0 failed\n"


def test_the_task_counts(jinxiu: Cast) -> None:
    jinxiu.file()
    count_figures()
    assert kept(jinxiu) == 1


def test_a_company_that_fails_keeps_its_marks_and_holds_up_nobody(
    jinxiu: Cast, heyue: Cast, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    jinxiu.file()
    heyue.file()
    counted = figures_keeping.count_days

    def failing(days: Any, zone: Any) -> None:
        if require_company_id() == jinxiu.company.pk:
            raise ValueError("broken")
        counted(days, zone)

    monkeypatch.setattr(figures_keeping, "count_days", failing)
    with caplog.at_level(logging.CRITICAL):
        report = count_marked()
    assert (report.days, report.failed) == (1, 1)
    with company_scope(jinxiu.company.pk):
        assert (FigureMark.objects.count(), FigureBook.objects.count()) == (1, 0)


def test_companies_take_turns_and_a_pass_that_ends_is_gone_on_with(
    jinxiu: Cast, heyue: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody's day waits for somebody else's year."""
    monkeypatch.setattr(figures_keeping, "SLICE", 2)
    for cast, days in ((jinxiu, 5), (heyue, 1)):
        for day in range(days):
            cast.file(now=TUESDAY - timedelta(days=day))
    slices = iter([False, False, True])
    assert count_marked(stop=lambda: next(slices)).days == 3  # two of five, and one of one
    assert (kept(jinxiu), kept(heyue)) == (2, 1)
    assert (count_marked().days, kept(jinxiu)) == (3, 5)


@pytest.mark.django_db(transaction=True)
def test_two_passes_at_once_do_not_count_the_same(jinxiu: Cast) -> None:
    """The book is locked: whoever comes second finds nothing to do, and nothing goes missing."""
    jinxiu.file()
    run()
    jinxiu.file()
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute(f"SET LOCAL app.company = '{jinxiu.company.pk}'")
            cursor.execute("SELECT id FROM complaints_figurebook FOR UPDATE")
            assert json.loads(run("--json"))["days"] == 0
            cursor.execute("ROLLBACK")
    finally:
        other.close()
    assert json.loads(run("--json"))["days"] == 1
