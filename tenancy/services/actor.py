"""Who does something, and from where."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from tenancy.models import Membership


class Via(StrEnum):
    """The door through which somebody came."""

    PAGE = "page"
    API = "api"
    MACHINE = "machine"
    IMPORT = "import"


@dataclass(frozen=True, slots=True)
class Actor:
    """A member at one of the doors, or the machine itself (no membership)."""

    membership: Membership | None
    via: Via
    address: str = ""

    @property
    def membership_id(self) -> UUID | None:
        return self.membership.id if self.membership else None


MACHINE = Actor(membership=None, via=Via.MACHINE)
