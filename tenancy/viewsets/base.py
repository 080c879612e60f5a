"""What every operation of the API has: a member, a permission, one moment, and few queries."""

from collections.abc import Sequence
from datetime import datetime
from functools import cached_property, partial
from typing import Any, ClassVar, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy as _
from rest_framework.exceptions import MethodNotAllowed
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.viewsets import GenericViewSet

from tenancy.models import ApiToken, Membership
from tenancy.models.token import TokenScope
from tenancy.permissions import Can
from tenancy.services.actor import Actor, Via
from tenancy.services.addresses import client_address
from tenancy.viewsets.authentication import (
    KEYWORD,
    SessionAuthentication,
    TokenAuthentication,
    carries,
)
from tenancy.viewsets.filtering import FilterBackend
from tenancy.viewsets.paging import Order, link, page_size, read_page
from tenancy.viewsets.problems import Problem, bad_parameter
from tenancy.viewsets.rendering import JsonParser, JsonRenderer
from tenancy.viewsets.schema import KeysetPagination
from tenancy.viewsets.shapes import fragment, texts
from tenancy.viewsets.throttling import ClientThrottle

# One permission, or several of which one is enough.
Need = Can | tuple[Can, ...]
ROUTED = ("list", "create", "retrieve", "update", "partial_update", "destroy")
SAFE = ("GET", "HEAD")
Found = TypeVar("Found", bound=Model)


class NeedMissing(TypeError):
    """An operation that says not what it needs: a bug of ours, found when it is imported."""


class NothingSerializer(Serializer[Any]):
    """No body."""


class CompanyViewSet(GenericViewSet[Any]):
    """Operations of one noun in one company.

    `needs` says for every action what its caller must be allowed, `scopes` what its token must
    carry where that is not simply reading or writing.
    """

    needs: ClassVar[dict[str, Need]] = {}
    scopes: ClassVar[dict[str, TokenScope]] = {}
    anonymous: ClassVar[tuple[str, ...]] = ()  # actions before anybody is signed in
    model: Any = None
    authentication_classes = (TokenAuthentication, SessionAuthentication)
    throttle_classes = (ClientThrottle,)
    renderer_classes = (JsonRenderer,)
    parser_classes: Any = (JsonParser,)
    serializer_class = NothingSerializer  # every action names its own
    http_method_names = ("get", "head", "post", "put", "patch", "delete")
    filter_backends = (FilterBackend,)
    pagination_class = KeysetPagination
    lookup_value_converter = "uuid"

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        # Also the methods that `@action.mapping` adds to another's address.
        actions: Any = cls.get_extra_actions()
        extra = {name for each in actions for name in each.mapping.values()}
        names = {*extra, *(name for name in ROUTED if hasattr(cls, name))}
        if missing := sorted(names - set(cls.needs)):
            raise NeedMissing(f"{cls.__name__} says not what is needed for {', '.join(missing)}")

    # --- before an action ---

    def perform_authentication(self, request: Request) -> None:
        if self.action not in self.anonymous:
            super().perform_authentication(request)

    def check_permissions(self, request: Request) -> None:
        """The second wall, and what the token carries."""
        if self.action in self.anonymous:
            return
        if not hasattr(request, "membership"):
            raise Problem(401, "", _("Send a token."), WWW_Authenticate=KEYWORD)
        needed = self.needs.get(str(self.action))
        if needed is None:  # every action has one: the method leads to none
            raise MethodNotAllowed(str(request.method))
        if not any(
            self.member.can(each) for each in (needed if isinstance(needed, tuple) else (needed,))
        ):
            raise Problem(403, "not_allowed", _("Your role does not allow this."))
        reads = TokenScope.READ if request.method in SAFE else TokenScope.WRITE
        if not carries(request.auth, self.scopes.get(self.action, reads)):
            raise Problem(403, "scope_missing", _("The token does not carry this right."))

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        found = super().finalize_response(request, response, *args, **kwargs)
        for name, value in getattr(self, "limit_headers", {}).items():
            found[name] = value
        return found

    # --- what an action works with ---

    @property
    def member(self) -> Membership:
        """The member who is asking."""
        membership: Membership = self.request.membership  # type: ignore[attr-defined]
        return membership

    @property
    def token(self) -> ApiToken | None:
        """The token that came with the request, if one did."""
        return self.request.auth if isinstance(self.request.auth, ApiToken) else None

    @property
    def address(self) -> str:
        """Where the request comes from."""
        return client_address(self.request._request)

    @property
    def actor(self) -> Actor:
        """The member who is asking, for the services."""
        return Actor(self.member, Via.API, self.address)

    @cached_property
    def now(self) -> datetime:
        """The one moment at which this request happens."""
        return timezone.now()

    def sent(self, serializer: type[Serializer[Any]]) -> dict[str, Any]:
        """The body, checked."""
        asked = serializer(data=self.request.data, context=self.get_serializer_context())
        asked.is_valid(raise_exception=True)
        checked: dict[str, Any] = asked.validated_data
        return checked

    def rows(self) -> QuerySet[Any]:
        """The rows that the member may see."""
        visible: QuerySet[Any] = self.model.objects.visible_to(self.member)
        return visible

    def get_queryset(self) -> QuerySet[Any]:
        if getattr(self, "swagger_fake_view", False):
            return QuerySet(self.model).none()
        return self.rows()

    def one(self, rows: QuerySet[Found], pk: UUID) -> Found:
        """The row of that id; missing and not yours are the same."""
        for row in rows.filter(pk=pk)[:1]:
            return row
        raise Http404


