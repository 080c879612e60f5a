"""The addresses of the owner archive, under `/<company>/`."""

from django.urls import path

from owners.views import household, owner

app_name = "owners"

urlpatterns = [
    path("household/", household.HouseholdPage.as_view(), name="household"),
    path("household/<uuid:pk>/add/", household.FamilyMemberPage.as_view(), name="family_add"),
    path("household/<uuid:pk>/end/", household.FamilyEndPage.as_view(), name="family_end"),
    path("owners/", owner.OwnerListPage.as_view(), name="owner_list"),
    path("owners/<uuid:pk>/", owner.OwnerPage.as_view(), name="owner_detail"),
    path("owners/<uuid:pk>/reveal/", owner.RevealPage.as_view(), name="owner_reveal"),
    path("owners/<uuid:pk>/access/", owner.AccessPage.as_view(), name="owner_access"),
]
