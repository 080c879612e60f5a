"""The addresses of the owner archive, under `/<company>/`."""

from django.urls import path

from owners.views import community, correction, household, owner, place

app_name = "owners"

COMMUNITY = "settings/communities/<uuid:pk>/"

settings = [
    path("settings/communities/", community.CommunityListPage.as_view(), name="community_list"),
    path("settings/communities/new/", community.CommunityAddPage.as_view(), name="community_add"),
    path(COMMUNITY, community.CommunityPage.as_view(), name="community"),
    path(f"{COMMUNITY}units/", community.UnitRangePage.as_view(), name="unit_range"),
    path(f"{COMMUNITY}units/preview/", community.UnitPreviewPage.as_view(), name="unit_preview"),
    path("settings/buildings/<uuid:pk>/", place.BuildingPage.as_view(), name="building"),
    path("settings/buildings/<uuid:pk>/units/", place.UnitAddPage.as_view(), name="unit_add"),
    path("settings/units/<uuid:pk>/", place.UnitPage.as_view(), name="unit"),
]

urlpatterns = [
    *settings,
    path("household/", household.HouseholdPage.as_view(), name="household"),
    path("household/<uuid:pk>/add/", household.FamilyMemberPage.as_view(), name="family_add"),
    path("household/<uuid:pk>/end/", household.FamilyEndPage.as_view(), name="family_end"),
    path("owners/", owner.OwnerListPage.as_view(), name="owner_list"),
    path("owners/<uuid:pk>/", owner.OwnerPage.as_view(), name="owner_detail"),
    path("owners/<uuid:pk>/edit/", correction.CorrectionPage.as_view(), name="owner_edit"),
    path("owners/<uuid:pk>/reveal/", owner.RevealPage.as_view(), name="owner_reveal"),
    path("owners/<uuid:pk>/access/", owner.AccessPage.as_view(), name="owner_access"),
]
