"""The addresses of the ground floor's nouns."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from tenancy.api.absence import AbsenceViewSet
from tenancy.api.access import PlatformAccessViewSet
from tenancy.api.community import CommunityViewSet
from tenancy.api.company import LogoViewSet, OwnCompanyViewSet
from tenancy.api.department import DepartmentViewSet
from tenancy.api.member import MemberViewSet
from tenancy.api.token import TokenViewSet

router = SimpleRouter(use_regex_path=False)
router.register("tokens", TokenViewSet, basename="token")
router.register("communities", CommunityViewSet, basename="community")
router.register("departments", DepartmentViewSet, basename="department")
router.register("members", MemberViewSet, basename="member")
router.register("platform-access", PlatformAccessViewSet, basename="platform-access")
router.register("absences", AbsenceViewSet, basename="absence")

urlpatterns = [
    path("company/", OwnCompanyViewSet.as_view({"get": "read", "patch": "change"}), name="company"),
    path("company/logo/", LogoViewSet.as_view({"put": "take", "delete": "remove"}), name="logo"),
    *router.urls,
]
