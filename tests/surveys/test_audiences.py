"""Whom a wave asks: parts, groups, strata, and whoever joins later."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import Q

from owners.models import Building, Owner, Ownership, Unit
from surveys.forms.wave import AudienceForm
from surveys.models import Audience, Invitation, OnePer, Stage, Wave, WaveStratum
from surveys.services.audiences import (
    PARTITIONS,
    SOURCES,
    Candidate,
    Option,
    Part,
    Partition,
    PartsLost,
    Registered,
    Source,
    TooManyParts,
    UnknownPart,
    WrongSpan,
    parts_of,
    register,
)
from surveys.services.sampling import margin_of, size_for
from surveys.services.wave import (
    AbsurdSize,
    NobodyToAsk,
    OutOfReach,
    WrongReminders,
    change_wave,
    open_wave,
)
from surveys.services.wave_preview import described, preview
from tenancy.models import Community, Membership, MembershipCommunity
from tests.factories.cast import TUESDAY, Cast
from tests.surveys.asking import TODAY, opened, planned, street, survey_of


def asked(wave: Wave) -> list[str]:
    rows = Invitation.objects.filter(wave=wave).order_by("unit__label")
    return list(rows.values_list("unit__label", flat=True))


def staff_survey(cast: Cast) -> Any:
    return survey_of(cast, title="员工问卷", audience=Audience.STAFF, one_per=OnePer.PERSON)


def limited(cast: Cast, role: str, community: Community) -> Membership:
    member = cast.members[role]
    member.all_communities = False
    member.save()
    MembershipCommunity.objects.create(membership=member, community=community)
    return member


def elsewhere(cast: Cast) -> tuple[Community, Building]:
    other = Community.objects.create(name="别处")
    building = Building.objects.create(community=other, name="1栋")
    unit = Unit.objects.create(building=building, community=other, number="1", label="别处1")
    Ownership.objects.create(owner=Owner.objects.create(name="李四"), unit=unit)
    return other, building


# --- parts ---


def test_parts_of_one_source_are_joined_by_or_and_sources_by_and(scoped: Cast) -> None:
    eight, nine = street(scoped, "8栋", 2), street(scoped, "9栋", 1)
    survey = survey_of(scoped)
    buildings = Part("building", (str(eight.pk), str(nine.pk)))
    wave = opened(scoped, survey, name="楼栋", parts=[buildings])
    assert asked(wave) == ["8栋0", "8栋1", "9栋0"]
    scoped.file(unit=Unit.objects.get(label="8栋1"), owner=None, by="desk")
    spoke_up = Part("ticket", (str(scoped.lift.pk),), 6)
    wave = opened(scoped, survey, name="报过电梯的", parts=[buildings, spoke_up])
    assert asked(wave) == ["8栋1"]
    assert {(row.source, row.months) for row in wave.parts.all()} == {
        ("building", None),
        ("ticket", 6),
    }


def test_who_spoke_up_is_the_person_who_did_and_not_for_ever(scoped: Cast) -> None:
    wife = Owner.objects.create(name="王芳")
    Ownership.objects.create(owner=wife, unit=scoped.unit)
    scoped.file(now=TUESDAY - timedelta(days=40))
    survey = survey_of(scoped, one_per=OnePer.PERSON)
    wave = opened(scoped, survey, parts=[Part("ticket", (str(scoped.lift.pk),), 2)])
    assert [row.owner for row in Invitation.objects.filter(wave=wave)] == [scoped.resident]
    with pytest.raises(NobodyToAsk):
        opened(scoped, survey, name="上月", parts=[Part("ticket", (str(scoped.lift.pk),), 1)])


def test_staff_are_chosen_by_department_and_role_and_grouped_by_department(scoped: Cast) -> None:
    survey = staff_survey(scoped)
    wave = opened(scoped, survey)
    groups = dict(WaveStratum.objects.filter(wave=wave).values_list("group", "population"))
    assert groups == {"工程部": 2, "": 3}
    parts = [
        Part("department", (str(scoped.engineering.pk),)),
        Part("role", ("supervisor", "manager")),
    ]
    wave = opened(scoped, survey, name="工程部主管", parts=parts)
    invited = Invitation.objects.filter(wave=wave).values_list("membership__name", "group")
    assert list(invited) == [("supervisor", "工程部")]


def test_what_nobody_offers_is_refused(scoped: Cast, heyue: Cast) -> None:
    survey = survey_of(scoped)
    for part, refusal in (
        (Part("weather", ("rain",)), UnknownPart),
        (Part("role", ("desk",)), UnknownPart),  # of staff
        (Part("building", (str(heyue.building.pk),)), UnknownPart),
        (Part("building", ("\x00",)), UnknownPart),
        (Part("ticket", (str(scoped.lift.pk),)), WrongSpan),
        (Part("ticket", (str(scoped.lift.pk),), 99), WrongSpan),
        (Part("building", (str(scoped.building.pk),), 3), WrongSpan),
        (Part("building", tuple(map(str, range(501)))), TooManyParts),
    ):
        with pytest.raises(refusal):
            planned(scoped, survey, parts=[part])
    twice = Part("building", (str(scoped.building.pk),))
    with pytest.raises(UnknownPart):
        planned(scoped, survey, parts=[twice, twice])
    assert Wave.objects.count() == 0


def test_absurd_numbers_are_refused(scoped: Cast) -> None:
    survey = survey_of(scoped)
    for facts, refusal in (
        ({"sample_size": 0}, AbsurdSize),
        ({"sample_size": 10**7}, AbsurdSize),
        ({"most_per_building": -1}, AbsurdSize),
        ({"remind_after_days": [0]}, WrongReminders),
        ({"remind_after_days": [1, 2, 3, 4, 5, 6]}, WrongReminders),
    ):
        with pytest.raises(refusal):
            planned(scoped, survey, **facts)
    assert planned(scoped, survey, remind_after_days=[9, 4, 9]).remind_after_days == [4, 9]


def test_no_reminder_comes_after_the_last_day(scoped: Cast) -> None:
    last = TODAY + timedelta(days=9)
    assert planned(scoped, closes_on=last, remind_after_days=[4, 9, 10]).remind_after_days == [4, 9]


def test_buildings_of_no_chosen_community_are_nobody(scoped: Cast) -> None:
    other, _building = elsewhere(scoped)
    parts = [Part("community", (str(other.pk),)), Part("building", (str(scoped.building.pk),))]
    with pytest.raises(NobodyToAsk):
        planned(scoped, survey_of(scoped), parts=parts)


# --- whoever looks after some communities ---


def test_whoever_looks_after_some_communities_asks_there(scoped: Cast) -> None:
    other, building = elsewhere(scoped)
    survey = survey_of(scoped)
    everywhere = planned(scoped, survey, name="全部")
    limited(scoped, "manager", scoped.community)
    with pytest.raises(OutOfReach):
        planned(scoped, survey)
    with pytest.raises(UnknownPart):
        planned(scoped, survey, parts=[Part("building", (str(building.pk),))])
    with pytest.raises(UnknownPart):
        planned(scoped, survey, communities=[other])
    with pytest.raises(OutOfReach):
        planned(scoped, staff_survey(scoped))
    facts: Any = {"name": "改", "opens_on": TODAY, "closes_on": TODAY}
    with pytest.raises(OutOfReach):
        change_wave(wave=everywhere, by=scoped.actor("manager"), now=TUESDAY, today=TODAY, **facts)
    wave = opened(scoped, survey, communities=[scoped.community])
    assert asked(wave) == ["3栋1201"]


def test_waves_are_seen_where_they_are_asked(scoped: Cast) -> None:
    _other, building = elsewhere(scoped)
    survey = survey_of(scoped)
    planned(scoped, survey, name="全部")
    planned(scoped, survey, name="这里", communities=[scoped.community])
    planned(scoped, survey, name="别处", parts=[Part("building", (str(building.pk),))])
    planned(scoped, staff_survey(scoped), name="员工")
    names = Wave.objects.order_by("name").values_list("name", flat=True)
    assert list(names.filter(id__in=Wave.objects.visible_to(scoped.owner))) == []
    member = limited(scoped, "supervisor", scoped.community)
    assert sorted(Wave.objects.visible_to(member).values_list("name", flat=True)) == [
        "全部",
        "这里",
    ]
    assert Wave.objects.visible_to(scoped.manager).count() == 4
    opened(scoped, survey, name="开放")
    assert Invitation.objects.visible_to(member).get().unit == scoped.unit
    assert Invitation.objects.visible_to(scoped.manager).count() == 2
    assert Invitation.objects.visible_to(scoped.owner).count() == 0


# --- a room that joins later ---


@pytest.fixture
def tiers() -> Iterator[None]:
    """What a room of tiers would register when its app is ready."""
    first = {"甲": Q(owner__name__startswith="业主8栋"), "乙": Q(owner__name="张伟")}

    def chosen(part: Part, _now: Any) -> Q:
        return Q(pk__in=()) | Q(*[first[key] for key in part.keys], _connector=Q.OR)

    def groups(found: Sequence[Candidate]) -> list[str]:
        names = dict(Ownership.objects.values_list("unit_id", "owner__name"))
        return ["甲" if names[each.unit].startswith("业主8栋") else "乙" for each in found]

    source = Source(
        "tier",
        "等级",
        Audience.OWNERS,
        lambda _me: [Option("甲", "甲"), Option("乙", "乙")],
        chosen,
    )
    partition = Partition("tier", "等级", Audience.OWNERS, groups)
    register(source)
    register(partition)
    with pytest.raises(Registered):
        register(source)
    yield
    del SOURCES["tier"], PARTITIONS[Audience.OWNERS]


@pytest.mark.usefixtures("tiers")
def test_another_room_joins_without_a_change_here(scoped: Cast) -> None:
    street(scoped, "8栋", 3)
    survey = survey_of(scoped)
    wave = opened(scoped, survey, parts=[Part("tier", ("甲",))])
    assert asked(wave) == ["8栋0", "8栋1", "8栋2"]
    wave = opened(scoped, survey, name="两级", sample_size=2)
    strata = WaveStratum.objects.filter(wave=wave).order_by("-population")
    assert [(row.group, row.population, row.invited) for row in strata] == [
        ("甲", 3, 2),
        ("乙", 1, 0),
    ]
    assert {row.group for row in Invitation.objects.filter(wave=wave)} == {"甲"}


def test_part_of_a_room_that_is_gone_chooses_nobody(scoped: Cast) -> None:
    wave = planned(scoped)
    wave.parts.create(source="tier", key="甲")
    survey = wave.survey
    with pytest.raises(UnknownPart):
        preview(
            survey=survey, parts=[Part("tier", ("甲",))], sample_size=None,
            member=scoped.manager, now=TUESDAY,
        )  # fmt: skip
    told = described(
        [*parts_of(wave), Part("building", (str(scoped.building.pk),))], scoped.manager
    )
    assert [(part.label, part.names) for part in told] == [
        ("tier", "…"),
        ("Buildings", "阳光花园 · 3栋"),
    ]
    # Planned otherwise it keeps what it had, and takes nothing more of that room.
    form = AudienceForm({"how": "census", "part_tier": ["甲"]}, survey=survey,
                        member=scoped.manager, kept=parts_of(wave))  # fmt: skip
    assert form.is_valid(), form.errors
    assert form.parts == parts_of(wave)
    facts: Any = {
        "wave": wave, "by": scoped.actor("manager"), "now": TUESDAY, "today": TODAY,
        "name": wave.name, "opens_on": wave.opens_on, "closes_on": wave.closes_on,
    }  # fmt: skip
    with pytest.raises(UnknownPart):
        change_wave(**facts, parts=[Part("tier", ("乙",))])
    with pytest.raises(PartsLost):
        change_wave(**facts)
    change_wave(**facts, parts=form.parts)
    with pytest.raises(NobodyToAsk):
        open_wave(wave=wave, by=scoped.actor("manager"), now=TUESDAY)
    with pytest.raises(NobodyToAsk):
        open_wave(wave=wave, by=scoped.actor("manager"), now=TUESDAY)


# --- how many ---


def test_preview_counts_by_building_what_opening_would_draw(scoped: Cast) -> None:
    street(scoped, "8栋", 20)
    survey = survey_of(scoped)
    seen = preview(survey=survey, parts=(), sample_size=7, member=scoped.manager, now=TUESDAY)
    assert (seen.people, seen.asked, seen.share, seen.share_of_last) == (21, 7, 50, False)
    (place,) = seen.places
    assert [(part.name, part.people, part.asked) for part in place.parts] == [
        ("3栋", 1, 0),
        ("8栋", 20, 7),
    ]
    wave = opened(scoped, survey, sample_size=7)
    one = Invitation.objects.filter(wave=wave).values("id")[:1]
    Invitation.objects.filter(id__in=one).update(is_used=True)
    Wave.objects.filter(pk=wave.pk).update(stage=Stage.COUNTED)
    seen = preview(survey=survey, parts=(), sample_size=None, member=scoped.manager, now=TUESDAY)
    assert (seen.asked, seen.share, seen.share_of_last) == (21, 14, True)
    strata = {row.building.name: row.invited for row in wave.strata.select_related("building")}
    assert strata == {"3栋": 0, "8栋": 7}


def test_size_of_a_sample_follows_cochran() -> None:
    # The well-known 385 of an endless population at 5 points, and what is left of it in small ones.
    assert [size_for(5, population) for population in (10**9, 10_000, 1000, 100)] == [
        385,
        370,
        278,
        80,
    ]
    assert size_for(3, 10) == 10
    assert margin_of(370, 10_000) == pytest.approx(5.0, abs=0.01)
    assert (margin_of(10, 10), margin_of(1, 1)) == (0.0, 0.0)
