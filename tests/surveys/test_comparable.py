"""Waves that asked other people, or otherwise, are not held against each other."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils.translation import override

from owners.models import Building, Owner, Ownership, Unit
from surveys.models import (
    Effect,
    IndexFigure,
    Response,
    ResponseMark,
    Survey,
    Wave,
)
from surveys.services.audiences import Part
from surveys.services.cells import WHOLE, Scope
from surveys.services.comparable import Pair
from surveys.services.comparing import Against, Verdict, compared
from surveys.services.improving import check_effects
from surveys.services.improving_values import Item
from surveys.services.index import measure
from surveys.services.publishing_document import document_of, standings
from surveys.services.results import Results, places_of, results
from surveys.services.results_pdf_index import note
from surveys.services.survey import rewrite
from surveys.services.tallying import tally
from tenancy.models import Community
from tests.factories.cast import SHANGHAI, TUESDAY, Cast
from tests.surveys.asking import (
    FIVE_DIMENSIONS,
    TODAY,
    Given,
    done,
    filled,
    marks_of,
    opened,
    street,
    survey_of,
)
from tests.surveys.publishing import drafted
from tests.surveys.test_improving import LATER, decide

HOMES = 30
CONTENT: list[Given] = [marks_of(5 if at % 3 else 4) for at in range(28)]
ANGRY: list[Given] = [marks_of(2 if at % 3 else 1) for at in range(28)]


SPEED = {"kind": "rating", "text": "及时吗？", "key": "speed"}
QUESTION: dict[str, Any] = {"sections": [{"title": "服务", "questions": [SPEED]}]}


def opened_later(cast: Cast, survey: Survey, days: int, **more: Any) -> Wave:
    opens = TODAY + timedelta(days=days)
    return opened(
        cast, survey, name=f"第{days}天", now=TUESDAY + timedelta(days=days),
        opens_on=opens, closes_on=opens + timedelta(days=9), today=opens, **more,
    )  # fmt: skip


def answered(
    cast: Cast, survey: Survey, place: Building, marks: Sequence[int], days: int = 0
) -> Wave:
    """A wave so many days later, in which one question was marked so."""
    wave = opened_later(cast, survey, days)
    filled(wave, [(place, [{("speed", ""): mark} for mark in marks])])
    tally(wave=wave)
    found: Wave = Wave.objects.select_related("edition", "survey").get(pk=wave.pk)
    return found


class Two:
    """A company with a community that is content and one that is not, both asked, or either."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.survey: Survey = survey_of(cast, document=FIVE_DIMENSIONS)
        self.here = street(cast, "8栋", HOMES)
        self.there = self.house(Community.objects.create(name="月亮湾"))

    @staticmethod
    def house(community: Community) -> Building:
        building: Building = Building.objects.create(community=community, name="1栋")
        for number in range(HOMES):
            owner = Owner.objects.create(name=f"业主{number}")
            unit = Unit.objects.create(
                building=building, community=community, number=str(number), label=f"那边{number}"
            )
            Ownership.objects.create(owner=owner, unit=unit)
        return building

    def asked(self, days: int, *parts: Part) -> Wave:
        """A wave so many days later."""
        return opened_later(self.cast, self.survey, days, parts=parts)

    def measured(self, days: int, *parts: Part, there: bool = False) -> Wave:
        """The same, measured: the content ones answer, and the others where `there`."""
        wave = self.asked(days, *parts)
        filled(wave, [(self.here, CONTENT), *([(self.there, ANGRY)] if there else [])])
        measure(wave=wave, now=TUESDAY)
        found: Wave = Wave.objects.select_related("edition", "survey").get(pk=wave.pk)
        return found

    @property
    def only_here(self) -> Part:
        return Part("community", (str(self.cast.community.pk),))


@pytest.fixture
def two(scoped: Cast) -> Two:
    return Two(scoped)


def whole_of(wave: Wave, community: Community | None = None) -> IndexFigure:
    key = str(community.pk) if community else ""
    found: IndexFigure = IndexFigure.objects.get(
        wave=wave, place="community" if community else "all", key=key, dimension=""
    )
    return found


def community(two: Two) -> Part:
    return two.only_here


def both(two: Two) -> Part:
    return Part("community", tuple(str(each.community_id) for each in (two.here, two.there)))


def building(two: Two) -> Part:
    return Part("building", (str(two.here.pk),))


def buildings(two: Two) -> Part:
    return Part("building", (str(two.here.pk), str(two.there.pk)))


def complained(two: Two) -> Part:
    scoped = two.cast
    scoped.file(now=TUESDAY, unit=scoped.unit)
    return Part("ticket", (str(scoped.lift.pk),), 6)


