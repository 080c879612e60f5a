"""The operations of surveys, below `/<company>/api/v1/`."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
