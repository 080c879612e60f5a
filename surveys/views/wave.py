"""One wave: how far it has come, and what can be done with it."""

from typing import Any

from surveys.models import Wave
from tenancy.pages import DetailPage
from tenancy.permissions import Can


class WavePage(DetailPage):
    """A wave at a glance."""

    needs = Can.READ_SURVEYS
    model = Wave
    template_name = "surveys/wave.html"

    def rows(self) -> Any:
        return super().rows().select_related("survey", "edition")

    def context(self, **more: Any) -> dict[str, Any]:
        return super().context(title=self.row.name, wave=self.row, **more)
