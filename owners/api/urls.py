"""The addresses of the room's nouns."""

from rest_framework.routers import SimpleRouter

from owners.api.household import HouseholdViewSet
from owners.api.owner import OwnerViewSet
from owners.api.unit import UnitViewSet

router = SimpleRouter(use_regex_path=False)
router.register("owners", OwnerViewSet, basename="owner")
router.register("units", UnitViewSet, basename="unit")
router.register("household", HouseholdViewSet, basename="household")

urlpatterns = router.urls
