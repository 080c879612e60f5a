"""Photographs in an answer: kept small and bare, and apart from what was said with them."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from complaints.services.attaching import LARGEST_BYTES
from surveys.models import BallotPhoto, Invitation, ResponsePhoto, Wave
from surveys.services.answering import FaultyAnswers, keep_photo
from surveys.services.answering_photo import LARGEST_PHOTO, open_photos
from surveys.services.inviting import secret_of
from tenancy.scope import company_scope
from tests.factories.cast import Cast
from tests.surveys.asking import TODAY, opened, survey_of
from tests.surveys.test_pages_answer import SEEN, link, nobody_has_tried, photo, today, wave

__all__ = ["link", "nobody_has_tried", "wave"]  # fixtures


def test_photo_is_kept_small_and_bare_and_goes_into_the_box_apart(
    client: Client, link: str, wave: Wave, jinxiu: Cast
) -> None:
    page = client.post(link, {"q-look": photo(), "q-lift": "5", "act": "keep"}, follow=True)
    assert "data-photo-kept" in page.content.decode()
    seen = client.get(f"{link}photo/look/")
    assert (seen.status_code, seen["Content-Type"]) == (200, "image/webp")
    assert len(seen.content) <= LARGEST_PHOTO
    assert b"Nosy" not in seen.content
    assert client.get(f"{link}photo/words/").status_code == 404
    assert client.post(link, {"q-lift": "5", "seen": SEEN}).status_code == 302
    assert client.get(f"{link}photo/look/").status_code == 404
    with company_scope(jinxiu.company.pk):
        assert BallotPhoto.objects.get().invitation_id is None
        open_photos(wave)
        assert BallotPhoto.objects.count() == 0
        assert bytes(ResponsePhoto.objects.get().content) == seen.content
    # Nothing in it leads to a response, a place or a moment.
    columns = {field.name for field in ResponsePhoto._meta.get_fields()}
    assert columns == {"id", "company", "wave", "question", "content"}


def test_photo_that_is_none_is_said_at_its_question(client: Client, link: str) -> None:
    for upload in (
        SimpleUploadedFile("a.jpg", b"no picture", "image/jpeg"),
        SimpleUploadedFile("a.jpg", b"", "image/jpeg"),
    ):
        page = client.post(
            link, {"q-look": upload, "q-lift": "5", "seen": SEEN},
            headers={"Accept-Language": "en"},
        )  # fmt: skip
        assert page.status_code == 422
        assert page.content.decode().count('class="errorlist"') == 1
    kept = client.post(link, {"q-look": photo(64), "act": "keep"}, follow=True)
    assert "data-photo-kept" in kept.content.decode()
    gone = client.post(link, {"act": "drop:look"}, follow=True)
    assert "data-photo-kept" not in gone.content.decode()


def test_photos_are_few_and_of_a_size(client: Client, jinxiu: Cast) -> None:
    many = [{"kind": "photo", "key": f"p{n}", "text": "?"} for n in range(4)]
    with company_scope(jinxiu.company.pk):
        document = {"sections": [{"title": "照片", "questions": many}]}
        wave = today(opened(jinxiu, survey_of(jinxiu, document=document, title="照片")))
        secret = secret_of(Invitation.objects.get(wave=wave))
    address = f"/jinxiu/s/{secret}/"
    seen = [f"p{n}" for n in range(4)]
    page = client.post(address, {**{f"q-p{n}": photo(40) for n in range(4)}, "seen": seen})
    html = page.content.decode()
    assert (page.status_code, html.count('class="errorlist"')) == (422, 1)
    assert html.count("data-photo-kept") == 3
    wide = io.BytesIO()
    Image.new("1", (8000, 8000)).save(wide, "PNG")
    heavy = b"\xff" * (LARGEST_BYTES + 1)
    for content in (wide.getvalue(), heavy):
        upload = SimpleUploadedFile("a.png", content, "image/png")
        page = client.post(address, {"q-p0": upload, "act": "autosave"})
        assert page.status_code == 422
    with company_scope(jinxiu.company.pk), pytest.raises(FaultyAnswers):
        keep_photo(secret=secret, question="p9", upload=photo(40), today=TODAY)


def test_photo_of_what_is_no_question_is_nothing(client: Client, link: str) -> None:
    assert client.post(link, {"act": "drop:\x00", "q-lift": "5"}).status_code == 302
    assert client.post(link, {"act": "drop:lift", "q-lift": "5"}).status_code == 302
    assert client.get(f"{link}photo/%00/").status_code == 404
    assert client.get(f"{link}photo/lift/").status_code == 404
