"""Buildings, units, and the people who own them and live in them."""

from owners.models.building import Building
from owners.models.owner import Owner
from owners.models.ownership import Ownership, OwnershipRole
from owners.models.unit import Unit

__all__ = ["Building", "Owner", "Ownership", "OwnershipRole", "Unit"]
