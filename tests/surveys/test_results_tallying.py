"""What a counted wave may tell, written down once."""

from decimal import Decimal
from typing import Any

import pytest
from django.db.models import Sum

from surveys.models import Invitation, Response, ResponseMark, Tally, Wave, Way
from surveys.services.answering import answer
from surveys.services.classes import edges_of
from surveys.services.inviting import secret_of
from surveys.services.tallying import tally
from surveys.services.wave import WrongStage
from tests.factories.cast import Cast
from tests.surveys.asking import (
    TODAY,
    counted,
    opened,
    secrets_of,
    street,
    survey_of,
)

EVERYTHING: dict[str, Any] = {
    "sections": [
        {
            "title": "服务",
            "questions": [
                {"kind": "rating", "text": "及时吗？", "key": "speed"},
                {
                    "kind": "text", "text": "为什么？", "key": "why",
                    "conditions": [{"question": "speed", "test": "at_most", "amount": 2}],
                },
                {"kind": "score", "text": "推荐吗？", "key": "friend"},
                {
                    "kind": "multiple", "text": "想要什么？", "key": "wants",
                    "choices": [{"key": "gym", "text": "健身房"}, {"key": "park", "text": "车位"}],
                },
                {
                    "kind": "ranking", "text": "什么重要？", "key": "order",
                    "choices": [{"key": "quiet", "text": "安静"}, {"key": "green", "text": "绿化"}],
                },
                {
                    "kind": "matrix", "text": "怎么样？", "key": "care",
                    "rows": [{"key": "clean", "text": "保洁"}, {"key": "safe", "text": "安保"}],
                },
                {"kind": "number", "text": "住了几年？", "key": "years"},
                {"kind": "date", "text": "何时入住？", "key": "since"},
            ],
        }
    ]
}  # fmt: skip


def everything(cast: Cast, homes: int = 29) -> Wave:
    """Thirty homes, one of them in the cast's own building, who say what their number is."""
    street(cast, "8栋", homes)
    wave = opened(cast, survey_of(cast, document=EVERYTHING))
    for i, secret in enumerate(secrets_of(wave)):
        said: dict[str, Any] = {
            "speed": 1 + i % 5, "why": f"第{i}" if i % 5 < 2 else "", "friend": i % 11,
            "wants": [["gym"], ["gym", "park"], []][i % 3],
            "order": ["quiet", "green"] if i % 2 else ["green", "quiet"],
            "care": {"clean": 4, **({"safe": 2} if i < 4 else {})},
            "years": i or -400, "since": f"20{i % 3 + 10}-0{i % 2 + 1}-03",
        }  # fmt: skip
        answer(secret=secret, given=said, way=Way.LINK, today=TODAY)
    counted(cast, wave)
    wave.refresh_from_db()
    return wave


def told(question: str, **where: Any) -> dict[tuple[str, str, Any], int]:
    """What the tallies say of one question, of everybody unless said otherwise."""
    place = {"community": None, "building": None, "group": "", **where}
    rows = Tally.objects.filter(question=question, **place)
    return {
        (row, choice, None if number is None else float(number)): count
        for row, choice, number, count in rows.values_list("row", "choice", "number", "count")
    }


