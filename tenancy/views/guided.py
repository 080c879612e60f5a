"""Pages of the settings that also serve as steps of a new company's first hour."""

from typing import Any

from tenancy.pages import Page
from tenancy.templatetags.navigation import address

GUIDE = "reports:setup"


class Guided(Page):
    """A page that leads back to the guide when one came from there (`?guide`)."""

    def after(self, usual: str) -> str:
        """Where to go when it is done."""
        if "guide" in self.request.GET:
            return address(GUIDE, self.request.company) or usual
        return usual

    def context(self, **more: Any) -> dict[str, Any]:
        return super().context(guided="guide" in self.request.GET, **more)
