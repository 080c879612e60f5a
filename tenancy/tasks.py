"""The heartbeat of the workers, and what is swept up every hour."""

from celery import shared_task
from django.utils import timezone

from tenancy.models import Company
from tenancy.scope import company_scope
from tenancy.services.heartbeat import note_pulse
from tenancy.services.idempotency import forget_old_answers


@shared_task(name="tenancy.beat_pulse")
def beat_pulse() -> None:
    """A worker did something that beat asked for: both are alive, and so is what is between."""
    note_pulse("worker")


@shared_task(name="tenancy.forget_answers")
def forget_answers() -> int:
    """Delete the answers to creating requests that nobody will ask for again; how many."""
    gone = 0
    for company_id in Company.objects.order_by("id").values_list("id", flat=True):
        with company_scope(company_id):
            gone += forget_old_answers(now=timezone.now())
    return gone
