"""What is said when a form cannot be believed."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tenancy.middleware import page_before


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Mostly somebody who signed in or out in another tab: the way back to a fresh form."""
    return render(request, "403_csrf.html", {"back": page_before(request)}, status=403)
