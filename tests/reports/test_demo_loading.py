"""Loading the demo world: how large it is, when it is refused, at whatever time of the week."""

from collections import Counter
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from complaints.models import (
    Deadline,
    Escalation,
    Pause,
    PromiseKind,
    Status,
    Ticket,
    TicketEvent,
)
from complaints.models.kinds import SPOKEN
from complaints.services.enforcement import enforce
from notifications.models import Delivery, Notification
from owners.models import Owner, Unit
from reports.services.demo.company import HEYUE, JINXIU
from reports.services.demo.world import load
from surveys.models import Stage, Wave
from tenancy.models import Company, Membership, User
from tests.factories.cast import SHANGHAI, leave_nobody
from tests.factories.demo import MORNING, each_company, inside, small

pytestmark = pytest.mark.django_db

MOMENTS = {
    "working morning": MORNING,
    "lunch": datetime(2026, 11, 12, 12, 40, tzinfo=SHANGHAI),
    "Sunday night": datetime(2026, 11, 15, 23, 5, tzinfo=SHANGHAI),
    "Monday before opening": datetime(2026, 11, 16, 8, 1, tzinfo=SHANGHAI),
    "national holiday": datetime(2026, 10, 4, 15, 30, tzinfo=SHANGHAI),
    "New Year's Eve, next calendar unknown": datetime(2026, 12, 31, 17, 59, tzinfo=SHANGHAI),
}


@pytest.fixture(autouse=True)
def demo(db: None, settings: Any, tmp_path: Path) -> None:
    leave_nobody()
    settings.DEMO = True
    settings.MEDIA_ROOT = str(tmp_path)


@pytest.mark.long
def test_whole_world_is_as_large_as_promised() -> None:
    out = StringIO()
    call_command("load_demo", "--now", MORNING.isoformat(), stdout=out)
    with inside("jinxiu"):
        assert Unit.objects.values("community_id").distinct().count() == 2
        assert Unit.objects.count() >= 600
        assert Owner.objects.count() >= 900
        assert Ticket.objects.count() >= 2000
        oldest = Ticket.objects.order_by("created_at")[0].created_at
        assert timedelta(days=350) < MORNING - oldest < timedelta(days=380)
        assert set(Ticket.objects.values_list("kind", flat=True)) >= set(SPOKEN)
        assert set(Ticket.objects.values_list("status", flat=True)) == set(Status.values)
        larger = Ticket.objects.count()
    with inside("heyue"):
        assert 200 < Ticket.objects.count() < larger / 2
    assert "锦绣物业" in out.getvalue()


def test_loading_again_changes_nothing() -> None:
    load(now=MORNING, say=lambda _: None, blueprints=[small(JINXIU), small(HEYUE)])

    def everything() -> list[object]:
        found: list[object] = []
        for company in each_company():
            found += [
                (company.slug, set(model.objects.values_list("pk", flat=True)))
                for model in (User, Membership, Owner, Ticket, Deadline, TicketEvent, Notification)
            ]
        return found

    before = everything()
    out = StringIO()
    call_command("load_demo", stdout=out)
    assert everything() == before
    assert out.getvalue().count("kept as it is") == 2


def test_company_that_is_missing_is_made_beside_the_other() -> None:
    assert load(now=MORNING, say=lambda _: None, blueprints=[small(HEYUE)]) == ["heyue"]
    both = [small(JINXIU), small(HEYUE)]
    assert load(now=MORNING, say=lambda _: None, blueprints=both) == ["jinxiu"]


def test_outside_the_demo_it_is_refused(settings: Any) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError, match="DEMO"):
        call_command("load_demo")
    assert Company.objects.count() == 0


def test_same_seed_makes_the_same_world() -> None:
    load(now=MORNING, say=lambda _: None, blueprints=[small(JINXIU)])
    with inside("jinxiu"):
        titles = list(Ticket.objects.order_by("number").values_list("number", "title"))
        events = Counter(TicketEvent.objects.values_list("kind", flat=True))
    Company.objects.filter(slug="jinxiu").update(slug="jinxiu-before")
    for user in User.objects.filter(username__endswith="@jinxiu"):
        user.username, user.phone_index = f"before-{user.username}", None
        user.save()
    load(now=MORNING, say=lambda _: None, blueprints=[small(JINXIU)])
    with inside("jinxiu"):
        assert list(Ticket.objects.order_by("number").values_list("number", "title")) == titles
        assert Counter(TicketEvent.objects.values_list("kind", flat=True)) == events


@pytest.mark.parametrize("now", list(MOMENTS.values()), ids=list(MOMENTS))
def test_world_is_in_full_swing_at_any_moment(now: datetime) -> None:
    load(now=now, say=lambda _: None, blueprints=[small(JINXIU), small(HEYUE)])
    every_list_has_something_in_it(now)
    nothing_happens_after(now)
    assert enforce(now=now).steps == 0
    soon = enforce(now=now + timedelta(minutes=30))
    assert soon.steps < 25
    assert soon.failed == 0


def test_letters_of_the_open_wave_have_long_gone_whatever_the_hour(settings: Any) -> None:
    settings.SMS_URL = "mail://"
    load(now=MOMENTS["Sunday night"], say=lambda _: None, blueprints=[small(JINXIU), small(HEYUE)])
    for _ in each_company():
        wave = Wave.objects.get(stage=Stage.OPEN)
        letters = Delivery.objects.filter(mailing__subject_id=wave.pk)
        assert set(letters.values_list("state", "channel")) == {("sent", "sms")}


def every_list_has_something_in_it(now: datetime) -> None:
    for _ in each_company():
        assert set(Ticket.objects.values_list("status", flat=True)) == set(Status.values)
        unmet = Deadline.objects.unmet()
        running = unmet.filter(paused_at=None)
        # Every level of escalation is somewhere, and each promise has been late at least once.
        assert set(running.values_list("next_level", flat=True)) == {0, 1, 2, 3, 4}
        for promise in PromiseKind:
            levels = set(running.filter(promise=promise).values_list("next_level", flat=True))
            assert levels >= {0, 1, 2}, promise
        assert unmet.exclude(paused_at=None).count() >= 3
        assert running.filter(next_level=1, due_at__gt=now).count() >= 4
        assert unmet.late(now).count() >= 5
        assert unmet.filter(retry_at__lte=now).count() >= 1
        assert unmet.filter(retry_at__gt=now).count() >= 1
        assert Pause.objects.filter(ended_at=None).count() >= 3
        assert Ticket.objects.active().filter(cycle__gt=1).count() >= 1


def nothing_happens_after(now: datetime) -> None:
    for _ in each_company():
        assert Ticket.objects.filter(created_at__gt=now).count() == 0
        assert TicketEvent.objects.filter(at__gt=now).count() == 0
        assert Escalation.objects.filter(taken_at__gt=now).count() == 0
        assert Notification.objects.filter(created_at__gt=now).count() == 0
        assert Delivery.objects.due(now + timedelta(days=1)).count() == 0
