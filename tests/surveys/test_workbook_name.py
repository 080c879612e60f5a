"""A workbook says of which survey and wave it is, outside and inside."""

import io
import zipfile
from typing import Any
from urllib.parse import quote

from django.urls import reverse

from tests.factories.cast import Cast
from tests.surveys.publishing import STRONG, street, survey_of, wave_of


def test_workbook_bears_the_names_of_survey_and_wave(scoped: Cast, sign_in: Any) -> None:
    street(scoped, "5栋", 12)
    wave = wave_of(scoped, survey_of(scoped), STRONG)
    at = reverse("surveys:wave_workbook", args=["jinxiu", wave.pk])
    answer = sign_in(scoped.manager).get(at)
    name = quote("满意度调查 第0天.xlsx")
    assert answer["Content-Disposition"] == f"attachment; filename*=utf-8''{name}"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
        assert "满意度调查 · 第0天" in book.read("docProps/core.xml").decode()
