"""Photographs as answers: made small and bare of what they tell, sealed apart from the ballot."""

import base64
import io
import secrets
from collections.abc import Container
from typing import Any

from django.utils.translation import gettext_lazy as _
from PIL import Image

from complaints.services.attaching import (
    IMAGE_FORMATS,
    LARGEST_BYTES,
    MOST_PIXELS,
    EmptyFile,
    TooLarge,
)
from surveys.models import BallotPhoto, Invitation, ResponsePhoto, Wave
from tenancy.fields import decrypt, encrypt
from tenancy.services.pictures import BROKEN, upright
from tenancy.services.refusal import Refused

MOST_PHOTOS = 3  # of one questionnaire
LARGEST_PHOTO = 400_000  # bytes, as it is kept
# What is tried in turn until it is small enough: the longest side, and the quality.
SIZES = ((1280, 78), (1280, 60), (960, 50), (640, 40))
AT_ONCE = 50


class TooManyPhotos(Refused):
    """More than one questionnaire may carry."""

    code = "too_many_photos"
    sentence = _("At most %(most)s photos can be added to one questionnaire.")


class NoPhoto(Refused):
    """A file that is none."""

    code = "not_a_photo"
    sentence = _("This file is not a photo that can be read (JPEG, PNG, WebP or GIF).")


def shrunk(upload: Any) -> bytes:
    """The picture of an upload as WebP, upright and small, with nothing but its pixels."""
    if upload.size > LARGEST_BYTES:
        raise TooLarge(megabytes=LARGEST_BYTES // 1024 // 1024)
    content = upload.read()
    if not content:
        raise EmptyFile
    try:
        return _drawn_anew(content)
    except BROKEN:
        raise NoPhoto from None


def _drawn_anew(content: bytes) -> bytes:
    image: Any = Image.open(io.BytesIO(content), formats=IMAGE_FORMATS)
    if image.width * image.height > MOST_PIXELS:
        raise TooLarge(megabytes=LARGEST_BYTES // 1024 // 1024)
    image.thumbnail((SIZES[0][0], SIZES[0][0]))
    image = upright(image).convert("RGB")
    # The last one is small, whatever it shows.
    *tries, last = SIZES
    drawn = (_written(image, side, quality) for side, quality in tries)
    small = next((each for each in drawn if len(each) <= LARGEST_PHOTO), None)
    return small or _written(image, *last)


def _written(image: Any, side: int, quality: int) -> bytes:
    image.thumbnail((side, side))
    out = io.BytesIO()
    image.save(out, "WEBP", quality=quality)
    return out.getvalue()


def lay_beside(invitation: Invitation, question: str, content: bytes) -> None:
    """Keep a photograph with its invitation until it is sent; one for each question."""
    lying = set(photos_of(invitation)) - {question}
    if len(lying) >= MOST_PHOTOS:
        raise TooManyPhotos(most=MOST_PHOTOS)
    take_away(invitation, question)
    BallotPhoto(
        wave=invitation.wave, invitation=invitation, question=question, sealed=_seal(content)
    ).save(force_insert=True)


def take_away(invitation: Invitation, question: str) -> None:
    """Forget a photograph that was not sent yet."""
    invitation.photos.filter(question=question).delete()


def photos_of(invitation: Invitation) -> list[str]:
    """The questions that a photograph lies ready for."""
    return list(invitation.photos.order_by("question").values_list("question", flat=True))


def photo_of(invitation: Invitation, question: str) -> bytes | None:
    """One that was not sent yet."""
    found = invitation.photos.filter(question=question).values_list("sealed", flat=True).first()
    return None if found is None else _open(found)


def cast_photos(invitation: Invitation, asked: Container[str]) -> None:
    """Into the box with those that were asked for: as new rows, sealed anew, of nobody."""
    lying = list(invitation.photos.all())
    secrets.SystemRandom().shuffle(lying)
    invitation.photos.all().delete()
    BallotPhoto.objects.bulk_create(
        BallotPhoto(wave=invitation.wave, question=each.question, sealed=_seal(_open(each.sealed)))
        for each in lying
        if each.question in asked
    )


def open_photos(wave: Wave) -> int:
    """When the box is opened: out with the photographs, in an order that means nothing."""
    ids = list(BallotPhoto.objects.filter(wave=wave, invitation=None).values_list("id", flat=True))
    secrets.SystemRandom().shuffle(ids)
    for start in range(0, len(ids), AT_ONCE):
        some = BallotPhoto.objects.in_bulk(ids[start : start + AT_ONCE])
        ResponsePhoto.objects.bulk_create(
            ResponsePhoto(wave=wave, question=some[key].question, content=_open(some[key].sealed))
            for key in ids[start : start + AT_ONCE]
        )
    BallotPhoto.objects.filter(wave=wave).delete()
    return len(ids)


def _seal(content: bytes) -> str:
    return encrypt(base64.b64encode(content).decode())


def _open(sealed: str) -> bytes:
    return base64.b64decode(decrypt(sealed))
