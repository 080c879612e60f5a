"""Quotes of own words in a publication: chosen by a person, shortened, never changed."""

from typing import Any
from uuid import uuid4

import pytest

from surveys.models import Tally, Wave
from surveys.services import publishing
from surveys.services.coding import TextNotTold
from surveys.services.publishing import QuoteSaid
from surveys.services.publishing_quotes import (
    QuoteChanged,
    TooManyQuotes,
    is_telling,
    quotable,
    quote_text,
    shortened,
)
from tenancy.models import Company
from tests.factories.cast import Cast
from tests.surveys.publishing import (
    LATER,
    WEAK,
    approved,
    changed,
    drafted,
    street,
    survey_of,
    told,
    wave_of,
)


@pytest.fixture
def wave(scoped: Cast) -> Wave:
    Company.objects.filter(pk=scoped.company.pk).update(language="zh-hans")
    street(scoped, "5栋", 12)
    return wave_of(scoped, survey_of(scoped), WEAK)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("晚上没人接电话， 等了很久", "晚上没人接电话， 等了很久"),
        # What is left out at either end shows, too.
        ("晚上没人接电话", "晚上没人接电话…"),
        ("等了很久", "…等了很久"),
        ("没人接电话", "…没人接电话…"),
        ("没人 … 很久", "…没人 … 很久"),
        ("晚上…等了很久", "晚上…等了很久"),
        ("… 没人接电话 [...] 很久", "… 没人接电话 [...] 很久"),
        ("很久…晚上", None),  # in another order
        ("早上没人接电话", None),
        ("…", None),
        ("", None),
    ],
)
def test_quotes_are_shortened_and_never_changed(text: str, told: str | None) -> None:
    original = "晚上没人接电话，\n等了很久"
    if told is None:
        with pytest.raises(QuoteChanged):
            shortened(text, original)
    else:
        assert shortened(text, original) == told


@pytest.mark.parametrize(
    ("text", "original", "told"),
    [
        ("满意物业的服务", "我不满意物业的服务", "…满意物业的服务"),
        ("我满意", "我满意才怪", "我满意…"),
        ("好…好", "好的时候好，坏的时候不好", "好…好"),
        ("我很满意", "我很满意。", "我很满意"),
        ("很好", "很好，不过……", "很好…"),
        ("很好，不过……", "很好，不过……", "很好，不过……"),
        ("is clean", "It is clean?", "…is clean…"),
    ],
)
def test_quote_that_begins_or_ends_elsewhere_says_so(text: str, original: str, told: str) -> None:
    assert shortened(text, original) == told
    assert shortened(told, original) == told


@pytest.mark.parametrize(
    ("text", "telling"),
    [
        ("物业很好", False),
        ("我住3栋", True),
        ("三号楼的灯", True),
        ("王先生很负责", True),
        ("my daughter fell", True),
        ("我老公等了很久", True),
    ],
)
def test_words_by_which_people_are_recognised_are_pointed_out(text: str, telling: bool) -> None:
    assert is_telling(text) is telling


def test_quote_is_told_once_somebody_has_looked_at_it(scoped: Cast, wave: Wave) -> None:
    row = drafted(scoped, wave)
    text = quotable(row)[0]
    facts: dict[str, Any] = {"publication": row, "by": scoped.actor("manager"), "now": LATER}
    quote = quote_text(mark=text.pk, **facts)
    assert quote_text(mark=text.pk, **facts) == quote
    with pytest.raises(TextNotTold):
        quote_text(mark=uuid4(), **facts)
    with pytest.raises(publishing.QuoteNotChecked):
        approved(scoped, row)
    checked = [QuoteSaid(text.pk, "晚上没人接电话…", is_checked=True)]
    row = changed(scoped, row, quotes=checked)
    assert told(approved(scoped, row))["quotes"] == ["晚上没人接电话…"]


def test_there_are_no_more_quotes_than_are_read(scoped: Cast, wave: Wave) -> None:
    row = drafted(scoped, wave)
    facts: dict[str, Any] = {"publication": row, "by": scoped.actor("manager"), "now": LATER}
    *some, last = quotable(row)[:11]
    for text in some:
        quote_text(mark=text.pk, **facts)
    with pytest.raises(TooManyQuotes):
        quote_text(mark=last.pk, **facts)


def test_text_of_a_small_cell_is_not_quoted(scoped: Cast, wave: Wave) -> None:
    row = drafted(scoped, wave)
    text = quotable(row)[0]
    Tally.objects.filter(wave=wave, question="words").delete()  # as if too few had written
    with pytest.raises(TextNotTold):
        quote_text(publication=row, mark=text.pk, by=scoped.actor("manager"), now=LATER)
