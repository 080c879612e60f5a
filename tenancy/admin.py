"""The platform operator's door: companies and the people who sign in, nothing of a company."""

from typing import TYPE_CHECKING, Any

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tenancy.models import Company, User

if TYPE_CHECKING:
    CompanyBase = admin.ModelAdmin[Company]
    PersonBase = UserAdmin[User]
else:  # at run time these classes take no parameter
    CompanyBase, PersonBase = admin.ModelAdmin, UserAdmin

admin.site.unregister(Group)  # permissions are `tenancy.permissions`, and nothing else
# One door for everybody, where attempts are counted; the admin's own counts none.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
admin.site.site_header = admin.site.site_title = _("Platform operator")


@admin.register(Company)
class CompanyAdmin(CompanyBase):
    """Companies: seen, renamed, suspended. `manage.py create_company` makes them whole."""

    list_display = ("name", "slug", "is_active", "created_at")
    search_fields = ("name", "slug")
    readonly_fields = ("slug", "created_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # a company without promises and calendar would keep none

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # suspended, never deleted by a click


@admin.register(User)
class PersonAdmin(PersonBase):
    """People who sign in. Their phones stay encrypted and are not shown here."""

    list_display = ("username", "name", "is_active", "last_login")
    list_filter = ("is_active", "is_staff")
    search_fields = ("username", "name")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Person"), {"fields": ("name", "email", "language")}),
        (_("Access"), {"fields": ("is_active", "is_staff", "is_superuser")}),
    )
