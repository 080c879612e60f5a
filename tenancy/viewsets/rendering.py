"""JSON in and out, by orjson: quick, and strict about what is not JSON."""

from typing import Any

import orjson
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer

# So many brackets no request of ours has; only then is it worth a closer look.
SUSPICIOUS = 100


def dump(data: Any) -> bytes:
    """Data as JSON. An `orjson.Fragment` is JSON already and goes through as it is."""
    return orjson.dumps(data)


class JsonRenderer(BaseRenderer):
    """Writes every answer of the API."""

    media_type = "application/json"
    format = "json"
    charset = None
    render_style = "binary"

    def render(
        self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None
    ) -> bytes:
        return b"" if data is None else dump(data)


class JsonParser(BaseParser):
    """Reads a JSON body, whole: `HttpRequest.body` refuses one that is too large."""

    media_type = "application/json"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        # The stream is the request itself, whose body may have been read already.
        body = stream.body if hasattr(stream, "body") else stream.read()
        try:
            data = orjson.loads(body)
            if body.count(b"[") + body.count(b"{") > SUSPICIOUS:
                orjson.dumps(data)  # refuses what is nested beyond reason, as we do
            return data
        except (orjson.JSONDecodeError, orjson.JSONEncodeError) as error:
            detail = _("This is not JSON: %(why)s") % {"why": error}
            raise ParseError(detail) from error
