"""Photos and documents, handed out only to those who may see their ticket."""

from typing import Any

from django.http import FileResponse, Http404, HttpResponse
from django.utils.translation import gettext as _

from complaints.models import Attachment
from tenancy.pages import DetailPage
from tenancy.permissions import Can


class AttachmentPage(DetailPage):
    """One file. It can run nothing, and no shared cache keeps it."""

    needs = Can.READ_TICKETS
    model = Attachment

    def get(self, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            content = self.row.file.open("rb")
        except FileNotFoundError:
            raise Http404(_("There is nothing here.")) from None
        is_image = self.row.content_type.startswith("image/")
        answer = FileResponse(
            content,
            as_attachment=not is_image or "download" in self.request.GET,
            filename=self.row.shown_name,
            content_type=self.row.content_type,
        )
        answer.headers["X-Content-Type-Options"] = "nosniff"
        answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
        answer.headers["Cache-Control"] = "private, max-age=3600"
        return answer  # type: ignore[return-value]  # the stubs keep the two apart
