"""Every address of the portal.

`/` and `/accounts/` belong to people, `/<company>/` to one company: pages and its API.
"""

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from importlib.util import find_spec

from config.health import healthz


def there(prefix: str, module: str) -> list[URLResolver]:
    return [path(prefix, include(module))] if find_spec(module) else []


installation: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("", include("tenancy.urls")),
    *there("mailbox/", "notifications.urls_mailbox"),
    *there("api/", "config.api_documentation"),
    path("operator/", admin.site.urls),
]

company: list[URLPattern | URLResolver] = [
    *there("api/v1/", "config.api_urls"),
    *there("", "notifications.urls"),
    path("", include("owners.urls")),
    path("", include("complaints.urls")),
    path("", include("reports.urls")),
]

urlpatterns = [
    *installation,
    path("<slug:company>/", include(company)),
]

if settings.DEBUG:
    admin.site.site_url = "/"
