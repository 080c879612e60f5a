"""The addresses of the room's nouns."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from owners.api.building import BuildingViewSet, UnitRangeViewSet
from owners.api.household import HouseholdViewSet
from owners.api.owner import OwnerViewSet
from owners.api.unit import UnitViewSet

router = SimpleRouter(use_regex_path=False)
router.register("owners", OwnerViewSet, basename="owner")
router.register("buildings", BuildingViewSet, basename="building")
router.register("units", UnitViewSet, basename="unit")
router.register("household", HouseholdViewSet, basename="household")

urlpatterns = [
    path(
        "communities/<uuid:pk>/units/",
        UnitRangeViewSet.as_view({"post": "create"}),
        name="unit-range",
    ),
    *router.urls,
]
