"""Buildings and homes stand in the order in which people go past them."""

from typing import Any

from owners.models import Building, Owner, Ownership, Unit
from surveys.models import Invitation
from surveys.services.inviting import secret_of
from surveys.services.live import live
from surveys.services.reach import places_of as places_to_reach
from surveys.services.results import places_of, results
from surveys.services.results_workbook import by_place
from surveys.services.slips import homes_of
from surveys.services.tallying import tally
from tests.factories.cast import Cast
from tests.surveys.asking import counted, opened, says, street, survey_of

NAMES = ["1栋", "2栋", "10栋"]
HOMES = ["1单元101", "1单元102", "1单元1001", "2单元101"]


def test_buildings_stand_as_they_are_counted(scoped: Cast) -> None:
    for name in NAMES[::-1]:
        street(scoped, name, 6)
    Building.objects.exclude(name__in=NAMES).update(position=9)
    wave = opened(scoped, survey_of(scoped))
    (community,) = live(wave, scoped.manager).communities
    assert [each.name for each in community.parts][:3] == NAMES
    reached = places_to_reach(wave=wave, member=scoped.manager)
    assert [each.name for each in reached][:3] == NAMES
    for each in Invitation.objects.filter(wave=wave, building__name__in=NAMES):
        says(secret_of(each))
    counted(scoped, wave)
    tally(wave=wave)
    told = places_of(wave, scoped.manager)
    assert [each.short for each in told if each.short] == NAMES
    everywhere = results(wave=wave, places=told)
    head, _rows = by_place(everywhere[0], everywhere)
    assert [each.split(" · ")[-1] for each in head if "栋" in each][-3:] == NAMES


def test_slips_lie_as_letter_boxes_hang(scoped: Cast) -> None:
    place: Any = Building.objects.create(community=scoped.community, name="1栋")
    for at, number in enumerate(HOMES[::-1]):
        unit = Unit.objects.create(
            building=place, community=scoped.community, number=number,
            label=f"1栋{number}", floor=at,
        )  # fmt: skip
        Ownership.objects.create(owner=Owner.objects.create(name=f"业主{at}"), unit=unit)
    wave = opened(scoped, survey_of(scoped))
    rows = homes_of(wave, place.pk, scoped.actor("manager"), only=False)
    assert [each.unit.number for each in rows] == HOMES
