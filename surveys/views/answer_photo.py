"""A photograph that somebody answered with, for whoever reads results."""

from typing import Any

from django.http import HttpResponse

from surveys.models import ResponsePhoto
from surveys.views.answer import picture
from tenancy.pages import DetailPage
from tenancy.permissions import Can


class ResponsePhotoPage(DetailPage):
    """One picture, and nothing of what else the same person said."""

    needs = Can.READ_SURVEYS
    model = ResponsePhoto

    def get(self, *args: Any, **kwargs: Any) -> HttpResponse:
        return picture(bytes(self.row.content))
