"""`manage.py explain_deadline`."""

import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from complaints.models import Promise
from tenancy.scope import company_scope
from tests.factories.cast import Cast


def run(*args: str) -> str:
    out = StringIO()
    call_command("explain_deadline", *args, stdout=out)
    return out.getvalue()


ASKED = ["--company", "jinxiu", "--promise", "callback", "--from", "2026-09-30T16:00+08:00"]


def test_explain_deadline_as_json_waits_for_the_end_of_the_holiday(jinxiu: Cast) -> None:
    answer = json.loads(run(*ASKED, "--json"))

    assert answer["due_at"] == "2026-10-08T16:00:00+08:00"
    counted = [step["counted"] for step in answer["steps"] if step.get("counted")]
    assert sum(counted) == 8 * 3600
    assert "国庆节" in [step.get("name") for step in answer["steps"]]


def test_explain_deadline_in_words_ends_with_the_due_time(jinxiu: Cast) -> None:
    assert run(*ASKED).splitlines()[-1] == "Due at 2026-10-08T16:00:00+08:00"


def test_explain_deadline_of_an_emergency_counts_around_the_clock(jinxiu: Cast) -> None:
    answer = json.loads(
        run(*ASKED[:2], "--promise", "resolution", "--urgency", "emergency", *ASKED[4:], "--json")
    )

    assert answer["due_at"] == "2026-09-30T20:00:00+08:00"


@pytest.mark.parametrize(
    "wrong",
    [
        ["--company", "nobody"],
        ["--from", "2026-09-30T16:00"],
        ["--from", "yesterday"],
        ["--community", "月球"],
    ],
)
def test_explain_deadline_says_what_is_wrong(jinxiu: Cast, wrong: list[str]) -> None:
    with pytest.raises(CommandError):
        run(*ASKED, *wrong)


def test_explain_deadline_says_when_nothing_is_promised(jinxiu: Cast) -> None:
    with company_scope(jinxiu.company.pk):
        Promise.objects.all().delete()

    with pytest.raises(CommandError, match="Nothing is promised"):
        run(*ASKED)
