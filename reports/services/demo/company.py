"""What each of the two demo companies is like."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tenancy.services.companies import OFFICE_HOURS

CROWD_SEED = 20261122
# One crowd, and each company looks after people of its own: no name, no number, no last four digits
# of one company's owners is found in the other. Only buildings and doors are called alike.


@dataclass(frozen=True, slots=True)
class Estate:
    """A community: its buildings, and staircases, floors and doors of each."""

    name: str
    address: str
    buildings: int
    staircases: int
    floors: int
    doors: int


@dataclass(frozen=True, slots=True)
class Blueprint:
    """A company to be built."""

    slug: str
    name: str
    hotline: str
    block: int  # of staff telephone numbers; also tells the two companies' chances apart
    week: Mapping[str, Sequence[Sequence[str]]]
    moves_weekends: bool
    estates: tuple[Estate, ...]
    people_from: int  # where its people begin in the crowd
    daughter: str  # of the owner whose account it is
    accounts_until: int  # every second owner up to here has an account
    tickets: int
    scenes: int  # how often each scene that needs attention right now is staged
    sample: int | None = None  # how many homes are asked for the satisfaction index; nothing: all


JINXIU = Blueprint(
    slug="jinxiu",
    name="锦绣物业",
    hotline="400-000-0001",
    block=1,
    week={str(weekday): OFFICE_HOURS for weekday in range(5)},
    moves_weekends=True,
    estates=(
        Estate("锦绣花园", "锦绣大道1号", buildings=10, staircases=2, floors=9, doors=2),
        Estate("锦绣江南", "江南路88号", buildings=8, staircases=2, floors=11, doors=2),
    ),
    people_from=0,
    daughter="林小雨",
    accounts_until=700,
    tickets=1940,
    scenes=3,
    sample=300,
)
HEYUE = Blueprint(
    slug="heyue",
    name="和悦物业",
    hotline="400-000-0002",
    block=2,
    week={str(weekday): [["09:00", "17:30"]] for weekday in range(6)},
    moves_weekends=False,
    estates=(Estate("和悦家园", "和悦街6号", buildings=5, staircases=2, floors=8, doors=2),),
    people_from=8000,
    daughter="何小满",
    accounts_until=160,
    tickets=240,
    scenes=1,
)
COMPANIES = (JINXIU, HEYUE)
