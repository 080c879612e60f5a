"""Tokens: made with a name and password, listed and revoked with one of them."""

from datetime import timedelta
from typing import Any, ClassVar
from uuid import UUID

from django.contrib.auth import authenticate
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from tenancy.models import ApiToken, Membership
from tenancy.models.token import TokenScope
from tenancy.permissions import Can
from tenancy.services.actor import Actor, Via
from tenancy.services.attempts import TooManyAttempts, begin_attempt, succeeded
from tenancy.services.members import member_of_this_company
from tenancy.services.second_factor import refuse_without_code
from tenancy.services.tokens import TooManyTokens, make_token, revoke_token
from tenancy.viewsets import ListAndRead, Need, Order, Problem, operation
from tenancy.viewsets.authentication import KEYWORD

LONGEST_DAYS = 365
USUAL_DAYS = 30
USUAL_NAME = "API"
USUAL_SCOPES = [TokenScope.READ, TokenScope.WRITE]
WRONG = _("The username or the password is wrong.")


class SignInSerializer(serializers.Serializer[Any]):
    """Who wants a token, and what it is to be good for."""

    username = serializers.CharField(max_length=150)
    password = serializers.CharField(max_length=300, trim_whitespace=False)
    code = serializers.CharField(
        max_length=20,
        default="",
        allow_blank=True,
        help_text="Who has a second factor sends the code of their app, or a recovery code, too.",
    )
    name = serializers.CharField(
        max_length=60, default=USUAL_NAME, help_text="What the token is for, for its list."
    )
    scopes = serializers.ListField(
        child=serializers.ChoiceField(choices=TokenScope.choices),
        default=list(USUAL_SCOPES),
        allow_empty=False,
        max_length=len(TokenScope),
    )
    expires_in_days = serializers.IntegerField(
        min_value=1, max_value=LONGEST_DAYS, default=USUAL_DAYS
    )


class NewTokenSerializer(serializers.Serializer[Any]):
    """A token in clear, for the only time."""

    token = serializers.CharField()
    id = serializers.UUIDField()
    name = serializers.CharField()
    prefix = serializers.CharField()
    scopes = serializers.ListField(child=serializers.ChoiceField(choices=TokenScope.choices))
    expires_at = serializers.DateTimeField()


class TokenSerializer(serializers.Serializer[Any]):
    """One of the member's own tokens that still works."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    prefix = serializers.CharField(help_text="How it begins.")
    scopes = serializers.ListField(child=serializers.ChoiceField(choices=TokenScope.choices))
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField(allow_null=True)
    last_used_on = serializers.DateField(allow_null=True)


@extend_schema_view(
    list=operation("List my tokens", answers=TokenSerializer(many=True)),
    retrieve=operation("Read one of my tokens", answers=TokenSerializer),
)
class TokenViewSet(ListAndRead):
    """Keys with which programs act as one member of the company."""

    model = ApiToken
    # Nobody is signed in yet when a token is asked for; name and password come in the body.
    anonymous = ("create",)
    needs: ClassVar[dict[str, Need]] = {
        "list": Can.MAKE_TOKENS,
        "retrieve": Can.MAKE_TOKENS,
        "destroy": Can.MAKE_TOKENS,
        "create": Can.MAKE_TOKENS,
    }
    fields: ClassVar[dict[str, Any]] = {
        name: name
        for name in (
            "id", "name", "prefix", "scopes", "created_at", "expires_at", "last_used_on",
        )
    }  # fmt: skip
    orders: ClassVar[dict[str, Order]] = {"-created_at": Order("created_at", descending=True)}
    ordering = "-created_at"

    def rows(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = ApiToken.objects.visible_to(self.member).usable(self.now)
        return rows

    @operation(
        "Sign in for a token",
        sends=SignInSerializer,
        answers=NewTokenSerializer,
        status=201,
        more="Answers a token bound to what this person is in this company. An unknown name, a "
        "wrong password and a person of another company are told apart by nobody (401). After "
        "ten wrong passwords under one name the answer is 429 for a quarter of an hour. "
        "Who has a second factor sends a code too (401, `second_factor_wanted`); where the company "
        "requires one and they have none, there is no token (403, `second_factor_missing`).",
        refusals=("scope_not_yours", "too_many_tokens"),
        auth=[],
        sent={"username": "desk@jinxiu", "password": "…", "name": "Call centre"},
        answered={
            "token": "q1w2e3r4t5y6u7i8o9p0a1s2d3f4g5h6j7k8l9z0x1c",
            "id": "019a1b2c-0000-7000-8000-000000000001",
            "name": "Call centre",
            "prefix": "q1w2e3r4",
            "scopes": ["read", "write"],
            "expires_at": "2026-12-22T02:00:00+00:00",
        },
    )
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        asked = self.sent(SignInSerializer)
        membership = self.signed_in(asked["username"], asked["password"], asked["code"])
        token, plain = self.make(membership, asked)
        answer = {
            "token": plain,
            "id": token.pk,
            "name": token.name,
            "prefix": token.prefix,
            "scopes": token.scopes,
            "expires_at": token.expires_at,
        }
        return Response(answer, status=201, headers={"Cache-Control": "no-store"})

    def signed_in(self, username: str, password: str, code: str) -> Membership:
        """The member of that name and password, or one answer for all who are not."""
        try:
            begin_attempt(username=username, address=self.address)
        except TooManyAttempts as many:
            raise Problem(429, many.code, str(many), Retry_After=str(many.seconds)) from many
        user = authenticate(self.request._request, username=username, password=password)
        membership = member_of_this_company(user) if user else None
        if membership is None:
            raise Problem(401, "invalid_credentials", WRONG, WWW_Authenticate=KEYWORD)
        refuse_without_code(membership.user, code)
        succeeded(username=username, address=self.address)
        return membership

    def make(self, membership: Membership, asked: dict[str, Any]) -> tuple[ApiToken, str]:
        """A token; one that signs in anew for every run does not run out of them."""
        facts: dict[str, Any] = {
            "membership": membership,
            "name": asked["name"],
            "scopes": asked["scopes"],
            "expires_at": self.now + timedelta(days=asked["expires_in_days"]),
            "now": self.now,
            "by": Actor(membership, Via.API, self.address),
        }
        try:
            return make_token(**facts)
        except TooManyTokens:
            mine = ApiToken.objects.usable(self.now).filter(membership=membership)
            oldest = mine.filter(name=asked["name"]).order_by("created_at", "id").first()
            if oldest is None:
                raise
            revoke_token(token=oldest, by=facts["by"], now=self.now)
            return make_token(**facts)

    @operation("Revoke one of my tokens", answers=None, status=204, more="For ever.")
    def destroy(self, request: Request, pk: UUID, *args: Any, **kwargs: Any) -> Response:
        revoke_token(token=self.one(self.rows(), pk), by=self.actor, now=self.now)
        return Response(status=204)
