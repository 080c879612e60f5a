"""Files that a page or an operation answers with, for somebody to save."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header

CSV = "text/csv; charset=utf-8"
PDF = "application/pdf"
PNG = "image/png"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def to_save(content: bytes | str, kind: str, name: str) -> HttpResponse:
    """The content as a file of this name: a browser saves it rather than showing it."""
    answer = HttpResponse(content, content_type=kind)
    named = content_disposition_header(as_attachment=True, filename=name)
    answer["Content-Disposition"] = named or "attachment"
    return answer
