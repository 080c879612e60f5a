"""What the API says about itself: its OpenAPI schema, and pages to read and try it."""

from functools import cache
from typing import Any

from django.urls import path
from django.utils import translation
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiYamlRenderer
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.request import Request
from rest_framework.response import Response

from tenancy.viewsets.schema import Generator


@cache
def whole_schema() -> Any:
    """The schema, put together once per process. It is the same for everybody, in English."""
    with translation.override("en"):
        generator: Any = Generator  # it publishes no types
        return generator().get_schema(public=True)


class SchemaView(SpectacularAPIView):
    """`/api/schema/`, as JSON or (Accept: application/vnd.oai.openapi) as YAML."""

    renderer_classes: Any = (OpenApiJsonRenderer, OpenApiYamlRenderer)
    schema = None  # not a part of what it describes
    throttle_classes = ()

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(whole_schema())


class DocumentationView(SpectacularSwaggerSplitView):
    """`/api/docs/`: Swagger UI out of our own static files."""

    template_name = "api/docs.html"
    schema = None  # not a part of what it describes
    throttle_classes = ()


urlpatterns = [
    path("schema/", SchemaView.as_view(), name="schema"),
    path("docs/", DocumentationView.as_view(), name="api_docs"),
]
