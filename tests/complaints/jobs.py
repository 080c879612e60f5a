"""A job as tests of its pages use it."""

from datetime import timedelta
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from complaints.models import Ticket
from complaints.services import handling, working
from tenancy.scope import company_scope
from tests.factories.cast import TUESDAY, Cast

HOUR = timedelta(hours=1)


def job(cast: Cast, **facts: Any) -> Ticket:
    """A ticket that the technician has in hand."""
    ticket = cast.file(**facts)
    with company_scope(cast.company.pk):
        handling.assign(ticket=ticket, assignee=cast.technician, by=cast.actor("desk"), now=TUESDAY)
        return working.take(ticket=ticket, by=cast.actor("technician"), now=TUESDAY)


def address(ticket: Ticket, action: str = "") -> str:
    return f"/jinxiu/jobs/{ticket.pk}/{action}"


def photo() -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (40, 30), "red").save(out, "JPEG")
    return SimpleUploadedFile("IMG_1.jpg", out.getvalue(), "image/jpeg")


def fresh(cast: Cast, ticket: Ticket) -> Ticket:
    with company_scope(cast.company.pk):
        found: Ticket = Ticket.objects.get(pk=ticket.pk)
    return found


def send(client: Client, place: str, sent: dict[str, Any], key: str) -> Any:
    return client.post(place, sent, headers={"Idempotency-Key": key})