@pytest.mark.parametrize(
    ("before", "after", "alike"),
    [
        # Whether everybody, the community and the building are the same people.
        ((), (), (True, True, True)),
        ((), (community,), (False, True, True)),
        ((community,), (community,), (True, True, True)),
        ((), (both,), (True, True, True)),  # everybody, by their names
        ((community,), (building,), (False, False, True)),
        ((building,), (buildings,), (False, True, True)),  # nobody else in that community
        ((building,), (building, community), (True, True, True)),
        ((), (complained,), (False, False, False)),
    ],
)
def test_same_people_are_who_was_asked_in_the_same_way(
    two: Two, before: Any, after: Any, alike: tuple[bool, ...]
) -> None:
    waves = [
        two.asked(days, *(part(two) for part in parts))
        for days, parts in ((0, before), (20, after))
    ]
    home = two.cast.community.pk
    scopes = (WHOLE, Scope(home), Scope(home, two.here.pk))
    for pair in (Pair(*waves), Pair(*reversed(waves))):
        assert tuple(pair.same_people(scope) for scope in scopes) == alike
        assert pair.same_people(Scope(group="甲")) == alike[0]


def test_community_that_joins_leaves_everybody_everybody(two: Two) -> None:
    first = two.asked(0)
    two.house(Community.objects.create(name="新城"))
    second = two.asked(20)
    assert Pair(first, second).same_people()
    # One voice for each home and one for each person are not the same people.
    second.one_per = "person"
    assert not Pair(first, second).same_people(Scope(two.cast.community.pk))


def test_index_of_everybody_is_not_held_against_that_of_others(two: Two) -> None:
    first = two.measured(0, there=True)
    local = two.measured(20, two.only_here)
    assert (whole_of(local).was, whole_of(local).verdict) == (None, "")
    # Those who were asked both times say the same again.
    there = whole_of(local, two.cast.community)
    assert (there.was, there.verdict) == (there.value, "chance")
    with override("en"):
        assert "other people were asked before" in note(whole_of(local), first, others=True)
        assert "other people" not in note(there, first, others=False)
    # The next that asks all of them is held against the last that did.
    third = two.measured(40, there=True)
    whole = whole_of(third)
    assert (whole.report.before, whole.verdict) == (first, "chance")


def test_page_says_why_nothing_is_said_of_a_change(two: Two, sign_in: Any) -> None:
    two.measured(0, there=True)
    local = two.measured(20, two.only_here)
    client = sign_in(two.cast.manager)
    page = f"/jinxiu/surveys/waves/{local.pk}/index/"
    why = "In “第0天” other people were asked: so nothing is said of a change."
    english = {"accept-language": "en"}
    assert why in client.get(page, headers=english).content.decode()
    here = f"{page}?at=community:{two.cast.community.pk}"
    assert why not in client.get(here, headers=english).content.decode()


def test_improvement_about_everywhere_waits_for_a_wave_that_asks_everywhere(two: Two) -> None:
    first = two.measured(0, there=True)
    rows = [decide(two.cast, first, item=item, expected=Decimal(90))
            for item in (Item(), Item("rel1"))]  # fmt: skip
    done(two.cast, *rows)
    assert check_effects(wave=two.measured(20, two.only_here), now=LATER) == 0
    third = two.measured(40, there=True)
    assert check_effects(wave=third, now=LATER) == 2
    for row in rows:
        row.refresh_from_db()
        assert (row.effect, row.wave_after) == (Effect.UNCLEAR, third)


def test_waves_side_by_side_mark_nothing_that_others_said(two: Two, sign_in: Any) -> None:
    waves = [
        two.measured(0, there=True), two.measured(20, two.only_here),
        two.measured(40, two.only_here), two.measured(60, there=True),
    ]  # fmt: skip
    columns = [
        results(wave=each, places=places_of(each, two.cast.manager)[:1])[0] for each in waves
    ]
    for row in compared(columns, Against.BEFORE):
        assert [cell and cell.verdict for cell in row.cells] == [
            Verdict.NONE, Verdict.NONE, Verdict.UNCLEAR, Verdict.NONE,
        ]  # fmt: skip
    page = f"/jinxiu/surveys/waves/{waves[-1].pk}/compare/"
    client = sign_in(two.cast.manager)
    said = client.get(page, headers={"accept-language": "en"}).content.decode()
    assert said.count("<br>other people asked") == 2
    # In the community all four asked the same.
    said = client.get(f"{page}?at=community:{two.cast.community.pk}").content.decode()
    assert "is-better" not in said
    assert "other people asked" not in said


