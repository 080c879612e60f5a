"""Photos and documents."""

import io
import struct
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageOps

from complaints.models import Attachment, EventKind, Ticket
from complaints.services import attaching
from tenancy.services.pictures import upright
from tests.factories.cast import TUESDAY, Cast

LATER = TUESDAY + timedelta(minutes=5)


def photo(size: tuple[int, int] = (40, 30), kind: str = "JPEG", **save: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, kind, **save)
    return out.getvalue()


def upload(content: bytes, name: str = "IMG_0001.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


@pytest.fixture(autouse=True)
def _own_folder(settings: object, tmp_path: object) -> None:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]


@pytest.fixture
def ticket(scoped: Cast) -> Ticket:
    return scoped.file()


def stored_bytes(attachment: Attachment) -> bytes:
    return Path(attachment.file.path).read_bytes()


def attach(scoped: Cast, ticket: Ticket, file: SimpleUploadedFile) -> Attachment:
    return attaching.attach(ticket=ticket, upload=file, by=scoped.actor("owner"), now=LATER)


def test_a_photo_is_redrawn_without_what_it_tells(scoped: Cast, ticket: Ticket) -> None:
    exif = Image.Exif()
    exif[0x010F] = "SpyPhone"  # maker
    exif[0x0112] = 6  # lying on its side
    added = attach(scoped, ticket, upload(photo(exif=exif)))

    content = stored_bytes(added)
    with Image.open(io.BytesIO(content)) as stored:
        assert (stored.format, stored.size, dict(stored.getexif())) == ("WEBP", (30, 40), {})
    assert b"SpyPhone" not in content
    assert (added.content_type, added.name) == ("image/webp", "IMG_0001.jpg")


@pytest.mark.parametrize("held", range(1, 9))
def test_a_photo_is_turned_as_it_was_held(held: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = held
    out = io.BytesIO()
    picture = Image.new("RGB", (3, 2))
    picture.putdata([(20 * each, 255, 0) for each in range(6)])
    picture.save(out, "PNG", exif=exif)
    picture = Image.open(out)
    assert upright(picture).tobytes() == ImageOps.exif_transpose(picture).tobytes()


def test_a_photo_with_odd_exif_is_taken_all_the_same(scoped: Cast, ticket: Ticket) -> None:
    sideways = struct.pack("<HHIHH", 0x0112, 3, 1, 6, 0)
    described_by_a_number = struct.pack("<HHIf", 0x010E, 11, 1, 0.5)
    tags = struct.pack("<2sHIH", b"II", 42, 8, 2) + described_by_a_number + sideways
    added = attach(scoped, ticket, upload(photo(exif=b"Exif\0\0" + tags + bytes(4))))
    assert (added.width, added.height) == (30, 40)


def test_a_large_photo_is_made_smaller(scoped: Cast, ticket: Ticket) -> None:
    added = attach(scoped, ticket, upload(photo((4000, 1000))))

    assert (added.width, added.height) == (2048, 512)


def test_a_transparent_picture_stays_one(scoped: Cast, ticket: Ticket) -> None:
    out = io.BytesIO()
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(out, "PNG")

    added = attach(scoped, ticket, upload(out.getvalue(), "logo.png"))

    with Image.open(io.BytesIO(stored_bytes(added))) as stored:
        assert stored.mode == "RGBA"


def test_a_pdf_is_known_by_its_content(scoped: Cast, ticket: Ticket) -> None:
    added = attach(scoped, ticket, upload(b"%PDF-1.7\n...", "合同.pdf"))

    assert (added.content_type, added.name) == ("application/pdf", "合同.pdf")


def test_the_timeline_names_the_file(scoped: Cast, ticket: Ticket) -> None:
    added = attach(scoped, ticket, upload(photo()))

    event = ticket.events.get(kind=EventKind.ATTACHED)
    assert event.data == {"attachment": str(added.pk), "name": "IMG_0001.jpg"}


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", attaching.EmptyFile),
        (b"<script>alert(1)</script>", attaching.UnknownType),
        (b"\xff\xd8\xff\xe0 not really a photo", attaching.UnknownType),
        (photo()[:60], attaching.UnknownType),
        (b"MZ\x90\x00 program", attaching.UnknownType),
        (b"x" * (attaching.LARGEST_BYTES + 1), attaching.TooLarge),
    ],
)
def test_what_is_no_photo_is_refused(
    scoped: Cast, ticket: Ticket, content: bytes, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        attach(scoped, ticket, upload(content))

    assert Attachment.objects.count() == 0


def test_a_picture_of_too_many_pixels_is_refused(
    scoped: Cast, ticket: Ticket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attaching, "MOST_PIXELS", 100)

    with pytest.raises(attaching.TooLarge):
        attach(scoped, ticket, upload(photo()))


def test_the_twenty_first_file_is_refused(
    scoped: Cast, ticket: Ticket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attaching, "MOST_PER_TICKET", 2)
    for _ in range(2):
        attach(scoped, ticket, upload(photo()))

    with pytest.raises(attaching.TooMany):
        attach(scoped, ticket, upload(photo()))


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\漏水.jpg", "漏水.jpg"),
        ("a\u202egpj.exe", "agpj.exe"),
        ("\x00\n", "file"),
        ("长" * 300, "长" * 120),
    ],
)
def test_names_are_made_harmless(given: str, shown: str) -> None:
    assert attaching.clean_name(given) == shown
