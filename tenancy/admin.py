"""The global tables, for the platform's operators: companies and the people who sign in.

Nothing of a company is here, and nothing by which one could get into one: an operator who could
give somebody a new password would need no reason to enter.
"""

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenancy.models import Company, User
from tenancy.services.addresses import client_address
from tenancy.services.operating import is_operator, note

if TYPE_CHECKING:
    CompanyBase = admin.ModelAdmin[Company]
    PersonBase = admin.ModelAdmin[User]
else:  # at run time these classes take no parameter
    CompanyBase = PersonBase = admin.ModelAdmin


class OperatorSite(admin.AdminSite):
    """Only what is registered here: the tables of sign-in (addresses, second factors) are not."""

    site_header = site_title = _("Platform operator")

    def has_permission(self, request: HttpRequest) -> bool:
        """Operators, with their second factor."""
        return is_operator(request.user)

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """One door for everybody, where attempts are counted; Django's own counts none."""
        user = request.user
        if not user.is_authenticated:
            where = resolve_url("account_login")
        elif user.is_superuser and user.is_staff:
            where = reverse("tenancy:factor_needed")
        else:
            return HttpResponseRedirect("/")
        wanted = request.GET.get("next", reverse("admin:index"))
        return HttpResponseRedirect(f"{where}?{urlencode({'next': wanted})}")


site = OperatorSite(name="admin")


class Recorded:
    """Whatever an operator changes in a table stands in the operators' log too."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        fields = message[0]["changed"]["fields"] if message and "changed" in message[0] else []
        note(
            action="change",
            by=request.user,  # type: ignore[arg-type]
            about=obj if isinstance(obj, Company) else None,
            address=client_address(request),
            now=timezone.now(),
            row=str(obj),
            fields=[str(field) for field in fields],
        )
        return super().log_change(request, obj, message)  # type: ignore[misc]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # companies and people come by the services, whole

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # suspended, never deleted by a click

    def lookup_allowed(self, lookup: str, value: Any, request: Any = None) -> bool:
        """Narrowed by what the list offers. By any other column, what is not shown could be asked
        letter by letter: passwords, addresses, numbers."""
        return lookup.partition("__")[0] in self.list_filter  # type: ignore[attr-defined]


@admin.register(Company, site=site)
class CompanyAdmin(Recorded, CompanyBase):
    """Companies: seen and renamed. They are founded and suspended on the operators' pages."""

    list_display = ("name", "slug", "is_active", "created_at")
    search_fields = ("name", "slug")
    fields = ("slug", "name", "zone", "hotline", "is_active", "created_at")
    readonly_fields = ("slug", "is_active", "created_at")


@admin.register(User, site=site)
class PersonAdmin(Recorded, PersonBase):
    """People who sign in. Their phones stay encrypted, their addresses and passwords their own."""

    list_display = ("username", "name", "is_active", "last_login")
    list_filter = ("is_active", "is_staff")
    search_fields = ("username", "name")
    readonly_fields = ("username", "last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("username", "name", "language")}),
        (_("Access"), {"fields": ("is_active", "is_staff", "is_superuser")}),
        (None, {"fields": ("last_login", "date_joined")}),
    )
