"""From the address to the company."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from tenancy import scope
from tenancy.models import Company


class CompanyMiddleware:
    """Serves the company that the first path segment names, for the length of the view.

    It stands last: sessions and sign-in belong to no company and are done outside its scope.
    The transaction is opened by ATOMIC_REQUESTS around the view, not here.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            response = self.get_response(request)
        finally:
            scope.leave()
        if hasattr(request, "company"):
            # What one member sees is for no shared cache, and stale for their own.
            response.headers.setdefault("Cache-Control", "private, no-cache")
        return response

    def process_view(
        self, request: Any, view: Any, args: Any, kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        slug = kwargs.get("company")
        if slug is None:
            return None
        company = find_company(slug)
        if company is None:
            raise Http404(_("There is nothing here."))
        request.company = company
        scope.enter(company.id)
        return None


# By hand, because every request of a company begins with it.
BY_SLUG = "SELECT * FROM tenancy_company WHERE slug = %s AND is_active"


def find_company(slug: str) -> Company | None:
    """The active company of that short name; a suspended one is as absent as an unknown one."""
    return next(iter(Company.objects.raw(BY_SLUG, [slug])), None)
