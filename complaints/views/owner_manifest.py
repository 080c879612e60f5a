"""What a telephone asks before it puts the portal on its home screen."""

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language

from tenancy.models import Company
from tenancy.pages import Page
from tenancy.permissions import Can
from tenancy.services.branding import rail_of

GROUND = "#f2f5f3"  # as in tokens.css; a manifest knows no style sheet
LONGEST_SHORT_NAME = 12
ICONS = (
    ("192", "192x192", "any"),
    ("512", "512x512", "any"),
    ("maskable-512", "512x512", "maskable"),
)


def icon_of(company: Company, kind: str) -> str:
    """The address of an icon: the company's own mark, else the portal's."""
    if not company.logo:
        return static(f"icons/app-{kind}.png")
    address = reverse("tenancy:app_icon", kwargs={"company": company.slug, "kind": kind})
    return f"{address}?v={company.logo}"


class ManifestPage(Page):
    """The company as an app: its name, its colours, and where it begins for this member."""

    needs = Can.BE_HERE

    def get(self, *args: Any, **kwargs: Any) -> HttpResponse:
        company = self.request.company
        home = f"/{company.slug}/"  # where each role begins
        if not self.me.is_staff:
            home = reverse("complaints:my_tickets", kwargs={"company": company.slug})
        told = {
            "id": f"/{company.slug}/",
            "name": company.name,
            "short_name": company.name[:LONGEST_SHORT_NAME],
            "lang": get_language(),
            "dir": "ltr",
            "start_url": home,
            "scope": "/",  # signing in lies outside the company's own pages
            "display": "standalone",
            "background_color": GROUND,
            "theme_color": rail_of(company),
            "icons": [
                {
                    "src": icon_of(company, kind),
                    "sizes": sizes,
                    "type": "image/png",
                    "purpose": purpose,
                }
                for kind, sizes, purpose in ICONS
            ],
        }
        return JsonResponse(told, content_type="application/manifest+json")
