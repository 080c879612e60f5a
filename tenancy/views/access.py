"""Who of the platform was here: shown to the company, which may send them away."""

from typing import Any

from django.forms import Form
from django.utils.translation import gettext_lazy as _

from tenancy.models import PlatformAccess
from tenancy.pages import ActionPage, ListPage
from tenancy.permissions import Can
from tenancy.services.access import end_access, pages_of
from tenancy.templatetags.navigation import address

MOST_PAGES = 500


class AccessList(ListPage):
    """Every access of the platform, with its reason, its time, and what was opened."""

    needs = Can.READ_PLATFORM_ACCESS
    title = _("Access of the platform")
    template_name = "tenancy/access_list.html"
    page_size = 20

    def rows(self) -> Any:
        visible = PlatformAccess.objects.visible_to(self.me)
        return visible.select_related("membership", "ended_by").order_by("-began_at", "id")

    def context(self, **more: Any) -> dict[str, Any]:
        found = super().context(**more)
        pages = pages_of(found["rows"], MOST_PAGES)
        for row in found["rows"]:
            row.is_open_now = row.is_open(self.now)
            row.pages = pages[row.pk]
        return found


class AccessEnd(ActionPage):
    """Send somebody of the platform away, at once."""

    needs = Can.END_PLATFORM_ACCESS
    model = PlatformAccess
    form_class = Form
    done = _("The access has ended.")

    def back(self) -> str:
        return address("tenancy:access_list", self.request.company)

    def do(self, form: Form) -> None:
        end_access(access=self.row, by=self.actor, now=self.now)
