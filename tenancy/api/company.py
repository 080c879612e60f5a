"""The company itself: what it is called, and how it looks."""

from typing import Any, ClassVar

from django.conf import settings
from django.urls import reverse
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from tenancy.models import Company
from tenancy.permissions import Can
from tenancy.services.branding import (
    LARGEST_LOGO,
    remove_logo,
    set_colour,
    set_company,
    set_logo,
)
from tenancy.viewsets import CompanyViewSet, Need, Problem, operation

WRAPPING = 64 * 1024  # the parts of a multipart body around its one file


class CompanySerializer(serializers.Serializer[Any]):
    """A property management company (物业公司)."""

    id = serializers.UUIDField()
    slug = serializers.CharField(help_text="Its short name in addresses; it never changes.")
    name = serializers.CharField()
    hotline = serializers.CharField()
    language = serializers.CharField(help_text="Of letters to those who have chosen none.")
    zone = serializers.CharField(help_text="All opening times and promises are counted in it.")
    colour = serializers.CharField(help_text="Empty: the portal's.")
    logo = serializers.URLField(allow_null=True, help_text="A PNG that everybody may read.")


class CompanyChangeSerializer(serializers.Serializer[Any]):
    """What is to be changed; what is left out stays as it is."""

    name = serializers.CharField(max_length=80, required=False)
    hotline = serializers.CharField(max_length=30, required=False, allow_blank=True)
    language = serializers.CharField(max_length=10, required=False, allow_blank=True)
    zone = serializers.CharField(max_length=40, required=False)
    colour = serializers.CharField(
        max_length=7, required=False, allow_blank=True, help_text="Like #0c6955; empty: none."
    )

    def validate_language(self, code: str) -> str:
        if code and code not in dict(settings.LANGUAGES):
            raise serializers.ValidationError(
                "Not a language of the portal.", code="invalid_choice"
            )
        return code


class NewLogoSerializer(serializers.Serializer[Any]):
    """A picture: PNG, JPEG, WebP or GIF, at most 2 MB; a square one looks best."""

    file = serializers.FileField(max_length=255, allow_empty_file=True)


class LogoParser(MultiPartParser):
    """A form with a picture, unless it is far too large to be looked at."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        length = (parser_context or {})["request"].META.get("CONTENT_LENGTH") or "0"
        if not length.isdecimal() or int(length) > LARGEST_LOGO + WRAPPING:
            raise Problem(413)
        return super().parse(stream, media_type, parser_context)


class OwnCompanyViewSet(CompanyViewSet):
    """The company that is asked."""

    needs: ClassVar[dict[str, Need]] = {"read": Can.BE_HERE, "change": Can.SET_COMPANY}

    @property
    def company(self) -> Company:
        found: Company = self.request.company  # type: ignore[attr-defined]
        return found

    def answer(self, row: Company) -> Response:
        names = ("id", "slug", "name", "hotline", "language", "zone", "colour")
        logo = None
        if row.logo:
            path = reverse("tenancy:logo", kwargs={"company": row.slug})
            logo = self.request.build_absolute_uri(f"{path}?v={row.logo}")
        return Response({**{name: getattr(row, name) for name in names}, "logo": logo})

    @operation("Read the company", answers=CompanySerializer)
    def read(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.answer(self.company)

    @operation(
        "Change the company",
        sends=CompanyChangeSerializer,
        answers=CompanySerializer,
        more="Whatever colour is chosen, it is shown so that it can be read in light and dark.",
        refusals=("unknown_zone", "bad_colour"),
        sent={"hotline": "400-820-0000", "colour": "#0c6955"},
    )
    def change(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        facts = self.sent(CompanyChangeSerializer)
        colour = facts.pop("colour", None)
        row = set_company(company=self.company, by=self.actor, now=self.now, **facts)
        if colour is not None:
            row = set_colour(company=row, colour=colour, by=self.actor, now=self.now)
        return self.answer(row)


class LogoViewSet(OwnCompanyViewSet):
    """The company's mark."""

    parser_classes = (LogoParser,)
    needs: ClassVar[dict[str, Need]] = {"take": Can.SET_COMPANY, "remove": Can.SET_COMPANY}

    @operation(
        "Take a logo",
        sends={"multipart/form-data": NewLogoSerializer},
        answers=CompanySerializer,
        more="It is drawn anew and small, without what it tells about place and device.",
        refusals=("logo_too_large", "logo_type_not_accepted"),
    )
    def take(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        upload = self.sent(NewLogoSerializer)["file"]
        row = set_logo(company=self.company, upload=upload, by=self.actor, now=self.now)
        return self.answer(row)

    @operation("Take the logo away", answers=CompanySerializer)
    def remove(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.answer(remove_logo(company=self.company, by=self.actor, now=self.now))
