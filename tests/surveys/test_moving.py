"""Waves that move by themselves, and what they are asked again with."""

import threading
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connections

from notifications.models import Notification
from surveys.models import Ballot, Invitation, Response, Stage, Survey, Tally, Wave
from surveys.services import finishing
from surveys.services.answering import invitation_of, keep_unfinished
from surveys.services.audiences import Part
from surveys.services.moving import MovingReport, move, move_all
from surveys.services.survey import change_survey
from surveys.services.wave import (
    SurveyLaidAside,
    cancel_wave,
    change_wave,
    close_wave,
    prolong_wave,
)
from surveys.services.wave_news import COUNTED, NOBODY, NOT_PLANNED, PLANNED, TOO_FEW
from surveys.services.wave_rhythm import (
    WrongRhythm,
    free_name,
    months_after,
    period_name,
    set_rhythm,
)
from surveys.tasks import move_waves
from tenancy.models import AuditEntry
from tenancy.scope import company_scope
from tenancy.services.database import alone
from tests.factories.cast import TUESDAY, Cast
from tests.surveys.asking import TODAY, opened, planned, says, secrets_of, street, survey_of

DAY = timedelta(days=1)
LAST = TODAY + 13 * DAY


def move_on(cast: Cast, day: date) -> MovingReport:
    now = TUESDAY + (day - TODAY)
    return move(company=cast.company, today=day, now=now)


def again(wave: Wave) -> Wave:
    found: Wave = Wave.objects.select_related("survey").get(pk=wave.pk)
    return found


def fail(_wave: Wave, _now: object) -> None:
    raise ZeroDivisionError


def rhythm(cast: Cast, survey: Survey, months: int | None = 6, days: int = 10) -> None:
    set_rhythm(
        survey=survey, repeats_months=months, open_days=days, by=cast.actor("manager"), now=TUESDAY
    )


def heard(cast: Cast) -> list[str]:
    rows = Notification.objects.filter(recipient=cast.manager, message__contains="title")
    return [row.message[:20] for row in rows.exclude(dedupe_key__endswith=":asked").order_by("id")]


# --- from day to day ---


def test_wave_opens_closes_and_is_counted_by_itself(scoped: Cast) -> None:
    street(scoped, "8栋", 6)
    wave = planned(scoped, opens_on=TODAY + DAY)
    assert move_on(scoped, TODAY) == MovingReport()
    assert move_on(scoped, TODAY + DAY) == MovingReport(opened=1)
    for secret in secrets_of(wave):
        says(secret, today=TODAY + DAY)
    assert move_on(scoped, LAST).closed == 0
    assert move_on(scoped, LAST + DAY) == MovingReport(closed=1, finished=1)
    wave = again(wave)
    assert (wave.stage, wave.is_reckoned) == (Stage.COUNTED, True)
    assert Tally.objects.filter(wave=wave).exists()
    assert move_on(scoped, LAST + 2 * DAY) == MovingReport()
    assert heard(scoped) == [COUNTED[:20]]
    actions = AuditEntry.objects.filter(subject_id=wave.pk).values_list("action", flat=True)
    assert sorted(actions) == ["close_wave", "count_wave", "finish_wave", "open_wave", "plan_wave"]


def test_too_few_answers_are_never_read_and_nothing_is_tried_again(scoped: Cast) -> None:
    wave = opened(scoped)
    says(secrets_of(wave)[0])
    assert move_on(scoped, LAST + DAY) == MovingReport(closed=1, finished=1)
    wave = again(wave)
    assert (wave.stage, wave.is_reckoned) == (Stage.CLOSED, True)
    assert (Ballot.objects.count(), Response.objects.count()) == (0, 0)
    assert heard(scoped) == [TOO_FEW[:20]]
    assert move_on(scoped, LAST + DAY) == MovingReport()


