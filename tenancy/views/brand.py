"""How a company looks, for everybody who comes to its door: a style sheet and a picture.

Both lie below /assets/, beyond which no member is needed: the page where one signs in shows them.
"""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.utils.decorators import method_decorator
from django.views import View

from tenancy.models import Company, CompanyLogo
from tenancy.services.branding import ICONS, app_icon, style_sheet, version_of

FOR_EVER = "public, max-age=31536000, immutable"
FOR_A_WHILE = "public, max-age=300"


@method_decorator(login_not_required, name="dispatch")
class Asset(View):
    """Something of a company that is the same for everybody."""

    http_method_names = ["get", "head", "options"]

    def kept(self, answer: HttpResponse, company: Company) -> HttpResponse:
        """An address with the version in force can be kept for ever, any other not for long."""
        current = self.request.GET.get("v", "") == self.version(company)
        answer.headers["Cache-Control"] = FOR_EVER if current else FOR_A_WHILE
        return answer

    def version(self, company: Company) -> str:
        """Changes with what is handed out."""
        return version_of(company)


class BrandSheet(Asset):
    """The company's colours as custom properties."""

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        text = style_sheet(request.company.colour)
        return self.kept(
            HttpResponse(text, content_type="text/css; charset=utf-8"), request.company
        )


class Logo(Asset):
    """The company's mark."""

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        row = CompanyLogo.objects.first()
        if row is None:
            raise Http404
        answer = HttpResponse(self.drawn(bytes(row.content)), content_type="image/png")
        return self.kept(answer, request.company)

    def version(self, company: Company) -> str:
        return company.logo

    def drawn(self, content: bytes) -> bytes:
        return content


class AppIcon(Logo):
    """The mark as an icon for the home screen."""

    def drawn(self, content: bytes) -> bytes:
        kind = self.kwargs["kind"]
        if kind not in ICONS:
            raise Http404
        return app_icon(content, kind)
