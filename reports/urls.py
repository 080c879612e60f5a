"""The company's home, under `/<company>/`."""

from django.urls import path

from reports.views.home import HomePage

app_name = "reports"

urlpatterns = [path("", HomePage.as_view(), name="home")]