def test_wave_that_fails_holds_up_no_other(scoped: Cast) -> None:
    street(scoped, "8栋", 6)
    nobody = planned(scoped, name="没有人")
    nobody.parts.create(source="gone", key="x")
    wave = planned(scoped, Survey.objects.get(), name="有人")
    assert move_on(scoped, TODAY) == MovingReport(opened=1)
    assert move_on(scoped, TODAY) == MovingReport()
    assert heard(scoped) == [NOBODY[:20]]
    assert (again(nobody).stage, again(wave).stage) == (Stage.PLANNED, Stage.OPEN)
    for secret in secrets_of(wave):
        says(secret)
    broken = [*finishing.STEPS]
    close_wave(wave=wave, by=scoped.actor("manager"), now=TUESDAY)
    finishing.STEPS = (*broken[:2], fail, *broken[2:])
    try:
        assert move_on(scoped, TODAY).failed == 1
    finally:
        finishing.STEPS = tuple(broken)
    # What was interrupted goes on where it was.
    assert move_on(scoped, TODAY) == MovingReport(finished=1)
    assert move_on(scoped, LAST + DAY) == MovingReport(missed=1)


def test_every_company_is_moved_and_a_pass_can_be_ended(jinxiu: Cast, heyue: Cast) -> None:
    for cast in (jinxiu, heyue):
        with company_scope(cast.company.pk):
            planned(cast)
    assert move_all(now=TUESDAY, stop=lambda: True) == MovingReport()
    assert move_all(now=TUESDAY) == MovingReport(opened=2)
    with company_scope(heyue.company.pk):
        heyue.company.is_active = False
        heyue.company.save()
    assert move_all(now=TUESDAY + 14 * DAY) == MovingReport(closed=1, finished=1)


