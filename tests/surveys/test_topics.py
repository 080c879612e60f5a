"""What own words were about is told by people, not by texts."""

from typing import Any

import pytest
from django.urls import reverse

from surveys.models import ResponseMark, TextCode, Wave
from surveys.services.cells import WHOLE
from surveys.services.coding import counts_by_category, texts_by_category, texts_of
from surveys.services.tallying import tally
from tenancy.scope import company_scope
from tests.factories.cast import Cast
from tests.surveys.asking import counted, opened, says, secrets_of, street, survey_of
from tests.surveys.publishing import approved, drafted, told

KEYS = ("why", "words", "more")
DOCUMENT: dict[str, Any] = {
    "sections": [
        {
            "title": "服务",
            "questions": [
                {"kind": "rating", "text": "及时吗？", "key": "speed", "required": True},
                *({"kind": "text", "text": f"{key}？", "key": key} for key in KEYS),
            ],
        }
    ]
}


@pytest.fixture
def wave(scoped: Cast) -> Wave:
    """Eight people who write under each of three questions."""
    street(scoped, "8栋", 8)
    wave = opened(scoped, survey_of(scoped, document=DOCUMENT))
    for number, secret in enumerate(secrets_of(wave)[1:]):
        texts: dict[str, Any] = {key: f"{key}：第{number}人" for key in KEYS}
        says(secret, **texts)
    counted(scoped, wave)
    tally(wave=wave)
    found: Wave = Wave.objects.select_related("edition", "survey").get(pk=wave.pk)
    return found


def about_lifts(cast: Cast, wave: Wave, people: int) -> None:
    """So many of them have written about lifts, each under all three questions."""
    TextCode.objects.all().delete()
    whose = [f"第{number}人" for number in range(people)]
    marks = [each for each in ResponseMark.objects.exclude(text="") if each.text[-3:] in whose]
    assert len(marks) == 3 * people
    TextCode.objects.bulk_create(
        TextCode(wave=wave, mark=each, category=cast.lift) for each in marks
    )


def test_one_person_who_writes_under_three_questions_is_one(scoped: Cast, wave: Wave) -> None:
    texts = texts_of(wave, WHOLE, KEYS)
    for people in (2, 5, 8):
        about_lifts(scoped, wave, people)
        assert counts_by_category(wave, texts) == [(scoped.lift, people)]
        assert texts_by_category(wave, texts) == [(scoped.lift, 3 * people)]


def test_a_number_joins_no_texts(scoped: Cast, wave: Wave) -> None:
    """It is the same whether two texts of two questions are one person's or two people's."""
    texts = texts_of(wave, WHOLE, KEYS)
    numbers = []
    for other in ("words：第0人", "words：第1人"):
        TextCode.objects.all().delete()
        for text in ("why：第0人", other):
            mark = ResponseMark.objects.get(text=text)
            TextCode.objects.create(wave=wave, mark=mark, category=scoped.lift)
        numbers.append(counts_by_category(wave, texts))
    assert numbers[0] == numbers[1] == [(scoped.lift, 1)]


def test_publication_and_slides_tell_what_five_people_wrote_about(
    scoped: Cast, wave: Wave, sign_in: Any
) -> None:
    slides = reverse("surveys:wave_presentation", args=["jinxiu", wave.pk])
    about_lifts(scoped, wave, 2)
    assert "slide-about" not in sign_in(scoped.manager).get(slides).content.decode()
    with company_scope(scoped.company.pk):
        about_lifts(scoped, wave, 5)
    said = sign_in(scoped.manager).get(slides).content.decode()
    assert f"{scoped.lift} <b>5</b>" in said
    texts = reverse("surveys:wave_texts", args=["jinxiu", wave.pk])
    assert "<b>15</b>" in sign_in(scoped.manager).get(texts).content.decode()


@pytest.mark.parametrize(("people", "topics"), [(2, []), (4, []), (5, [5]), (7, [7])])
def test_public_page_tells_what_five_people_wrote_about(
    scoped: Cast, wave: Wave, people: int, topics: list[int]
) -> None:
    about_lifts(scoped, wave, people)
    document = told(approved(scoped, drafted(scoped, wave)))
    assert [each["count"] for each in document["topics"]] == topics