def test_publication_says_nothing_of_a_change_where_others_were_asked(two: Two) -> None:
    two.measured(0, Part("building", (str(two.here.pk),)))
    second = two.measured(20)
    home = two.cast.community
    told = standings(second, Scope(home.pk))
    assert told
    assert {each.before for each in told} == {None}
    row = drafted(two.cast, second)
    document = document_of(row, zone=SHANGHAI, now=LATER)
    assert (document["people_differ"], document["before"]) == (True, "第0天")
    third = two.measured(40)
    assert all(each.before for each in standings(third, Scope(home.pk)))


def test_five_stars_are_no_mark_from_nought_to_ten(scoped: Cast) -> None:
    """A question that became one of another kind is asked anew, whatever its key."""
    place = street(scoped, "8栋", HOMES)
    survey = survey_of(scoped, document=QUESTION)
    first = answered(scoped, survey, place, [3, 4] * 14)
    row = decide(scoped, first, item=Item("speed"), expected=Decimal(90))
    done(scoped, row)
    as_score = {"sections": [{"title": "服务", "questions": [{**SPEED, "kind": "score"}]}]}
    rewrite(survey=survey, document=as_score, by=scoped.actor("manager"), now=TUESDAY)
    scores = answered(scoped, survey, place, [8, 9] * 14, days=20)
    assert check_effects(wave=scores, now=LATER) == 0
    home = Scope(scoped.community.pk)
    assert [each.before for each in standings(scores, home)] == [None]
    # Asked as it was, it has an answer.
    rewrite(survey=survey, document=QUESTION, by=scoped.actor("manager"), now=TUESDAY)
    stars = answered(scoped, survey, place, [5, 4] * 14, days=40)
    assert check_effects(wave=stars, now=LATER) == 1
    row.refresh_from_db()
    assert (row.effect, row.wave_after) == (Effect.BETTER, stars)
    scores_again = Pair(scores, stars)
    assert not scores_again.same_question("speed")
    assert not scores_again.same_question("never")


def offered(*choices: str) -> dict[str, Any]:
    question = {
        "kind": "single", "text": "最想要什么？", "key": "wants",
        "choices": [{"key": each, "text": f"选项{each}"} for each in choices],
    }  # fmt: skip
    return {"sections": [{"title": "服务", "questions": [question]}]}


def chose(cast: Cast, survey: Survey, place: Building, days: int, choices: str) -> Results:
    """A wave so many days later that offered these choices, each of which as many made."""
    rewrite(survey=survey, document=offered(*choices), by=cast.actor("manager"), now=TUESDAY)
    wave = filled(opened_later(cast, survey, days), [(place, [{}] * HOMES)])
    for number, response in enumerate(Response.objects.filter(wave=wave)):
        choice = choices[number % len(choices)]
        ResponseMark.objects.create(response=response, wave=wave, question="wants", choice=choice)
    tally(wave=wave)
    (found,) = results(wave=wave, places=places_of(wave, cast.manager)[:1])
    return found


def test_choice_that_was_not_there_was_not_chosen_by_none(scoped: Cast, sign_in: Any) -> None:
    place = street(scoped, "8栋", HOMES)
    survey = survey_of(scoped, document=offered("a", "b"))
    columns = [
        chose(scoped, survey, place, days, choices)
        for days, choices in ((0, "ab"), (20, "abc"), (40, "bca"), (60, "ab"))
    ]
    rows = {row.choice: row for row in compared(columns[:3], Against.BEFORE)}
    assert {row.choices_differ for row in rows.values()} == {True}
    assert {
        choice: [cell and cell.verdict for cell in row.cells] for choice, row in rows.items()
    } == {
        "a": [Verdict.NONE, Verdict.NONE, Verdict.UNCLEAR],
        "b": [Verdict.NONE, Verdict.NONE, Verdict.UNCLEAR],
        "c": [None, Verdict.NONE, Verdict.UNCLEAR],
    }  # fmt: skip
    # Nor is anything said of those that are left when one is gone.
    left = compared(columns[2:], Against.BEFORE)
    assert [row.cells[1] and row.cells[1].verdict for row in left] == [Verdict.NONE] * 2
    same = compared(columns[1:3], Against.BEFORE)
    assert not any(row.choices_differ for row in same)
    client = sign_in(scoped.manager)
    said = client.get(
        f"/jinxiu/surveys/waves/{columns[1].wave.pk}/compare/", headers={"accept-language": "en"}
    ).content.decode()
    assert said.count("Not every wave offered the same choices") == 1
