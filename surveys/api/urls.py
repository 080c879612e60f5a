"""The operations of surveys, below `/<company>/api/v1/`."""

from django.urls import path

from surveys.api.index import IndexViewSet, IndexWeightsViewSet

SURVEY = "surveys/<uuid:pk>/"
WAVE = "surveys/waves/<uuid:pk>/"

urlpatterns = [
    path(f"{WAVE}index/", IndexViewSet.as_view({"get": "read"}), name="wave-index"),
    path(f"{SURVEY}trend/", IndexViewSet.as_view({"get": "trend"}), name="index-trend"),
    path(
        "surveys/weights/",
        IndexWeightsViewSet.as_view({"get": "list", "post": "create"}),
        name="index-weights",
    ),
]
