"""The addresses of the figures."""

from django.urls import path

from reports.api.figures import FigureViewSet

urlpatterns = [
    path("figures/", FigureViewSet.as_view({"get": "read"}), name="figure-read"),
    path("figures/workbook/", FigureViewSet.as_view({"get": "workbook"}), name="figure-workbook"),
]