def test_company_that_fails_holds_up_no_other(
    jinxiu: Cast, heyue: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    for cast in (jinxiu, heyue):
        with company_scope(cast.company.pk):
            planned(cast)
    heyue.company.zone = "Nirgends/Nie"
    heyue.company.save()
    assert move_all(now=TUESDAY) == MovingReport(opened=1, failed=1)
    assert "could not be moved" in caplog.text
    with company_scope(jinxiu.company.pk):
        assert move(company=jinxiu.company, today=TODAY, now=TUESDAY, stop=lambda: True) == (
            MovingReport()
        )


def test_one_worker_moves_waves_at_a_time(jinxiu: Cast) -> None:
    """A count may take long; the others keep promises meanwhile."""
    with company_scope(jinxiu.company.pk):
        wave = planned(jinxiu)
        Wave.objects.update(opens_on=date(2020, 1, 1), closes_on=date(2099, 12, 31))
    begun, over = threading.Event(), threading.Event()

    def counts_long() -> None:
        with alone("surveys.move_waves") as mine:
            assert mine
            begun.set()
            over.wait(30)
        connections.close_all()

    other = threading.Thread(target=counts_long)
    other.start()
    assert begun.wait(30)
    move_waves()
    assert stage_of(jinxiu, wave) == Stage.PLANNED
    over.set()
    other.join()
    move_waves()
    assert stage_of(jinxiu, wave) == Stage.OPEN


def stage_of(cast: Cast, wave: Wave) -> str:
    with company_scope(cast.company.pk):
        found: Wave = Wave.objects.get(pk=wave.pk)
        return found.stage


def test_whoever_comes_second_leaves_the_wave_to_the_first(
    scoped: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each step looks again: what it was going to do may have been done meanwhile."""
    wave = planned(scoped)
    first = [again(wave)]
    monkeypatch.setattr("surveys.services.moving.waves_to_move", lambda _today: first)
    assert move_on(scoped, TODAY).opened == 1
    # Read before, when it was planned still.
    assert move_on(scoped, TODAY) == MovingReport()
    Wave.objects.update(is_reckoned=True)
    for stage in (Stage.PLANNED, Stage.OPEN, Stage.CLOSED):
        for day in (TODAY, LAST + DAY):
            first[0].stage = stage
            assert move_on(scoped, day) == MovingReport()


def test_day_that_counts_is_the_one_it_has_when_it_is_held(
    scoped: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody postponed one and prolonged another while the machine was on its way to them."""
    by: Any = {"by": scoped.actor("manager"), "now": TUESDAY}
    soon = planned(scoped)
    running = opened(scoped, soon.survey, name="正在问")
    listed = [again(soon), again(running)]
    monkeypatch.setattr("surveys.services.moving.waves_to_move", lambda _today: listed)
    days: Any = {"opens_on": TODAY + 20 * DAY, "closes_on": TODAY + 30 * DAY}
    change_wave(wave=soon, name=soon.name, today=TODAY, **days, **by)
    prolong_wave(wave=running, closes_on=LAST + 5 * DAY, **by)
    assert move_on(scoped, TODAY).opened == 0
    assert move_on(scoped, LAST + DAY) == MovingReport()
    assert [again(each).stage for each in (soon, running)] == [Stage.PLANNED, Stage.OPEN]
    assert again(soon).opens_on == TODAY + 20 * DAY
    assert not Invitation.objects.filter(wave=soon).exists()
    # Nor is one settled that is not over: another machine may have left it like that.
    assert not finishing.finish(wave=running, now=TUESDAY + 14 * DAY)
    assert not again(running).is_reckoned
    assert move_on(scoped, LAST + 6 * DAY) == MovingReport(closed=1, finished=1)


def test_command_says_what_was_done(
    jinxiu: Cast, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with company_scope(jinxiu.company.pk):
        planned(jinxiu)
    call_command("move_waves", "--now", "2026-11-10T10:00+08:00", "--json")
    assert '"opened": 1' in capsys.readouterr().out
    call_command("move_waves", "--now", "2026-11-10T10:00+08:00")
    assert capsys.readouterr().out.startswith("0 opened")
    monkeypatch.setattr(
        "surveys.management.commands.move_waves.repeat", lambda one, **_more: one(lambda: False)
    )
    call_command("move_waves", "--every", "60")
    for wrong in (("--now", "gestern"), ("--now", "2026-11-10T10:00"), ("--every", "0")):
        with pytest.raises(CommandError):
            call_command("move_waves", *wrong)


@pytest.mark.django_db(transaction=True)
def test_two_machines_at_once_do_everything_once(jinxiu: Cast) -> None:
    cast = jinxiu
    with company_scope(cast.company.pk):
        street(cast, "8栋", 6)
        wave = opened(cast)
        for secret in secrets_of(wave):
            says(secret)
        rhythm(cast, wave.survey)
    reports: list[MovingReport] = []

    def run() -> None:
        try:
            reports.append(move_on(cast, LAST + DAY))
        finally:
            connections.close_all()

    machines = [threading.Thread(target=run) for _ in range(4)]
    for each in machines:
        each.start()
    for each in machines:
        each.join(60)
    # Whoever meets another one leaves the wave to them, and may have left it half way.
    move_on(cast, LAST + DAY)
    assert sum(report.closed for report in reports) == 1
    assert sum(report.failed for report in reports) == 0
    with company_scope(cast.company.pk):
        assert Response.objects.count() == 7
        assert again(wave).is_reckoned
        assert Wave.objects.count() == 2
        assert AuditEntry.objects.filter(action="finish_wave").count() == 1


@pytest.mark.django_db(transaction=True)
def test_closing_waits_for_nobody_who_is_sending(jinxiu: Cast) -> None:
    """They wait for the wave: each would wait for the other."""
    with company_scope(jinxiu.company.pk):
        street(jinxiu, "8栋", 1)
        wave = opened(jinxiu)
        held, other = secrets_of(wave)
        for secret in (held, other):
            keep_unfinished(secret=secret, given={"words": "还没写完"}, today=TODAY)

    def close() -> None:
        try:
            with company_scope(jinxiu.company.pk):
                close_wave(wave=wave, by=jinxiu.actor("manager"), now=TUESDAY)
        finally:
            connections.close_all()

    closing = threading.Thread(target=close)
    with company_scope(jinxiu.company.pk):
        invitation_of(held, claim=True)
        closing.start()
        closing.join(20)
        assert not closing.is_alive()
    with company_scope(jinxiu.company.pk):
        assert [bool(invitation_of(each).unfinished) for each in (held, other)] == [True, False]
    move_on(jinxiu, TODAY)
    with company_scope(jinxiu.company.pk):
        assert Invitation.objects.exclude(unfinished="").count() == 0
        assert again(wave).is_reckoned


# --- again ---


def test_next_wave_is_planned_once_like_the_last(scoped: Cast) -> None:
    scoped.company.language = "zh-hans"
    scoped.company.save()
    street(scoped, "8栋", 6)
    wave = opened(
        scoped,
        parts=[Part("community", (str(scoped.community.pk),))],
        sample_size=6,
        most_per_building=40,
        remind_after_days=[3],
    )
    rhythm(scoped, wave.survey)
    move_on(scoped, LAST + DAY)
    move_on(scoped, LAST + DAY)
    following = Wave.objects.exclude(pk=wave.pk).get()
    assert (following.opens_on, following.closes_on) == (date(2027, 5, 10), date(2027, 5, 19))
    assert following.name == "2027年上半年"
    assert [(part.source, part.key) for part in following.parts.all()] == [
        ("community", str(scoped.community.pk))
    ]
    assert (following.sample_size, following.most_per_building) == (6, 40)
    assert (following.remind_after_days, following.stage) == ([3], Stage.PLANNED)
    assert following.seed != wave.seed
    assert heard(scoped) == [TOO_FEW[:20], PLANNED[:20]]


def test_next_wave_waits_for_whoever_planned_it_already_or_must_look(scoped: Cast) -> None:
    wave = opened(scoped)
    rhythm(scoped, wave.survey)
    days: Any = {"opens_on": LAST + 9 * DAY, "closes_on": LAST + 9 * DAY}
    later = planned(scoped, wave.survey, name="已计划", **days)
    move_on(scoped, LAST + DAY)
    assert set(Wave.objects.values_list("name", flat=True)) == {wave.name, later.name}
    cancel_wave(wave=later, by=scoped.actor("manager"), now=TUESDAY)
    again_ = opened(scoped, wave.survey, name="又一次")
    change_survey(survey=wave.survey, by=scoped.actor("manager"), now=TUESDAY, is_archived=True)
    move_on(scoped, LAST + DAY)
    assert again(again_).is_reckoned
    assert AuditEntry.objects.get(action="repeat_refused").detail == {"code": "survey_archived"}
    assert heard(scoped)[-1] == NOT_PLANNED[:20]
    with pytest.raises(SurveyLaidAside):
        planned(scoped, wave.survey, name="不行")


def test_rhythm_is_a_quarter_a_half_year_or_a_year(scoped: Cast) -> None:
    survey = survey_of(scoped)
    for months in (3, 6, 12, None):
        rhythm(scoped, survey, months)
    rhythm(scoped, survey, None)  # nothing was changed
    assert AuditEntry.objects.filter(action="set_rhythm").count() == 4
    with pytest.raises(WrongRhythm):
        rhythm(scoped, survey, 5)
    assert months_after(date(2026, 8, 31), 6) == date(2027, 2, 28)
    for name in ("first half of 2027", "first half of 2027 (2)"):
        assert free_name(survey, date(2027, 2, 1)) == name
        planned(scoped, survey, name=name)
    names = [period_name(date(2027, 8, 1), months) for months in (3, 6, 12)]
    assert len(set(names)) == 3
