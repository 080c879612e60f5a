"""A figure is rounded in one way, wherever it stands."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from surveys.services.after_service import STARS, Asking, Grain, Verdict
from surveys.services.results_words import decimal
from surveys.services.rounding import half_up, percent_of, tenth
from surveys.views.after_service_numbers import Links
from surveys.views.publication_shown import response
from tenancy.models import Company
from tests.factories.cast import SHANGHAI, Cast
from tests.surveys.publishing import (
    STRONG,
    TODAY,
    WEAK,
    approved,
    drafted,
    street,
    survey_of,
    told,
    wave_of,
)


@pytest.mark.parametrize(
    ("value", "said"),
    [(3.7531, "3.8"), (59.96, "60.0"), (2.25, "2.3"), (-0.25, "-0.3"), (4, "4.0")],
)
def test_a_figure_is_rounded_and_not_cut(value: float, said: str) -> None:
    assert decimal(value) == said
    assert str(half_up(value)) == said
    assert tenth(value) == float(said)


def test_a_share_is_rounded_half_up() -> None:
    assert [percent_of(each) for each in (0.125, 0.135, 0.004, 1)] == [13, 14, 0, 100]
    assert (percent_of(23 / 40), percent_of(29 / 200)) == (58, 15)


def test_every_share_is_rounded_as_it_is_by_hand() -> None:
    for whole in (*range(1, 101), 200, 1000, 2000):
        for count in range(whole + 1):
            assert percent_of(count / whole) == (200 * count + whole) // (2 * whole), (count, whole)


def test_a_share_is_the_same_wherever_it_stands(scoped: Cast) -> None:
    """What is half a percent is told as one more: to owners, and of stars."""
    assert response({"answered": 23, "invited": 40})["share"] == 58
    asking = Asking(TODAY, TODAY, Grain.MONTH, SHANGHAI)
    links = Links(None, scoped.company, scoped.manager, asking, None)
    stars = dict.fromkeys(STARS, 0) | {5: 7, 1: 1}
    assert [each.share for each in links.bars(Verdict(8, stars))] == [88, 0, 0, 0, 13]


def test_the_same_figure_stands_on_every_page(scoped: Cast, sign_in: Any) -> None:
    """56 points of twelve answers: a mean of 4.666…, 91.666… of a hundred."""
    Company.objects.filter(pk=scoped.company.pk).update(language="zh-hans")
    street(scoped, "5栋", 12)
    survey = survey_of(scoped)
    wave_of(scoped, survey, WEAK)
    wave = wave_of(scoped, survey, STRONG, days=30)
    row = approved(scoped, drafted(scoped, wave))
    item = next(each for each in told(row)["items"] if each["name"] == "speed")
    manager: Client = sign_in(scoped.manager)

    def read(name: str, *args: Any, **asked: Any) -> str:
        at = reverse(f"surveys:{name}", args=["jinxiu", *args])
        return manager.get(at, asked).content.decode()

    assert item["value"] == 91.7
    assert "4.7" in read("wave_results", wave.pk)
    assert "4.6" not in read("wave_results", wave.pk)
    for page in (
        read("published", row.pk),
        read("improvement_add", wave=wave.pk, item="speed"),
        read("publication_change", row.pk),
    ):
        assert "91.7" in page
