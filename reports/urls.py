"""The company's home, under `/<company>/`."""

from django.urls import path

from reports.views.guide import GuidePage
from reports.views.home import HomePage

app_name = "reports"

urlpatterns = [
    path("", HomePage.as_view(), name="home"),
    path("help/", GuidePage.as_view(), name="guide"),
    path("help/<slug:slug>/", GuidePage.as_view(), name="guide_chapter"),
]