def test_everything_that_may_be_told_is_counted_once(scoped: Cast) -> None:
    wave = everything(scoped)
    rows = tally(wave=wave)
    assert tally(wave=wave) == rows == Tally.objects.count()
    assert told("") == {("", "", None): 30}
    assert told("speed") == {("", "", None): 30} | {("", "", each): 6 for each in range(1, 6)}
    assert told("why") == {("", "", None): 12}
    assert told("friend")[("", "", None)] == 30
    assert told("friend")[("", "", 10)] == 2
    # Ten said nothing to it.
    assert told("wants") == {("", "", None): 20, ("", "gym", None): 20, ("", "park", None): 10}
    assert told("order") == {
        ("", "", None): 30, ("", "quiet", 1): 15, ("", "quiet", 2): 15,
        ("", "green", 1): 15, ("", "green", 2): 15,
    }  # fmt: skip
    # Four are too few for the second row.
    assert told("care") == {("clean", "", None): 30, ("clean", "", 4): 30}
    years = told("years")
    assert years[("", "", None)] == years[("", "median", 14.5)] == 30
    assert {name for _row, name, _number in years} == {
        "", "mean", "median", "quarter", "three_quarters", "from", "below",
    }  # fmt: skip
    classes = {number: n for (_row, name, number), n in years.items() if name == "from"}
    assert (sum(classes.values()), classes[0.0]) == (29, 4)
    assert years[("", "below", 0.0)] == 1
    assert told("since") == {("", "", None): 30} | {
        ("", f"20{year}-0{month}", None): 5 for year in (10, 11, 12) for month in (1, 2)
    }


def test_place_with_one_home_is_nowhere(scoped: Cast) -> None:
    """The cast's own building has one home; told apart, it would be that home's answer."""
    wave = everything(scoped)
    tally(wave=wave)
    places = set(Tally.objects.values_list("community__name", "building__name"))
    assert places == {(None, None), (scoped.community.name, None)}
    assert Tally.objects.filter(question="", building=None).aggregate(n=Sum("count"))["n"] == 60


def test_buildings_are_told_where_each_has_five(scoped: Cast) -> None:
    first, second = street(scoped, "8栋", 8), street(scoped, "9栋", 7)
    wave = opened(scoped, survey_of(scoped, document=EVERYTHING))
    for building, low in ((first, 3), (second, 5)):
        invited = Invitation.objects.filter(building=building)
        for i, invitation in enumerate(invited):
            given = {"speed": 1 if i < low else 5, "why": "慢" if i < low else "", "years": i}
            answer(secret=secret_of(invitation), given=given, way=Way.LINK, today=TODAY)
    counted(scoped, wave)
    wave.refresh_from_db()
    tally(wave=wave)
    here = {"community": scoped.community}
    at_first, at_second = {**here, "building": first}, {**here, "building": second}
    assert (told("", **at_first), told("", **at_second)) == (
        {("", "", None): 8}, {("", "", None): 7}
    )  # fmt: skip
    # Eight say why, three of them in the first building: told in neither, for what is left over.
    assert told("why", **here) == {("", "", None): 8}
    assert told("why", **at_first) == told("why", **at_second) == {}
    assert told("years", **at_second)[("", "median", 3)] == 7
    assert Tally.objects.filter(choice="quarter").count() == 0  # of fewer than twenty


def test_box_takes_what_no_database_would(scoped: Cast) -> None:
    street(scoped, "8栋", 5)
    wave = opened(scoped)
    for secret in secrets_of(wave):
        given = {"speed": 3, "words": "半个 \ud83d 太慢了 ＡＢＣ 😡"}
        answer(secret=secret, given=given, way=Way.LINK, today=TODAY)
    assert counted(scoped, wave) == 6
    assert set(
        ResponseMark.objects.filter(question="words").values_list("text", "search_text")
    ) == {("半个 ? 太慢了 ＡＢＣ 😡", "半个 ? 太慢了 abc 😡")}
    assert Response.objects.count() == 6


def test_wave_that_is_not_counted_is_not_tallied(scoped: Cast) -> None:
    with pytest.raises(WrongStage):
        tally(wave=opened(scoped))


@pytest.mark.parametrize(
    ("low", "high", "first", "step", "count"),
    [("0", "29", "0", "5", 7), ("3", "3", "3", "1", 2), ("-7", "1200", "-500", "500", 5)],
)
def test_classes_are_round(low: str, high: str, first: str, step: str, count: int) -> None:
    edges = edges_of(Decimal(low), Decimal(high))
    assert (edges[0], edges[1] - edges[0], len(edges)) == (Decimal(first), Decimal(step), count)
