"""How the API describes itself: OpenAPI 3.1, with every error that an operation can answer."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.pagination import BasePagination

from tenancy import scope
from tenancy.viewsets.paging import LARGEST_PAGE, PAGE_SIZE
from tenancy.viewsets.problems import MEDIA_TYPE, TITLES, describe

NOBODY = UUID(int=0)
READS = (400, 401, 403, 404, 406, 429, 503)
WRITES = (409, 413, 415)
ANONYMOUS = (400, 401, 404, 406, 409, 413, 415, 429, 503)
CODES = {400: "invalid", 409: "wrong_state", 422: "idempotency_key_reused"}


class FaultSerializer(serializers.Serializer[Any]):
    """One value that is not valid."""

    pointer = serializers.CharField(
        help_text="JSON pointer into the body; `?name` for a query parameter."
    )
    code = serializers.CharField(help_text="Stable, for programs.")
    detail = serializers.CharField(help_text="For people, in the language asked for.")


class ProblemSerializer(serializers.Serializer[Any]):
    """A problem (RFC 9457). Programs look at `code`; `detail` is for people."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    code = serializers.CharField(help_text="Stable, for programs.")
    instance = serializers.CharField(help_text="The address that was asked.")
    errors: Any = FaultSerializer(
        many=True, required=False, help_text="Only where values are not valid."
    )


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How a program signs in."""

    target_class = "tenancy.viewsets.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`Authorization: Token …`; made in the portal or by `POST …/tokens/`.",
        }


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How a page of the portal is recognised."""

    target_class = "tenancy.viewsets.authentication.SessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {
            "type": "apiKey",
            "in": "cookie",
            "name": "sessionid",
            "description": "The portal's own pages; writing needs the CSRF token as well.",
        }


class KeysetPagination(BasePagination):
    """What a list looks like from outside. The reading is in `paging`."""

    def get_schema_operation_parameters(self, view: Any) -> list[Any]:
        size = {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE, "default": PAGE_SIZE}
        return [
            {
                "name": "cursor",
                "in": "query",
                "schema": {"type": "string"},
                "description": "Where the page begins: follow `next` and `previous` instead.",
            },
            {"name": "page_size", "in": "query", "schema": size, "description": "Rows in a page."},
        ]

    def get_paginated_response_schema(self, schema: Any) -> dict[str, Any]:
        address = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {
                "next": {**address, "description": "The page after this one."},
                "previous": {**address, "description": "The page before this one."},
                "results": schema,
            },
        }


class Generator(SchemaGenerator):
    """Looks at querysets, so it serves a company meanwhile: nobody's, which has no rows."""

    def parse(self, *args: Any) -> Any:
        served = scope.current_company_id()
        scope.enter(NOBODY)
        try:
            return super().parse(*args)  # type: ignore[no-untyped-call]
        finally:
            scope.leave() if served is None else scope.enter(served)


class Schema(AutoSchema):
    """Adds to every operation what all of them share."""

    view: Any

    def get_operation_id(self) -> str:
        tokens = [token.replace("-", "_") for token in self._tokenize_path()]
        if tokens[-1:] != [self.view.action]:
            tokens.append(self.view.action)
        return "_".join(tokens)

    def get_operation(self, *args: Any) -> Any:
        operation: Any = super().get_operation(*args)
        self.resolve_serializer(ProblemSerializer, "response")
        for status in self.statuses():
            answer = {"$ref": f"#/components/responses/Problem{status}"}
            operation["responses"].setdefault(str(status), answer)
        for parameter in operation["parameters"]:
            if parameter["name"] == "company":
                parameter["description"] = "The company's short name in addresses."
                parameter["example"] = "jinxiu"
        if self.is_idempotent():
            operation["parameters"].append(IDEMPOTENCY)
        return operation

    def statuses(self) -> tuple[int, ...]:
        """The problems that an operation can answer with."""
        if self.view.action in self.view.anonymous:
            return ANONYMOUS
        found = READS if self.method == "GET" else (*READS, *WRITES)
        return (*found, 422) if self.is_idempotent() else found

    def is_idempotent(self) -> bool:
        return hasattr(getattr(self.view, self.view.action), "idempotent")


IDEMPOTENCY = {
    "name": "Idempotency-Key",
    "in": "header",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"},
    "description": "Names this request, so that sending it again within 24 hours repeats the "
    "answer, not the work. An answer that is repeated has `Idempotent-Replayed: true`.",
}


def add_problems(result: Any, generator: Any, request: Any, public: Any) -> Any:
    """Post-processing: the answers that operations refer to."""
    schema = {"$ref": "#/components/schemas/Problem"}
    result["components"]["responses"] = {
        f"Problem{status}": {
            "description": str(title),
            "content": {MEDIA_TYPE: {"schema": schema, "example": example(status, code)}},
        }
        for status, (code, title) in TITLES.items()
    }
    return result


def example(status: int, code: str) -> dict[str, Any]:
    faults = [{"pointer": "/title", "code": "required", "detail": "This field is required."}]
    errors = faults if status == 400 else None
    return describe(
        status, CODES.get(status, code), TITLES[status][1], "/jinxiu/api/v1/tickets/", errors
    )


def operation(
    summary: str,
    *,
    answers: Any,
    sends: Any = None,
    status: int | tuple[int, str] = 200,
    more: str = "",
    refusals: tuple[str, ...] = (),
    sent: Any = None,
    answered: Any = None,
    **others: Any,
) -> Callable[..., Any]:
    """Documents an operation: what is sent and answered, why it may be refused, and examples.

    `status` is a pair with the kind of file where it answers with one."""
    paragraphs = [more] if more else []
    if refusals:
        paragraphs.append("Refused (409) with " + ", ".join(f"`{code}`" for code in refusals) + ".")
    examples = []
    if sent is not None:
        examples.append(OpenApiExample("Request", value=sent, request_only=True))
    if answered is not None:
        examples.append(OpenApiExample("Answer", value=answered, response_only=True))
    found: Callable[..., Any] = extend_schema(
        summary=summary,
        description="\n\n".join(paragraphs) or f"{summary}.",
        request=sends,
        responses={status: answers},
        examples=examples,
        **others,
    )
    return found
