"""The addresses of the owner archive, under `/<company>/`."""

from django.urls import path

from owners.views import owner

app_name = "owners"

urlpatterns = [
    path("owners/", owner.OwnerListPage.as_view(), name="owner_list"),
    path("owners/<uuid:pk>/", owner.OwnerPage.as_view(), name="owner_detail"),
    path("owners/<uuid:pk>/reveal/", owner.RevealPage.as_view(), name="owner_reveal"),
    path("owners/<uuid:pk>/access/", owner.AccessPage.as_view(), name="owner_access"),
]
