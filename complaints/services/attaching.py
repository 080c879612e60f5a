"""Photos and documents: the type decided by content, images made anew without what they tell.

A phone's photo carries the place and time it was taken and the device; a re-encoded one does not,
and cannot carry anything else that hides in a file.
"""

import io
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from PIL import Image

from complaints.models import Attachment, EventKind, Ticket
from complaints.services.lifecycle import Act, check, claim
from complaints.services.timeline import write
from tenancy.services.actor import Actor
from tenancy.services.pictures import BROKEN, upright
from tenancy.services.refusal import Refused

LARGEST_BYTES = 15 * 1024 * 1024
MOST_PER_TICKET = 20
MOST_PIXELS = 50_000_000
LONGEST_SIDE = 2048  # pixels; enough to read a meter, small enough for a phone
IMAGE_FORMATS = ["JPEG", "PNG", "WEBP", "GIF"]


class TooLarge(Refused):
    """More bytes or pixels than we take."""

    code = "file_too_large"
    sentence = _("The file is too large: at most %(megabytes)s MB.")


class UnknownType(Refused):
    """Neither a photo nor a PDF, whatever its name says."""

    code = "file_type_not_accepted"
    sentence = _("Only photos (JPEG, PNG, WebP, GIF) and PDF files can be added.")


class TooMany(Refused):
    """The ticket has as many files as it may."""

    code = "too_many_files"
    sentence = _("A ticket can have at most %(most)s files.")


class EmptyFile(Refused):
    """Nothing in it."""

    code = "file_empty"
    sentence = _("The file is empty.")


@dataclass(frozen=True, slots=True)
class Prepared:
    """What will be stored of an upload."""

    content: bytes
    content_type: str
    extension: str
    width: int | None = None
    height: int | None = None


@transaction.atomic
def attach(*, ticket: Ticket, upload: Any, by: Actor, now: datetime, stage: str = "") -> Attachment:
    """Add an uploaded file (with `name`, `size`, `read()`) to a ticket."""
    prepared = prepare(upload)
    ticket = claim(ticket)
    check(Act.WRITE, ticket)
    if Attachment.objects.filter(ticket_id=ticket.pk).count() >= MOST_PER_TICKET:
        raise TooMany(most=MOST_PER_TICKET)
    attachment = Attachment(
        ticket=ticket,
        company_id=ticket.company_id,
        name=clean_name(upload.name),
        content_type=prepared.content_type,
        size=len(prepared.content),
        width=prepared.width,
        height=prepared.height,
        stage=stage,
        by=by.membership,
        at=now,
    )
    attachment.file.save(f"file.{prepared.extension}", ContentFile(prepared.content), save=False)
    attachment.save(force_insert=True)
    write(
        ticket=ticket,
        kind=EventKind.ATTACHED,
        by=by,
        now=now,
        attachment=str(attachment.pk),
        name=attachment.name,
    )
    return attachment


def prepare(upload: Any) -> Prepared:
    """Decide by its content what an upload is; refuse what it should not be."""
    if upload.size > LARGEST_BYTES:
        raise TooLarge(megabytes=LARGEST_BYTES // 1024 // 1024)
    content = upload.read()
    if not content:
        raise EmptyFile
    if content.startswith(b"%PDF-"):
        return Prepared(content, "application/pdf", "pdf")
    return redrawn(content)


def redrawn(content: bytes) -> Prepared:
    """The picture, upright, at most `LONGEST_SIDE`, as WebP, with nothing but its pixels."""
    try:
        image: Any = Image.open(io.BytesIO(content), formats=IMAGE_FORMATS)
        if image.width * image.height > MOST_PIXELS:
            raise TooLarge(megabytes=LARGEST_BYTES // 1024 // 1024)
        # Made small before anything else: every other step copies all of its pixels.
        image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        image = upright(image)
        image = image.convert(
            "RGBA" if "A" in image.getbands() or "transparency" in image.info else "RGB"
        )
        out = io.BytesIO()
        image.save(out, "WEBP", quality=82)
    except BROKEN:
        raise UnknownType from None
    return Prepared(out.getvalue(), "image/webp", "webp", image.width, image.height)


def clean_name(name: str) -> str:
    """A file's name as it may be shown: no path, no control or direction marks, not too long."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(mark for mark in last if mark.isprintable())[:120] or "file"
