"""The technician's day of the demo, at whatever hour it is made."""

from datetime import datetime
from typing import Any

import pytest
from django.utils import timezone

from complaints.models import Attachment, Material, Ticket, TicketEvent, WorkRecord
from complaints.services.enforcement import enforce
from complaints.views.job_list import next_step, records_of
from notifications.models import Delivery
from reports.services.demo.company import HEYUE
from reports.services.demo.world import load
from tenancy.models import Membership
from tests.factories.cast import SHANGHAI, leave_nobody
from tests.factories.demo import MORNING, inside, small

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("demo world")]
MIDNIGHT = datetime(2026, 11, 22, 0, 20, tzinfo=SHANGHAI)


@pytest.mark.parametrize("now", [MORNING, MIDNIGHT], ids=["morning", "midnight"])
def test_the_technicians_day_has_jobs_at_every_step(
    now: datetime, settings: Any, tmp_path: Any
) -> None:
    settings.DEMO, settings.MEDIA_ROOT = True, str(tmp_path)
    leave_nobody()
    load(now=now, say=lambda _: None, blueprints=[small(HEYUE)])

    assert enforce(now=now).steps == 0
    with inside("heyue"):
        me = Membership.objects.get(user__username="technician@heyue")
        mine = Ticket.objects.filter(assignee=me).open()
        records = records_of([(each.pk, each.cycle) for each in mine])
        steps = {next_step(each.status, records.get(each.pk)) for each in mine}
        assert steps == {"take", "set_off", "arrive", "finish"}
        assert WorkRecord.objects.exclude(done_at=None).count() == 2
        assert Attachment.objects.filter(stage="after").count() == 2
        assert Attachment.objects.filter(stage="before").count() == 3
        assert Material.objects.count() == 4
        assert TicketEvent.objects.filter(at__gt=now).count() == 0
        assert Delivery.objects.due(timezone.now()).count() == 0
