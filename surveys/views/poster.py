"""A poster for a building or a whole community, and what goes into the owners' group chat."""

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from owners.models import Building
from surveys.models import Wave
from surveys.services.drawing import drawn, pictured
from surveys.services.titles import title_in
from tenancy.files import PNG, to_save
from tenancy.pages import DetailPage
from tenancy.permissions import Can


class PosterPage(DetailPage):
    """A poster. It holds no secret: whoever comes by it types a code, or is sent a link."""

    needs = Can.INTERVIEW
    model = Wave
    template_name = "surveys/poster.html"
    title = _("Poster")

    def rows(self) -> QuerySet[Any]:
        return super().rows().select_related("survey")

    @property
    def address(self) -> str:
        """Where the code leads."""
        return f"{settings.PUBLIC_URL}/{self.request.company.slug}/s/"

    def building(self) -> Building | None:
        """The building it hangs in, if one was named that the visitor may see."""
        asked = self.request.GET.get("building", "")
        seen = Building.objects.visible_to(self.me).select_related("community")
        return next((row for row in seen if str(row.pk) == asked), None) if asked else None

    def context(self, **more: Any) -> dict[str, Any]:
        side, path = drawn(self.address)
        return super().context(
            wave=self.row,
            survey_title=title_in(self.row.survey, "zh-hans"),
            building=self.building(),
            address=self.address,
            side=side,
            path=path,
            **more,
        )


class PosterPicturePage(PosterPage):
    """The code alone, as a picture to send round."""

    def get(self, *args: Any, **kwargs: Any) -> HttpResponse:
        return to_save(pictured(self.address), PNG, "survey.png")