class ReadViewSet(CompanyViewSet):
    """A noun that can be listed and read.

    `fields` is what a list shows of a row: name → column or expression; `more_fields` is what
    is added when one row is asked for. `orders` are the orders a list can have.
    """

    fields: ClassVar[dict[str, Any]] = {}
    more_fields: ClassVar[dict[str, Any]] = {}
    orders: ClassVar[dict[str, Order]] = {}
    ordering: str = ""  # unless another is asked for

    def shape(self, now: datetime, *, whole: bool) -> dict[str, Any]:
        """What is shown of a row; overridden where that depends on the moment. It is asked once
        per process and `variant`."""
        return {**self.fields, **self.more_fields} if whole else self.fields

    def variant(self) -> str:
        """What else the shape depends on: the language unless said otherwise."""
        return get_language() or ""

    def texts(self, ids: Sequence[UUID], *, whole: bool = False) -> dict[UUID, str]:
        """The rows of these ids as JSON."""
        key = (type(self), whole, self.variant())
        return texts(key, self.model, partial(self.shape, whole=whole), ids, self.now)

    # Three steps of a list, overridden together where rows have to pass through Python.

    def listed(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """What is read to know which rows are on a page."""
        return rows.values_list(self.order.field, "pk")

    def place(self, row: Any) -> tuple[Any, Any]:
        """Where a row stands in the list: its value in the order, and its id."""
        value, pk = row
        return value, pk

    def presented(self, rows: Sequence[Any]) -> Sequence[Any]:
        """The rows of a page, as they are sent."""
        ids = [pk for _value, pk in rows]
        found = self.texts(ids)
        return [fragment(found[pk]) for pk in ids]

    @cached_property
    def order_name(self) -> str:
        asked = self.request.query_params.get("ordering") or self.ordering
        if asked not in self.orders:
            raise bad_parameter("ordering", _("This list has no such order."), "invalid_choice")
        return asked

    @property
    def order(self) -> Order:
        return self.orders[self.order_name]

    def page(self, rows: QuerySet[Any]) -> Response:
        page = read_page(
            rows,
            orders=self.orders,
            ordering=self.order_name,
            typed=self.request.query_params.get("cursor", ""),
            size=page_size(self.request),
            shape=self.listed,
            place=self.place,
        )
        return Response(
            {
                "next": link(self.request, page.next),
                "previous": link(self.request, page.previous),
                "results": self.presented(page.rows),
            }
        )

    def whole(self, pk: UUID) -> Any:
        """One row that the member may see, as it is sent."""
        for found in self.rows().filter(pk=pk).order_by().values_list("pk", flat=True)[:1]:
            return self.just(found)
        raise Http404

    def just(self, pk: UUID) -> Any:
        """A row that the member was just shown, or made."""
        return fragment(self.texts([pk], whole=True)[pk])


class ListAndRead(ReadViewSet):
    """The two operations of a noun that can be read."""

    needs: ClassVar[dict[str, Need]] = {"list": Can.BE_HERE, "retrieve": Can.BE_HERE}

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.page(self.filter_queryset(self.get_queryset()))

    def retrieve(self, request: Request, pk: UUID, *args: Any, **kwargs: Any) -> Response:
        return Response(self.whole(pk))
