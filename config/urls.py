"""Every address of the portal.

`/` and `/accounts/` belong to people, `/<company>/` to one company: pages and its API.
"""

from django.urls import URLPattern, URLResolver, include, path

from config.health import healthz
from tenancy.admin import site

installation: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("", include("tenancy.urls")),
    path("mailbox/", include("notifications.urls_mailbox")),
    path("api/", include("config.api_documentation")),
    path("operator/tables/", site.urls),
]

company: list[URLPattern | URLResolver] = [
    path("api/v1/", include("config.api_urls")),
    path("", include("notifications.urls")),
    path("", include("owners.urls")),
    path("", include("complaints.urls")),
    path("", include("surveys.urls")),
    path("", include("reports.urls")),
]

urlpatterns = [
    *installation,
    path("<slug:company>/", include(company)),
]
