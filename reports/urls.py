"""The company's home, under `/<company>/`."""

from django.urls import path

from reports.views.figure_tickets import FigureTicketsPage
from reports.views.figures import FiguresPage, WorkbookPage
from reports.views.guide import GuidePage
from reports.views.home import HomePage
from reports.views.setup import SetupPage

app_name = "reports"

urlpatterns = [
    path("", HomePage.as_view(), name="home"),
    path("settings/", SetupPage.as_view(), name="setup"),
    path("figures/", FiguresPage.as_view(), name="figures"),
    path("figures/workbook/", WorkbookPage.as_view(), name="figure_workbook"),
    path("figures/tickets/", FigureTicketsPage.as_view(), name="figure_tickets"),
    path("help/", GuidePage.as_view(), name="guide"),
    path("help/<slug:slug>/", GuidePage.as_view(), name="guide_chapter"),
]
